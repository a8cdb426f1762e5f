"""What shows the API who sends a request: three headers, one of them a signature.

The body is no part of it, and MD5 is the vendor's choice: whoever sees a signature can send
anything with it while it is fresh, so it is hidden like a secret.
"""

from __future__ import annotations

import hashlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.submit.credentials import Credentials

KEY_HEADER = "X-STARDUST-KEY"
TIME_HEADER = "X-TS"
SIGN_HEADER = "X-SIGN"


def signature_of(milliseconds: int, credentials: Credentials) -> str:
    """Sign a time in milliseconds since the epoch: `ts&secret&key` as lower-case hex MD5.

    Source: the vendor's page on authentication.
    """
    text = f"{milliseconds}&{credentials.secret_key.reveal()}&{credentials.access_key}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def signing_headers(milliseconds: int, credentials: Credentials) -> dict[str, str]:
    """Return the headers of a request that is sent at a time."""
    return {
        KEY_HEADER: credentials.access_key,
        TIME_HEADER: str(milliseconds),
        SIGN_HEADER: signature_of(milliseconds, credentials),
    }
