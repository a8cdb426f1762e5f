"""What `new` asks on a terminal, each question until the answer is one that the rules accept."""

from __future__ import annotations

import sys
from decimal import Decimal
from functools import partial

import click

from rosetta_spec.api import check
from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.formats import YAML
from rosetta_spec.document.number import is_number, spelled
from rosetta_spec.reporters.style import safe
from rosetta_spec.spec.request_schema import request_schema
from rosetta_spec.spec.starter import starter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rosetta_spec.document.plain import Json

_HOW_MANY = "How many tasks: a share (0.2 or 20%), a number (50), or nothing for all"


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
    if given.keys().isdisjoint({"samplingRatio", "samplingQuantity"}):
        answers |= _answer(_HOW_MANY, _amount_in, default="")
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
        click.UsageError: they do not.
    """
    for diagnostic in check(starter(values), input_format=YAML).diagnostics:
        if diagnostic.severity is Severity.ERROR:
            raise click.UsageError(safe(diagnostic.message))
    return values


def _member(key: str, value: str) -> dict[str, Json]:
    return {key: value}


def _amount_in(text: str) -> dict[str, Json]:
    """Read how many tasks are wanted: a share, a number, or all."""
    if not text:
        return {}
    if text.endswith("%") or "." in text:
        return {"samplingRatio": ratio_in(text)}
    return {"samplingQuantity": number_in(text)}


def ratio_in(text: str) -> Json:
    """Read a share, in percent or not."""
    number = number_in(text.removesuffix("%").rstrip())
    return Decimal(str(number)) / 100 if text.endswith("%") and is_number(number) else number


def number_in(text: str) -> Json:
    """Read a number; what is none stays as it is, for the rules to say so."""
    number = spelled(text)
    return text if number is None else number
