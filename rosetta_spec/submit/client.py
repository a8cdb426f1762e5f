"""The HTTP client: sends one signed request per connection, and knows whether any of it has left.

Connections are not reused. The other side may close an idle connection just as the next request
leaves, and then it would be unknown whether that one arrived. Requests go through a transport of
httpx and not through its client, which would decode, follow and store what a response says.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address, ip_network
from socket import SHUT_RDWR, gaierror, socket
from threading import Lock, Thread
from typing import Any

import httpx

from rosetta_spec.request.schema import endpoint_data
from rosetta_spec.submit.credentials import (
    HEADERS,
    SIGNATURE,
    Credentials,
    Endpoint,
    Secret,
    SubmitError,
    signing_headers,
)
from rosetta_spec.submit.messages import (
    MAX_BYTES,
    Identity,
    LostError,
    NeverLeftError,
    Response,
    SendableRequest,
    digest_of,
)

#: What httpx says of a connection that was closed too early, without anything that was received.
_CLOSED = ("server disconnected", "peer closed connection")


class Client:
    """Sends to an endpoint; several threads may share it.

    `now` returns the time in milliseconds since the epoch. `timeout`, in seconds, applies to a
    whole exchange. Proxies and certificates are those of the environment (`HTTPS_PROXY`,
    `ALL_PROXY`, `NO_PROXY`; `SSL_CERT_FILE` and `SSL_CERT_DIR`, which httpx reads).
    """

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        now: Callable[[], int],
        environment: Mapping[str, str],
        *,
        timeout: float,
    ) -> None:
        """Prepare the client.

        Raises:
            SubmitError: a proxy or certificate setting, or the URL, cannot be used.
        """
        self._endpoint = endpoint
        self._credentials = credentials
        self._now = now
        self._timeout = timeout
        #: The variable that names the proxy, "" without one.
        self._proxy = ""
        context, url = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), None
        # Plain http goes to this machine only, so never through a proxy.
        if endpoint.scheme == "https":
            context = _tls_context()
            self._proxy, url = proxy_for(endpoint, environment)
        limits = httpx.Limits(max_keepalive_connections=0)
        try:
            # Not all names of the standard's first version (IDNA 2003) are possible.
            httpx.Request("POST", endpoint.url)
        except (ValueError, httpx.InvalidURL) as error:
            message = f"{endpoint.host} is not a valid host name; check the base URL"
            raise SubmitError(message) from error
        try:
            self._transport = httpx.HTTPTransport(verify=context, proxy=url, limits=limits)
        except ImportError as error:
            message = (
                f"{self._proxy} names a SOCKS proxy, which needs another package; install it with:"
                " pip install 'httpx[socks]'"
            )
            raise SubmitError(message) from error
        # The message must not show the proxy's address, which may contain a password.
        except (ValueError, httpx.InvalidURL) as error:
            message = f"the proxy in the environment cannot be used; check {self._proxy}"
            raise SubmitError(message) from error

    def close(self) -> None:
        """Release its resources."""
        self._transport.close()

    def identity_of(self, request: SendableRequest) -> Identity:
        """Return what a request is recognized by."""
        digest = digest_of(request.body)
        return Identity(self._endpoint.canonical_url, self._credentials.access_key, digest)

    def post(self, body: bytes) -> Response:
        """Sign and send a request.

        Raises:
            NeverLeftError: nothing of it has left.
            LostError: some of it has left, and there is no response.
        """
        headers = signing_headers(self._now(), self._credentials)
        secrets = (self._credentials.secret_key, Secret(headers[SIGNATURE["signHeader"]]))
        request = httpx.Request(
            endpoint_data()["method"],
            self._endpoint.url,
            headers={**HEADERS, **headers},
            content=body,
        )
        exchange = Exchange()
        exchange.perform_within(self._timeout, self._transport, request)
        # A response without a length seems complete when the connection is shut down.
        if exchange.response and not exchange.is_expired:
            return exchange.response._replace(secrets=secrets)
        late = f"within {self._timeout:g} second{'' if self._timeout == 1 else 's'}"
        is_late = exchange.is_expired or isinstance(exchange.error, httpx.TimeoutException)
        if not exchange.has_left:
            raise NeverLeftError(self._why_not_left(exchange, late if is_late else ""))
        raise LostError(f"no response {late}" if is_late else _why_lost(exchange.error))

    def _why_not_left(self, exchange: Exchange, late: str) -> str:
        host, check = self._endpoint.host, "the base URL"
        named = f"the host {host}"
        if self._proxy and not exchange.is_past_proxy:
            named, check = f"the proxy that {self._proxy} names", self._proxy
            if isinstance(exchange.error, httpx.ProxyError):
                # The rest of the message is what the proxy wrote.
                status = re.match(r"\d+", str(exchange.error))
                said = f" (HTTP status {status[0]})" if status else ""
                return f"{named} does not connect to {host}{said}"
            host = named
        if late:
            return f"cannot connect to {host} {late}; check {check} and the network"
        cause = _root_cause(exchange.error)
        if isinstance(cause, gaierror):
            return f"{named} is unknown here; check {check} and the network"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"the certificate of {host} is not trusted: {cause.verify_message};"
                " set SSL_CERT_FILE for a CA of your own"
            )
        if isinstance(cause, ConnectionRefusedError):
            return f"{host} refused the connection; check {check}"
        return f"cannot connect to {host}: {_words(cause) or type(cause).__name__}"


class Exchange:
    """One request and its response, in a thread of its own.

    So nothing can take longer than it may: not the resolution of a host name, which cannot be
    interrupted, and not a response that comes in single bytes.
    """

    def __init__(self) -> None:
        self.response: Response | None = None
        self.error: Exception | None = None
        self.has_left = False
        self.is_past_proxy = False
        self.is_expired = False
        self._is_tunneled = False
        self._socket: socket | None = None
        self._lock = Lock()

    def perform_within(
        self, seconds: float, transport: httpx.BaseTransport, request: httpx.Request
    ) -> None:
        """Send a request unless that takes too long; then `response` and `error` are None."""
        timeout = httpx.Timeout(seconds).as_dict()
        request.extensions = {"timeout": timeout, "trace": self.record}
        thread = Thread(target=self._perform, args=(transport, request), daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            self.expire()

    def _perform(self, transport: httpx.BaseTransport, request: httpx.Request) -> None:
        try:
            response = transport.handle_request(request)
            self.response = _read(response)
            response.close()
        # Whatever the other side has done, it ends in an outcome.
        except Exception as error:  # noqa: BLE001
            self.error = error

    def record(self, event: str, info: Mapping[str, Any]) -> None:
        """Handle a trace event. Source: httpx, request extensions, "trace"."""
        if event == "http11.send_request_headers.started":
            with self._lock:
                if self.is_expired:
                    raise TimeoutError
                # The CONNECT request to a proxy comes first.
                self._is_tunneled = info["request"].method == b"CONNECT"
                self.has_left = not self._is_tunneled
        elif event.endswith("start_tls.started"):
            self.is_past_proxy = self._is_tunneled
        elif event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self.is_expired:
                self.expire()

    def expire(self) -> None:
        """Abort the exchange: pending reads and writes fail, and nothing more leaves."""
        with self._lock:
            self.is_expired = True
        if self._socket is not None:
            # The connection may have just been closed. `SSLSocket.shutdown` would first remove the
            # encryption, so that another thread could send in plain text.
            with suppress(OSError):
                socket.shutdown(self._socket, SHUT_RDWR)


def _read(response: httpx.Response) -> Response:
    headers = response.headers
    encoding = headers.get("Content-Encoding", "")
    content = bytearray()
    # Only requested content is read, since a short one may expand to gigabytes.
    if encoding.strip().lower() in {"", "identity"}:
        encoding = ""
        for piece in response.iter_raw():
            content += piece
            if len(content) > MAX_BYTES:
                break
    return Response(
        response.status_code,
        headers.get("Content-Type", ""),
        bytes(content[:MAX_BYTES]),
        is_cut=len(content) > MAX_BYTES,
        location=headers.get("Location", "") if response.is_redirect else "",
        encoding=encoding,
        retry_after=headers.get("Retry-After", ""),
    )


def _tls_context() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        names = "SSL_CERT_FILE, SSL_CERT_DIR and SSLKEYLOGFILE"
        message = f"a file for TLS cannot be used ({error.strerror or error}); check {names}"
        raise SubmitError(message) from error


def proxy_for(endpoint: Endpoint, environment: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the variable that names the proxy for an endpoint, and the proxy's URL."""
    # If there are both, the lower-case variable takes precedence.
    names = {name.lower(): name for name in sorted(environment) if environment[name]}
    entries = re.split(r"[\s,]+", environment.get(names.get("no_proxy", ""), "").lower())
    variable = names.get(f"{endpoint.scheme}_proxy") or names.get("all_proxy", "")
    if not variable or any(_is_excepted(each, endpoint) for each in entries):
        return "", None
    url = environment[variable]
    return variable, url if "://" in url else f"http://{url}"


def _is_excepted(entry: str, endpoint: Endpoint) -> bool:
    """Whether an entry of NO_PROXY, in lower case, is for an endpoint.

    It is a host with all below it, an address or a network, perhaps with a port, or `*`.
    Source: curl, CURLOPT_NOPROXY.
    """
    host, colon, port = entry.rpartition(":")
    if colon and port.isdecimal() and (":" not in host or host.endswith("]")):
        if port != str(endpoint.port):
            return False
        entry = host
    try:
        return ip_address(endpoint.name) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        domain = entry.removeprefix("*").strip(".")
        return entry == "*" or (bool(domain) and f".{endpoint.name}".endswith(f".{domain}"))


def _why_lost(error: Exception | None) -> str:
    words = _words(_root_cause(error))
    if not words:
        return "the response is not valid HTTP"
    return f"the connection broke before the response was complete: {words}"


def _words(cause: BaseException | None) -> str:
    """Return an error in the words of the system or of httpx, never of the other side.

    Those may repeat the signature, and be cut anywhere.
    """
    text = str(cause).lower().removesuffix(".")
    return text if isinstance(cause, OSError) or text.startswith(_CLOSED) else ""


def _root_cause(error: BaseException | None) -> BaseException | None:
    while error and (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error
