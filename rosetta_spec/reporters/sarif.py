"""The SARIF report (2.1.0), which code scanning reads: results, and the rules that they belong to.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from rosetta_spec.diagnostic import Applicability, Diagnostic, Fix, Related, Severity
from rosetta_spec.engine.tally import Tally
from rosetta_spec.files.discovery import shown_name
from rosetta_spec.files.names import Host, path_of, real_path
from rosetta_spec.reporters import REPORTERS, omission
from rosetta_spec.reporters.json import encode, listed
from rosetta_spec.reporters.outputs import most_severe
from rosetta_spec.reporters.style import Style
from rosetta_spec.spec.pages import markdown_page, text_page
from rosetta_spec.spec.ruleset import Rule
from rosetta_spec.text import Location
from rosetta_spec.version import __version__

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

#: What code scanning calls the levels of rules that are not about security.
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}

_APPLICABILITIES = {
    Applicability.SAFE: "a safe fix",
    Applicability.UNSAFE: "an unsafe fix",
    Applicability.CHOICE: "one of several choices",
}

#: What code scanning calls the root of a checkout.
_ROOT = "%SRCROOT%"

#: The characters of a URL that are not escaped.
_URL_SAFE = "%/:?#[]@!$&'()*+,;=~"


def report(diagnostics: Iterable[Diagnostic], tally: Tally, _style: Style) -> Iterator[str]:
    """Yield a log with one run; the tool comes last, when the rules of the results are known."""
    yield f'{{"$schema":{encode(_SCHEMA)},"version":"2.1.0","runs":[{{"results":['
    indexes: dict[str, int] = {}
    chosen = most_severe(diagnostics, REPORTERS["sarif"].max_findings)
    yield from listed(_result(each, indexes, tally.host) for each in chosen)
    root = {_ROOT: {"uri": _uri(tally.host.root.rstrip("/") + "/")}} if tally.host.root else {}
    invocation: dict[str, object] = {"executionSuccessful": tally.is_complete}
    if text := omission("sarif", tally):
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    rest = {
        **({"originalUriBaseIds": root} if root else {}),
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "tool": {"driver": _driver(indexes, tally)},
    }
    yield f"\n],{encode(rest)[1:]}]}}\n"


def _result(diagnostic: Diagnostic, indexes: dict[str, int], host: Host) -> str:
    """Write a result; `indexes` has the position of each rule in the list of rules."""
    artifact = _artifact(diagnostic.filename, host)
    pointer = diagnostic.pointer
    logical = {"logicalLocations": [{"fullyQualifiedName": pointer}]} if pointer else {}
    optional = {
        "relatedLocations": [
            {
                "id": number,
                "message": {"text": each.message},
                **_physical(_artifact(each.filename, host) if each.filename else artifact, each),
            }
            for number, each in enumerate(diagnostic.related)
        ],
        # Code scanning recognizes a result by this one.
        "partialFingerprints": {"primaryLocationLineHash": diagnostic.fingerprint},
        "fixes": [_fix(artifact, each) for each in diagnostic.fixes],
    }
    result = {
        "ruleIndex": indexes.setdefault(diagnostic.code, len(indexes)),
        "ruleId": diagnostic.code,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": diagnostic.message},
        "locations": [{**_physical(artifact, diagnostic), **logical}],
        **{key: value for key, value in optional.items() if value},
        "properties": {"document": diagnostic.document, "pointer": pointer},
    }
    return encode(result)


def _artifact(filename: str, host: Host) -> dict[str, str]:
    """Name a file by its path from the root, or outside of it by an absolute URI."""
    name = host.name_of(filename)
    if name is None:
        return {"uri": _uri(shown_name(real_path(path_of(filename))))}
    return {"uri": _uri(name), **({"uriBaseId": _ROOT} if host.root else {})}


def _uri(filename: str) -> str:
    """Write a path as a relative URI reference, or an absolute path as a `file:` URI."""
    is_on_drive = filename[1:3] == ":/"
    path = quote(filename, safe="/:" if is_on_drive else "/", errors="replace")
    if is_on_drive:
        return f"file:///{path}"
    return f"file://{path}" if filename.startswith("/") else path


def _physical(artifact: object, place: Diagnostic | Related) -> dict[str, object]:
    region = _region(place.location, place.end_location)
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _region(start: Location, end: Location) -> dict[str, int]:
    return {
        "startLine": start.row,
        "startColumn": start.column,
        "endLine": end.row,
        "endColumn": end.column,
    }


def _fix(artifact: object, fix: Fix) -> dict[str, object]:
    replacements = [
        {
            "deletedRegion": _region(edit.location, edit.end_location),
            "insertedContent": {"text": edit.content},
        }
        for edit in fix.edits
    ]
    return {
        "description": {"text": f"{fix.title} ({_APPLICABILITIES[fix.applicability]})"},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
    }


def _driver(codes: Iterable[str], tally: Tally) -> dict[str, object]:
    names = dict(tally.rules.keys())
    return {
        "name": "rosetta-spec",
        "semanticVersion": __version__,
        "informationUri": "https://github.com/rosetta-spec/rosetta-spec",
        "rules": [
            _descriptor(tally.checked[code, names[code]])
            if (code, names[code]) in tally.checked
            else {"id": code, "name": names[code]}
            for code in codes
        ],
    }


def _descriptor(rule: Rule) -> dict[str, object]:
    """Return a `reportingDescriptor`: the page of a rule, as text and in Markdown."""
    link = {"helpUri": quote(rule.url, safe=_URL_SAFE)} if rule.url else {}
    fixes = [f"{rule.fix.applicability}-fix"] if rule.fix else []
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.kind.describe()},
        "fullDescription": {"text": rule.why},
        "help": {"text": text_page(rule), "markdown": markdown_page(rule)},
        **link,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [rule.kind.name, *fixes],
            "precision": "very-high",
            "problem.severity": _PROBLEMS[rule.severity],
        },
    }
