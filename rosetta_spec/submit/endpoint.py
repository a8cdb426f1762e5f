"""Where requests go: a scheme and a host of the user's, a path of the API's."""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

PATH = "/rosetta-open/sampling/create"

_PORTS = {"http": 80, "https": 443}


class EndpointError(ValueError):
    """A base URL to which no request can go."""


class Endpoint(NamedTuple):
    """A place to send to; `host` has the port where it is not that of the scheme.

    Two base URLs that mean the same place give the same endpoint.
    """

    scheme: str
    host: str

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.host}{PATH}"

    @property
    def is_encrypted(self) -> bool:
        """Whether others on the way can read nothing."""
        return self.scheme == "https"


def endpoint_of(base_url: str) -> Endpoint:
    """Read a base URL, such as `https://example.com`.

    Raises:
        EndpointError: it is none, or plain http to another machine.
    """
    try:
        parts = urlsplit(base_url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        # What is wrong may be next to a password, so it is not shown.
        message = "it cannot be read; write it as in https://example.com"
        raise EndpointError(message) from None
    fault = _fault(parts, host)
    if fault:
        raise EndpointError(fault)
    shown = f"[{host}]" if ":" in host else host
    is_usual = port in {None, _PORTS[parts.scheme]}
    return Endpoint(parts.scheme, shown if is_usual else f"{shown}:{port}")


def _fault(parts: SplitResult, host: str) -> str:
    """Say why nothing can be sent there, showing no more than a host: who knows what was pasted."""
    if parts.username is not None or parts.password is not None:
        return "there is a user or a password in it; write scheme and host alone"
    if parts.scheme not in _PORTS or not host:
        return "it has no scheme and host; write it as in https://example.com"
    if not parts.netloc.isascii() or not parts.netloc.isprintable() or " " in parts.netloc:
        return "it has letters that no host name has; write it as in https://example.com"
    if parts.path.strip("/") or parts.query or parts.fragment:
        return f"the path is ours; write {parts.scheme}://{parts.netloc}"
    if parts.scheme == "http" and not _is_this_machine(host):
        return f"plain http shows the signature to others; write https://{parts.netloc}"
    return ""


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
