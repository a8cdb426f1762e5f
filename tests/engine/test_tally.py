"""Counts of parts add up to the counts of the whole, for any division."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec import check
from rosetta_spec.diagnostic import Applicability, Edit, Fix, Severity
from rosetta_spec.engine.diagnostics import DocumentReport
from rosetta_spec.engine.tally import FAIL_ON, Tally
from rosetta_spec.text import Location

(FINDING,) = check({"annotationRequestId": "a", "poolName": "b", "sampleCount": -1}).diagnostics

EDIT = Edit(Location(1, 1), Location(1, 2), "")
FIXES = st.lists(
    st.sampled_from([*Applicability]).map(lambda applicability: Fix("", applicability, (EDIT,))),
    max_size=2,
)

FINDINGS = st.builds(
    FINDING._replace,
    code=st.sampled_from(["RS001", "RS107", "RS109"]),
    severity=st.sampled_from([*Severity]),
    filename=st.sampled_from(["a", "b"]),
    fixes=FIXES.map(tuple),
)
DOCUMENTS = st.lists(FINDINGS, max_size=4)


def counted(*documents, files=0):
    tally = Tally(files)
    for diagnostics in documents:
        tally.count_document(DocumentReport(0, tuple(diagnostics)), FAIL_ON["warning"])
    return tally


@given(st.lists(st.lists(DOCUMENTS, max_size=4), max_size=4))
def test_parts_add_up_to_the_whole(parts):
    total = Tally()
    for part in parts:
        total.add(counted(*part, files=1))
    everything = [document for part in parts for document in part]
    whole = counted(*everything, files=len(parts))
    whole.host = total.host
    assert vars(total) == vars(whole)


@given(st.lists(DOCUMENTS, max_size=4))
def test_counts_are_those_of_the_findings(documents):
    found = [diagnostic for each in documents for diagnostic in each]
    severities = Counter(each.severity for each in found)
    tally = counted(*documents, files=1)
    summary = tally.summary()
    assert (summary.files, summary.documents) == (1, len(documents))
    assert summary.errors == severities[Severity.ERROR]
    assert summary.warnings == severities[Severity.WARNING]
    assert summary.infos == severities[Severity.INFO]
    assert tally.failing == summary.errors + summary.warnings
    assert tally.fixable == sum(
        Applicability.SAFE in {fix.applicability for fix in each.fixes} for each in found
    )
    assert tally.is_complete != any(each.code == "RS001" for each in found)
