"""An attempt to send a request, as the journal knows it, and what makes two requests the same."""

from __future__ import annotations

from typing import NamedTuple

#: What is known of an attempt: it is on its way, or what came of it.
SENDING = "sending"
CREATED = "created"
REFUSED = "refused"
UNKNOWN = "unknown"


class Identity(NamedTuple):
    """What makes two requests the same: where they go, whose they are, and what they ask for.

    `endpoint` is a URL, `digest` the SHA-256 of the canonical body.
    """

    endpoint: str
    access_key: str
    digest: str


class Origin(NamedTuple):
    """Where a request stands, and what people look for on the platform to find its package."""

    filename: str
    document: int
    annotation_request_id: str
    pool_name: str


class Outcome(NamedTuple):
    """What came of an attempt: a state, and what the API said.

    `package_id` has the digits of the id, which may be longer than any integer of SQLite's.
    """

    state: str
    code: int | None = None
    message: str = ""
    package_id: str | None = None
    scene_count: int | None = None
    request_id: str | None = None


class Attempt(NamedTuple):
    """A row of the journal, in the order of its columns; times are milliseconds since the epoch.

    `run` is that of the process that has sent it. `followed_by` is the number of the attempt that
    was made because this one's outcome is unknown.
    """

    number: int
    endpoint: str
    access_key: str
    digest: str
    run: str
    filename: str
    document: int
    annotation_request_id: str
    pool_name: str
    started: int
    ended: int | None
    state: str
    code: int | None
    message: str
    package_id: str | None
    scene_count: int | None
    request_id: str | None
    followed_by: int | None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to find out what has become of it."""
        return self.state == UNKNOWN and self.followed_by is None
