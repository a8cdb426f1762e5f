"""Keys come from the environment or a private file, and no message shows them."""

import os
import pickle
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.submit.credentials import (
    Credentials,
    Secret,
    SubmitError,
    endpoint_of,
    load_account,
    read_credentials_file,
    signing_headers,
)

CREDENTIALS = Credentials("key", Secret("secret"))
SECRET = "s3cr3t"  # noqa: S105 - nobody's
KEYS = {"ROSETTA_ACCESS_KEY": "key-1", "ROSETTA_SECRET_KEY": SECRET}


@pytest.fixture
def keys_file(write):
    def call(content):
        path = write("keys", content)
        path.chmod(0o600)
        return path

    return call


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{!r:>20}".format])
def test_printing_a_secret_hides_it(show):
    assert "secret" not in show(Secret("secret"))
    assert "secret" not in show(Credentials("key", Secret("secret"))).replace("secret_key", "")
    assert Secret("secret").reveal() == "secret"


def test_a_secret_cannot_be_pickled():
    with pytest.raises(TypeError, match="must not be written"):
        pickle.dumps(Secret("secret"))


def load(settings, base_url=None, *, needs_keys=True):
    return load_account(settings, None, base_url, needs_keys=needs_keys)


def test_keys_are_read_from_the_environment():
    endpoint, credentials = load({**KEYS, "ROSETTA_BASE_URL": "https://example.com"})
    assert (credentials.access_key, credentials.secret_key.reveal()) == ("key-1", SECRET)
    assert endpoint.host == "example.com"


def test_all_that_is_missing_is_reported_together(write):
    with pytest.raises(SubmitError) as error:
        load({})
    assert [each.split(" ")[0] for each in error.value.args] == [
        "ROSETTA_BASE_URL",
        "ROSETTA_ACCESS_KEY",
        "ROSETTA_SECRET_KEY",
    ]
    write("keys", "ROSETTA_BASE_URL=\nROSETTA_ACCESS_KEY= \n").chmod(0o600)
    with pytest.raises(SubmitError) as error:
        load_account({}, "keys", None, needs_keys=True)
    assert len(error.value.args) == 3
    with pytest.raises(SubmitError) as error:
        load({}, needs_keys=False)
    assert len(error.value.args) == 1


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ROSETTA_ACCESS_KEY", None, "ROSETTA_ACCESS_KEY is not set in the environment; set it"),
        ("ROSETTA_ACCESS_KEY", "", "ROSETTA_ACCESS_KEY is empty in the environment; set it"),
        ("ROSETTA_SECRET_KEY", None, "ROSETTA_SECRET_KEY is not set"),
        ("ROSETTA_SECRET_KEY", f"{SECRET}\n", "has whitespace around it; remove it"),
        ("ROSETTA_SECRET_KEY", f"{SECRET}\udcff", "is not UTF-8; copy it again"),
        ("ROSETTA_ACCESS_KEY", "a\r\nHost: b", "has characters that no HTTP header can contain"),
        ("ROSETTA_ACCESS_KEY", "schlüssel", "has characters that no HTTP header can contain"),
    ],
)
def test_unusable_keys_are_reported_without_showing_them(name, value, message):
    settings = {**KEYS, name: value}
    if value is None:
        del settings[name]
    with pytest.raises(SubmitError, match=message) as error:
        load(settings, "https://example.com")
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://example.com", "https://example.com/rosetta-open/sampling/create"),
        ("HTTPS://Example.COM:443/", "https://example.com/rosetta-open/sampling/create"),
        ("https://example.com:8443", "https://example.com:8443/rosetta-open/sampling/create"),
        ("http://localhost:80", "http://localhost/rosetta-open/sampling/create"),
        ("http://127.8.9.1:8000", "http://127.8.9.1:8000/rosetta-open/sampling/create"),
        ("http://[::1]:8000/", "http://[::1]:8000/rosetta-open/sampling/create"),
    ],
)
def test_equivalent_base_urls_give_equal_endpoints(base_url, url):
    assert endpoint_of(base_url).url == url


@pytest.mark.parametrize(
    ("base_url", "message"),
    [
        ("example.com", "it has no scheme and host; write it as in https://example.com"),
        ("ftp://example.com", "it has no scheme and host"),
        ("https://", "it has no scheme and host"),
        ("https://example.com:x", "it is not a URL"),
        ("https://[::1", "it is not a URL"),
        ("https://me:s3cr3t@example.com", "it contains a user name or password"),
        ("https://example.com/v2", "it must not have a path; write https://example.com"),
        ("https://example.com?token=s3cr3t", "it must not have a path"),
        ("https://exämple.com", "its host is not a valid name"),
        ("http://example.com:8000", "plain http reveals the signature to others"),
        ("http://10.0.0.1", "write https://10.0.0.1"),
    ],
)
def test_unusable_base_urls_are_rejected_without_showing_secrets(base_url, message):
    with pytest.raises(SubmitError, match=message) as error:
        endpoint_of(base_url)
    assert SECRET not in str(error.value)


#: What is no host for programs that resolve names, from the name of a part.
IMPOSSIBLE = [
    *("a..b", ".", "..", ".a", "a..", "xn--", "xn--a.b", "a.xn--99999999", "-a.b", "a-.b", "a%41b"),
    *("999.1.1.1", "1.2.3", "1", "127.1", "2130706433", "0x7f.1", "0x7f000001", "1.2.3.4.5", "0x"),
    *(
        "01.2.3.4",
        "a.b.1",
        "a b",
        "a\x7fb",
        "a_\u200b.b",
        "[::1%lo]",
        "[v1.a]",
        "[1.2.3.4]",
        "a/../b",
    ),
    *("[::1]x", "[::1]5", "[::1].a", "a[::1]", "a[b]", "a\tb", "a\nb.c", "a\r.b"),
    *("x" * 64, ".".join(["x" * 63] * 4) + ".y", "xn--ls8h=.la", "a,b", "a*b", "\uff41\uff0ecom"),
]


@pytest.mark.parametrize("host", IMPOSSIBLE)
def test_an_impossible_host_is_rejected(host):
    with pytest.raises(SubmitError, match="write"):
        endpoint_of(f"https://{host}")


@given(
    st.text(st.characters(codec="utf-8"), max_size=20) | st.from_regex(r"[a-z0-9:.\[\]_-]{1,20}")
)
def test_any_base_url_gives_an_endpoint_or_a_message(text):
    """An endpoint is its own base URL, and its host is one that httpx accepts."""
    try:
        endpoint = endpoint_of(f"https://{text}")
    except SubmitError:
        return
    assert endpoint_of(f"https://{endpoint.host}") == endpoint
    with suppress(UnicodeError):
        assert httpx.URL(endpoint.url).raw_host.decode() == endpoint.name


def test_this_machine_is_one_place_by_all_its_names():
    hosts = ["localhost", "LOCALHOST.", "127.0.0.1", "127.0.0.2", "[::1]", "[0:0:0:0:0:0:0:1]"]
    hosts += ["[::ffff:127.0.0.1]", "[::FFFF:7f00:1]"]
    places = {endpoint_of(f"http://{host}:8000/").canonical_url for host in hosts}
    assert places == {"http://localhost:8000/rosetta-open/sampling/create"}
    assert endpoint_of("http://localhost").canonical_url != places.pop()
    assert endpoint_of("https://[2001:DB8:0::1]") == endpoint_of("https://[2001:db8::1]:443")
    assert (
        endpoint_of("https://example.com.").canonical_url == endpoint_of("https://Example.com").url
    )


def test_the_option_takes_precedence_over_the_environment():
    settings = {**KEYS, "ROSETTA_BASE_URL": "https://a.example.com"}
    assert load(settings)[0].host == "a.example.com"
    assert load(settings, "https://b.example.com")[0].host == "b.example.com"


@pytest.mark.parametrize(
    ("settings", "option", "message"),
    [
        ({}, None, "ROSETTA_BASE_URL is not set in the environment; set it, or give --base-url"),
        ({"ROSETTA_BASE_URL": ""}, None, "ROSETTA_BASE_URL in the environment: it is empty"),
        ({}, "", "--base-url: it is empty"),
        ({"ROSETTA_BASE_URL": "x"}, None, "ROSETTA_BASE_URL in the environment: it has no scheme"),
        ({}, "http://example.com", "--base-url: plain http"),
    ],
)
def test_a_missing_base_url_is_reported_with_its_source(settings, option, message):
    with pytest.raises(SubmitError, match=message):
        load({**KEYS, **settings}, option)


def test_a_credentials_file_has_the_names_of_the_environment(keys_file):
    path = keys_file(
        "\ufeff# ours\n\nexport ROSETTA_ACCESS_KEY=key-1\r\n"
        f" ROSETTA_SECRET_KEY = '{SECRET}'\nROSETTA_BASE_URL=https://example.com\n"
    )
    assert read_credentials_file(str(path)) == {**KEYS, "ROSETTA_BASE_URL": "https://example.com"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{SECRET}\n", "keys:1: this line is not NAME=value"),
        (f"\nROSETTA_SECRETKEY={SECRET}", "keys:2: .* did you mean ROSETTA_SECRET_KEY?"),
        (f"PASSWORD={SECRET}", "sets none of ROSETTA_BASE_URL, .*; remove it"),
        (f"{SECRET}=", "sets none of"),
        ("ROSETTA_ACCESS_KEY=a\nROSETTA_ACCESS_KEY=b", "keys:2: ROSETTA_ACCESS_KEY is set twice"),
        (f"ROSETTA_SECRET_KEY={SECRET}\xff".encode("latin-1"), "is not UTF-8"),
    ],
)
def test_a_wrong_line_is_reported_without_showing_it(keys_file, content, message):
    with pytest.raises(SubmitError, match=message) as error:
        read_credentials_file(str(keys_file(content)))
    assert SECRET not in str(error.value)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_that_others_may_read_is_rejected(keys_file, mode):
    path = keys_file("")
    path.chmod(mode)
    with pytest.raises(SubmitError, match=r"other users can read .* chmod 600"):
        read_credentials_file(str(path))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no", "no: there is no such credentials file; check the path"),
        (".", r"\.: this is a folder, not a credentials file; name a file in it"),
        ("a\0b", "a\0b: a path cannot contain a NUL; check the path"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_file_that_cannot_be_read_is_reported(name, message):
    with pytest.raises(SubmitError, match=f"^{message}"):
        read_credentials_file(name)


def test_a_large_file_is_rejected_and_not_cut(keys_file):
    path = keys_file("#" * 65_536 + f"\nROSETTA_SECRET_KEY={SECRET}")
    with pytest.raises(SubmitError, match="is larger than 64 KiB; name a file that contains"):
        read_credentials_file(str(path))


def test_a_file_of_another_user_is_rejected(keys_file, monkeypatch):
    path = keys_file("")
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(SubmitError, match="belongs to another user"):
        read_credentials_file(str(path))


def test_on_windows_file_modes_are_not_checked(keys_file, monkeypatch):
    path = keys_file("ROSETTA_ACCESS_KEY=a")
    path.chmod(0o644)
    monkeypatch.setattr("sys.platform", "win32")
    assert read_credentials_file(str(path)) == {"ROSETTA_ACCESS_KEY": "a"}


@pytest.mark.usefixtures("folder")
def test_a_pipe_is_rejected_without_waiting():
    os.mkfifo("pipe", 0o600)
    with pytest.raises(SubmitError, match="is not a file"):
        read_credentials_file("pipe")


def test_the_signing_headers_are_the_three_of_the_api():
    assert signing_headers(1715948940207, CREDENTIALS) == {
        "X-STARDUST-KEY": "key",
        "X-TS": "1715948940207",
        "X-SIGN": "ede7b5172293035e35e3789b485163c3",
    }


@given(st.integers(0, 10**15), st.text(min_size=1), st.text(min_size=1))
def test_a_signature_changes_with_the_time_and_is_always_hexadecimal(time, secret, key):
    try:
        secret.encode(), key.encode()
    except UnicodeEncodeError:
        return
    credentials = Credentials(key, Secret(secret))
    sign, later = (signing_headers(each, credentials)["X-SIGN"] for each in (time, time + 1))
    assert len(bytes.fromhex(sign)) == 16
    assert sign != later
