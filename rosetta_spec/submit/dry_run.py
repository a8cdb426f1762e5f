"""What would be sent, without what nobody is to see, and the same as a line of shell."""

from __future__ import annotations

import shlex

from rosetta_spec.reporters.json import with_escapes
from rosetta_spec.reporters.style import safe
from rosetta_spec.submit.credentials import ACCESS_KEY, SECRET_KEY
from rosetta_spec.submit.headers import HEADERS
from rosetta_spec.submit.secret import HIDDEN
from rosetta_spec.submit.signature import KEY_HEADER, SIGN_HEADER, TIME_HEADER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.submit.endpoint import Endpoint
    from rosetta_spec.submit.request import Request

#: The shell signs as `signature_of` does; `printf` is its own, so no argument has the secret.
_CURL = (
    'TS=$(date +%s)000; curl --silent --show-error --header "Content-Type: application/json"'
    f' --header "{KEY_HEADER}: ${ACCESS_KEY}" --header "{TIME_HEADER}: $TS"'
    f' --header "{SIGN_HEADER}: $(printf \'%s&%s&%s\' "$TS" "${SECRET_KEY}" "${ACCESS_KEY}"'
    " | openssl md5 -r | cut -d' ' -f1)\""
    " --data-raw {body} {url}"
)


def dry_run_text(request: Request, endpoint: Endpoint, access_key: str | None) -> str:
    """Show a request as it would go over the wire, and an equivalent call of curl."""
    body = with_escapes(request.body.decode())
    signed = {
        KEY_HEADER: access_key or f"(there is no {ACCESS_KEY})",
        TIME_HEADER: "(the milliseconds since 1970 when it is sent)",
        SIGN_HEADER: HIDDEN,
    }
    rows = [
        f"# {request.filename}:{request.location.row}",
        f"POST {endpoint.url}",
        *(f"{name}: {value}" for name, value in {**HEADERS, **signed}.items()),
        "",
        body,
        "",
        _CURL.format(body=shlex.quote(body), url=shlex.quote(endpoint.url)),
        "",
    ]
    return "".join(f"{safe(row)}\n" for row in rows)
