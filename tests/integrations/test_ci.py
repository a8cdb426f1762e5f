"""Workflows, the action, templates and the Dockerfile are valid, and what they call works."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
GITHUB = EXAMPLES / "github" / ".github" / "workflows" / "sampling-requests.yml"
SCANNING = EXAMPLES / "github" / ".github" / "workflows" / "code-scanning.yml"
GITLAB = EXAMPLES / "gitlab" / ".gitlab-ci.yml"
REVIEWDOG = EXAMPLES / "reviewdog" / ".github" / "workflows" / "review.yml"
ACTION = ROOT / "action.yml"
OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

BAD = "annotationRequestId: r-1\npoolName: p\nsamplingRatio: 20\n"

#: A stand-in that keeps what it is given.
KEEP = '#!/bin/sh\nprintf "%s\\n" "$@" > arguments.txt\nexec cat > given.json\n'

#: A stand-in for the action's Python, which installs nothing and notes what it should install.
PYTHON = """#!/bin/sh
case "$*" in
*" pip install "*) printf '%s\\n' "$@" > installed.txt ;;
*) exec "{python}" "$@" ;;
esac
"""

#: A workflow that a page shows, and steps of one, or what a configuration of GitLab includes.
SHOWN = re.compile(r"^```yaml\n(name: .*?)^```$", re.DOTALL | re.MULTILINE)
STEPS = re.compile(r"^```yaml\n((?:steps:|- uses:).*?)^```$", re.DOTALL | re.MULTILINE)
INCLUDED = re.compile(r"- remote: \S+/rosetta-spec/v[\d.]+/(\S+)")


def read_yaml(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def commands_of(path):
    """Return what an example runs in a shell, in order."""
    jobs = read_yaml(path)
    if path == GITLAB:
        return jobs["sampling-requests"]["script"]
    if path == ACTION:
        return [step["run"] for step in jobs["runs"]["steps"] if "run" in step]
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
        "python": PYTHON.format(python=sys.executable),
    }.items():
        (commands / name).write_text(text)
        (commands / name).chmod(0o755)
    write("good.sampling.yaml", BAD.replace("20", "0.2"))

    def call(path, **variables):
        (command,) = [each for each in commands_of(path) if " check " in each]
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
            env={**os.environ, "PATH": f"{commands}:{os.environ['PATH']}", **variables},
            capture_output=True,
            check=False,
            encoding="utf-8",
        )

    return call


@pytest.fixture
def run_action(run_check, repository):
    """Run the action's script as it is run with these inputs."""

    def call(paths=".", args="", sarif=""):
        variables = {"PATHS": paths, "ARGS": args, "SARIF": sarif, "ACTION": str(ROOT)}
        variables["PYTHON"] = str(repository / ".git" / "bin" / "python")
        return run_check(ACTION, PYTHONPATH=str(repository / ".git" / "packages"), **variables)

    return call


@pytest.fixture(scope="module")
def shown_workflows(tmp_path_factory):
    """Write the workflows that pages show into a folder for workflows."""
    folder = tmp_path_factory.mktemp("shown") / ".github" / "workflows"
    folder.mkdir(parents=True)
    for page in sorted((ROOT / "docs").glob("*.md")):
        for number, match in enumerate(SHOWN.finditer(page.read_text(encoding="utf-8"))):
            (folder / f"{page.stem}-{number}.yml").write_text(match[1], encoding="utf-8")
    return sorted(folder.iterdir())


def assert_accepted(program, *arguments):
    command = [Path(sysconfig.get_path("scripts")) / program, *arguments]
    ended = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_workflows_templates_and_the_action_fit_the_schemas_of_their_hosts(shown_workflows):
    assert [path.name for path in shown_workflows] == ["submit-0.yml"]
    for schema, paths in {
        "github-workflows": [*OWN, GITHUB, SCANNING, REVIEWDOG, *shown_workflows],
        "github-actions": [ACTION],
        "gitlab-ci": [GITLAB],
        "dependabot": [ROOT / ".github" / "dependabot.yml"],
    }.items():
        assert_accepted("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *paths)


def test_steps_on_a_page_fit_a_workflow_and_the_action(tmp_path):
    inputs = read_yaml(ACTION)["inputs"]
    for page in (ROOT / "README.md", ROOT / "docs" / "continuous-integration.md"):
        (shown,) = STEPS.findall(page.read_text(encoding="utf-8"))
        steps = YAML(typ="safe").load(shown)
        steps = steps["steps"] if shown.startswith("steps:") else steps
        workflow = {"on": "push", "jobs": {"check": {"runs-on": "ubuntu-24.04", "steps": steps}}}
        path = tmp_path / f"{page.stem}.json"
        path.write_text(json.dumps(workflow), encoding="utf-8")
        assert_accepted("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path)
        assert steps[-1].get("with", {}).keys() <= inputs.keys()


def test_what_a_page_includes_from_here_is_here():
    page = (ROOT / "docs" / "continuous-integration.md").read_text(encoding="utf-8")
    (path,) = INCLUDED.findall(page)
    assert ROOT / path == GITLAB


def test_zizmor_has_no_objection(shown_workflows):
    """It checks pins, permissions, credentials, injection and much else, at its strictest."""
    paths = [ACTION, ROOT / ".github", GITHUB, SCANNING, REVIEWDOG, *shown_workflows]
    assert_accepted("zizmor", "--offline", "--persona", "pedantic", *paths)


@pytest.mark.skipif(sys.platform == "win32", reason="hadolint has no package for Windows")
def test_hadolint_has_no_objection():
    assert_accepted("hadolint", ROOT / "Dockerfile")


def test_shellcheck_has_no_objection():
    assert_accepted("shellcheck", ROOT / ".ci" / "run", ROOT / ".ci" / "release")


@pytest.mark.skipif(not shutil.which("actionlint"), reason="actionlint is not installed")
def test_actionlint_has_no_objection(shown_workflows):
    assert_accepted(shutil.which("actionlint"), *OWN, GITHUB, SCANNING, REVIEWDOG, *shown_workflows)


@pytest.mark.parametrize("path", [*OWN, GITHUB, SCANNING, REVIEWDOG, ACTION], ids=lambda p: p.name)
def test_an_action_is_pinned_by_its_commit_except_ours(path):
    """Ours cannot be: a file does not know the commit that it will be part of."""
    for used, comment in re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8")):
        name, _, pin = used.partition("@")
        if name == "rosetta-spec/rosetta-spec":
            assert "zizmor: ignore[unpinned-uses] a file cannot contain" in comment
        else:
            assert re.fullmatch(r"[0-9a-f]{40}", pin)
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)


def test_own_workflows_run_scripts_that_are_here():
    for path in OWN:
        for job in read_yaml(path)["jobs"].values():
            for step in job["steps"]:
                words = shlex.split(step.get("run", ""))
                if words[:1] == ["bash"]:
                    script = ROOT / words[1]
                    subprocess.run(["bash", "-n", script], check=True)
                    for part in words[2:]:
                        assert f"\n{part})" in script.read_text() or part == "$GITHUB_REF_NAME"


def test_the_action_installs_itself_with_locked_dependencies(run_action):
    assert run_action().returncode == 0
    installed = Path("installed.txt").read_text().splitlines()
    assert installed[-1] == str(ROOT)
    assert installed[installed.index("-c") + 1] == str(ROOT / "constraints.txt")


def test_the_action_passes_its_inputs(run_action, write):
    write("bad requests/bad.sampling.yaml", BAD)
    assert run_action().returncode == 1
    assert run_action(paths="good.sampling.yaml").returncode == 0
    # A path may have spaces, and there may be several.
    assert run_action(paths="good.sampling.yaml\nbad requests\n").returncode == 1
    assert run_action(args="--fail-on never --format concise").returncode == 0


def test_the_action_runs_nothing_of_the_checked_repository(run_action, write):
    write("rosetta_spec/__init__.py", "raise SystemExit('this is not ours')")
    write("json.py", "raise SystemExit('this is not ours')")
    assert run_action().returncode == 0


def test_the_report_for_github_is_written_where_it_is_uploaded_from(run_action, write):
    (*_, check, upload) = read_yaml(SCANNING)["jobs"]["check"]["steps"]
    report = Path(upload["with"]["sarif_file"])
    assert run_action(**check["with"]).returncode == 0
    assert json.loads(report.read_text("utf-8"))["runs"][0]["results"] == []
    write("bad.sampling.yaml", BAD)
    assert run_action(**check["with"]).returncode == 1
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
    assert run_check(GITLAB, ROSETTA_SPEC_ARGS="--fail-on never").returncode == 0


def test_reviewdog_is_given_all_findings_and_decides(run_check, write):
    write("bad.sampling.yaml", BAD)
    assert run_check(REVIEWDOG).returncode == 0
    (found,) = json.loads(Path("given.json").read_text("utf-8"))["diagnostics"]
    assert found["location"]["path"] == "bad.sampling.yaml"
    assert "-f=rdjson" in Path("arguments.txt").read_text().splitlines()
    write(".git/bin/rosetta-spec", "#!/bin/sh\nexit 2\n")
    assert run_check(REVIEWDOG).returncode == 2


def test_the_image_copies_what_is_there_and_does_not_run_as_root():
    """Building it needs a container engine."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            *sources, _ = line.split()[1:]
            assert all((ROOT / source).exists() for source in sources)
    (user,) = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert lines.index(f"USER {user}") < lines.index('ENTRYPOINT ["rosetta-spec"]')
