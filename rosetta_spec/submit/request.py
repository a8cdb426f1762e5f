"""A request that was checked: its document, and the body that is sent of it."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.submit.attempt import Identity, Origin
from rosetta_spec.submit.body import digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.submit.credentials import Credentials
    from rosetta_spec.submit.endpoint import Endpoint
    from rosetta_spec.text import Location


class Request(NamedTuple):
    """A document of a file, and its body."""

    filename: str
    document: AnyDocument
    body: bytes

    @property
    def location(self) -> Location:
        """Where its first character is."""
        return self.document.text.location(self.document.places.start(()).span.start)

    @property
    def origin(self) -> Origin:
        """What people know it by."""
        value = self.document.value
        names = (str(value.get(key, "")) for key in ("annotationRequestId", "poolName"))
        return Origin(self.filename, self.document.number, *names)

    def identity(self, endpoint: Endpoint, credentials: Credentials) -> Identity:
        """What makes it the same as another one."""
        return Identity(endpoint.url, credentials.access_key, digest_of(self.body))
