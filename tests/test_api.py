"""The Python API: every kind of source, and what comes back."""

import doctest
import gzip
import json
import sys
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from unittest.mock import Mock

import pytest

import rosetta_spec
from rosetta_spec import Severity, check, check_documents, check_file
from rosetta_spec.errors import DefectError
from rosetta_spec.kinds.keys_and_values import Exclusive

GOOD = {"annotationRequestId": "a3f8b6e4", "poolName": "street-scenes"}
BAD = {**GOOD, "samplingRatio": 20}


def codes_of(report):
    return [diagnostic.code for diagnostic in report.diagnostics]


@pytest.mark.parametrize(
    "source", [BAD, json.dumps(BAD), json.dumps(BAD).encode(), "\ufeff" + json.dumps(BAD)]
)
def test_data_text_and_bytes_are_checked(source):
    assert codes_of(check(source)) == ["RS107"]


def test_a_path_is_read_and_named_in_findings(tmp_path):
    path = tmp_path / "pool.sampling.yaml"
    path.write_text("annotationRequestId: a\npoolName: b\nsamplingRatio: 20\n", encoding="utf-8")
    (diagnostic,) = check(path).diagnostics
    assert check_file(str(path)) == check(path)
    assert diagnostic.filename == path.as_posix()
    assert diagnostic.location == (3, 16)
    assert diagnostic.end_location == (3, 18)
    assert diagnostic.severity is Severity.ERROR
    assert diagnostic.message == f"{diagnostic.cause}; {diagnostic.remedy}"


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path):
    for path in (tmp_path / "nothing.json", tmp_path, Path("a\0b"), Path("x" * 5000)):
        report = check(path)
        assert codes_of(report) == ["RS001"]
        assert report.summary.documents == 1
        assert report.diagnostics[0].location == (1, 1)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"sampleCount": f"-{'9' * 1000}"}, ["RS107"]),
        ({"sampleCount": f'"{"9" * 1000}"'}, ["RS103"]),
        ({"samplingRatio": "9" * 1000}, ["RS107"]),
        ({"samplingQuantity": "9" * 1000}, []),
        ({"samplingQuantity": "9" * 1001, "sampleCount": "9" * 1000}, ["RS305"]),
    ],
)
def test_numbers_may_have_more_digits_than_python_writes(members, expected):
    text = ", ".join(f'"{key}": {number}' for key, number in members.items())
    most = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(640)
    try:
        report = check(f'{{"annotationRequestId": "a", "poolName": "b", {text}}}')
    finally:
        sys.set_int_max_str_digits(most)
    assert codes_of(report) == expected


@pytest.mark.parametrize("name", ["a\0b", "a\0b.gz"])
def test_a_path_with_a_nul_has_the_same_message_in_every_python(name):
    (diagnostic,) = check(Path(name)).diagnostics
    assert diagnostic.message == "a path cannot contain a NUL; check the path"


def test_a_compressed_file_is_checked_decompressed(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    lines = f"{json.dumps(GOOD)}\n{json.dumps(BAD)}\n".encode()
    path.write_bytes(gzip.compress(lines))
    report = check(path)
    (diagnostic,) = report.diagnostics
    assert (diagnostic.code, diagnostic.document) == ("RS107", 1)
    assert diagnostic.filename == path.as_posix()
    assert report.summary.documents == 2
    assert check(lines, filename=path.as_posix()) == report
    assert check(path, input_format="json").diagnostics[0].code == "RS002"


def test_a_file_that_cannot_be_read_to_its_end_is_reported_after_its_documents(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(f"{json.dumps(BAD)}\n\n{json.dumps(GOOD)}\n".encode())
    path.write_bytes(whole + whole[:20])
    report = check(path)
    assert [(each.document, each.code) for each in report.diagnostics] == [
        (0, "RS107"),
        (2, "RS001"),
    ]
    assert report.summary.documents == 3
    assert [document.number for document in check_documents(path)] == [0, 1, 2]


def test_the_format_depends_on_the_option_then_the_name_then_the_text():
    text = "".join(f'{{"annotationRequestId": "{name}", "poolName": "b"}}\n' for name in "ab")
    assert check(text, input_format="jsonl").diagnostics == ()
    assert check(text, filename="a.sampling.NDJSON").summary.documents == 2
    assert codes_of(check(text)) == ["RS002"]
    assert codes_of(check("a: 1", filename="a.json")) == ["RS002"]
    with pytest.raises(ValueError, match="toml"):
        check(text, input_format="toml")


def test_no_file_has_half_of_a_character_in_its_name():
    for source, filename in (GOOD, "\ud800.json"), (Path("\ud800.json"), None):
        with pytest.raises(ValueError, match="surrogates not allowed"):
            check(source, filename=filename)


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_json_lines_without_any_are_one_empty_document(text):
    report = check(text, input_format="jsonl")
    assert codes_of(report) == ["RS004"]
    assert report.summary.documents == 1


def test_documents_come_one_by_one():
    text = json.dumps(GOOD) + "\n\n" + json.dumps(BAD) + "\n"
    first, second = check_documents(text, input_format="jsonl")
    assert (first.number, first.diagnostics) == (0, ())
    assert second.number == 1
    assert second.diagnostics[0].location.row == 3


def test_data_that_json_cannot_carry_is_reported():
    looped = {**GOOD}
    looped["subCondition"] = looped
    huge = {**GOOD, "subCondition": {"taskId": ["x" * 2**20] * 17}}
    data = {
        **GOOD,
        1: 2,
        "samplingRatio": float("nan"),
        "sampleCount": Decimal("sNaN"),
        "subCondition": {"taskId": ["\ud800", {"a"}, b"bytes"], "haveIssue": True},
    }
    found = [(d.code, d.pointer) for d in check(data).diagnostics]
    assert found == [
        ("RS006", ""),
        ("RS006", "/samplingRatio"),
        ("RS006", "/sampleCount"),
        ("RS402", "/subCondition/conditionJoinType"),
        ("RS006", "/subCondition/taskId/0"),
        ("RS006", "/subCondition/taskId/1"),
        ("RS006", "/subCondition/taskId/2"),
    ]
    assert codes_of(check(looped)) == ["RS007"]
    assert codes_of(check(huge)) == ["RS007"]
    assert codes_of(check([1, 2])) == ["RS004"]
    assert codes_of(check(None)) == ["RS004"]
    assert check({**GOOD, "sampleCount": 10**5000}).diagnostics == ()
    assert check({**GOOD, "sampleCount": 5.0, "samplingRatio": Decimal("0.5")}).diagnostics == ()


class Word(str, Enum):  # noqa: UP042 - its `str` is not its value
    KEY = "poolName"
    JOIN = "and"


class Share(float, Enum):
    HALF = 0.5


def test_members_of_an_enumeration_are_their_values():
    conditions = {"haveIssue": True, "rejectionTime": 1, "conditionJoinType": Word.JOIN}
    data = {
        "annotationRequestId": "a",
        Word.KEY: "b",
        "samplingRatio": Share.HALF,
        "subCondition": conditions,
    }
    assert check(data).diagnostics == ()


@pytest.mark.parametrize(
    ("members", "cause"),
    [
        ({"sampleCount": float("nan")}, 'the float "nan" is not a JSON value'),
        ({"x": date(2025, 3, 1)}, 'the date "2025-03-01" is not a JSON value'),
        ({1: "x"}, "the key 1 is not a string"),
        ({"\ud800": "x"}, r"\ud800 contains half of a character, a lone surrogate"),
        ({"poolName": "b\ud800"}, r"b\ud800 contains half of a character, a lone surrogate"),
    ],
)
def test_messages_name_the_type_of_data_that_json_cannot_carry(members, cause):
    causes = [each.cause for each in check({**GOOD, **members}).diagnostics if each.code == "RS006"]
    assert len(causes) == 1
    assert causes[0].startswith(cause)


def test_the_package_offers_its_api_and_no_more():
    for name in rosetta_spec.__all__:
        assert getattr(rosetta_spec, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        _ = rosetta_spec.nothing


def test_the_docstring_is_true():
    assert doctest.testmod(rosetta_spec).failed == 0


def test_a_fingerprint_survives_a_shifted_line_and_counts_repeats():
    text = "annotationRequestId: a\npoolName: b\nx: 1\n"
    (before,) = check(text, filename="a.yaml").diagnostics
    (after,) = check("# new\n\n" + text, filename="a.yaml").diagnostics
    (other,) = check(text, filename="b.yaml").diagnostics
    (value,) = check(text.replace("1", "2"), filename="a.yaml").diagnostics
    assert before.fingerprint == after.fingerprint
    assert len({before.fingerprint, other.fingerprint, value.fingerprint}) == 3
    twice = check(f"{text}---\n{text}", filename="a.yaml").diagnostics
    assert twice[0].fingerprint == before.fingerprint
    assert twice[1].fingerprint != before.fingerprint


def test_a_rule_that_fails_is_a_defect_with_its_place(monkeypatch):
    def fail(_self, _shown):
        raise ZeroDivisionError

    monkeypatch.setattr(Exclusive, "check", fail)
    with pytest.raises(DefectError, match=r'rule RS201 \(ratio-with-quantity\) failed at "": Zero'):
        check({**GOOD, "samplingRatio": 1, "samplingQuantity": 1})


@pytest.mark.parametrize(
    ("name", "text"), [("read_documents", "a: 1"), ("read_line", '{"a": 1, "a": 2}\n')]
)
def test_a_bug_is_no_unreadable_file(monkeypatch, tmp_path, name, text):
    monkeypatch.setattr(f"rosetta_spec.engine.checker.{name}", Mock(side_effect=ValueError("bug")))
    path = tmp_path / ("a.jsonl" if name == "read_line" else "a.yaml")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="bug"):
        check_file(path)


def test_of_a_text_of_nothing_no_row_is_shown():
    (found,) = check("", input_format="json").diagnostics
    assert (found.code, found.excerpt) == ("RS004", ())
