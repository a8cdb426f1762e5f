"""No program that a repository names is run when git is asked for its files."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from rosetta_spec.config.settings import Configuration, Overrides
from rosetta_spec.fast.entry import answer
from rosetta_spec.fast.formats import Declined
from rosetta_spec.fast.git import _SAFE_ENVIRONMENT, listed_by_git
from rosetta_spec.files.discovery import find_sources

SELECTION = Configuration(Overrides(is_isolated=True))

#: Addresses of a remote whose connection is a program, and the settings that name it.
REMOTES = {
    "ssh": ("ssh://x/y", "core.sshCommand"),
    "ssh-short": ("x:y", "core.sshCommand"),
    "git": ("git://localhost/x", "core.gitProxy"),
    "file": ("file://{trap}", "remote.origin.uploadpack"),
    "path": ("{trap}", "remote.origin.uploadpack"),
    "ext": ("ext::{trap}", "core.sshCommand"),
    "helper": ("spring::x", "core.sshCommand"),
    "vcs": ("x", "remote.origin.vcs"),
    "https": ("https://localhost:1/x", "credential.helper"),
}

#: Settings that name a program; git runs it here, or might in another version.
PROGRAMS = (
    *("core.fsmonitor", "core.pager", "pager.ls-files", "core.sshCommand", "core.askPass"),
    *("core.editor", "core.gitProxy", "core.alternateRefsCommand", "credential.helper"),
    *("filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.x.command"),
    *(
        "diff.external",
        "merge.x.driver",
        "gpg.program",
        "sequence.editor",
        "interactive.diffFilter",
    ),
    *("uploadpack.packObjectsHook", "trace2.eventTarget", "trace2.normalTarget"),
)


@pytest.fixture
def trap(folder):
    """Write a program that leaves a file behind; `trap.sprung` says whether it ran."""
    path = folder / "trap"
    path.write_text(f"#!/bin/sh\necho ran >> '{folder}/sprung'\nexit 1\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def is_sprung(trap):
    def call() -> bool:
        sprung = trap.parent / "sprung"
        is_there = sprung.exists()
        sprung.unlink(missing_ok=True)
        return is_there

    return call


@pytest.fixture
def repo(folder, git):
    """A repository with two requests."""
    repo = folder / "repo"
    git("init", "-q", "repo")
    for name in ("a", "b/c"):
        (repo / name).mkdir(parents=True)
        (repo / name / "x.sampling.json").write_text("{}")
    (repo / ".gitattributes").write_text("* filter=x diff=x merge=x\n")
    git("add", ".", cwd=repo)
    git("commit", "-q", "-m", "x", cwd=repo)
    return repo


def lack_a_tree(repo: Path, git) -> None:
    """Make the index depend on an object that is missing and would be fetched."""
    git("sparse-checkout", "init", "--cone", "--sparse-index", cwd=repo)
    git("sparse-checkout", "set", "a", cwd=repo)
    tree = git("rev-parse", "HEAD:b", cwd=repo).strip()
    (repo / ".git/objects" / tree[:2] / tree[2:]).unlink()
    git("config", "core.repositoryFormatVersion", "1", cwd=repo)
    git("config", "extensions.partialClone", "origin", cwd=repo)
    git("config", "remote.origin.promisor", "true", cwd=repo)
    git("config", "protocol.allow", "always", cwd=repo)


def check_everything(repo: Path) -> list[str]:
    """Ask git in every way that a check does."""
    with suppress(Declined, OSError):
        listed_by_git(str(repo))
    answer(["check", str(repo)])
    return [each.name for each in find_sources([str(repo)], lambda _: None, SELECTION)]


@pytest.mark.parametrize("without", ["", "GIT_NO_LAZY_FETCH"])
@pytest.mark.parametrize("remote", REMOTES)
def test_a_missing_object_is_not_fetched(repo, git, trap, is_sprung, monkeypatch, remote, without):
    address, setting = REMOTES[remote]
    git("config", "remote.origin.url", address.format(trap=trap), cwd=repo)
    git("config", setting, "spring" if remote == "vcs" else str(trap), cwd=repo)
    lack_a_tree(repo, git)
    (trap.parent / "git-remote-spring").symlink_to(trap)
    monkeypatch.setenv("PATH", f"{trap.parent}{os.pathsep}{os.environ['PATH']}")
    if remote != "https":
        subprocess.run(["git", "ls-files"], cwd=repo, check=False, capture_output=True)
        assert is_sprung()
    if without:
        monkeypatch.delitem(_SAFE_ENVIRONMENT, without)  # as git before 2.45
    check_everything(repo)
    assert not is_sprung()


@pytest.mark.parametrize("where", ["config", "include", "includeIf", "worktree", ".git file"])
def test_no_setting_of_a_repository_runs_a_program(repo, git, trap, is_sprung, where):
    hooks = trap.parent / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "fsmonitor-watchman", "reference-transaction", "pre-auto-gc"):
        (hooks / name).symlink_to(trap)
    target = repo / ".git/config"
    if where.startswith("include"):
        target = trap.parent / "included"
        key = "include.path" if where == "include" else f"includeIf.gitdir:{repo}/.path"
        git("config", key, str(target), cwd=repo)
    if where == "worktree":
        target = repo / ".git/config.worktree"
        git("config", "core.repositoryFormatVersion", "1", cwd=repo)
        git("config", "extensions.worktreeConfig", "true", cwd=repo)
    if where == ".git file":
        target = (repo / ".git").rename(trap.parent / "elsewhere") / "config"
        (repo / ".git").write_text("gitdir: ../elsewhere\n")
    for name in PROGRAMS:
        git("config", "-f", str(target), name, str(trap))
    git("config", "-f", str(target), "core.hooksPath", str(hooks))
    git("config", "-f", str(target), "core.untrackedCache", "true")
    # `x` has to be read again: it has changed since it was added.
    (repo / "a/x.sampling.json").write_text("[1]")
    subprocess.run(["git", "status"], cwd=repo, check=False, capture_output=True)
    assert is_sprung()
    assert check_everything(repo) == [
        f"{repo.as_posix()}/{name}/x.sampling.json" for name in ("a", "b/c")
    ]
    assert not is_sprung()


def test_no_setting_of_a_submodule_runs_a_program(repo, git, trap, is_sprung):
    git("init", "-q", "library")
    library = trap.parent / "library"
    (library / "y.sampling.json").write_text("{}")
    git("add", ".", cwd=library)
    git("commit", "-q", "-m", "x", cwd=library)
    git("submodule", "--quiet", "add", str(library), "sub", cwd=repo)
    git("config", "-f", ".gitmodules", "submodule.sub.update", f"!{trap}", cwd=repo)
    git("config", "submodule.recurse", "true", cwd=repo)
    for name in PROGRAMS:
        git("config", "-f", str(repo / ".git/modules/sub/config"), name, str(trap))
    is_sprung()
    assert f"{repo.as_posix()}/sub/y.sampling.json" in check_everything(repo)
    assert not is_sprung()


@pytest.mark.parametrize("entry", ["", ".", "bin"])
def test_git_is_not_taken_from_the_current_folder(repo, monkeypatch, trap, is_sprung, entry):
    """A relative entry of PATH means whatever folder is current."""
    monkeypatch.chdir(repo)
    fake = repo / entry / "git"
    fake.parent.mkdir(exist_ok=True)
    fake.symlink_to(trap)
    subprocess.run(["./git" if entry != "bin" else "bin/git"], check=False)
    assert is_sprung()
    monkeypatch.setenv("PATH", f"{entry}{os.pathsep}{os.environ['PATH']}")
    assert check_everything(Path()) == ["a/x.sampling.json", "b/c/x.sampling.json"]
    assert not is_sprung()


needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


@needs_pipes
@pytest.mark.parametrize("name", [".gitignore", "inner/.gitignore", ".git/index", ".git/config"])
def test_a_pipe_in_place_of_a_file_of_git_stops_no_run(folder, monkeypatch, name):
    monkeypatch.setattr("rosetta_spec.fast.git._PATIENCE", 0.2)
    monkeypatch.setattr("rosetta_spec.files.discovery._PATIENCE", 0.5)
    monkeypatch.setattr("rosetta_spec.files.discovery._IMPATIENCE", 0.01)
    for each in (".", "other"):
        subprocess.run(["git", "init", "-q", each], check=True, cwd=folder)
        inner = folder / each / "inner"
        inner.mkdir()
        (inner / "a.sampling.json").write_text("{}")
        (folder / each / name).unlink(missing_ok=True)
        os.mkfifo(folder / each / name)
    with pytest.raises(Declined):
        listed_by_git(".")
    warnings = []
    found = find_sources(["."], warnings.append, SELECTION)
    assert len(found) == 2
    assert "git does not respond; one of its files, such as .gitignore," in warnings[0]


@needs_pipes
@pytest.mark.parametrize("arguments", [["--config", "pipe"], ["--baseline", "pipe"]])
def test_a_pipe_without_a_writer_is_empty(rosetta, write, folder, arguments):
    os.mkfifo(folder / "pipe")
    write("a.json", '{"annotationRequestId": "a", "poolName": "b"}')
    assert rosetta("check", "a.json", *arguments).status == (2 if "--baseline" in arguments else 0)
