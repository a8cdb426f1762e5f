"""What `submit` finds around it: keys, a journal, a clock."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from rosetta_spec.cli.refusal import Refusal
from rosetta_spec.submit.credentials import (
    ACCESS_KEY,
    BASE_URL,
    CredentialsError,
    credentials_of,
    endpoint_from,
)
from rosetta_spec.submit.credentials_file import read_credentials_file
from rosetta_spec.submit.state_folder import usual_journal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from rosetta_spec.submit.call import SubmitCall
    from rosetta_spec.submit.client import Client
    from rosetta_spec.submit.credentials import Credentials
    from rosetta_spec.submit.endpoint import Endpoint

_ENVIRONMENT = "the environment"

_NO_HTTPX = "sending needs httpx; install it with: pip install 'rosetta-spec[submit]'"


def now() -> int:
    """Return the time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def journal_path(call: SubmitCall) -> str:
    """Return where the journal is."""
    return call.journal or str(usual_journal(os.environ, sys.platform, Path.home()))


def endpoint_for(call: SubmitCall) -> tuple[Endpoint, str | None]:
    """Return where to send to, and the access key id if there is one.

    Raises:
        Refusal: nobody says it, or nothing can go there.
    """
    settings, where = _settings(call)
    try:
        return endpoint_from(settings, where, call.base_url), settings.get(ACCESS_KEY)
    except CredentialsError as error:
        raise Refusal(str(error)) from error


def credentials_for(call: SubmitCall) -> Credentials:
    """Return the keys.

    Raises:
        Refusal: there are none.
    """
    settings, where = _settings(call)
    try:
        return credentials_of(settings, where)
    except CredentialsError as error:
        raise Refusal(str(error)) from error


def client_for(call: SubmitCall, endpoint: Endpoint, credentials: Credentials) -> Client:
    """Return what sends.

    Raises:
        Refusal: it cannot be used here.
    """
    try:
        # Only who sends needs the extra.
        from rosetta_spec.submit.client import Client, ClientError  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Refusal(_NO_HTTPX) from error
    try:
        return Client(endpoint, credentials, now, timeout=call.timeout)
    except ClientError as error:
        raise Refusal(str(error)) from error


def _settings(call: SubmitCall) -> tuple[Mapping[str, str], str]:
    """Return what says who sends and where to, and what it is called.

    A file says all of it but the address, which the environment may say too.
    """
    if call.credentials is None:
        return os.environ, _ENVIRONMENT
    try:
        settings = read_credentials_file(call.credentials)
    except CredentialsError as error:
        raise Refusal(str(error)) from error
    address = {name: value for name, value in os.environ.items() if name == BASE_URL}
    return {**address, **settings}, call.credentials
