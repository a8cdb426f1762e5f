"""The site, which several files of tests look at."""

import shutil
import subprocess
import sys
from pathlib import Path

import playground
import pytest
from browser import PYODIDE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    for name in ("zensical.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "docs", folder / "docs")
    built = subprocess.run(
        [Path(sys.executable).with_name("zensical"), "build", "--strict"],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "site"


@pytest.fixture(scope="session")
def site_with_playground(site, tmp_path_factory):
    """A copy of the site, with what the playground runs if Pyodide is installed."""
    copy = tmp_path_factory.mktemp("playground") / "site"
    shutil.copytree(site, copy)
    if PYODIDE.exists():
        playground.build(copy / "playground", PYODIDE)
    return copy
