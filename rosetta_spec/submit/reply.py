"""What came back over the wire, whatever it is."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.reporters.style import safe
from rosetta_spec.submit.secret import without

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.submit.secret import Secret

#: Bytes of an answer; an envelope has a few hundred.
MOST = 1024 * 1024

#: Characters shown of an answer that is no envelope.
_SHOWN = 80
_LONGEST_TARGET = 200


class Reply(NamedTuple):
    """An answer over HTTP; `is_cut` says that there is more than `body`.

    `hidden` is what was sent and nobody is to see, should the answer repeat it. `location` is where
    a redirect leads to.
    """

    status: int
    content_type: str
    body: bytes
    is_cut: bool = False
    hidden: tuple[Secret, ...] = ()
    location: str = ""

    def told(self) -> str:
        """Say what it is, when it is nothing that the API answers."""
        kind = self.quoted(self.content_type.partition(";")[0].lower())
        start = self.quoted(self.body[: MOST // 1024].decode(errors="replace"))
        if self.is_cut:
            what = f"more than {MOST // (1024 * 1024)} MiB"
        else:
            what = f"{len(self.body)} bytes" if self.body else "nothing"
        begins = f", which begins: {start[:_SHOWN]}" if start else ""
        target = self.quoted(self.location)[:_LONGEST_TARGET]
        leads = f", which leads to {target}, and is not followed" if target else ""
        return (
            f"HTTP status {self.status} with {what}{' of ' + kind if kind else ''}{leads}{begins}"
        )

    def quoted(self, text: str) -> str:
        """Put a part of the answer on one line that a terminal can show, without what is hidden."""
        return safe(" ".join(without(text, self.hidden).split()))
