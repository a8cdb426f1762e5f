"""The headers of a request: those that are always the same, and the three that authenticate it.

The form of the signature is data about the endpoint. The body is not part of it, and MD5 is the
vendor's choice: anyone who sees a signature can use it to send other requests for some minutes, so
it is redacted like a secret.
"""

from __future__ import annotations

import hashlib

from rosetta_spec.request.schema import endpoint_data
from rosetta_spec.submit.credentials import Credentials
from rosetta_spec.version import __version__

HEADERS = {
    **endpoint_data()["headers"],
    "Accept-Encoding": "identity",
    "User-Agent": f"rosetta-spec/{__version__}",
    "Connection": "close",
}

_SIGNATURE = endpoint_data()["signature"]

KEY_HEADER: str = _SIGNATURE["keyHeader"]
TIME_HEADER: str = _SIGNATURE["timeHeader"]
SIGN_HEADER: str = _SIGNATURE["signHeader"]

#: What is signed, with `{time}`, `{secret}` and `{key}`, and the hash function.
SIGNED_TEXT: str = _SIGNATURE["text"]
HASH: str = _SIGNATURE["hash"]


def signature_of(milliseconds: int, credentials: Credentials) -> str:
    """Sign a time in milliseconds since the epoch; return lower-case hexadecimal.

    Source: the vendor's page on authentication.
    """
    secret = credentials.secret_key.reveal()
    text = SIGNED_TEXT.format(time=milliseconds, secret=secret, key=credentials.access_key)
    return hashlib.new(HASH, text.encode(), usedforsecurity=False).hexdigest()


def signing_headers(milliseconds: int, credentials: Credentials) -> dict[str, str]:
    """Return the three headers that authenticate a request sent at that time."""
    return {
        KEY_HEADER: credentials.access_key,
        TIME_HEADER: str(milliseconds),
        SIGN_HEADER: signature_of(milliseconds, credentials),
    }
