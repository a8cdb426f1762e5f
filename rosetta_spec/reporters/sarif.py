"""The SARIF report (2.1.0), which code scanning reads: results, and the rules that they are of.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from json import JSONDecoder
from urllib.parse import quote

from rosetta_spec.reporters.json import encode, listed
from rosetta_spec.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.diagnostic import Diagnostic, Edit, Fix, Related
    from rosetta_spec.engine.tally import Tally
    from rosetta_spec.reporters.style import Style
    from rosetta_spec.text import Location

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

#: What a severity is called.
LEVELS = {"error": "error", "warning": "warning", "info": "note"}

#: Who applies a fix, by its applicability.
_WAYS = {"safe": "a safe fix", "unsafe": "an unsafe fix", "choice": "one of several choices"}

#: What a rendered result starts with, before the code of its rule.
_START = '{"ruleId":'


def render(diagnostic: Diagnostic, _style: Style) -> str:
    """Write one result as compact JSON, the code of its rule first."""
    artifact = {"uri": _uri(diagnostic.filename)}
    pointer = diagnostic.pointer
    logical = {"logicalLocations": [{"fullyQualifiedName": pointer}]} if pointer else {}
    result = {
        "ruleId": diagnostic.code,
        "level": LEVELS[diagnostic.severity.value],
        "message": {"text": diagnostic.message},
        "locations": [{**_physical(artifact, diagnostic), **logical}],
        "relatedLocations": [
            {"id": number, "message": {"text": each.message}, **_physical(artifact, each)}
            for number, each in enumerate(diagnostic.related)
        ],
        # Code scanning knows a result again by this one.
        "partialFingerprints": {"primaryLocationLineHash": diagnostic.fingerprint},
        "fixes": [_fix(artifact, each) for each in diagnostic.fixes],
        "properties": {"document": diagnostic.document, "pointer": pointer},
    }
    return encode({key: value for key, value in result.items() if value})


def assemble(findings: Iterable[str], tally: Tally, _style: Style) -> Iterator[str]:
    """Write a log with one run; the tool comes last, when it is known which rules it needs."""
    yield f'{{"$schema":{encode(_SCHEMA)},"version":"2.1.0","runs":[{{"results":['
    indexes: dict[str, int] = {}
    yield from listed(_indexed(each, indexes) for each in findings)
    rest = {
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not tally.has_unreadable}],
        "tool": {"driver": _driver(indexes, tally)},
    }
    yield f"\n],{encode(rest)[1:]}]}}\n"


def _indexed(finding: str, indexes: dict[str, int]) -> str:
    """Let a result point to its rule in the list of those that have been met."""
    code, _ = JSONDecoder().raw_decode(finding, len(_START))
    index = indexes.setdefault(code, len(indexes))
    return f'{{"ruleIndex":{index},{finding[1:]}'


def _uri(filename: str) -> str:
    """Write a path as a URI reference, relative as it is, or of the scheme `file`."""
    is_on_drive = filename[1:3] == ":/"
    path = quote(filename, safe="/:" if is_on_drive else "/", errors="replace")
    if is_on_drive:
        return f"file:///{path}"
    return f"file://{path}" if filename.startswith("/") else path


def _physical(artifact: object, finding: Diagnostic | Related) -> dict[str, object]:
    region = _region(finding.location, finding.end_location)
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _region(start: Location, end: Location) -> dict[str, int]:
    return {
        "startLine": start.row,
        "startColumn": start.column,
        "endLine": end.row,
        "endColumn": end.column,
    }


def _fix(artifact: object, fix: Fix) -> dict[str, object]:
    replacements = [_replacement(each) for each in fix.edits]
    return {
        "description": {"text": f"{fix.title} ({_WAYS[fix.applicability.value]})"},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
    }


def _replacement(edit: Edit) -> dict[str, object]:
    region = _region(edit.location, edit.end_location)
    return {"deletedRegion": region, "insertedContent": {"text": edit.content}}


def _driver(codes: Iterable[str], tally: Tally) -> dict[str, object]:
    return {
        "name": "rosetta-spec",
        "semanticVersion": __version__,
        "informationUri": "https://github.com/rosetta-spec/rosetta-spec",
        "rules": [_rule(code, tally) for code in codes],
    }


def _rule(code: str, tally: Tally) -> dict[str, object]:
    """Describe a rule, one that nobody has kept by its code and name."""
    # A log without results describes no rule.
    from rosetta_spec.reporters.sarif_rule import rule_object  # noqa: PLC0415

    rule = tally.described.get(code)
    return rule_object(rule) if rule else {"id": code, "name": dict(iter(tally.rules))[code]}
