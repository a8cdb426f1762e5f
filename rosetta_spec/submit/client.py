"""The HTTP client: sends one signed request per connection, and knows whether any of it has left.

Connections are not reused. The other side may close an idle connection just as the next request
leaves, and then it would be unknown whether that one arrived.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from socket import SHUT_RDWR, gaierror, socket
from threading import Timer
from typing import Any

import httpx

from rosetta_spec.request.schema import endpoint_data
from rosetta_spec.submit.credentials import (
    HEADERS,
    SIGN_HEADER,
    Credentials,
    Endpoint,
    Secret,
    signing_headers,
)
from rosetta_spec.submit.request import SubmitError
from rosetta_spec.submit.response import MAX_BYTES, LostError, NeverLeftError, Response


class ClientError(SubmitError):
    """The environment's settings for TLS or proxies cannot be used."""


class Client:
    """Sends to an endpoint; several threads may share it.

    `now` returns the time in milliseconds since the epoch. `timeout`, in seconds, applies to
    connecting and to the complete response. Proxies and certificates are those of the environment
    (`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`, `SSL_CERT_DIR`).
    """

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        now: Callable[[], int],
        *,
        timeout: float,
    ) -> None:
        """Prepare the client.

        Raises:
            ClientError: a proxy or certificate setting cannot be used.
        """
        self._endpoint = endpoint
        self._credentials = credentials
        self._now = now
        self._timeout = timeout
        try:
            self._http = httpx.Client(
                headers=HEADERS,
                timeout=timeout,
                # Plain http goes to this machine only, so never through a proxy.
                trust_env=endpoint.is_encrypted,
                limits=httpx.Limits(max_keepalive_connections=0),
                follow_redirects=False,
            )
        # The message must not show the proxy's address, which may contain a password.
        except (ValueError, ImportError, httpx.InvalidURL) as error:
            message = "the proxy in the environment cannot be used; check HTTPS_PROXY and ALL_PROXY"
            raise ClientError(message) from error
        except OSError as error:
            message = (
                f"the certificates in the environment cannot be used ({error.strerror or error});"
                " check SSL_CERT_FILE and SSL_CERT_DIR"
            )
            raise ClientError(message) from error

    def close(self) -> None:
        """Release its resources."""
        self._http.close()

    def post(self, body: bytes) -> Response:
        """Sign and send a request.

        Raises:
            NeverLeftError: nothing of it has left.
            LostError: some of it has left, and there is no response.
        """
        headers = signing_headers(self._now(), self._credentials)
        secrets = (self._credentials.secret_key, Secret(headers[SIGN_HEADER]))
        trace = RequestTrace()
        timer = Timer(self._timeout, trace.expire)
        timer.daemon = True
        timer.start()
        try:
            return self._exchange(body, headers, trace)._replace(secrets=secrets)
        except httpx.HTTPError as error:
            if not trace.has_left:
                raise NeverLeftError(_why_not_left(error, self._endpoint.host)) from error
            is_late = trace.is_expired or isinstance(error, httpx.TimeoutException)
            late = f"no response within {self._timeout:g} seconds"
            raise LostError(late if is_late else _why_lost(error)) from error
        finally:
            timer.cancel()

    def _exchange(self, body: bytes, headers: Mapping[str, str], trace: RequestTrace) -> Response:
        stream = self._http.stream(
            endpoint_data()["method"],
            self._endpoint.url,
            content=body,
            headers=headers,
            extensions={"trace": trace.record},
        )
        with stream as response:
            content = bytearray()
            for piece in response.iter_bytes():
                content += piece
                if len(content) > MAX_BYTES:
                    break
            return Response(
                response.status_code,
                response.headers.get("Content-Type", ""),
                bytes(content[:MAX_BYTES]),
                is_cut=len(content) > MAX_BYTES,
                location=response.headers.get("Location", "") if response.is_redirect else "",
            )


class RequestTrace:
    """Records whether a request has left, and aborts it when its time is over.

    A timeout of httpx restarts with every byte, so a slow response could take forever.
    """

    def __init__(self) -> None:
        self.has_left = False
        self.is_expired = False
        self._socket: socket | None = None

    def record(self, event: str, info: Mapping[str, Any]) -> None:
        """Handle a trace event. Source: httpx, request extensions, "trace"."""
        if event == "http11.send_request_headers.started":
            # The CONNECT request to a proxy comes first.
            self.has_left = self.has_left or info["request"].method != b"CONNECT"
        elif event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self.is_expired:
                self.expire()

    def expire(self) -> None:
        """Abort the request: pending reads and writes fail."""
        self.is_expired = True
        if self._socket is not None:
            # The connection may have just been closed.
            with suppress(OSError):
                self._socket.shutdown(SHUT_RDWR)


def _why_not_left(error: httpx.HTTPError, host: str) -> str:
    if isinstance(error, httpx.ProxyError):
        return f"the proxy in the environment does not connect to {host}: {error}"
    cause = _root_cause(error)
    if isinstance(cause, gaierror):
        return f"the host {host} is unknown here; check the base URL and the network"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {host} is not trusted: {cause.verify_message};"
            " set SSL_CERT_FILE for a CA of your own"
        )
    if isinstance(cause, ConnectionRefusedError):
        return f"{host} refused the connection; check the base URL"
    return f"cannot connect to {host}: {str(cause).lower() or type(cause).__name__}"


def _why_lost(error: httpx.HTTPError) -> str:
    cause = (str(_root_cause(error)) or str(error)).lower().removesuffix(".")
    return "the connection broke before the response was complete" + (cause and f": {cause}")


def _root_cause(error: BaseException) -> BaseException:
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error
