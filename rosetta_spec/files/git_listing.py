"""Ask git which files it does not ignore."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

from rosetta_spec.fast.git import environment, list_command


def listed_by_git(folder: str, warn: Callable[[str], None]) -> list[str] | None:
    """Ask git for the files below a folder, and the repositories in it; None if it cannot say."""
    try:
        listing = subprocess.run(  # noqa: S603 - a fixed command
            list_command(folder),
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        warn(f"git's ignore rules are not applied in {folder}: {_why_not(error)}")
        return None
    # Folders that it cannot read are warnings of git.
    for line in _lines(listing.stderr):
        warn(f"git in {folder}: {line.removeprefix('warning: ')}")
    names = {os.fsdecode(name).rstrip("/") for name in listing.stdout.split(b"\0") if name}
    return sorted(names)


def _why_not(error: OSError | subprocess.CalledProcessError) -> str:
    if isinstance(error, OSError):
        return "there is no git" if error.filename == "git" else str(error.strerror).lower()
    lines = _lines(error.stderr)
    return lines[0] if lines else f"git ended with status {error.returncode}"


def _lines(output: bytes) -> list[str]:
    return output.decode(errors="replace").strip().splitlines()
