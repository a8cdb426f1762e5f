"""A baseline silences what it knows, however rows have shifted, and knows what has gone."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosetta_spec.engine.baseline import Baseline
from rosetta_spec.engine.checker import Checker
from rosetta_spec.spec.selection import ALWAYS
from rosetta_spec.strategies import block_yaml_texts, messy_requests

drawn = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)

GOOD = "annotationRequestId: a\npoolName: b\n"


def everything(_code):
    return True


def is_there(_filename):
    return True


def sifted(baseline, text, filename="a.yaml", is_selected=everything):
    reports = Checker().check_file(text.encode(), filename, "yaml")
    return [baseline.sift(filename, report, is_selected) for report in reports]


def said(reports):
    return [diagnostic.code for report in reports for diagnostic in report.diagnostics]


def baseline_of(*texts):
    new = Baseline((), is_new=True)
    for number, text in enumerate(texts):
        assert set(said(sifted(new, text, f"{'a' * (number + 1)}.yaml"))) <= ALWAYS
    return new.entries


@st.composite
def texts(draw):
    documents = draw(st.lists(messy_requests(), min_size=1, max_size=3))
    return [draw(block_yaml_texts(document)) for document in documents]


@drawn
@given(texts(), st.integers(0, 3))
def test_what_is_known_is_silent_however_rows_have_shifted(documents, shift):
    text = "\n---\n".join(documents)
    entries = baseline_of(text)
    assert len({entry.fingerprint for entry in entries}) == len(entries)
    known = Baseline(entries)
    reports = sifted(known, "# new\n" * shift + text)
    assert set(said(reports)) <= ALWAYS
    assert sum(len(report.suppressed) for report in reports) == len(entries)
    assert known.gone(is_there) == []


@drawn
@given(texts(), st.data())
def test_a_finding_that_is_not_known_is_said_and_a_known_one_that_is_not_found_has_gone(
    documents, data
):
    text = "\n---\n".join(documents)
    entries = baseline_of(text)
    some = [entry for entry in entries if data.draw(st.booleans())]
    other = some[:1] and [some[0]._replace(fingerprint="other")]
    baseline = Baseline([*some, *other])
    codes = said(sifted(baseline, text))
    left = [entry.code for entry in entries if entry not in some]
    assert sorted(code for code in codes if code not in ALWAYS) == sorted(left)
    is_read = {"RS001", "RS002", "RS004", "RS005", "RS007"}.isdisjoint(codes)
    assert baseline.gone(is_there) == (other if is_read else [])


class TestGone:
    TEXT = f"{GOOD}x: 1\n"

    def gone(self, text, filename="a.yaml", is_selected=everything, is_there=is_there):
        baseline = Baseline(baseline_of(self.TEXT))
        sifted(baseline, text, filename, is_selected)
        return [(entry.code, entry.pointer) for entry in baseline.gone(is_there)]

    def test_what_was_corrected_has(self):
        assert self.gone(GOOD) == [("RS109", "/x")]
        assert self.gone(self.TEXT.replace("1", "2")) == [("RS109", "/x")]

    def test_what_was_not_looked_at_has_not(self):
        assert self.gone(GOOD, filename="b.yaml") == []
        assert self.gone(GOOD, is_selected=lambda code: code != "RS109") == []
        assert self.gone(f"{GOOD}---\n}}\n") == []

    def test_what_was_in_a_file_that_is_no_longer_there_has(self):
        assert self.gone(GOOD, filename="b.yaml", is_there="b.yaml".__eq__) == [("RS109", "/x")]

    def test_what_a_comment_silences_has_not(self):
        assert self.gone(self.TEXT.replace("1", "1 # rosetta-spec: ignore[RS109]")) == []


def test_of_findings_that_repeat_each_has_its_own_place_in_a_baseline():
    text = f"{GOOD}x: 1\n---\n" * 3
    entries = baseline_of(text + GOOD)
    assert [entry.code for entry in entries] == ["RS109"] * 3
    baseline = Baseline(entries[:2])
    assert said(sifted(baseline, text + GOOD)) == ["RS109"]


def test_the_same_in_two_files_is_known_in_both():
    entries = baseline_of(f"{GOOD}x: 1\n", f"{GOOD}x: 1\n")
    assert [entry.filename for entry in entries] == ["a.yaml", "aa.yaml"]
    assert len({entry.fingerprint for entry in entries}) == 2
