"""No report is written over a file that the run reads."""

import os
import subprocess
from pathlib import Path

import pytest

REQUEST = '{"annotationRequestId": "a", "poolName": "b", "sampleCount": "10"}'


@pytest.fixture
def project(write, write_policy, folder):
    """A project with a file of every kind that a run reads."""
    write("a.sampling.json", REQUEST)
    write("sub/b.sampling.json", REQUEST)
    write("rosetta-spec.toml", "extend = 'base.toml'\nrulesets = ['policy.yaml']")
    write("base.toml", "extend = 'base-2.toml'")
    write("base-2.toml", "fail-on = 'never'\nrulesets = ['other.yaml']")
    write("sub/rosetta-spec.toml")
    write("pyproject.toml", "[tool.other]\n# rosetta-spec")
    write_policy("policy.yaml")
    write_policy("other.yaml", "OTH001", "other")
    write("baseline.json", '{"version": 1, "findings": []}')
    return folder


READ = (
    *("a.sampling.json", "sub/b.sampling.json", "rosetta-spec.toml", "base.toml", "base-2.toml"),
    *("policy.yaml", "sub/rosetta-spec.toml", "baseline.json"),
)


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def by_name(name: str) -> str:
    return name


def by_symbolic_link(name: str) -> str:
    Path("report").symlink_to(name)
    return "report"


def by_hard_link(name: str) -> str:
    Path("report").hardlink_to(name)
    return "report"


def by_another_path(name: str) -> str:
    return f"sub/../{name}"


def by_absolute_path(name: str) -> str:
    return str(Path(name).absolute())


def by_other_case(name: str) -> str:
    if not Path(name.upper()).exists():
        pytest.skip("names of this file system differ in case")
    return name.upper()


WAYS = [
    by_name,
    by_symbolic_link,
    by_hard_link,
    by_another_path,
    by_absolute_path,
    by_other_case,
]


@pytest.mark.no_cover
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("flags", [[], ["--fix"], ["--write-baseline"]])
def test_a_report_replaces_nothing_that_was_read(rosetta, project, name, way, flags):
    output = way(name)
    before = content(project)
    outcome = rosetta(
        "check", *flags, "--baseline", "baseline.json", "--output", f"json={output}", "."
    )
    assert outcome.status == 2
    assert f"--output json={output}: this " in outcome.stderr
    assert "write to another one" in outcome.stderr
    assert content(project) == before


def test_nor_does_one_of_a_named_configuration_or_a_new_baseline(rosetta, project):
    for arguments in (
        ["--config", "base-2.toml", "--output", "json=base-2.toml"],
        ["--config", "base-2.toml", "--output", "json=other.yaml"],
        ["--baseline", "new", "--write-baseline", "--output", "json=./new"],
    ):
        before = content(project)
        outcome = rosetta("check", "a.sampling.json", *arguments)
        assert outcome.status == 2
        assert "write to another one" in outcome.stderr
        assert content(project) == before


#: Files that cannot be used, and the files that are to be checked with them.
WRONG = {
    "sub/rosetta-spec.toml": ["sub/rosetta-spec.toml", "sub/b.sampling.json"],
    "policy.yaml": ["policy.yaml", "base.toml", "base-2.toml", "a.sampling.json"],
    "other.yaml": ["other.yaml", "policy.yaml", "a.sampling.json"],
    "base-2.toml": ["base-2.toml", "base.toml", "rosetta-spec.toml", "a.sampling.json"],
}


@pytest.mark.parametrize(
    ("wrong", "name"), [(wrong, name) for wrong, names in WRONG.items() for name in names]
)
@pytest.mark.parametrize("text", ["[", "nonsense = 1\n", "nonsense: 1\n", b"\xff"])
def test_nor_is_what_is_wrong_or_not_checked(rosetta, project, write, wrong, name, text):
    write("good/c.sampling.json", REQUEST)
    write("good/rosetta-spec.toml")
    write(wrong, text)
    before = content(project)
    outcome = rosetta("check", "--output", f"json={name}", ".")
    assert outcome.status == 2
    assert "write to another one" in outcome.stderr
    assert content(project) == before


@pytest.mark.parametrize("flag", ["--format=json", "--fix"])
def test_nor_is_a_file_that_is_standard_input(process, project, flag):
    before = content(project)
    with Path("a.sampling.json").open("rb") as stream:
        done = process("check", "-", flag, "--output", "json=a.sampling.json", stdin=stream)
    assert done.returncode == 2
    assert b"this call also reads or writes this file; write to another one" in done.stderr
    assert content(project) == before


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("path", ["report", "/dev/{}"])
def test_nor_is_a_file_that_is_another_standard_stream(process, project, stream, path):
    call = ["check", "a.sampling.json", "--output", f"json={path.format(stream)}"]
    with (project / "report").open("wb") as report:
        streams = {"stdout": report, "stderr": subprocess.PIPE, stream: report}
        done = process(*call, capture_output=False, **streams)
    error = done.stderr or (project / "report").read_bytes()
    assert done.returncode == 2
    assert b"this call also reads or writes this file; write to another one" in error


@pytest.mark.parametrize("name", ["rosetta-spec.toml", "policy.yaml", "base.toml"])
def test_nor_does_a_schema(rosetta, project, name):
    before = content(project)
    outcome = rosetta("schema", "--bundle", "--output", by_symbolic_link(name))
    assert outcome.status == 2
    assert "write to another one" in outcome.stderr
    assert content(project) == {**before, project / "report": before[project / name]}


@pytest.fixture
def links(folder, git, monkeypatch, write):
    """A repository with links that lead out of it, and into it."""
    (folder / "repo" / "inside").mkdir(parents=True)
    (folder / "other").mkdir()
    git("init", "-q", cwd=folder / "repo")
    git("init", "-q", cwd=folder / "other")
    write("repo/a.sampling.json", REQUEST)
    write("other/full", "precious")
    monkeypatch.chdir(folder / "repo")
    targets = {
        "new": "../other/new",
        "old": "../other/full",
        "whole": folder / "other" / "full",
        "again": "old",
        "sub": "../other",
        "within": "inside/report",
        "here": ".",
    }
    for name, target in targets.items():
        Path(name).symlink_to(target)
    return folder


@pytest.mark.parametrize(
    "name", ["new", "old", "whole", "again", "sub/new", "sub/full", "here/old"]
)
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "a.sampling.json", "--output", "json={}"],
        ["check", "a.sampling.json", "--fix", "--output", "json={}"],
        ["check", "a.sampling.json", "--baseline", "{}", "--write-baseline"],
        ["schema", "--output", "{}"],
    ],
)
def test_nothing_is_written_outside_by_a_link_in_a_repository(rosetta, links, arguments, name):
    before = content(links)
    outcome = rosetta(*(each.format(name) for each in arguments))
    assert outcome.status == 2
    assert "outside the repository" in outcome.stderr
    assert content(links) == before


@pytest.mark.parametrize("name", ["within", "here/b", "../other/b", "/dev/null"])
@pytest.mark.usefixtures("links")
def test_what_stays_inside_or_is_named_itself_is_written(rosetta, name):
    assert rosetta("check", "a.sampling.json", "--output", f"json={name}").status == 1
    assert Path(name).exists()


def test_another_file_is_written(rosetta, project):
    Path("report").symlink_to("real")
    assert rosetta("check", "--output", "json=report", "--output", "jsonl=b", ".").status == 1
    assert Path("real").exists()
    assert Path("b").exists()
    assert rosetta("check", "--output", "json=report", ".").status == 1


@pytest.mark.parametrize("what", ["read-only folder", "changed", "full"])
def test_only_what_was_written_is_called_fixed(rosetta, write, monkeypatch, what):
    write("a.sampling.json", REQUEST)
    write("b.sampling.json", REQUEST)

    def replace(path, pieces):
        if "a.sampling" in path:
            if what == "changed":
                os.utime(path, (1, 1))
            else:
                list(pieces)
                raise OSError(28, "No space left on device")
        Path(path).write_bytes(b"".join(pieces))

    monkeypatch.setattr("rosetta_spec.cli.fix.replace_file", replace)
    outcome = rosetta("check", "--fix", ".")
    assert "a.sampling.json is not changed: it " in outcome.stderr
    assert "Fixed 1 finding in 1 file." in outcome.stderr
    assert '"10"' in Path("a.sampling.json").read_text()
    assert '"10"' not in Path("b.sampling.json").read_text()
