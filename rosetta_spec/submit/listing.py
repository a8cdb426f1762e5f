"""A journal for people: a line for each attempt, and what is to be done about open ones."""

from __future__ import annotations

from rosetta_spec.reporters.style import safe
from rosetta_spec.submit.attempt import CREATED, REFUSED
from rosetta_spec.submit.moment import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.submit.attempt import Attempt
    from rosetta_spec.submit.call import SubmitCall


def journal_text(attempts: Iterable[Attempt], call: SubmitCall) -> str:
    """List attempts, the first one first."""
    rows = [_row(attempt, call) for attempt in attempts]
    return "".join(f"{safe(row)}\n" for row in rows) or "Nothing was sent yet.\n"


def _row(attempt: Attempt, call: SubmitCall) -> str:
    return (
        f"{attempt.number:>4}  {moment(attempt.started)}  {attempt.state:<8}"
        f"  {attempt.filename} (document {attempt.document}){_told(attempt, call)}"
    )


def _told(attempt: Attempt, call: SubmitCall) -> str:
    if attempt.state == CREATED:
        return f": package {attempt.package_id}"
    if attempt.state == REFUSED:
        return f": {attempt.code} {attempt.message}"
    if attempt.followed_by:
        return f": sent again as attempt {attempt.followed_by}"
    if attempt.is_open:
        found = call.marking(attempt.number, "ID")
        return f": {attempt.message}; if its package is on the platform, {found}"
    return ""
