"""`rosetta-spec init`: write configuration, hook and workflow for a repository."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

import click

from rosetta_spec.cli.new import write_new
from rosetta_spec.cli.options import Command
from rosetta_spec.cli.output import CommandError, write_stdout
from rosetta_spec.config.toml_file import parse_toml, read_content
from rosetta_spec.fast.config import ClosestConfigs, repository_of
from rosetta_spec.reporters.style import safe

_TEMPLATES = Path(__file__).parent / "templates"

_GITHUB = "github"
_GITLAB = "gitlab"


class _File(NamedTuple):
    """A file to write, by its path from the root of the repository."""

    path: str
    template: str
    next_step: str
    """What the user does once it is written."""

    def text(self) -> str:
        return (_TEMPLATES / self.template).read_text(encoding="utf-8")


_CONFIG = _File(".rosetta-spec.toml", "config.toml", "")
_HOOK = _File(".pre-commit-config.yaml", "pre-commit.yaml", "start the hook: pre-commit install")
_WORKFLOWS = {
    _GITHUB: _File(".github/workflows/sampling-requests.yml", "github.yml", ""),
    _GITLAB: _File(
        ".gitlab/sampling-requests.yml",
        "gitlab.yml",
        "add to .gitlab-ci.yml: include: [{local: .gitlab/sampling-requests.yml}]",
    ),
}


@click.command(name="init", cls=Command)
@click.option(
    "--host",
    type=click.Choice([*_WORKFLOWS, "none"]),
    help="Where the repository is hosted: by default gitlab if it has a .gitlab-ci.yml, else "
    "github.",
)
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Show the files, and write nothing.")
@click.option("-y", "--yes", "is_confirmed", is_flag=True, help="Write without asking.")
def command(host: str | None, *, is_dry_run: bool, is_confirmed: bool) -> None:
    """Write a configuration, a pre-commit hook and a workflow for this repository.

    The files are shown first. A file that exists is never changed.
    """
    here = os.path.realpath(os.curdir)
    root = repository_of(here)
    if root is None:
        message = "this folder is in no git repository; create one first with: git init"
        raise CommandError(message)
    host = host or (_GITLAB if os.path.exists(os.path.join(root, ".gitlab-ci.yml")) else _GITHUB)
    wanted = [_CONFIG, _HOOK, *([_WORKFLOWS[host]] if host in _WORKFLOWS else [])]
    files = [file for file in wanted if not _is_there(file, root)]
    for file in files:
        write_stdout(f"==> {file.path} <==\n{file.text()}\n")
    if is_dry_run or not files:
        return
    has_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if has_terminal and not is_confirmed:
        click.confirm("Write these files?", abort=True, err=True)
    for file in files:
        _write(file, root)
        sys.stderr.write(f"wrote {file.path}\n")
    for file in files:
        if file.next_step:
            sys.stderr.write(f"next, {file.next_step}\n")


def _is_there(file: _File, root: str) -> bool:
    """Return whether the repository has such a file, and say what to do if so."""
    existing = os.path.join(root, file.path)
    if file is _CONFIG:
        existing = ClosestConfigs(_has_settings).of(root) or existing
    if not os.path.lexists(existing):
        return False
    name = safe(os.path.relpath(existing, root))
    entry = f"; add this entry to it:\n{file.text()}" if file is _HOOK else ""
    sys.stderr.write(f"{name} exists and is not changed{entry}\n")
    return True


def _has_settings(path: str) -> bool:
    return parse_toml(path, read_content(path)).has_settings


def _write(file: _File, root: str) -> None:
    path = Path(root, file.path)
    try:
        # A link to elsewhere would lead out of the repository.
        if not path.parent.resolve().is_relative_to(root):
            message = f"{file.path} would be outside of the repository; write it yourself"
            raise CommandError(message)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, file.text())
    except OSError as error:
        message = f"{file.path} cannot be written: {error.strerror}"
        raise CommandError(message) from error
