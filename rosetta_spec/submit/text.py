"""What has come of requests, for people: a line where it went well, else a frame and what to do."""

from __future__ import annotations

from collections import Counter

from rosetta_spec.document.json_writer import json_string
from rosetta_spec.reporters.style import safe
from rosetta_spec.reporters.text import render
from rosetta_spec.submit.attempt import CREATED, REFUSED, UNKNOWN
from rosetta_spec.submit.blame import blamed
from rosetta_spec.submit.moment import moment
from rosetta_spec.submit.submission import ALREADY_CREATED, NOT_SENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.reporters.style import Style
    from rosetta_spec.submit.call import SubmitCall
    from rosetta_spec.submit.submission import Submission

#: Stands for the id of a package in a command to copy.
_ID = "ID"

_ORDER = (CREATED, ALREADY_CREATED, REFUSED, UNKNOWN, NOT_SENT)


def submission_text(submission: Submission, call: SubmitCall, style: Style) -> str:
    """Say what has come of one request."""
    meaning = submission.meaning
    if submission.status in {REFUSED, UNKNOWN} and meaning:
        finding = blamed(submission.request, meaning, submission.code, submission.said)
        steps = _next_steps(submission, call) if submission.status == UNKNOWN else ""
        return render(finding, style) + steps
    place = safe(f"{submission.request.filename}:{submission.request.location.row}")
    return f"{place}: {safe(_sentence(submission))}\n"


def summary_text(submissions: Iterable[Submission]) -> str:
    """Count what has come of all of them."""
    counts = Counter(submission.status for submission in submissions)
    listed = [f"{counts[each]} {each.replace('-', ' ')}" for each in _ORDER if counts[each]]
    return f"{', '.join(listed) or 'There was nothing to send'}.\n".capitalize()


def _sentence(submission: Submission) -> str:
    named = f" {submission.package_id}" if submission.package_id else ""
    if submission.status == CREATED:
        count = submission.scene_count
        return f"created package{named}" + (
            "" if count is None else f" with {count} scene{'' if count == 1 else 's'}"
        )
    if submission.status == ALREADY_CREATED:
        since = moment(submission.since)
        return f"already created as package{named} by attempt {submission.attempt} of {since}"
    return f"not sent: {submission.said}"


def _next_steps(submission: Submission, call: SubmitCall) -> str:
    origin = submission.request.origin
    found = call.marking(submission.attempt or 0, _ID)
    missing = call.retrying(origin.filename)
    names = json_string(origin.annotation_request_id), json_string(origin.pool_name)
    since = moment(submission.since)
    rows = (
        f"Attempt {submission.attempt} left at {since}. Look on the platform for its package,",
        "of annotation request {} and pool {}.".format(*names),
        f"  If it is there, note its id:    {found}",
        f"  If it is not, send it again:    {missing}",
    )
    return "".join(f"{safe(row)}\n" for row in (*rows, ""))
