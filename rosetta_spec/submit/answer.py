"""What an answer says: the API's envelope, or that it is none."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import NamedTuple

from rosetta_spec.document.number import is_number, is_whole
from rosetta_spec.submit.attempt import UNKNOWN, Outcome
from rosetta_spec.submit.meaning import NO_ANSWER, Meaning, meaning_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.plain import Json
    from rosetta_spec.submit.reply import Reply

#: Characters kept of what the API says.
_LONGEST = 300

#: The journal keeps a code as an integer of 64 bits; the API's have five digits.
_LARGEST = 2**63


class Answer(NamedTuple):
    """What is noted of an attempt, and what that means."""

    outcome: Outcome
    meaning: Meaning


def answer_of(reply: Reply) -> Answer:
    """Read an answer; what is no envelope says nothing of what was done."""
    envelope = _envelope_in(reply)
    if envelope is None:
        return without_answer(f"this is no answer of the API: {reply.told()}")
    code = int(envelope["code"])
    data = envelope.get("data")
    data = data if isinstance(data, dict) else {}
    meaning = meaning_of(code, reply.status)
    scenes = data.get("sceneIdList")
    outcome = Outcome(
        meaning.state,
        code,
        _text(reply, envelope.get("message")) or "",
        _text(reply, data.get("samplingPackageId")),
        len(scenes) if isinstance(scenes, list) else None,
        _text(reply, envelope.get("requestId")),
    )
    return Answer(outcome, meaning)


def without_answer(message: str) -> Answer:
    """Say that nobody knows what was done, and why."""
    return Answer(Outcome(UNKNOWN, message=message), NO_ANSWER)


def _envelope_in(reply: Reply) -> dict[str, Json] | None:
    """Return the envelope: an object with a whole number as its code."""
    if reply.is_cut:
        return None
    try:
        content = json.loads(reply.body, parse_float=Decimal)
    # What is nested too deep for the reader is no envelope either.
    except (ValueError, RecursionError):
        return None
    code = content.get("code") if isinstance(content, dict) else None
    if not is_number(code) or not -_LARGEST < code < _LARGEST or not is_whole(code):
        return None
    return dict(content)


def _text(reply: Reply, value: Json) -> str | None:
    """Give a string or a number of the answer as text on one line."""
    if not (isinstance(value, str) or is_number(value)):
        return None
    return reply.quoted(str(value).encode(errors="replace").decode())[:_LONGEST]
