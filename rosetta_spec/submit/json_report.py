"""What has come of requests, for programs: the version is that of the form."""

from __future__ import annotations

from rosetta_spec.reporters.json import encode
from rosetta_spec.submit.submission import NOT_SENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.submit.attempt import Attempt
    from rosetta_spec.submit.submission import Submission

_VERSION = 1


def submissions_json(submissions: Iterable[Submission]) -> str:
    """Write the report of a run."""
    return _written([_submission_object(each) for each in submissions])


def blocked_json(places: Iterable[tuple[str, int]], why: str) -> str:
    """Write the report of a run that sends nothing of what is at some places."""
    return _written([_object(*place, NOT_SENT, why) for place in places])


def attempts_json(attempts: Iterable[Attempt]) -> str:
    """Write a journal."""
    listed = [_attempt_object(each) for each in attempts]
    return f"{encode({'version': _VERSION, 'attempts': listed}, indent=2)}\n"


def _written(listed: list[dict[str, object]]) -> str:
    return f"{encode({'version': _VERSION, 'submissions': listed}, indent=2)}\n"


def _submission_object(submission: Submission) -> dict[str, object]:
    return {
        **_object(*submission.place, submission.status, submission.message),
        "code": submission.code,
        "sampling_package_id": _number(submission.package_id),
        "scene_count": submission.scene_count,
        "request_id": submission.request_id,
    }


def _object(filename: str, document: int, status: str, message: str) -> dict[str, object]:
    """Return the public form of a submission; the order of its keys is part of it."""
    return {
        "filename": filename,
        "document": document,
        "status": status,
        "code": None,
        "message": message,
        "sampling_package_id": None,
        "scene_count": None,
        "request_id": None,
    }


def _attempt_object(attempt: Attempt) -> dict[str, object]:
    fields = attempt._asdict()
    del fields["run"]
    fields["sampling_package_id"] = _number(fields.pop("package_id"))
    return fields


def _number(digits: str | None) -> int | str | None:
    """Give an id as the number that the API gives; one that is none as it is."""
    return int(digits) if digits and digits.isascii() and digits.isdecimal() else digits
