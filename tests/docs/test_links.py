"""No link in a page of ours leads nowhere: not to a file, and not to a heading in it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *ROOT.glob("*.md"),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]

#: Our own files under another address.
OURS = re.compile(
    r"https://(github\.com/rosetta-spec/rosetta-spec/(blob|tree)"
    r"|raw\.githubusercontent\.com/rosetta-spec/rosetta-spec)/main/"
)

CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def prose_of(page):
    """Return a page without its blocks of code, where neither # nor ] means anything."""
    return CODE.sub("", page.read_text(encoding="utf-8"))


def anchors_of(page):
    """Return what GitHub calls the headings of a page, and our site too."""
    words = (re.sub(r"[^\w -]", "", heading.lower()) for heading in HEADING.findall(prose_of(page)))
    return {each.strip().replace(" ", "-") for each in words}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_link_leads_somewhere(page):
    for link in LINK.findall(prose_of(page)):
        path, _, anchor = link.partition("#")
        if OURS.match(path):
            target = ROOT / OURS.sub("", path)
        elif "://" in path:
            continue
        else:
            target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target), link


@pytest.mark.parametrize(
    "page",
    sorted((ROOT / "docs").rglob("*.md")),
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_a_page_of_the_site_links_to_no_file_outside_of_it(page):
    """Such a link leads somewhere in the repository, and nowhere on the site."""
    for link in LINK.findall(prose_of(page)):
        path = link.partition("#")[0]
        assert "://" in link or (page.parent / path).resolve().is_relative_to(ROOT / "docs"), link
