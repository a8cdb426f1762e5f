"""Each rule has a page of its own, made of its declaration; its report is a real one."""

import re
from pathlib import Path

import pytest

from rosetta_spec.spec.pages import markdown_page, severity_called
from rosetta_spec.spec.ruleset import builtin_ruleset

DOCS = Path(__file__).parents[2] / "docs"
RULES = builtin_ruleset().rules

INDEX = """\
# Rules

Each rule has a page with an example, its report, and how to suppress it. In a terminal,
`rosetta-spec rule NAME` prints the page. Errors make the exit status 1; warnings and infos only
with [`fail-on`](settings.md#fail-on).

| code | name | severity | what it checks |
|---|---|---|---|
{rows}
"""


@pytest.fixture
def report_of(rosetta, write):
    """What `check` says of an example."""

    def call(rule):
        example = rule.bad
        selected = ("--select", rule.code) if rule.is_opt_in else ()
        if example.path is not None:
            return rosetta("check", example.path).stdout
        ending = "json" if example.text.startswith("{") else "yaml"
        write(f"request.sampling.{ending}", example.content)
        return rosetta("check", f"request.sampling.{ending}", *selected).stdout

    return call


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_page_of_a_rule_is_fresh(rule, report_of, refresh_or_compare):
    report = report_of(rule)
    assert rule.code in report
    refresh_or_compare(DOCS / "rules" / f"{rule.name}.md", markdown_page(rule, report))


def test_the_index_of_rules_is_fresh(refresh_or_compare):
    rows = "\n".join(
        f"| [{rule.code}](rules/{rule.name}.md) | {rule.name} | {severity_called(rule)} "
        f"| {rule.kind.describe()} |"
        for rule in RULES
    )
    refresh_or_compare(DOCS / "rules.md", INDEX.format(rows=rows))


def test_there_is_no_page_of_anything_else():
    assert {path.stem for path in (DOCS / "rules").iterdir()} == {rule.name for rule in RULES}


def test_the_address_of_a_finding_is_that_of_its_page():
    pages = {
        rule.url.removeprefix("https://rosetta-spec.github.io/rosetta-spec/") for rule in RULES
    }
    assert pages == {f"rules/{rule.name}/" for rule in RULES}


@pytest.mark.no_cover
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_explains_how_to_suppress_its_rule_and_that_works(rule, rosetta, write):
    """With a comment for the whole file, for some files, and everywhere; or not."""
    page = markdown_page(rule)
    is_json = rule.bad.text.startswith("{")
    name = f"archive/request.sampling.{'json' if is_json else 'yaml'}"
    path = write(name, rule.bad.content)

    def is_reported():
        return rule.code in rosetta("check", rule.bad.path or name, "--format", "concise").stdout

    blocks = re.findall("```toml\n(.*?)```", page, re.DOTALL)
    turned_on = blocks.pop(0) if rule.is_opt_in else ""
    write(".rosetta-spec.toml", turned_on)
    assert is_reported()
    if "It cannot be suppressed" in page:
        write(name, b"# rosetta-spec: ignore-file[%b]\n" % rule.name.encode() + rule.bad.content)
        assert is_reported()
        return
    for settings in blocks:
        write(".rosetta-spec.toml", settings if "[severity]" in settings else turned_on + settings)
        assert not is_reported()
    write(".rosetta-spec.toml", turned_on)
    (comment,) = re.findall("```yaml\n(# rosetta-spec.*\n)```", page)
    assert not is_json
    path.write_text(comment.replace("ignore[", "ignore-file[") + rule.bad.text)
    assert not is_reported()
