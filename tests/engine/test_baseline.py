"""A baseline suppresses known findings although rows shift, and knows which are gone."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosetta_spec.diagnostic import Detail
from rosetta_spec.engine.baseline import Baseline, BaselineEntry, baseline_text, entries_of
from rosetta_spec.engine.checker import Checker
from rosetta_spec.errors import WrongFileError
from rosetta_spec.spec.ruleset import ALWAYS
from rosetta_spec.strategies import block_yaml_texts, messy_requests

drawn = settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)

GOOD = "annotationRequestId: a\npoolName: b\n"


def everything(_code):
    return True


def is_lost(_filename):
    return False


def reports_of(baseline, text, filename="a.yaml", is_selected=everything, most=1000):
    checker = Checker(detail=Detail(max_findings=most), baseline=baseline)
    baseline.note_checked(filename, is_selected)
    return list(checker.check_file(text.encode(), filename, "yaml"))


def expected(reports):
    return [diagnostic.code for report in reports for diagnostic in report.diagnostics]


def baseline_of(*texts):
    new = Baseline((), is_new=True)
    for number, text in enumerate(texts):
        assert set(expected(reports_of(new, text, f"{'a' * (number + 1)}.yaml"))) <= ALWAYS
    return new.entries


@st.composite
def texts(draw):
    documents = draw(st.lists(messy_requests(), min_size=1, max_size=3))
    return [draw(block_yaml_texts(document)) for document in documents]


@pytest.mark.no_cover
@drawn
@given(texts(), st.integers(0, 3))
def test_what_is_known_is_silent_however_rows_have_shifted(documents, shift):
    text = "\n---\n".join(documents)
    entries = baseline_of(text)
    assert len({entry.fingerprint for entry in entries}) == len(entries)
    known = Baseline(entries)
    reports = reports_of(known, "# new\n" * shift + text)
    assert set(expected(reports)) <= ALWAYS
    assert sum(len(report.suppressed) for report in reports) == len(entries)
    assert known.gone(is_lost) == []


@pytest.mark.no_cover
@drawn
@given(texts(), st.data())
def test_a_new_finding_is_reported_and_a_known_one_that_is_missing_is_gone(documents, data):
    text = "\n---\n".join(documents)
    entries = baseline_of(text)
    some = [entry for entry in entries if data.draw(st.booleans())]
    other = some[:1] and [some[0]._replace(fingerprint="other")]
    baseline = Baseline([*some, *other])
    codes = expected(reports_of(baseline, text))
    left = [entry.code for entry in entries if entry not in some]
    assert sorted(code for code in codes if code not in ALWAYS) == sorted(left)
    is_read = {"RS001", "RS002", "RS004", "RS005", "RS007"}.isdisjoint(codes)
    assert baseline.gone(is_lost) == (other if is_read else [])


class TestGone:
    TEXT = f"{GOOD}x: 1\n"

    def gone(self, text, filename="a.yaml", is_selected=everything, is_lost=is_lost):
        baseline = Baseline(baseline_of(self.TEXT))
        reports_of(baseline, text, filename, is_selected)
        return [(entry.code, entry.pointer) for entry in baseline.gone(is_lost)]

    def test_what_was_corrected_has(self):
        assert self.gone(GOOD) == [("RS109", "/x")]
        assert self.gone(self.TEXT.replace("1", "2")) == [("RS109", "/x")]

    def test_what_was_not_looked_at_has_not(self):
        assert self.gone(GOOD, filename="b.yaml") == []
        assert self.gone(GOOD, is_selected=lambda code: code != "RS109") == []
        assert self.gone(f"{GOOD}---\n}}\n") == []

    def test_what_was_in_a_file_that_is_no_longer_there_has(self):
        assert self.gone(GOOD, filename="b.yaml", is_lost="a.yaml".__eq__) == [("RS109", "/x")]

    @pytest.mark.parametrize("most", [1000, 2])
    def test_what_a_comment_suppresses_has_not(self, most):
        text = self.TEXT + "sampleType: '1'\nsampleCount: '1'\nrejectionTime: 1\n"
        baseline = Baseline(baseline_of(text))
        commented = text.replace("1\n", "1 # rosetta-spec: ignore[RS109]\n", 1)
        (report,) = reports_of(baseline, commented, most=most)
        assert report.diagnostics == ()
        assert baseline.gone(is_lost) == []
        # Then the comment is enough.
        new = Baseline(baseline.by_fingerprint.values(), is_new=True)
        reports_of(new, commented, most=most)
        assert {it.code for it in new.rewritten(())} == {"RS103", "RS110"}


def test_of_findings_that_repeat_each_has_its_own_place_in_a_baseline():
    text = f"{GOOD}x: 1\n---\n" * 3
    entries = baseline_of(text + GOOD)
    assert [entry.code for entry in entries] == ["RS109"] * 3
    baseline = Baseline(entries[:2])
    assert expected(reports_of(baseline, text + GOOD)) == ["RS109"]


@pytest.mark.parametrize("most", [1000, 2])
def test_fingerprints_do_not_depend_on_what_is_suppressed(most):
    """Neither on a comment nor on a limit."""
    row = "x: 1\n"
    document = f"{GOOD}sampleType: '1'\nsampleCount: '1'\n{row}---\n"
    commented = document.replace(row, "x: 1 # rosetta-spec: ignore[RS109]\n")
    text = document + commented + document * 2 + GOOD
    everything = [
        each
        for report in Checker().check_file(text.encode(), "a.yaml", "yaml")
        for each in (*report.diagnostics, *report.suppressed)
    ]
    entries = [BaselineEntry("a.yaml", it.code, it.pointer, it.fingerprint) for it in everything]
    (unknown,) = (it for it in everything if (it.code, it.document) == ("RS109", 2))
    baseline = Baseline(each for each in entries if each.fingerprint != unknown.fingerprint)
    reports = reports_of(baseline, text, most=most)
    assert [each.fingerprint for it in reports for each in it.diagnostics] == [unknown.fingerprint]
    assert baseline.gone(is_lost) == []


def test_the_same_in_two_files_is_known_in_both():
    entries = baseline_of(f"{GOOD}x: 1\n", f"{GOOD}x: 1\n")
    assert [entry.filename for entry in entries] == ["a.yaml", "aa.yaml"]
    assert len({entry.fingerprint for entry in entries}) == 2


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
ENTRIES = st.lists(
    st.builds(BaselineEntry, words, st.sampled_from(["RS201", "POL001"]), words, words)
)
ONE = BaselineEntry("a.yaml", "RS201", "/samplingQuantity", "0f")


def rejection(text):
    with pytest.raises(WrongFileError) as error:
        entries_of(text.encode(), "base.json")
    return str(error.value)


@given(ENTRIES, st.randoms())
def test_what_is_written_is_read_in_any_order(entries, random):
    text = baseline_text(entries)
    assert entries_of(text.encode(), "base.json") == sorted(set(entries))
    random.shuffle(entries)
    assert baseline_text(entries * 2) == text


def test_it_reads_well():
    assert baseline_text([]) == '{\n  "version": 1,\n  "findings": []\n}\n'
    text = baseline_text([ONE, ONE._replace(filename="é.yaml")])
    assert text.count("\n") == 7
    assert '"filename": "é.yaml", "code": "RS201", "pointer": "/samplingQuantity"' in text
    assert json.loads(text)["findings"][0] == ONE._asdict()


def test_findings_that_stand_there_twice_are_one():
    text = baseline_text([ONE]).replace("[\n", f"[\n{json.dumps(ONE._asdict())},\n")
    assert set(entries_of(text.encode(), "base.json")) == {ONE}


ANEW = "name another file, or delete this one and write it again with --write-baseline"
NO_BASELINE = f"this is not a baseline; it needs a version and a list of findings; {ANEW}"
NO_FINDING = "this is not a finding, which has filename, code, pointer and fingerprint as strings"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f"base.json:1:1: this file is empty; {ANEW}"),
        ("[]", f"base.json:1:1: this document is a list, not an object; {ANEW}"),
        ('{"version": 1,\n "findings": [}', "base.json:2:15: "),
        ("findings: []", f"base.json:1:1: this is YAML, not JSON; {ANEW}"),
        ("{} // x", "base.json:1:4: JSON does not allow comments, unlike YAML; delete this one"),
        (
            '{"version": 1, "version": 1}',
            f'base.json:1:16: key "version" is already set in this object; {ANEW}',
        ),
        (
            "{}",
            f"base.json:1:1: {NO_BASELINE}",
        ),
        (
            '{"version": 2, "findings": []}',
            "base.json:1:13: the version of this baseline is the number 2, not 1; use another ",
        ),
        (
            '{"version": true, "findings": []}',
            "base.json:1:13: the version of this baseline is true",
        ),
        (
            '{"version": 1,\n "finding": []}',
            f"base.json:1:1: {NO_BASELINE}",
        ),
        (
            '{"version": 1, "findings": {}}',
            f"base.json:1:1: {NO_BASELINE}",
        ),
        (
            '{"version": 1, "findings": [\n5]}',
            f"base.json:2:1: {NO_FINDING}",
        ),
        (
            baseline_text([ONE]).replace('"0f"', "0"),
            f"base.json:4:5: {NO_FINDING}",
        ),
        (
            baseline_text([ONE]).replace(', "code": "RS201"', ""),
            f"base.json:4:5: {NO_FINDING}",
        ),
        (
            baseline_text([ONE]).replace('"code"', '"why": "x", "code"'),
            f"base.json:4:5: {NO_FINDING}",
        ),
        (
            baseline_text([ONE._replace(code="RS002")]),
            "base.json:4:36: RS002 cannot be suppressed; fix the finding, and remove",
        ),
    ],
)
def test_what_is_no_baseline_is_rejected_at_its_place(text, expected):
    assert rejection(text).startswith(expected)


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.recursive(
        st.none() | st.sampled_from([1, "a", "RS201", 2.5]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["version", "findings", *BaselineEntry._fields, "x"]), inner
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_file_is_read_or_rejected(data):
    try:
        expected = baseline_text(entries_of(data, "base.json")).replace("\n", "")
    except WrongFileError as error:
        expected = str(error)
    assert expected.startswith(("base.json:", '{  "version": 1,'))
    assert expected.isprintable()
