"""Laws of fixes: an offered fix removes its finding and causes no other, in every notation.

The long runs of these laws, on 2,000 texts in each notation, are
`EXAMPLES=2000 pytest tests/laws/test_fixes.py`.
"""

import os
from collections import Counter, deque
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mixed_yaml import mixed_yaml_texts

from rosetta_spec.diagnostic import Applicability
from rosetta_spec.document.reader import read_documents, read_yaml
from rosetta_spec.document.values import UNUSABLE, identity, json_text
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.engine.validation import Validation
from rosetta_spec.fast.formats import JSON, JSONL, YAML
from rosetta_spec.fixes.edits import TextEdit, edited
from rosetta_spec.kinds.documents import Reading, RunKind, SuppressionKind
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies import (
    block_yaml_texts,
    broken_requests,
    flow_yaml_texts,
    json_texts,
    messy_requests,
)
from rosetta_spec.text import Span, Text

OURS = builtin_ruleset()
BOTH = OURS.with_rules(load_ruleset(Path(__file__).parent / "policy.rules.yaml").rules)
CHECKER = Checker(BOTH.rules)
SAFE = Fixer(CHECKER, [Applicability.SAFE])
ALL = Fixer(CHECKER, [Applicability.SAFE, Applicability.UNSAFE])

#: A safe fix of one of these may bring what a safe fix of the other takes away: two numbers that
#: are the same item once they are strings.
SAFELY_FIXABLE = {
    rule.code for rule in BOTH.rules if rule.fix and rule.fix.applicability is Applicability.SAFE
}

#: Tracing would make them four times as slow, and other tests reach the same code.
pytestmark = pytest.mark.no_cover

thorough = settings(
    max_examples=int(os.environ.get("EXAMPLES", "8")),
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def one_line(value):
    return st.just(json_text(value))


def any_yaml(value):
    return mixed_yaml_texts(value).map(lambda mixed: mixed.text)


NOTATIONS = {
    "json": (JSON, json_texts),
    "block YAML": (YAML, block_yaml_texts),
    "flow YAML": (YAML, flow_yaml_texts),
    "any YAML": (YAML, any_yaml),
    "JSON Lines": (JSONL, one_line),
}
in_every_notation = pytest.mark.parametrize("notation", NOTATIONS)


FIXABLE = [
    rule.code
    for rule in BOTH.rules
    if rule.fix and not isinstance(rule.kind, Reading | SuppressionKind)
]


@st.composite
def sources(draw, notation):
    """A text of one or more requests with mistakes that rules find, and its format."""
    format_, write = NOTATIONS[notation]
    wrong = messy_requests(BOTH.rules) | st.sampled_from(FIXABLE).flatmap(broken_values)
    values = draw(st.lists(wrong, min_size=1, max_size=1 if format_ == JSON else 3))
    texts = [draw(write(value)) for value in values]
    if format_ == YAML:
        return format_, "\n---\n".join(texts)
    return format_, "\n".join(texts)


def broken_values(code):
    return broken_requests(code, BOTH.rules).map(lambda breakage: breakage.broken)


def found_in(text, format_):
    reports = CHECKER.check_stream(lambda: BytesIO(text.encode()), "-", format_)
    return [each for report in reports for each in report.diagnostics]


def codes(diagnostics):
    return Counter((each.document, each.code) for each in diagnostics)


def comments_in(text, format_):
    if format_ != YAML:
        return []
    documents = read_yaml(Text(text))
    return sorted(text[span.start : span.end] for each in documents for span in each.comments)


def applied(text, format_, fix):
    """Apply one fix as an editor does: by rows and columns of the whole file."""
    del format_
    whole = Text(text)
    edits = [
        TextEdit(Span(whole.offset(each.location), whole.offset(each.end_location)), each.content)
        for each in fix.edits
    ]
    return edited(whole.content, sorted(edits))


@in_every_notation
@thorough
@given(data=st.data())
def test_each_fix_alone_removes_its_finding_and_brings_none(notation, data):
    format_, text = data.draw(sources(notation))
    found = found_in(text, format_)
    for diagnostic in found:
        for fix in diagnostic.fixes:
            after = found_in(applied(text, format_, fix), format_)
            assert codes(after)[diagnostic.document, diagnostic.code] < (
                codes(found)[diagnostic.document, diagnostic.code]
            ) or reveals(fix, diagnostic)
            assert brought(found, after) <= SAFELY_FIXABLE or reveals(fix, diagnostic)
            assert comments_in(applied(text, format_, fix), format_) == comments_in(text, format_)


def reveals(fix, diagnostic):
    """Whether a fix shows a value to rules that did not see it under a wrong key."""
    return fix.applicability is Applicability.UNSAFE and diagnostic.code in ("RS109", "RS110")


#: Requests are compared with those before them if they have no error, and as they are written.
COMPARED = {rule.code for rule in BOTH.rules if isinstance(rule.kind, RunKind)}


def brought(found, after):
    """Return the codes of findings that fixes have brought."""
    return {code for _, code in codes(after) - codes(found)} - COMPARED


@in_every_notation
@thorough
@given(data=st.data())
def test_all_safe_fixes_together_leave_none_and_bring_nothing(notation, data):
    format_, text = data.draw(sources(notation))
    found = found_in(text, format_)
    fixed = fixed_by(SAFE, text, format_)
    after = found_in(fixed, format_)
    assert not [each for each in after if has(each, Applicability.SAFE)]
    assert not brought(found, after)
    assert comments_in(fixed, format_) == comments_in(text, format_)
    assert fixed_by(SAFE, fixed, format_) == fixed
    meant, still_meant = (meant_by(each, format_) for each in (text, fixed))
    assert len(meant) == len(still_meant)
    assert all(map(means_the_same, meant, still_meant))


def meant_by(text, format_):
    """What the rules understand of each document; a safe fix only writes it as it should be."""
    documents = read_documents(text.encode(), format_)
    validations = [Validation(each.value, each.problems) for each in documents]
    for validation in validations:
        deque(validation.errors(), maxlen=0)
    return [validation.normalized for validation in validations]


def means_the_same(before, after):
    """Whether the same is meant, except values that cannot be compared and repeated items."""
    if before is UNUSABLE:
        return True
    if isinstance(before, dict):
        keys = before.keys()
        return keys == after.keys() and all(means_the_same(before[key], after[key]) for key in keys)
    if isinstance(before, list) and all(isinstance(item, dict) for item in before):
        return len(before) == len(after) and all(map(means_the_same, before, after))
    if isinstance(before, list):
        return UNUSABLE in before or set(map(identity, before)) == set(map(identity, after))
    if identity(before) == identity(after):
        return True
    return datetime.fromisoformat(before) == datetime.fromisoformat(after)


@in_every_notation
@thorough
@given(data=st.data())
def test_all_fixes_together_come_to_an_end(notation, data):
    format_, text = data.draw(sources(notation))
    fixed = fixed_by(ALL, text, format_)
    after = found_in(fixed, format_)
    assert not [
        each for each in after if has(each, Applicability.SAFE) or has(each, Applicability.UNSAFE)
    ]
    assert fixed_by(ALL, fixed, format_) == fixed
    assert comments_in(fixed, format_) == comments_in(text, format_)


def has(diagnostic, applicability):
    return any(fix.applicability is applicability for fix in diagnostic.fixes)


def fixed_by(fixer, text, format_):
    data = text.encode()
    pieces = list(fixer.pieces(BytesIO(data), "-", format_))
    assert b"".join(each.before for each in pieces) == data
    return b"".join(each.after for each in pieces).decode()


@example(b"\xef\xbb\xbf{}")
@example(b'{"annotationRequestId": "r", "poolName": "p", "sampleType": "1"')
@settings(max_examples=50)
@given(st.binary() | st.text().map(str.encode))
def test_nothing_is_lost_whatever_the_bytes(data):
    for format_ in (None, JSON, YAML):
        fixed = SAFE.fix_file(data, "-", format_)
        assert fixed == data or found_bytes(data, format_)
    assert b"".join(each.before for each in SAFE.pieces(BytesIO(data), "-", JSONL)) == data


def found_bytes(data, format_):
    return [
        each for report in CHECKER.check_file(data, "-", format_) for each in report.diagnostics
    ]
