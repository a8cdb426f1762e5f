"""The docs are a site that builds without a warning and without the network."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from rosetta_spec.spec.ruleset import builtin_ruleset

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]

#: What a browser fetches by itself to show a page.
FETCHED = re.compile(r'<(?:script|img|iframe|link rel="?(?:stylesheet|preload|icon))\b[^>]*>')
ELSEWHERE = re.compile(r'(?:src|href)="?(?:https?:)?//')


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    shutil.copy(ROOT / "zensical.toml", folder)
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


def test_a_finding_leads_to_a_page_of_the_site(site):
    for rule in builtin_ruleset().rules:
        page = rule.url.removeprefix(CONFIG["site_url"])
        assert f"{rule.code} {rule.name}" in (site / page / "index.html").read_text("utf-8")


def test_a_page_fetches_nothing_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > len(builtin_ruleset().rules)
    for page in pages:
        fetched = FETCHED.findall(page.read_text("utf-8"))
        assert fetched
        assert [each for each in fetched if ELSEWHERE.search(each)] == [], page


def test_every_page_but_those_of_rules_is_in_the_menu():
    listed = [path for entry in CONFIG["nav"] for path in entry.values()]
    assert sorted(listed) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))
