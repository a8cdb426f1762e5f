"""`init` shows and writes configuration, hook and workflow, and never changes a file."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TEMPLATES = ROOT / "rosetta_spec" / "cli" / "templates"

CONFIG = ".rosetta-spec.toml"
HOOK = ".pre-commit-config.yaml"
GITHUB = ".github/workflows/sampling-requests.yml"
GITLAB = ".gitlab/sampling-requests.yml"


def files_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def test_the_files_are_shown_and_written(rosetta, repository):
    outcome = rosetta("init")
    assert outcome.status == 0
    written = files_in(repository)
    assert sorted(written) == sorted([CONFIG, HOOK, GITHUB])
    for name, text in written.items():
        assert f"==> {name} <==\n{text}\n" in outcome.stdout
        assert f"wrote {name}\n" in outcome.stderr
    assert outcome.stderr.endswith("next, activate the hook: pre-commit install\n")
    assert rosetta("check", "--show-settings", "a.sampling.yaml").status == 0


def test_the_workflow_runs_whatever_the_default_branch_is_called(rosetta, repository):
    rosetta("init")
    assert "\non: [push, pull_request]\n" in Path(GITHUB).read_text("utf-8")


def test_a_second_call_changes_nothing(rosetta, repository):
    rosetta("init")
    before = files_in(repository)
    outcome = rosetta("init")
    assert (outcome.status, outcome.stdout) == (0, "")
    assert outcome.stderr.count("exists and is not changed") == 3
    assert files_in(repository) == before


def test_a_dry_run_writes_nothing(rosetta, repository):
    outcome = rosetta("init", "--dry-run")
    assert outcome.stdout.count("==> ") == 3
    assert (outcome.status, outcome.stderr, files_in(repository)) == (0, "", {})


def test_files_are_written_at_the_root_of_the_repository(rosetta, repository, monkeypatch):
    (repository / "deep").mkdir()
    monkeypatch.chdir(repository / "deep")
    assert rosetta("init").status == 0
    assert CONFIG in files_in(repository)


def test_on_gitlab_a_job_is_written_to_be_included(rosetta, repository, write):
    write(".gitlab-ci.yml", "stages: [test]\n")
    outcome = rosetta("init")
    assert sorted(files_in(repository)) == sorted([CONFIG, HOOK, GITLAB, ".gitlab-ci.yml"])
    assert f"add to .gitlab-ci.yml: include: [{{local: {GITLAB}}}]\n" in outcome.stderr
    assert Path(".gitlab-ci.yml").read_text() == "stages: [test]\n"


@pytest.mark.parametrize(
    ("host", "workflow"), [("github", {GITHUB}), ("gitlab", {GITLAB}), ("none", set())]
)
def test_the_host_can_be_named(rosetta, repository, host, workflow):
    assert rosetta("init", "--host", host).status == 0
    assert files_in(repository).keys() == {CONFIG, HOOK} | workflow


def test_an_existing_hook_configuration_is_kept_and_the_entry_shown(rosetta, repository, write):
    write(HOOK, "repos: []\n")
    outcome = rosetta("init")
    assert Path(HOOK).read_text() == "repos: []\n"
    entry = (TEMPLATES / "pre-commit.yaml").read_text("utf-8").removeprefix("repos:\n")
    message = f"{HOOK} exists and is not changed; add this to its repos:\n{entry}"
    assert message in outcome.stderr
    assert "pre-commit install" not in outcome.stderr


def test_a_hook_configuration_with_the_hook_needs_nothing(rosetta, repository, write):
    write(HOOK, "repos: [{repo: local, hooks: [{id: x, entry: rosetta-spec check}]}]\r\n")
    assert f"{HOOK} exists and is not changed\n" in rosetta("init").stderr


def test_a_folder_in_place_of_a_hook_configuration_is_kept(rosetta, repository):
    (repository / HOOK).mkdir()
    outcome = rosetta("init")
    assert outcome.status == 0
    assert f"{HOOK} exists and is not changed; add" in outcome.stderr


@pytest.mark.parametrize(
    ("name", "text", "is_configured"),
    [
        ("rosetta-spec.toml", "", True),
        ("pyproject.toml", "[tool.rosetta-spec]\n", True),
        ("pyproject.toml", "[project]\ndependencies = ['rosetta-spec']\n", False),
    ],
)
def test_a_configured_repository_keeps_its_configuration(
    rosetta, repository, write, name, text, is_configured
):
    write(name, text)
    outcome = rosetta("init")
    assert (CONFIG not in files_in(repository)) == is_configured
    assert (f"{name} exists and is not changed\n" in outcome.stderr) == is_configured


def test_outside_of_a_repository_nothing_is_written(rosetta, folder):
    outcome = rosetta("init")
    assert (outcome.status, outcome.stdout, files_in(folder)) == (2, "", {})
    assert "create one first with: git init" in outcome.stderr


def test_a_link_does_not_lead_out_of_the_repository(rosetta, repository, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (repository / ".github").symlink_to(outside)
    outcome = rosetta("init")
    assert (outcome.status, files_in(outside)) == (2, {})
    assert f"error: {GITHUB} would be outside the repository" in outcome.stderr


def test_what_cannot_be_written_is_named(rosetta, repository, write):
    write(".github", "a file")
    outcome = rosetta("init")
    assert outcome.status == 2
    assert f"error: {GITHUB} cannot be written: " in outcome.stderr


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 130)])
def test_on_a_terminal_it_asks_first(repository, answer, status):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rosetta_spec", "init"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        while b"Write these files?" not in shown:
            shown += os.read(ours, 1000)
        assert files_in(repository) == {}
        os.write(ours, f"{answer}\n".encode())
        assert process.wait(timeout=60) == status
    os.close(ours)
    assert len(files_in(repository)) == (3 if status == 0 else 0)


@pytest.mark.parametrize(
    ("template", "example"),
    [
        ("github.yml", EXAMPLES / "github" / GITHUB),
        ("gitlab.yml", EXAMPLES / "gitlab" / ".gitlab-ci.yml"),
    ],
)
def test_a_workflow_is_the_example_without_its_first_comment(template, example):
    text = (TEMPLATES / template).read_text("utf-8")
    introduction = example.read_text("utf-8").removesuffix(text)
    assert all(line.startswith("# ") for line in introduction.splitlines())
    assert not text.startswith("#")
