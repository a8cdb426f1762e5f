from __future__ import annotations

import json

import complete_reports
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.diagnostic import Applicability, Diagnostic, Edit, Fix, Related, Severity
from rosetta_spec.reporters.style import Style
from rosetta_spec.text import Location

ANYTHING = st.text(st.characters(exclude_categories=()))

EDIT = Edit(Location(7, 1), Location(7, 17), "")
DIAGNOSTIC = Diagnostic(
    code="RS201",
    name="ratio-with-quantity",
    severity=Severity.ERROR,
    cause="cause",
    remedy="remedy",
    filename="a.sampling.yaml",
    document=0,
    pointer="/samplingQuantity",
    location=Location(7, 1),
    end_location=Location(7, 17),
    related=(Related("/samplingRatio", "here", Location(3, 1), Location(3, 14)),),
    fixes=(Fix("remove it", Applicability.CHOICE, (EDIT,)),),
    fingerprint="5f2c",
    url="https://rosetta.example/RS201",
)


def written(name: str, *diagnostics: Diagnostic) -> str:
    style = Style(color=True, links=True)
    return complete_reports.written(name, *diagnostics, style=style, documents=2, suppressed=7)


def test_json_is_what_the_contract_shows_key_for_key():
    at = {"location": {"row": 7, "column": 1}, "end_location": {"row": 7, "column": 17}}
    aside = {"location": {"row": 3, "column": 1}, "end_location": {"row": 3, "column": 14}}
    summary = {
        "files": 1,
        "documents": 2,
        "errors": 1,
        "warnings": 0,
        "infos": 0,
        "fixable": 0,
        "suppressed": 7,
        "omitted": 0,
    }
    diagnostic = {
        "code": "RS201",
        "name": "ratio-with-quantity",
        "severity": "error",
        "message": "cause; remedy",
        "filename": "a.sampling.yaml",
        "document": 0,
        "pointer": "/samplingQuantity",
        **at,
        "related": [{"pointer": "/samplingRatio", "message": "here", **aside}],
        "fixes": [
            {"title": "remove it", "applicability": "choice", "edits": [{**at, "content": ""}]}
        ],
        "fingerprint": "5f2c",
        "url": "https://rosetta.example/RS201",
    }
    expected = {"version": 1, "summary": summary, "diagnostics": [diagnostic]}
    assert written("json", DIAGNOSTIC) == json.dumps(expected, indent=2) + "\n"


def test_a_line_of_json_lines_is_a_diagnostic_of_json():
    lines = written("jsonl", DIAGNOSTIC, DIAGNOSTIC._replace(code="RS999")).splitlines()
    whole = json.loads(written("json", DIAGNOSTIC, DIAGNOSTIC._replace(code="RS999")))
    assert [json.loads(line) for line in lines] == whole["diagnostics"]
    assert [list(json.loads(line)) for line in lines] == [list(whole["diagnostics"][0])] * 2


def test_nothing_found_is_an_empty_list_or_no_line():
    assert json.loads(written("json"))["diagnostics"] == []
    assert written("jsonl") == ""


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_letters_stay_letters(name: str):
    assert "プール é 👍" in written(name, DIAGNOSTIC._replace(filename="プール é 👍"))


@given(ANYTHING)
def test_any_string_comes_back_from_utf8_as_it_was(filename: str):
    odd = DIAGNOSTIC._replace(filename=filename, related=(), fixes=())
    for name in ("json", "jsonl"):
        text = json.loads(written(name, odd).encode())
        assert text.get("diagnostics", [text])[0]["filename"] == filename


@given(st.lists(ANYTHING))
def test_json_lines_has_one_line_a_finding_for_every_reader(filenames: list[str]):
    text = written("jsonl", *(DIAGNOSTIC._replace(filename=each) for each in filenames))
    assert len(text.splitlines()) == text.count("\n") == len(filenames)
