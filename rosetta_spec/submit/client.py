"""The client: it sends one signed request over one connection, and knows whether it has left.

A connection is used once. One that is kept may be closed by the other side just when the next
request leaves, and nobody could say whether that one has arrived.
"""

from __future__ import annotations

import ssl
from socket import gaierror
from threading import Timer

import httpx

from rosetta_spec.submit.headers import HEADERS
from rosetta_spec.submit.reply import MOST, Reply
from rosetta_spec.submit.secret import Secret
from rosetta_spec.submit.signature import SIGN_HEADER, signing_headers
from rosetta_spec.submit.trip import Trip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rosetta_spec.submit.credentials import Credentials
    from rosetta_spec.submit.endpoint import Endpoint


class ClientError(Exception):
    """Nothing can be sent from here: what is set for TLS or for proxies cannot be used."""


class NeverLeftError(Exception):
    """Nothing of the request has left, so it can be sent once more."""


class LostError(Exception):
    """At least a part of the request has left, and there is no answer."""


class Client:
    """Sends to an endpoint; several threads may use it at once.

    `now` gives the time in milliseconds since the epoch. Within `timeout` seconds there has to be
    a connection, and the whole answer. Proxies and certificates are those of the environment
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
        """Make it ready.

        Raises:
            ClientError: nothing can be sent from here.
        """
        self._endpoint = endpoint
        self._credentials = credentials
        self._now = now
        self._timeout = timeout
        try:
            self._http = httpx.Client(
                headers=HEADERS,
                timeout=timeout,
                # What goes to this machine in the clear goes through no proxy on another.
                trust_env=endpoint.is_encrypted,
                limits=httpx.Limits(max_keepalive_connections=0),
                follow_redirects=False,
            )
        # A proxy's address may have a password in it, so it is not shown.
        except (ValueError, ImportError, httpx.InvalidURL) as error:
            message = "the proxy of the environment cannot be used; check HTTPS_PROXY and ALL_PROXY"
            raise ClientError(message) from error
        except OSError as error:
            message = (
                f"the certificates of the environment cannot be used ({error.strerror or error});"
                " check SSL_CERT_FILE and SSL_CERT_DIR"
            )
            raise ClientError(message) from error

    def close(self) -> None:
        """Give back what it holds."""
        self._http.close()

    def post(self, body: bytes) -> Reply:
        """Send a request, signed as of now, and return what comes back.

        Raises:
            NeverLeftError: nothing of it has left.
            LostError: nobody knows what has become of it.
        """
        headers = signing_headers(self._now(), self._credentials)
        hidden = (self._credentials.secret_key, Secret(headers[SIGN_HEADER]))
        trip = Trip()
        timer = Timer(self._timeout, trip.expire)
        timer.daemon = True
        timer.start()
        try:
            return self._exchange(body, headers, trip)._replace(hidden=hidden)
        except httpx.HTTPError as error:
            late = f"no answer within {self._timeout:g} seconds"
            if not trip.has_left:
                raise NeverLeftError(_why(error, self._endpoint.host)) from error
            is_late = trip.is_expired or isinstance(error, httpx.TimeoutException)
            raise LostError(late if is_late else _how_lost(error)) from error
        finally:
            timer.cancel()

    def _exchange(self, body: bytes, headers: Mapping[str, str], trip: Trip) -> Reply:
        stream = self._http.stream(
            "POST",
            self._endpoint.url,
            content=body,
            headers=headers,
            extensions={"trace": trip.follow},
        )
        with stream as response:
            content = bytearray()
            for piece in response.iter_bytes():
                content += piece
                if len(content) > MOST:
                    break
            return Reply(
                response.status_code,
                response.headers.get("Content-Type", ""),
                bytes(content[:MOST]),
                is_cut=len(content) > MOST,
                location=response.headers.get("Location", "") if response.is_redirect else "",
            )


def _why(error: httpx.HTTPError, host: str) -> str:
    """Say why nothing has left, as far as the system has said it."""
    if isinstance(error, httpx.ProxyError):
        return f"the proxy of the environment does not connect to {host}: {error}"
    cause = _cause(error)
    if isinstance(cause, gaierror):
        return f"the name {host} is not known here; check the base URL and the network"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {host} is not trusted: {cause.verify_message};"
            " a CA of your own is set by SSL_CERT_FILE"
        )
    if isinstance(cause, ConnectionRefusedError):
        return f"{host} refuses the connection; check the base URL"
    return f"there is no connection to {host}: {str(cause).lower() or type(cause).__name__}"


def _how_lost(error: httpx.HTTPError) -> str:
    cause = (str(_cause(error)) or str(error)).lower().removesuffix(".")
    return "the connection broke before there was a whole answer" + (cause and f": {cause}")


def _cause(error: BaseException) -> BaseException:
    """Return what the system has said first."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error
