"""The examples for CI are valid, and what they call works, with the real commands."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from rosetta_spec.version import __version__

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
GITHUB = EXAMPLES / "github" / ".github" / "workflows" / "sampling-requests.yml"
GITLAB = EXAMPLES / "gitlab" / ".gitlab-ci.yml"
REVIEWDOG = EXAMPLES / "reviewdog" / ".github" / "workflows" / "review.yml"

BAD = "annotationRequestId: r-1\npoolName: p\nsamplingRatio: 20\n"

#: A stand-in that keeps what it is given.
KEEP = '#!/bin/sh\nprintf "%s\\n" "$@" > arguments.txt\nexec cat > given.json\n'


def read_yaml(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def commands_of(path):
    """Return what an example runs in a shell, in order."""
    jobs = read_yaml(path)
    if path == GITLAB:
        return jobs["sampling-requests"]["script"]
    (job,) = jobs["jobs"].values()
    return [step["run"] for step in job["steps"] if "run" in step]


@pytest.fixture
def run_check(repository, write):
    """Run an example's call of `check` in a repository, as CI's bash would."""
    commands = repository / ".git" / "bin"
    commands.mkdir()
    for name, text in {
        "rosetta-spec": f'#!/bin/sh\nexec "{sys.executable}" -m rosetta_spec "$@"\n',
        "reviewdog": KEEP,
    }.items():
        (commands / name).write_text(text)
        (commands / name).chmod(0o755)
    write("good.sampling.yaml", BAD.replace("20", "0.2"))

    def call(path):
        (command,) = [each for each in commands_of(path) if "rosetta-spec check" in each]
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
            env={**os.environ, "PATH": f"{commands}:{os.environ['PATH']}"},
            capture_output=True,
            check=False,
            encoding="utf-8",
        )

    return call


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (GITHUB, "vendor.github-workflows"),
        (REVIEWDOG, "vendor.github-workflows"),
        (GITLAB, "vendor.gitlab-ci"),
    ],
    ids=["github", "reviewdog", "gitlab"],
)
def test_an_example_is_what_its_host_wants(path, schema):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, path]
    ended = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("path", [GITHUB, GITLAB, REVIEWDOG], ids=lambda path: path.parts[-2])
def test_an_example_installs_this_version(path):
    install, *_ = commands_of(path)
    assert install == (
        f"pip install git+https://github.com/rosetta-spec/rosetta-spec@v{__version__}"
    )


def test_the_report_for_github_is_written_where_it_is_uploaded_from(run_check, write):
    (*_, upload) = read_yaml(GITHUB)["jobs"]["check"]["steps"]
    report = Path(upload["with"]["sarif_file"])
    assert run_check(GITHUB).returncode == 0
    assert json.loads(report.read_text("utf-8"))["runs"][0]["results"] == []
    write("bad.sampling.yaml", BAD)
    assert run_check(GITHUB).returncode == 1
    (result,) = json.loads(report.read_text("utf-8"))["runs"][0]["results"]
    assert result["ruleId"] == "RS107"


def test_the_report_for_gitlab_is_written_where_it_looks_for_it(run_check, write):
    artifacts = read_yaml(GITLAB)["sampling-requests"]["artifacts"]
    report = Path(artifacts["reports"]["codequality"])
    assert run_check(GITLAB).returncode == 0
    assert json.loads(report.read_text("utf-8")) == []
    write("bad.sampling.yaml", BAD)
    assert run_check(GITLAB).returncode == 1
    (found,) = json.loads(report.read_text("utf-8"))
    assert found["check_name"] == "out-of-range"
    assert artifacts["when"] == "always"


def test_reviewdog_is_given_all_findings_and_decides(run_check, write):
    write("bad.sampling.yaml", BAD)
    assert run_check(REVIEWDOG).returncode == 0
    (found,) = json.loads(Path("given.json").read_text("utf-8"))["diagnostics"]
    assert found["location"]["path"] == "bad.sampling.yaml"
    assert "-f=rdjson" in Path("arguments.txt").read_text().splitlines()
    write(".git/bin/rosetta-spec", "#!/bin/sh\nexit 2\n")
    assert run_check(REVIEWDOG).returncode == 2
