"""One request on its way through the library: whether it has left, and when its time is over."""

from __future__ import annotations

from socket import SHUT_RDWR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from socket import socket
    from typing import Any


class Trip:
    """Follows one request on its way, and ends the way when its time is over.

    A time-out of the library starts anew with every byte, so that slow ones could take for ever.
    """

    def __init__(self) -> None:
        self.has_left = False
        self.is_expired = False
        self._socket: socket | None = None

    def follow(self, event: str, info: Mapping[str, Any]) -> None:
        """Learn of a step. Source: httpx, request extensions, "trace"."""
        if event == "http11.send_request_headers.started":
            # A proxy is asked with CONNECT first.
            self.has_left = self.has_left or info["request"].method == b"POST"
        elif event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self.is_expired:
                self.expire()

    def expire(self) -> None:
        """End it: whoever reads or writes gets an error at once."""
        self.is_expired = True
        if self._socket is not None:
            try:
                self._socket.shutdown(SHUT_RDWR)
            # It may have ended at this very moment.
            except OSError:
                return
