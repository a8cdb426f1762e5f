"""What a baseline file holds: findings by their fingerprints, in JSON that reads well in a diff."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.numbers import is_number
from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import json_text
from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.formats import JSON
from rosetta_spec.request.wording import all_of, called, shortened
from rosetta_spec.spec.selection import ALWAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer

VERSION = 1

_ANEW = "remove the file, and write it anew with --write-baseline"


class BaselineError(WrongFileError):
    """A baseline that cannot be used."""


class Entry(NamedTuple):
    """A finding that is left alone. It is known by its fingerprint; the rest is for people."""

    filename: str
    code: str
    pointer: str
    fingerprint: str


class _Fault(NamedTuple):
    """What is wrong at a place of the file, or with its key there."""

    pointer: Pointer
    cause: str
    remedy: str = _ANEW
    is_key: bool = False


def entries_of(data: bytes, filename: str) -> list[Entry]:
    """Read the content of a baseline file.

    Raises:
        BaselineError: it is none, or one of another version.
    """
    document = next(read_documents(data, JSON))
    for problem in document.problems:
        remedy = problem.remedy if problem.name == "syntax" else _ANEW
        location = document.text.location(problem.span.start)
        raise BaselineError(filename, location, problem.cause, remedy)
    for fault in _faults(document.value):
        locate = document.places.key if fault.is_key else document.places.value
        location = document.text.location(locate(fault.pointer).span.start)
        raise BaselineError(filename, location, fault.cause, fault.remedy)
    return [Entry(**finding) for finding in document.value["findings"]]


def baseline_text(entries: Iterable[Entry]) -> str:
    """Write the content of a baseline file, one finding a row, sorted."""
    rows = ",\n".join(f"    {json_text(entry._asdict())}" for entry in sorted(set(entries)))
    findings = f"[\n{rows}\n  ]" if rows else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {findings}\n}}\n'


def _faults(value: Json) -> Iterator[_Fault]:
    if value.get("version", VERSION) != VERSION or not is_number(value.get("version", VERSION)):
        cause = f"the version of this baseline is {called(value['version'])}, not {VERSION}"
        yield _Fault(("version",), cause, f"use another rosetta-spec, or {_ANEW}")
    yield from _key_faults((), value, ("version", "findings"))
    findings = value["findings"]
    if not isinstance(findings, list):
        yield _Fault(("findings",), f"findings is {called(findings)}, not a list")
    for index, finding in enumerate(findings):
        yield from _entry_faults(("findings", index), finding)


def _entry_faults(at: Pointer, finding: Json) -> Iterator[_Fault]:
    if not isinstance(finding, dict):
        yield _Fault(at, f"a finding is {called(finding)}, not an object")
    yield from _key_faults(at, finding, Entry._fields)
    for key in Entry._fields:
        if not isinstance(finding[key], str):
            yield _Fault((*at, key), f"{key} is {called(finding[key])}, not a string")
    if finding["code"] in ALWAYS:
        cause = f"{finding['code']} is always said"
        yield _Fault((*at, "code"), cause, "correct what it says, and remove it from the baseline")


def _key_faults(at: Pointer, value: Json, keys: tuple[str, ...]) -> Iterator[_Fault]:
    for key in value:
        if key not in keys:
            cause = f"there is no key {shortened(key)} in a baseline"
            yield _Fault((*at, key), cause, "remove it", is_key=True)
    missing = [key for key in keys if key not in value]
    if missing:
        yield _Fault(at, f"this lacks {all_of(missing)}, so that it is no baseline")
