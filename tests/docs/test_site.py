"""The docs are a site that builds without a warning and without the network."""

import html
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

from rosetta_spec.spec.ruleset import builtin_ruleset

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]

#: What a browser fetches by itself to show a page.
FETCHED = re.compile(r'<(?:script|img|iframe|link rel="?(?:stylesheet|preload|icon))\b[^>]*>')
ELSEWHERE = re.compile(r'(?:src|href)="?(?:https?:)?//')


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


def test_every_page_is_in_the_navigation():
    docs = ROOT / "docs"
    pages = sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))
    assert sorted(each for each in listed(CONFIG["nav"]) if each.endswith(".md")) == pages


def listed(entries):
    for entry in entries:
        for value in entry.values():
            yield from [value] if isinstance(value, str) else listed(value)


def test_no_link_of_the_site_is_broken(site):
    """Neither one of a page, nor one of the navigation, nor an address of a picture."""
    anchors = {}
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        anchors[page] = {"", "__comments", *re.findall(r'\bid="?([^\s">]+)', text)}
    for page in anchors.keys() - {site / "404.html"}:
        for link in re.findall(r'(?:href|src)="?([^\s">]+)', page.read_text("utf-8")):
            address, _, anchor = html.unescape(link).partition("#")
            if ":" in address or address.startswith("//"):
                continue
            target = (page.parent / unquote(address)).resolve() if address else page
            target = target / "index.html" if target.is_dir() else target
            assert target.exists(), (page, link)
            assert target.suffix != ".html" or unquote(anchor) in anchors[target], (page, link)


def test_each_rule_has_a_previous_and_a_next_page(site):
    for rule in builtin_ruleset().rules:
        page = (site / "rules" / rule.name / "index.html").read_text("utf-8")
        assert "md-footer__link--prev" in page
        assert "md-footer__link--next" in page
