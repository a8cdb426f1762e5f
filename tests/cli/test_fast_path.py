"""The command line answers with the same bytes as the fast path."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosetta_spec.engine.tally import FAIL_ON
from rosetta_spec.fast.entry import answer
from rosetta_spec.fast.formats import FORMATS
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.runner.tasks import COLORS
from rosetta_spec.strategies import messy_requests, requests
from rosetta_spec.strategies.texts import NOTATIONS

#: A call of the command is slow, and needs nothing of the one before.
law = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

VALUES = {
    "--format": list(REPORTERS),
    "--input-format": list(FORMATS),
    "--fail-on": list(FAIL_ON),
    "--color": list(COLORS),
}
FLAGS = ["--isolated", "--force-exclude", "--fix"]

#: Configurations of a team; the last ones are wrong.
CONFIGS = [
    "",
    "exclude = ['0.*']",
    "exclude = ['0.sampling.json', '/1.sampling.yaml']",
    "exclude = ['a/', '/0.sampling.json/']",
    "rulesets = ['policy.yaml']",
    "rulesets = ['policy.yaml']\nignore = ['POL001']\nexclude = ['a/1.sampling.yaml']",
    "include = ['*.json', '*.yaml']\nfail-on = 'warning'",
    "select = ['RS401', 'RS402']",
    "ignore = ['RS109']\n[severity]\nRS102 = 'info'\nRS101 = 'off'",
    "[per-file-ignores]\n'1*' = ['RS109', 'RS101', 'RS102']",
    "exlude = []",
    "ignore = ['RS001']",
    "[",
]


#: Files that there may be; the first two are often.
NAMED = [
    *("0.sampling.json", "0.sampling.yaml", "./0.sampling.json", "1.sampling.yaml"),
    *("1.sampling.jsonl", "-0.json", "missing.yaml", "a/0.sampling.json", "a"),
]


@st.composite
def folders(draw):
    """Draw a few files, right and wrong, in any format."""
    files = {}
    for number in range(draw(st.integers(1, 3))):
        notation = draw(st.sampled_from([*NOTATIONS, "JSON Lines"]))
        request = requests() | messy_requests()
        if notation == "JSON Lines":
            lines = draw(st.lists(request, max_size=3))
            text = "".join(f"{json.dumps(line, default=float)}\n" for line in lines)
        else:
            text = draw(request.flatmap(NOTATIONS[notation]))
        if draw(st.integers(0, 4)) == 0:
            text = text[: draw(st.integers(0, len(text)))]
        ending = {"json": "json", "JSON Lines": "jsonl"}.get(notation, "yaml")
        above = draw(st.sampled_from(["", "", "a/"]))
        files[f"{above}{number}.sampling.{ending}"] = text
    if draw(st.booleans()):
        files["rosetta-spec.toml"] = draw(st.sampled_from(CONFIGS))
    return files


@st.composite
def calls(draw):
    """Draw the options and paths of a call of `check`."""
    named = st.lists(st.sampled_from(NAMED), min_size=1, max_size=3)
    others = st.sampled_from([["."], [], ["0.sampling.json", "."], ["missing.json"]])
    arguments = draw(named | others)
    if draw(st.booleans()):
        return draw(st.permutations([*arguments, *draw(st.lists(st.sampled_from(FLAGS)))]))
    for option in draw(st.lists(st.sampled_from([*VALUES]), max_size=3, unique=True)):
        arguments = [*arguments, f"{option}={draw(st.sampled_from(VALUES[option]))}"]
    return [*arguments, *draw(st.lists(st.sampled_from(FLAGS), max_size=1))]


@settings(law, max_examples=25)
@given(files=folders(), arguments=calls(), is_in_repository=st.booleans())
def test_the_fast_path_and_the_command_line_write_the_same(
    rosetta, write, write_policy, git, folder, monkeypatch, files, arguments, is_in_repository
):
    """The same bytes and status from click, without the acceptor, and from the fast path.

    What it needs of a configuration file is in the cache from the second call on.
    """

    def run():
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if is_in_repository:
            git("init", "-q")
        write_policy("policy.yaml")
        for name, text in files.items():
            write(name, text)
        return rosetta("check", *arguments)

    with monkeypatch.context() as patch:
        patch.setattr("rosetta_spec.fast.entry.answer", lambda _: False)
        outcome = run()
        patch.setattr("rosetta_spec.engine.checker.acceptor_of", lambda _: lambda _: False)
        assert run() == outcome
    assert run() == outcome


GOOD = '{"annotationRequestId": "r-1", "poolName": "p"}'


YAML = "annotationRequestId: r-1\npoolName: in YAML\n---\nannotationRequestId: r-2\npoolName: p\n"


@pytest.fixture
def is_answered(rosetta, monkeypatch, capfdbinary):
    """Whether the fast path answers a call, which then says the same as the command line."""

    def call(*words):
        if not answer(["check", *words]):
            assert capfdbinary.readouterr() == (b"", b"")
            return False
        expected = capfdbinary.readouterr().out.decode()
        with monkeypatch.context() as patch:
            patch.setattr("rosetta_spec.fast.entry.answer", lambda _: False)
            assert rosetta("check", *words) == (0, expected, "")
        return True

    return call


@pytest.fixture
def are_cached(rosetta, monkeypatch):
    """Check the current folder with the command line, which fills the cache."""

    def call(*words):
        with monkeypatch.context() as patch:
            patch.setattr("rosetta_spec.fast.entry.answer", lambda _: False)
            rosetta("check", *words)

    return call


class TestWithoutConfiguration:
    @pytest.fixture(autouse=True)
    def _files(self, write):
        write("a.json", GOOD)
        write("b.YAML", YAML)
        write("bad.json", "{}")
        write("a.jsonl", GOOD)
        write("a.txt", GOOD)

    @pytest.mark.parametrize(
        "words",
        [
            ["a.json"],
            ["--force-exclude", "a.json", "b.YAML", "--isolated"],
            ["--fix", "a.json"],
        ],
    )
    def test_a_few_valid_files_are_answered(self, is_answered, words):
        assert is_answered(*words)

    def test_they_are_inside_github_too(self, is_answered, monkeypatch):
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        assert is_answered("a.json")

    @pytest.mark.parametrize(
        "words",
        [
            *([], ["."], ["-"], ["a.json", "bad.json"], ["a.json", "./a.json"], ["missing.json"]),
            *(
                ["a.json", "--select", "RS201"],
                ["a.json", "--statistics"],
                ["a.json"] * 65,
                ["a.json\0"],
                ["a.jsonl"],
                ["a.txt"],
            ),
        ],
    )
    def test_every_other_call_is_declined(self, is_answered, words):
        assert not is_answered(*words)
        assert not answer([])
        assert not answer(["rule", "a.json"])

    def test_a_huge_file_is_declined(self, is_answered, monkeypatch):
        monkeypatch.setattr("rosetta_spec.fast.entry.MAX_BYTES", 10)
        assert not is_answered("a.json")

    def test_what_cannot_be_written_is_left_to_the_command_line(self, process, monkeypatch):
        monkeypatch.setattr("sys.stdout", None)
        assert not answer(["check", "a.json"])


class TestConfiguration:
    @pytest.fixture(autouse=True)
    def _repository(self, repository, write):
        write("a.json", GOOD)

    def test_it_is_answered_once_it_is_cached(self, is_answered, are_cached, write):
        write("rosetta-spec.toml", "fail-on = 'info'\n[per-file-ignores]\n'*' = ['RS401']")
        assert not is_answered("a.json")
        are_cached("a.json")
        assert is_answered("a.json")
        assert is_answered("a.json", "--force-exclude", "--fix")
        write("rosetta-spec.toml", "fail-on = 'info'")
        assert not is_answered("a.json")

    def test_a_file_that_is_extended_and_a_ruleset_count(
        self, is_answered, are_cached, write, write_policy
    ):
        write("rosetta-spec.toml", "extend = 'shared/base.toml'")
        write("shared/base.toml", "rulesets = ['policy.yaml']")
        policy = write_policy("shared/policy.yaml")
        write("b.json", GOOD.replace("}", ', "samplingRatio": 0.1}'))
        write("bad.json", GOOD.replace("}", ', "samplingRatio": 0.5}'))
        are_cached("a.json")
        assert is_answered("a.json", "b.json")
        assert not is_answered("bad.json")
        policy.write_text(policy.read_text().replace("0.1", "0.0"))
        assert not is_answered("a.json")

    def test_a_shared_file_counts_only_with_a_table(self, is_answered, are_cached, write):
        write("pyproject.toml", "[project]\nname = 'a'")
        assert is_answered("a.json")
        write("pyproject.toml", "[project]\nname = 'a'\ndependencies = ['rosetta-spec']")
        assert not is_answered("a.json")
        are_cached("a.json")
        assert is_answered("a.json")
        write("pyproject.toml", "[tool.rosetta-spec]\nexclude = ['a.json']")
        are_cached("a.json")
        assert is_answered("a.json")
        assert not is_answered("a.json", "--force-exclude")

    @pytest.mark.parametrize(
        ("exclude", "left"),
        [
            ("b.json", 3),
            ("old", 2),
            ("old/", 2),
            ("/old", 3),
            ("x/old", 3),
            ("old/c.json", 3),
            ("/b.json/", 4),
        ],
    )
    def test_simple_patterns_are_understood(
        self, is_answered, are_cached, write, capfdbinary, exclude, left
    ):
        names = ["a.json", "b.json", "old/c.json", "x/old/d.json"]
        for name in names:
            write(name, GOOD.replace("r-1", name))
        write("rosetta-spec.toml", f"exclude = ['{exclude}']")
        are_cached(*names)
        assert answer(["check", *names, "--force-exclude"])
        assert f"Checked {left} files".encode() in capfdbinary.readouterr().out
        assert is_answered(*names, "--force-exclude")

    @pytest.mark.parametrize(
        "exclude", ["*.txt", "x/../y", " a", "a//b", "[b]", "b\\\\", "!a.json"]
    )
    def test_others_are_declined(self, is_answered, are_cached, write, exclude):
        write("rosetta-spec.toml", f'exclude = ["{exclude}"]')
        are_cached("a.json")
        assert not is_answered("a.json", "--force-exclude")

    def test_so_are_those_of_another_folder(self, is_answered, are_cached, write):
        write("rosetta-spec.toml", "extend = 'shared/base.toml'")
        write("shared/base.toml", "exclude = ['/old']")
        are_cached("a.json")
        assert not is_answered("a.json", "--force-exclude")


class TestFolders:
    @pytest.fixture(autouse=True)
    def _files(self, repository, write):
        write("a.sampling.json", GOOD)
        write("x/b.Sampling.Yaml", YAML)
        write("x/other.json", "{}")

    @pytest.mark.parametrize("words", [["."], [], ["x"], ["x/..", "--fix"], ["--isolated"]])
    def test_in_a_repository_they_are_answered(self, is_answered, words):
        assert is_answered(*words)

    def test_a_request_that_repeats_another_one_is_declined(self, is_answered, write):
        write("x/c.sampling.json", GOOD.replace("{", '{"$schema": "x", '))
        assert is_answered("x")
        assert not is_answered(".")

    def test_what_git_ignores_is_not_read(self, is_answered, write):
        write("bad.sampling.json", "{}")
        assert not is_answered(".")
        write(".gitignore", "bad*")
        assert is_answered(".")

    def test_a_configuration_that_includes_other_names_is_declined(
        self, is_answered, are_cached, write
    ):
        write("x/rosetta-spec.toml", "exclude = ['other.json']")
        are_cached()
        assert is_answered()
        write("x/rosetta-spec.toml", "include = ['*.json']")
        are_cached()
        assert not is_answered()

    def test_also_one_that_git_ignores(self, is_answered, write):
        write(".gitignore", "rosetta-spec.toml")
        assert is_answered()
        write("x/rosetta-spec.toml", "include = ['*.json']")
        assert not is_answered()

    def test_what_is_excluded_is_not_read(self, is_answered, are_cached, write):
        write("bad.sampling.json", "{}")
        write("rosetta-spec.toml", "exclude = ['bad.sampling.json']")
        are_cached()
        assert is_answered()

    def test_another_repository_below_is_declined(self, is_answered, git, write):
        write("y/.git/HEAD", "")
        assert not is_answered("y")
        git("init", "-q", "z")
        git("commit", "-q", "--allow-empty", "-m", "a", cwd=Path("z").absolute())
        assert not is_answered()

    def test_so_is_what_is_there_no_more_or_twice(self, is_answered, git):
        Path("b.sampling.json").symlink_to("a.sampling.json")
        assert not is_answered()
        git("add", ".")
        Path("b.sampling.json").unlink()
        assert not is_answered()

    def test_messages_of_git_are_left_to_the_command_line(
        self, is_answered, write, monkeypatch, tmp_path
    ):
        with monkeypatch.context() as patch:
            patch.setattr("sys.platform", "win32")
            assert not is_answered()
        with monkeypatch.context() as patch:
            patch.setenv("PATH", "")
            assert not is_answered()
        fake = write("bin/git", "#!/bin/sh\nprintf 'a.sampling.json\\0'\necho warning: x >&2\n")
        fake.chmod(0o755)
        with monkeypatch.context() as patch:
            patch.setenv("PATH", str(tmp_path / "bin"))
            assert not answer(["check"])


def test_a_pipe_is_not_read_twice(process, folder):
    """A file that is declined is read again, and a pipe would be empty then."""
    os.mkfifo(folder / "a.json")
    with subprocess.Popen(["sh", "-c", "echo '{}' > a.json"], cwd=folder):
        ended = process("check", "a.json", cwd=folder)
    assert (ended.returncode, ended.stdout.count(b"error[RS101]")) == (1, 2)
