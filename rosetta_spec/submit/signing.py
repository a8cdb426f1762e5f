"""The headers of a request: those that are always the same, and the three that authenticate it.

The body is not part of the signature, and MD5 is the vendor's choice. Anyone who sees a signature
can use it to send other requests for some minutes, so it is redacted like a secret.
"""

from __future__ import annotations

import hashlib

from rosetta_spec.submit.credentials import Credentials
from rosetta_spec.version import __version__

HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": f"rosetta-spec/{__version__}",
    "Connection": "close",
}

KEY_HEADER = "X-STARDUST-KEY"
TIME_HEADER = "X-TS"
SIGN_HEADER = "X-SIGN"


def signature_of(milliseconds: int, credentials: Credentials) -> str:
    """Sign a time in milliseconds since the epoch: MD5 of `ts&secret&key`, lower-case hexadecimal.

    Source: the vendor's page on authentication.
    """
    text = f"{milliseconds}&{credentials.secret_key.reveal()}&{credentials.access_key}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def signing_headers(milliseconds: int, credentials: Credentials) -> dict[str, str]:
    """Return the three headers that authenticate a request sent at that time."""
    return {
        KEY_HEADER: credentials.access_key,
        TIME_HEADER: str(milliseconds),
        SIGN_HEADER: signature_of(milliseconds, credentials),
    }
