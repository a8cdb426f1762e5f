"""The formats that a browser shows, HTML and Markdown: nothing in a finding becomes markup."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from complete_reports import written
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_formats import FINDINGS, finding

from rosetta_spec.diagnostic import Applicability, Edit, Fix, Severity, SourceLine
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.reporters.style import safe
from rosetta_spec.text import Location

MARKDOWN = MarkdownIt("gfm-like", {"html": True})


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text by tag."""

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.tags = []
        self.texts = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def count(self, tag):
        return sum(name == tag for name, _ in self.tags)

    def text(self, tag):
        return "".join(data for name, data in self.texts if name == tag)


def as_html(*found, **counts):
    text = written("html", *found, **counts)
    page = Page(text)
    assert page.open == []
    return text, page


def rendered(*found, **counts):
    text = MARKDOWN.render(written("markdown", *found, **counts))
    return Page(text)


def test_a_rule_without_a_page_is_no_link():
    each = finding(url="")
    page = rendered(each)
    _, html = as_html(each)
    assert (page.count("a"), html.count("a")) == (0, 0)
    assert each.code in page.text("td")
    assert each.code in html.text("h2")


HTML = ["<script>", "</script>", "</td>", "&lt;", "<!--", "-->", "<a href='x'>", '"', "'"]
MARKS = [
    "`",
    "``",
    "*a*",
    "**",
    "_b_",
    "~~",
    "|",
    "\\",
    "\n\n# a",
    "- a",
    "[a](http://x.y)",
    "![i](x)",
]
LINKS = ["http://x.y", "www.x.y", "a@b.cd", "@user", "#1", ":x:", "$x$"]
MARKUP = st.lists(st.sampled_from([*HTML, *MARKS, *LINKS, "\n", " ", "a", "\x1b"]), max_size=6).map(
    "".join
)


@given(MARKUP, MARKUP, MARKUP)
def test_no_text_becomes_markdown(cause, remedy, filename):
    each = finding(cause=cause, remedy=remedy, filename=filename or "a")
    page = rendered(each)
    assert {tag for tag, _ in page.tags} <= {"h2", "p", "table", "thead", "tbody", "tr", "th"} | {
        "td",
        "code",
        "a",
    }
    assert [attrs for tag, attrs in page.tags if tag == "a"] == [{"href": each.url}]
    shown = " ".join(page.text("td").split())
    assert " ".join(safe(each.message).split()) in shown
    assert safe(each.filename).strip() in page.text("code")


@given(FINDINGS)
def test_any_findings_make_a_table(found):
    page = rendered(*found)
    assert page.count("tr") == (len(found) + 1 if found else 0)


@given(FINDINGS)
def test_any_findings_make_a_page(found):
    _, page = as_html(*found)
    assert page.count("article") == len(found)
    assert page.count("script") == 1
    for each in found:
        assert safe(each.cause) in page.text("p")
        assert safe(each.filename) in page.text("span") + page.text("pre")


@given(MARKUP, MARKUP)
def test_no_text_becomes_html(cause, filename):
    row = SourceLine(2, 1, cause.replace("\n", ""), is_cut=False)
    fix = Fix(cause, Applicability.SAFE, (Edit(Location(2, 1), Location(2, 2), filename),))
    each = finding(cause=cause, filename=filename or "a", excerpt=(row,), fixes=(fix,))
    _, page = as_html(each)
    assert (page.count("script"), page.count("a"), page.count("article")) == (1, 1, 1)
    assert all(not name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert safe(cause) in page.text("p")


def test_the_page_loads_nothing_and_runs_only_its_own_script():
    text, page = as_html(finding())
    (policy,) = (attrs["content"] for _, attrs in page.tags if "http-equiv" in attrs)
    for kind in ("script", "style"):
        digest = hashlib.sha256(page.text(kind).encode()).digest()
        assert f"{kind}-src 'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert not re.search(r"\b(?:src|style)=", text.replace("-src ", ""))


def test_a_fix_is_shown_as_a_difference():
    row = SourceLine(2, 1, "samplingRatio: 20", is_cut=False)
    edits = (Edit(Location(2, 16), Location(2, 18), "0.2"),)
    fix = Fix("write 0.2", Applicability.UNSAFE, edits)
    _, page = as_html(finding(excerpt=(row,), fixes=(fix,)))
    assert page.text("del") == "- samplingRatio: 20"
    assert page.text("ins") == "+ samplingRatio: 0.2"
    assert page.text("summary") == "Fix: write 0.2 (unsafe)"


@pytest.mark.parametrize(
    "edit",
    [
        Edit(Location(9, 1), Location(9, 2), "x"),
        Edit(Location(2, 1), Location(3, 2), "x"),
        Edit(Location(2, 1), Location(2, 2), "x\ny"),
    ],
    ids=["another row", "several rows", "several new rows"],
)
def test_a_fix_in_rows_that_are_not_shown_has_only_its_title(edit):
    row = SourceLine(2, 1, "samplingRatio: 20", is_cut=False)
    _, page = as_html(finding(excerpt=(row,), fixes=(Fix("do it", Applicability.SAFE, (edit,)),)))
    assert page.count("details") == 0
    assert "Fix: do it (safe)" in page.text("p")


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_of_many_findings_the_errors_come_first_and_the_rest_is_counted(name, monkeypatch):
    monkeypatch.setitem(REPORTERS, name, REPORTERS[name]._replace(max_findings=1))
    warning = finding(severity=Severity.WARNING, cause="lesser")
    text = written(name, warning, warning, finding(cause="greater"))
    assert "2 findings left out" in text
    assert ("lesser" in text, "greater" in text) == (False, True)


def test_clean_pages():
    _, page = as_html()
    assert "Checked 1 file, all fine." in page.text("p")
    assert (page.count("svg"), page.count("form")) == (0, 0)
    assert "Checked 1 file, all fine." in rendered().text("p")
