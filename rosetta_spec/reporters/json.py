"""The JSON report, version 1: a public format that changes only by addition."""

import json
from collections.abc import Iterable, Iterator

from rosetta_spec.diagnostic import Diagnostic, Fix, Related
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters.outputs import Spool
from rosetta_spec.reporters.style import Style, encode_indented, with_escapes
from rosetta_spec.text import Location

VERSION = 1


def report(diagnostics: Iterable[Diagnostic], tally: Tally, _style: Style) -> Iterator[str]:
    """Yield one object, indented for reading."""
    # The counts come first and are known last.
    with Spool[str]() as items:
        for item in listed(map(_item, diagnostics)):
            items.write(item)
        summary = encode_indented(tally.summary()._asdict(), "  ")
        yield f'{{\n  "version": {VERSION},\n  "summary": {summary},\n  "diagnostics": ['
        yield from items.read()
        yield "\n  ]\n}\n" if items else "]\n}\n"


def _item(diagnostic: Diagnostic) -> str:
    return "    " + encode_indented(diagnostic_object(diagnostic), "    ")


def listed(items: Iterable[str]) -> Iterator[str]:
    """Yield the items of a JSON list, one a line, with commas between them."""
    for number, item in enumerate(items):
        yield f",\n{item}" if number else f"\n{item}"


def position(location: Location) -> dict[str, int]:
    """Return a location as GitLab and reviewdog write it."""
    return {"line": location.row, "column": location.column}


def encode(content: object) -> str:
    """Write compact JSON that keeps letters, with the escapes of `with_escapes`, on one line."""
    return with_escapes(json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def diagnostic_object(diagnostic: Diagnostic) -> dict[str, object]:
    """Return the public form of a diagnostic; the order of its keys is part of it."""
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "filename": diagnostic.filename,
        "document": diagnostic.document,
        "pointer": diagnostic.pointer,
        **_place(diagnostic.location, diagnostic.end_location),
        "related": [_related(each) for each in diagnostic.related],
        "fixes": [_fix(each) for each in diagnostic.fixes],
        "fingerprint": diagnostic.fingerprint,
        "url": diagnostic.url,
    }


def _place(location: Location, end_location: Location) -> dict[str, object]:
    return {"location": location._asdict(), "end_location": end_location._asdict()}


def _related(related: Related) -> dict[str, object]:
    place = _place(related.location, related.end_location)
    document = {"filename": related.filename, "document": related.document}
    elsewhere = document if related.filename else {}
    return {"pointer": related.pointer, "message": related.message, **elsewhere, **place}


def _fix(fix: Fix) -> dict[str, object]:
    return {
        "title": fix.title,
        "applicability": fix.applicability,
        "edits": [
            {**_place(edit.location, edit.end_location), "content": edit.content}
            for edit in fix.edits
        ],
    }
