"""The corpus is the specification by example: each file, and exactly the findings in it.

Each folder is about one rule. Files in `bad` have findings, files in `good` have none. `EXPECTED`
has one line per finding, `FILE:ROW:COLUMN-ROW:COLUMN CODE POINTER MESSAGE`, with `FILE[N]` for
document N of several and `-` for the pointer to the whole document. Below it are the related
places, and the fixes with the text that replaces each span. `NAME.fixed.yaml` is what `--fix`
makes of `NAME.yaml`.

`REFRESH=1 pytest tests/test_corpus.py` writes these files again; review the diff like code.
"""

import json
import os
from pathlib import Path

import pytest

from rosetta_spec import check_file
from rosetta_spec.diagnostic import Applicability
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.fast.formats import format_by_name
from rosetta_spec.spec.ruleset import builtin_ruleset

CORPUS = Path(__file__).parent / "corpus"
FOLDERS = sorted(path for path in CORPUS.iterdir() if path.is_dir())
SEVERITIES = {rule.code: rule.severity for rule in builtin_ruleset().rules}

each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def files_in(folder):
    found = sorted([*folder.glob("bad/*"), *folder.glob("good/*")])
    return [path for path in found if not path.stem.endswith(".fixed")]


@each_folder
def test_the_findings_are_those_expected(folder):
    lines = [line for path in files_in(folder) for line in lines_of(path)]
    expected = folder / "EXPECTED"
    if os.environ.get("REFRESH"):
        text = "".join(f"{line}\n" for line in lines)
        expected.write_text(text, encoding="utf-8", newline="\n")
    assert lines == expected.read_text(encoding="utf-8").split("\n")[:-1]


def lines_of(path):
    name = f"{path.parent.name}/{path.name}"
    # A rule that is off by default is on in its own folder.
    folder = path.parent.parent.name
    all_rules = builtin_ruleset().rules
    rules = [rule for rule in all_rules if not rule.is_opt_in or rule.name == folder]
    diagnostics = check_file(path, rules=rules).diagnostics
    assert bool(diagnostics) == (path.parent.name == "bad"), name
    for each in diagnostics:
        assert each.severity == SEVERITIES[each.code]
        document = f"[{each.document}]" if each.document else ""
        words = f"{each.code} {each.pointer or '-'} {each.message}"
        yield printable(f"{name}{document}:{span_of(each)} {words}")
        for there in each.related:
            yield printable(f"    {span_of(there)} {there.pointer or '-'} {there.message}")
        for fix in each.fixes:
            edits = [
                f"[{span_of(edit)} {json.dumps(edit.content, ensure_ascii=False)}]"
                for edit in fix.edits
            ]
            yield printable(f"    {fix.applicability}: {fix.title} {' '.join(edits)}")
    if not diagnostics:
        yield f"{name} ok"


def span_of(each):
    (row, column), (end_row, end_column) = each.location, each.end_location
    return f"{row}:{column}-{end_row}:{end_column}"


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def printable(text):
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


@each_folder
def test_fixing_gives_the_expected_files(folder):
    for path in files_in(folder):
        expected = path.with_name(f"{path.stem}.fixed{path.suffix}")
        before, after = path.read_bytes(), fixed(path)
        if os.environ.get("REFRESH"):
            expected.unlink(missing_ok=True)
            if after != before:
                expected.write_bytes(after)
        assert after == (expected.read_bytes() if expected.exists() else before), path.name


def fixed(path):
    fixer = Fixer(Checker(), [Applicability.SAFE])
    return fixer.fix_file(path.read_bytes(), path.name, format_by_name(path.name))


def test_no_expected_file_is_left_over():
    for path in CORPUS.glob("*/*/*.fixed.*"):
        assert path.with_name(path.name.replace(".fixed.", ".")).exists()
    assert {path.parent for path in CORPUS.rglob("EXPECTED")} == set(FOLDERS)
