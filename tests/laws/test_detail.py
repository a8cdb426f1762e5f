"""Laws: with less detail the same is found and fixed, and each finding has the requested detail."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rosetta_spec.diagnostic import ALL_FIXES, Detail
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.fast.formats import YAML
from rosetta_spec.kinds.documents import Reading, SuppressionKind
from rosetta_spec.reporters import REPORTERS, detail_for
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies import block_yaml_texts, broken_requests, json_texts, messy_requests

#: Tracing would make them four times as slow, and other tests reach the same code.
pytestmark = pytest.mark.no_cover

SHOWN = [detail_for([name]) for name in REPORTERS]
FIXABLE = [
    rule.code
    for rule in builtin_ruleset().rules
    if rule.fix and not isinstance(rule.kind, Reading | SuppressionKind)
]

few = settings(max_examples=int(os.environ.get("EXAMPLES", "15")))

ways = st.sets(st.sampled_from(sorted(ALL_FIXES))).map(frozenset)
details = st.sampled_from(SHOWN) | st.builds(
    lambda *shown: Detail()._replace(**dict(zip(Detail._fields, shown, strict=False))),
    *(st.booleans(), st.booleans(), st.booleans(), ways, st.just(str)),
)
broken = st.sampled_from(FIXABLE).flatmap(broken_requests).map(lambda breakage: breakage.broken)
texts = (broken | messy_requests()).flatmap(lambda value: json_texts(value) | suppressed(value))


def suppressed(value):
    comment = "# rosetta-spec: ignore-file[RS112, RS112]\n"
    return block_yaml_texts(value).map(lambda text: comment + text)


def found(text, detail):
    reports = Checker(detail=detail).check_file(text.encode(), "a.yaml", YAML)
    return [each for report in reports for each in report.diagnostics]


def cut(diagnostic, detail):
    in_bytes = diagnostic.in_bytes if detail.has_byte_columns else None
    return diagnostic._replace(
        fingerprint=diagnostic.fingerprint if detail.has_fingerprints else "",
        excerpt=diagnostic.excerpt if detail.has_excerpts else (),
        fixes=wanted(diagnostic.fixes, detail),
        dropped=wanted(diagnostic.dropped, detail),
        in_bytes=in_bytes and in_bytes._replace(fixes=wanted(in_bytes.fixes, detail)),
    )


def wanted(fixes, detail):
    return tuple(each for each in fixes if each.applicability in detail.fixes)


@few
@given(texts, details)
def test_less_detail_changes_nothing_else(text, detail):
    most = Detail(has_byte_columns=True)
    assert found(text, detail) == [cut(each, detail) for each in found(text, most)]


@pytest.mark.parametrize("wanted", [{"safe"}, {"safe", "unsafe"}])
@few
@given(texts)
def test_fixes_are_the_same_where_no_others_are_looked_for(wanted, text):
    lean = Checker(detail=Detail(has_excerpts=False, fixes=frozenset(wanted)))
    fixers = [Fixer(checker, wanted) for checker in (lean, Checker())]
    fixed = [fixer.fix_file(text.encode(), "a.yaml", YAML) for fixer in fixers]
    assert fixed[0] == fixed[1]
    assert fixers[0].applied == fixers[1].applied
    assert fixers[0].dropped == fixers[1].dropped
