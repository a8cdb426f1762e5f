"""The corpus is the specification by example: each file, and exactly what is said of it.

Of a file in `good` nothing is said, by any rule. Beside a file in `bad` stands what is said of it,
`NAME.expected.json`, and what `--fix` makes of it, `NAME.fixed.yaml`, if anything; `REFRESH=1`
writes these anew, and the diff is reviewed like code. Code, pointer and place in them come from the
contract and not from the program.
"""

import json
import os
from pathlib import Path

import pytest

from rosetta_spec import check_file
from rosetta_spec.diagnostic import Applicability
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.fast.formats import JSONL, format_by_name

CORPUS = Path(__file__).parent / "corpus"
EXPECTED = ".expected.json"
FIXED = ".fixed"
FILES = [
    path
    for path in sorted(CORPUS.rglob("*.*"))
    if path.parent.name in ("good", "bad")
    and not path.name.endswith(EXPECTED)
    and not path.stem.endswith(FIXED)
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_what_is_said_of_a_file(path):
    found = [as_expected(diagnostic) for diagnostic in check_file(path).diagnostics]
    expected = path.with_name(path.stem + EXPECTED)
    if os.environ.get("REFRESH") and path.parent.name == "bad":
        text = json.dumps(found, ensure_ascii=False, indent=2)
        expected.write_text(text + "\n", encoding="utf-8", newline="\n")
    is_bad = path.parent.name == "bad"
    assert found == (json.loads(expected.read_text(encoding="utf-8")) if is_bad else [])
    assert bool(found) == is_bad


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_what_becomes_of_a_file(path):
    before, after = path.read_bytes(), fixed(path)
    expected = path.with_name(path.stem + FIXED + path.suffix)
    if os.environ.get("REFRESH"):
        expected.unlink(missing_ok=True)
        if after != before:
            expected.write_bytes(after)
    assert after == (expected.read_bytes() if expected.exists() else before)


def fixed(path):
    fixer = Fixer(Checker(), [Applicability.SAFE])
    format_ = format_by_name(path.name)
    if format_ != JSONL:
        return fixer.fix_file(path.read_bytes(), path.name, format_)
    with path.open("rb") as stream:
        return b"".join(after for _, after in fixer.fix_lines(stream, path.name))


def test_nothing_is_expected_of_a_file_that_is_gone():
    expected = {path.name.removesuffix(EXPECTED) for path in CORPUS.rglob("*" + EXPECTED)}
    assert expected <= {path.stem for path in FILES}
    mended = {path.stem.removesuffix(FIXED) for path in CORPUS.rglob(f"*{FIXED}.*")}
    assert mended <= expected


def as_expected(diagnostic):
    return {
        "code": diagnostic.code,
        "pointer": diagnostic.pointer,
        "document": diagnostic.document,
        "location": list(diagnostic.location),
        "end_location": list(diagnostic.end_location),
        "severity": diagnostic.severity,
        "related": [[there.pointer, *there.location] for there in diagnostic.related],
        "message": diagnostic.message,
        "fixes": [[fix.applicability, fix.title] for fix in diagnostic.fixes],
    }
