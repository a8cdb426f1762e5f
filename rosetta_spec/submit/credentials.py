"""The two keys and the base URL, from the environment or a file, and the headers they sign."""

import hashlib
import os
import re
import stat
import sys
from collections.abc import Mapping
from ipaddress import ip_address
from typing import NamedTuple, NoReturn
from urllib.parse import SplitResult, urlsplit

from rosetta_spec.document.reader import why_unreadable
from rosetta_spec.files.content import without_waiting
from rosetta_spec.request.schema import endpoint_data
from rosetta_spec.request.wording import suggestion
from rosetta_spec.version import __version__

#: Names in the environment and in a credentials file.
BASE_URL = "ROSETTA_BASE_URL"
ACCESS_KEY = "ROSETTA_ACCESS_KEY"
SECRET_KEY = "ROSETTA_SECRET_KEY"  # noqa: S105 - the name of a variable

NAMES = (BASE_URL, ACCESS_KEY, SECRET_KEY)

#: Shown in place of a secret.
HIDDEN = "[hidden]"

_EXAMPLE = "https://example.com"

_PORTS = {"http": 80, "https": 443}

#: A part of a host name; services inside companies have underscores too.
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")

#: Source: RFC 1035, section 2.3.4.
_MAX_HOST = 253

#: The most bytes of a credentials file, which has three lines.
_MAX_BYTES = 64 * 1024


class SubmitError(Exception):
    """Sending is not possible. The message gives the cause and the remedy, and no secret."""


class Secret:
    """Wraps a secret text so that printing or pickling it does not reveal it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce__(self) -> NoReturn:
        message = "a secret must not be written anywhere"
        raise TypeError(message)


class Credentials(NamedTuple):
    """The access key id, which is not secret, and the access key secret."""

    access_key: str
    secret_key: Secret


class Endpoint(NamedTuple):
    """Where requests go; equivalent base URLs give equal endpoints."""

    scheme: str
    name: str
    port: int

    @property
    def host(self) -> str:
        """The host, with the port if it is not the default of the scheme."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def url(self) -> str:
        """The complete URL."""
        return f"{self.scheme}://{self.host}{endpoint_data()['path']}"

    @property
    def canonical_url(self) -> str:
        """The URL, the same one for all names of this machine."""
        return self._replace(name="localhost").url if _is_loopback(self.name) else self.url


def load_account(
    environment: Mapping[str, str], path: str | None, base_url: str | None, *, needs_keys: bool
) -> tuple[Endpoint, Credentials]:
    """Return where requests go, and the keys.

    With a credentials file at `path`, only the base URL may still come from the environment.
    `base_url` is the value of the option, which takes precedence.

    Raises:
        SubmitError: with a message for each value that is missing or cannot be used.
    """
    settings, where = environment, "the environment"
    if path is not None:
        settings, where = read_credentials_file(path), path
    name, url = f"{BASE_URL} in {where}", settings.get(BASE_URL, environment.get(BASE_URL))
    if base_url is not None:
        name, url = "--base-url", base_url
    endpoint, problems = None, []
    if url is None:
        problems.append(f"{BASE_URL} is not set in {where}; set it, or give --base-url {_EXAMPLE}")
    else:
        try:
            endpoint = endpoint_of(url)
        except SubmitError as error:
            problems.append(f"{name}: {error}")
    if needs_keys:
        keys = (_key_problem(name, settings.get(name), where) for name in (ACCESS_KEY, SECRET_KEY))
        problems.extend(filter(None, keys))
    if problems or endpoint is None:
        raise SubmitError(*problems)
    return endpoint, Credentials(settings.get(ACCESS_KEY, ""), Secret(settings.get(SECRET_KEY, "")))


def _key_problem(name: str, value: str | None, where: str) -> str:
    """Return what is wrong with a key; show nothing of it."""
    if not value:
        problem = "is not set" if value is None else "is empty"
        return f"{name} {problem} in {where}; set it to the key that the platform shows"
    if value != value.strip():
        return f"{name} in {where} has whitespace around it; remove it"
    if value != value.encode(errors="replace").decode():
        return f"{name} in {where} is not UTF-8; copy it again"
    if name == ACCESS_KEY and not (value.isascii() and value.isprintable()):
        return f"{name} in {where} has characters that no HTTP header can contain; copy it again"
    return ""


def endpoint_of(base_url: str) -> Endpoint:
    """Parse a base URL such as `https://example.com`.

    Raises:
        SubmitError: it is not one, or it is plain http to another machine.
    """
    try:
        # Line breaks and tabs would be dropped, also inside the host.
        parts = urlsplit(re.sub(r"\s", " ", base_url.strip()))
        port = parts.port
    except ValueError:
        # The original error may contain a password.
        message = f"it is not a URL; write it as in {_EXAMPLE}"
        raise SubmitError(message) from None
    name = _host_name(parts.hostname or "")
    problem = _url_problem(parts, name)
    if problem:
        raise SubmitError(problem)
    return Endpoint(parts.scheme, name, _PORTS[parts.scheme] if port is None else port)


def _host_name(host: str) -> str:
    """Return the one spelling of a host name or address, "" if there cannot be such a host."""
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    try:
        # Programs read a name whose last part is a number as an IPv4 address.
        if ":" in host or re.fullmatch("[0-9]+|0x[0-9a-f]*", labels[-1]):
            # An address that is valid on one network interface only has a "%".
            address = ip_address(host.replace("%", " "))
            return str(getattr(address, "ipv4_mapped", None) or address)
        for label in labels:
            if label.startswith("xn--"):
                label.encode("ascii").decode("idna")
    except ValueError:
        return ""
    return host if len(host) <= _MAX_HOST and all(map(_LABEL.fullmatch, labels)) else ""


def _url_problem(parts: SplitResult, name: str) -> str:
    """Return why a URL cannot be used; show only the host, as the rest may contain secrets."""
    if parts.username is not None or parts.password is not None:
        return "it contains a user name or password; write only scheme and host"
    if parts.scheme not in _PORTS or not parts.hostname:
        words = "is empty" if not parts.geturl() else "has no scheme and host"
        return f"it {words}; write it as in {_EXAMPLE}"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    is_host = re.fullmatch(rf"{re.escape(host)}(:[0-9]*)?", parts.netloc.lower())
    if not (name and is_host) or parts.port == 0:
        return f"its host is not a valid name; write it as in {_EXAMPLE}"
    if parts.path.strip("/") or parts.query or parts.fragment:
        return f"it must not have a path; write {parts.scheme}://{parts.netloc}"
    if parts.scheme == "http" and not _is_loopback(name):
        return f"plain http reveals the signature to others; write https://{parts.netloc}"
    return ""


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def read_credentials_file(path: str) -> dict[str, str]:
    """Read lines `NAME=value`; the names are those of the environment.

    Blank lines and lines that start with `#` are skipped. Quotes around a value and `export`
    before a name are removed, so that a shell can read the file too.

    Raises:
        SubmitError: the file cannot be read, other users can read it, or a line is wrong. The
            message shows no values.
    """
    try:
        with open(path, "rb", opener=without_waiting) as file:
            problem = _file_problem(path, os.fstat(file.fileno()))
            if problem:
                raise SubmitError(problem)
            lines = file.read(_MAX_BYTES).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        # The original error contains the bytes.
        message = f"the credentials file {path} is not UTF-8; save it in UTF-8"
        raise SubmitError(message) from None
    # A path that contains a NUL raises ValueError.
    except (OSError, ValueError) as error:
        cause, remedy = why_unreadable(error, "credentials file")
        message = f"{path}: {cause}; {remedy}"
        raise SubmitError(message) from error
    settings: dict[str, str] = {}
    for row, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        name, equals, value = map(str.strip, line.removeprefix("export ").partition("="))
        problem = _line_problem(name, equals, settings)
        if problem:
            message = f"{path}:{row}: {problem}"
            raise SubmitError(message)
        is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        settings[name] = value[1:-1] if is_quoted else value
    return settings


def _file_problem(path: str, status: os.stat_result) -> str:
    """Return why a file must not be used for keys."""
    if not stat.S_ISREG(status.st_mode):
        return f"{path} is not a file; name a file that contains the keys"
    if status.st_size > _MAX_BYTES:
        size = f"{_MAX_BYTES // 1024} KiB"
        return f"{path} is larger than {size}; name a file that contains only the keys"
    if sys.platform == "win32":  # modes and owners have no meaning there
        return ""
    if status.st_mode & 0o077:
        mode = f"(mode {stat.S_IMODE(status.st_mode):04o})"
        return f"other users can read the credentials file {path} {mode}; chmod 600 {path}"
    if status.st_uid != os.geteuid():
        return f"the credentials file {path} belongs to another user; use your own"
    return ""


def _line_problem(name: str, equals: str, settings: dict[str, str]) -> str:
    """Return what is wrong with a line; show nothing of it that may be a secret."""
    if not equals:
        return f"this line is not NAME=value; write {NAMES[-1]}=..."
    if name in settings:
        return f"{name} is set twice; remove one of the two"
    if name not in NAMES:
        return f"this line sets none of {', '.join(NAMES)}; {suggestion(name, NAMES, 'remove it')}"
    return ""


HEADERS = {
    **endpoint_data()["headers"],
    "Accept-Encoding": "identity",
    "User-Agent": f"rosetta-spec/{__version__}",
    "Connection": "close",
}

#: The names of the headers that authenticate a request, `text`, which is signed, with `{time}`,
#: `{secret}` and `{key}`, and the hash function.
SIGNATURE: dict[str, str] = endpoint_data()["signature"]


def signing_headers(milliseconds: int, credentials: Credentials) -> dict[str, str]:
    """Return the three headers that authenticate a request, for a time since the epoch.

    The signature is lower-case hexadecimal. MD5, which it uses, is the vendor's choice.
    Source: the vendor's page on authentication.
    """
    key, secret = credentials.access_key, credentials.secret_key.reveal()
    text = SIGNATURE["text"].format(time=milliseconds, secret=secret, key=key)
    sign = hashlib.new(SIGNATURE["hash"], text.encode(), usedforsecurity=False).hexdigest()
    names = (SIGNATURE[each] for each in ("keyHeader", "timeHeader", "signHeader"))
    return dict(zip(names, (key, str(milliseconds), sign), strict=True))
