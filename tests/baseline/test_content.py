"""The baseline file: written the same in any order, read back, and refused where it is none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.engine.baseline import BaselineError, Entry, baseline_text, entries_of

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
ENTRIES = st.lists(st.builds(Entry, words, st.sampled_from(["RS201", "POL001"]), words, words))
ONE = Entry("a.yaml", "RS201", "/samplingQuantity", "0f")


def refusal(text):
    with pytest.raises(BaselineError) as error:
        entries_of(text.encode(), "base.json")
    return str(error.value)


@given(ENTRIES, st.randoms())
def test_what_is_written_is_read_whatever_the_order(entries, random):
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


ANEW = "remove the file, and write it anew with --write-baseline"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", f"base.json:1:1: this file is empty; {ANEW}"),
        ("[]", f"base.json:1:1: this document is a list, not an object; {ANEW}"),
        ('{"version": 1,\n "findings": [}', "base.json:2:15: "),
        (
            '{"version": 1, "version": 1}',
            f'base.json:1:16: key "version" is already in this object; {ANEW}',
        ),
        (
            "{}",
            f"base.json:1:1: this lacks version and findings, so that it is no baseline; {ANEW}",
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
            "base.json:2:2: there is no key finding in a baseline; remove it",
        ),
        (
            '{"version": 1, "findings": {}}',
            f"base.json:1:28: findings is an object, not a list; {ANEW}",
        ),
        (
            '{"version": 1, "findings": [\n5]}',
            f"base.json:2:1: a finding is the number 5, not an object; {ANEW}",
        ),
        (
            baseline_text([ONE]).replace('"0f"', "0"),
            f"base.json:4:92: fingerprint is the number 0, not a string; {ANEW}",
        ),
        (
            baseline_text([ONE]).replace(', "code": "RS201"', ""),
            f"base.json:4:5: this lacks code, so that it is no baseline; {ANEW}",
        ),
        (
            baseline_text([ONE]).replace('"code"', '"why": "x", "code"'),
            "base.json:4:28: there is no key why",
        ),
        (
            baseline_text([ONE._replace(code="RS002")]),
            "base.json:4:36: RS002 is always said; correct what it says, and remove",
        ),
    ],
)
def test_what_is_no_baseline_is_refused_at_its_place(text, said):
    assert refusal(text).startswith(said)


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.recursive(
        st.none() | st.sampled_from([1, "a", "RS201", 2.5]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["version", "findings", *Entry._fields, "x"]), inner)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_is_in_a_file_it_is_read_or_refused(data):
    try:
        said = baseline_text(entries_of(data, "base.json")).replace("\n", "")
    except BaselineError as error:
        said = str(error)
    assert said.startswith(("base.json:", '{  "version": 1,'))
    assert said.isprintable()
