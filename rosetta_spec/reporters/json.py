"""The JSON report, version 1: a public format that changes only by addition."""

from __future__ import annotations

import json
import re

from rosetta_spec.reporters.spool import Spool
from rosetta_spec.reporters.style import INVISIBLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.diagnostic import Diagnostic, Edit, Fix, Related
    from rosetta_spec.engine.tally import Tally
    from rosetta_spec.reporters.style import Style
    from rosetta_spec.text import Location

VERSION = 1

_INVISIBLE = re.compile(f"[{INVISIBLE}]")


def render(diagnostic: Diagnostic, _style: Style) -> str:
    """Write one finding, indented as an item of the report's list."""
    text = encode(diagnostic_object(diagnostic), indent=2)
    return "    " + text.replace("\n", "\n    ")


def assemble(findings: Iterable[str], tally: Tally, _style: Style) -> Iterator[str]:
    """Write one object, indented for reading; the counts come first, so the findings wait."""
    with Spool() as spool:
        for piece in listed(findings):
            spool.write(piece)
        summary = encode(tally.summary()._asdict(), indent=2).replace("\n", "\n  ")
        yield f'{{\n  "version": {VERSION},\n  "summary": {summary},\n  "diagnostics": ['
        is_empty = not spool
        yield from spool.read()
    yield "]\n}\n" if is_empty else "\n  ]\n}\n"


def listed(items: Iterable[str]) -> Iterator[str]:
    """Yield the items of a list, each on a line of its own and with commas between them."""
    for number, item in enumerate(items):
        yield f",\n{item}" if number else f"\n{item}"


def encode(content: object, indent: int | None = None) -> str:
    """Write JSON that keeps its letters, and has an escape for what none can see or UTF-8 carry.

    Without `indent` it is compact and one line by anyone's count.
    """
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(content, ensure_ascii=False, indent=indent, separators=separators)
    return with_escapes(text)


def with_escapes(text: str) -> str:
    """Write in JSON as escapes what none can see or UTF-8 carry."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _INVISIBLE.sub(lambda match: json.dumps(match[0])[1:-1], text)


def diagnostic_object(diagnostic: Diagnostic) -> dict[str, object]:
    """Return the public form of a finding; the order of its keys is part of it."""
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
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
    return {"pointer": related.pointer, "message": related.message, **place}


def _fix(fix: Fix) -> dict[str, object]:
    return {
        "title": fix.title,
        "applicability": fix.applicability.value,
        "edits": [_edit(each) for each in fix.edits],
    }


def _edit(edit: Edit) -> dict[str, object]:
    return {**_place(edit.location, edit.end_location), "content": edit.content}
