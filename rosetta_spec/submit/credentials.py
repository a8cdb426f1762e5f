"""Who sends: the two keys, and where they go, from the environment or from a file."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.submit.endpoint import Endpoint, EndpointError, endpoint_of
from rosetta_spec.submit.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: What the environment, or a file of credentials, says.
BASE_URL = "ROSETTA_BASE_URL"
ACCESS_KEY = "ROSETTA_ACCESS_KEY"
SECRET_KEY = "ROSETTA_SECRET_KEY"  # noqa: S105 - a name, and no secret

NAMES = (BASE_URL, ACCESS_KEY, SECRET_KEY)


class CredentialsError(ValueError):
    """Keys that are not there, or cannot be used. The message has nothing of a secret."""


class Credentials(NamedTuple):
    """The access key id, which is no secret, and the access key secret."""

    access_key: str
    secret_key: Secret


def credentials_of(settings: Mapping[str, str], where: str) -> Credentials:
    """Read the two keys; `where` says where they come from.

    Raises:
        CredentialsError: one is not there, or no header can carry it.
    """
    keys = [_key(settings, name, where) for name in (ACCESS_KEY, SECRET_KEY)]
    access_key, secret_key = keys
    if not (access_key.isascii() and access_key.isprintable()):
        message = f"{ACCESS_KEY} in {where} has letters that no header can carry; copy it anew"
        raise CredentialsError(message)
    return Credentials(access_key, Secret(secret_key))


def endpoint_from(settings: Mapping[str, str], where: str, base_url: str | None) -> Endpoint:
    """Return where requests go; `base_url` is what the call says, and beats the settings.

    Raises:
        CredentialsError: nobody says it, or nothing can go there.
    """
    said_by = "--base-url" if base_url is not None else f"{BASE_URL} in {where}"
    url = settings.get(BASE_URL, "") if base_url is None else base_url
    if not url:
        message = (
            f"{said_by} is empty; write it as in https://example.com"
            if base_url is not None or BASE_URL in settings
            else f"{BASE_URL} is not set in {where}; set it, or give --base-url https://example.com"
        )
        raise CredentialsError(message)
    try:
        return endpoint_of(url)
    except EndpointError as error:
        message = f"{said_by}: {error}"
        raise CredentialsError(message) from error


def _key(settings: Mapping[str, str], name: str, where: str) -> str:
    value = settings.get(name, "")
    if not value:
        problem = "is empty" if name in settings else "is not set"
        message = f"{name} {problem} in {where}; set it to the key that the platform shows"
        raise CredentialsError(message)
    if value != value.strip():
        message = f"{name} in {where} has blanks or line breaks around it; remove them"
        raise CredentialsError(message)
    try:
        value.encode()
    except UnicodeEncodeError:
        # The error holds what it is about.
        message = f"{name} in {where} is not UTF-8; copy it anew"
        raise CredentialsError(message) from None
    return value
