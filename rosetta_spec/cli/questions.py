"""What `new` asks on a terminal, each question until the answer is one that the rules accept."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from functools import partial

import click

from rosetta_spec.api import check
from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.numbers import is_number, spelled
from rosetta_spec.fast.formats import YAML
from rosetta_spec.reporters.style import safe
from rosetta_spec.request.schema import endpoint_data, request_schema
from rosetta_spec.spec.starter import starter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rosetta_spec.document.values import Json

#: A byte that is no text is a character this far behind it (PEP 383).
_ESCAPES = 0xDC00
_ESCAPED = re.compile("[\udc80-\udcff]")


def has_terminal() -> bool:
    """Whether somebody is there to answer, and sees what is asked."""
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def ask(given: dict[str, Json]) -> dict[str, Json]:
    """Ask for what a request must have, and for how many tasks, as far as it is not given.

    Raises:
        click.Abort: whoever is asked wants to stop.
    """
    schema = request_schema()
    answers: dict[str, Json] = {}
    for key in schema["required"]:
        if key not in given:
            title = schema["properties"][key]["title"]
            answers |= _answer(title, partial(_member, key))
    for question in endpoint_data()["new"]["questions"]:
        share, number = question["share"], question["number"]
        if given.keys().isdisjoint({share, number}):
            answers |= _answer(question["text"], partial(_amount_in, share, number), default="")
    return answers


def _answer(
    question: str, read: Callable[[str], dict[str, Json]], default: str | None = None
) -> dict[str, Json]:
    def value_of(answer: str) -> dict[str, Json]:
        return fitting(read(answer.strip()))

    values: dict[str, Json] = click.prompt(
        question, default=default, show_default=False, value_proc=value_of, err=True
    )
    return values


def fitting(values: dict[str, Json]) -> dict[str, Json]:
    """Return values that the rules accept in a request.

    Raises:
        click.UsageError: they do not, or one is no text.
    """
    values = {key: _text(key, value) for key, value in values.items()}
    for diagnostic in check(starter(values), input_format=YAML).diagnostics:
        if diagnostic.severity is Severity.ERROR:
            raise click.UsageError(safe(diagnostic.message))
    return values


def _text(key: str, value: Json) -> Json:
    """Return what the bytes of a string stand for in UTF-8, whatever the locale takes them for.

    Raises:
        click.UsageError: they are not UTF-8.
    """
    if not isinstance(value, str):
        return value
    try:
        # Python keeps what its locale has no letter for as a half of a surrogate pair.
        return value.encode(errors="surrogateescape").decode()
    except UnicodeError as error:
        shown = _ESCAPED.sub(lambda half: f"\\x{ord(half[0]) - _ESCAPES:02x}", value)
        message = f'{key} is "{shown}", which is not UTF-8; write it in UTF-8'
        raise click.UsageError(safe(message)) from error


def _member(key: str, value: str) -> dict[str, Json]:
    return {key: value}


def _amount_in(share: str, number: str, text: str) -> dict[str, Json]:
    """Read an amount, which is the value of one of two keys, or nothing."""
    if not text:
        return {}
    if text.endswith("%") or "." in text:
        return {share: ratio_in(text)}
    return {number: number_in(text)}


def ratio_in(text: str) -> Json:
    """Read a share, in percent or not."""
    number = number_in(text.removesuffix("%").rstrip())
    return Decimal(str(number)) / 100 if text.endswith("%") and is_number(number) else number


def number_in(text: str) -> Json:
    """Read a number; what is none stays as it is, for the rules to say so."""
    number = spelled(text)
    return text if number is None else number
