"""The client distinguishes a response, a request that never left, and one that is lost."""

import os
import socket
import ssl
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from types import SimpleNamespace

import httpx
import pytest
import trustme
from fake_api import KEY, PATH, SECRET, FakeApi
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.request.schema import endpoint_data
from rosetta_spec.submit.client import Client, Exchange, proxy_for
from rosetta_spec.submit.credentials import Credentials, Secret, SubmitError, endpoint_of
from rosetta_spec.submit.messages import (
    CREATED,
    MAX_BYTES,
    REFUSED,
    UNKNOWN,
    LostError,
    NeverLeftError,
    explanation_of,
    outcome_of,
)

#: The codes that the API's pages list.
CODES = [int(each["code"]) for each in endpoint_data()["responses"] if each["code"].isdecimal()]

BODY = '{"annotationRequestId":"ä","poolName":"p"}'.encode()


def test_a_request_has_the_headers_and_body_that_the_api_needs(api, client_of):
    outcome = outcome_of(client_of(api).post(BODY))
    assert outcome == (CREATED, 2000, "Success", "234234123133374715904", 3, "request-1")
    (received,) = api.received
    assert (received.path, received.body) == (PATH, BODY)
    assert received.headers["x-stardust-key"] == KEY
    assert received.headers["content-length"] == str(len(BODY))
    assert received.headers["user-agent"].startswith("rosetta-spec/")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"secret": "another"}, 401),
        ({"key": "another"}, 402),
        ({"now": lambda: int(time.time() * 1000) - 301_000}, 403),
        ({"now": lambda: int(time.time() * 1000) + 301_000}, 403),
    ],
)
def test_wrong_keys_and_a_wrong_clock_are_refused(api, client_of, wrong, code):
    outcome = outcome_of(client_of(api, **wrong).post(BODY))
    assert (outcome.state, outcome.code) == (REFUSED, code)
    assert explanation_of(code).affects_all
    assert api.created == {}


@pytest.mark.parametrize("code", CODES)
def test_every_listed_code_has_its_outcome(api, client_of, code):
    api.failures.append(code)
    outcome = outcome_of(client_of(api).post(BODY))
    assert (outcome.code, outcome.state) == (code, explanation_of(code).outcome)


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        ("html", "HTTP status 502 with 45 bytes of text/html, which begins: <html> <h1>502"),
        (
            "redirect",
            "HTTP status 307 with nothing of text/html, which leads to {url}, and is not followed",
        ),
        ("empty", "HTTP status 200 with nothing of application/json"),
        ("not-json", 'which begins: {"code": 2000,'),
        ("no-code", 'which begins: {"status": "ok", "code":'),
        ("twice", 'which begins: {"code": 5606, "code": 2000'),
        ("bomb", "content in the encoding gzip, gzip of application/json"),
        ("bad-encoding", "content in the encoding [hidden][hidden] of x"),
        ("bad-location", "which leads to [hidden]/[hidden], and is not followed"),
        ("bad-type", "1 bytes of [hidden], which begins: x"),
        ("padded", "16425 bytes of application/json, which begins: [hidden]"),
        ("wide", "which begins: <[hidden][hidden]>"),
        ("escaped", 'which begins: {"message": "[hidden]\\u0020[hidden]"}'),
    ],
)
def test_a_response_without_an_envelope_is_described(api, client_of, failure, message):
    api.failures.append(failure)
    outcome = outcome_of(client_of(api).post(BODY))
    assert outcome.state == UNKNOWN
    assert "this is not a response of the API: HTTP status" in outcome.message
    assert message.replace("{url}", f"{api.base_url}{PATH}") in outcome.message
    assert outcome.message.isprintable()
    assert len(api.received) == 1


@pytest.mark.parametrize("failure", ["script", "giants"])
def test_an_envelope_counts_whatever_is_beside_it(api, client_of, failure):
    api.failures.append(failure)
    outcome = outcome_of(client_of(api).post(BODY))
    assert (outcome.state, outcome.package_id) == (CREATED, "234234123133374715904")


def test_too_many_requests_are_refused_with_the_time_to_wait(api, client_of):
    api.failures.append("too-many")
    outcome = outcome_of(client_of(api).post(BODY))
    assert (outcome.state, outcome.code) == (REFUSED, 429)
    assert outcome.message.endswith("; wait 7 seconds")


@pytest.mark.parametrize("failure", ["bad-status", "bad-header", "bad-chunk", "switch"])
def test_what_is_not_http_is_lost_and_not_repeated(api, client_of, failure):
    api.failures.append(failure)
    with pytest.raises(LostError, match=r"^the response is not valid HTTP$"):
        client_of(api).post(BODY)


def test_only_the_start_of_a_huge_response_is_read(api, client_of):
    api.failures.append("huge")
    reply = client_of(api).post(BODY)
    assert (len(reply.body), reply.is_cut) == (MAX_BYTES, True)
    outcome = outcome_of(reply)
    assert outcome.state == UNKNOWN
    assert "more than 16 MiB of application/json" in outcome.message


@pytest.mark.parametrize(
    "failure",
    ["drop-unread", "reset-unread", "drop-after", "reset-after", "half", "wrong-length"],
)
def test_a_broken_connection_after_sending_means_a_lost_request(api, client_of, failure):
    api.failures.append(failure)
    with pytest.raises(LostError, match="the connection broke before the response was complete"):
        client_of(api).post(BODY)


@pytest.fixture
def assert_given_up(client_of):
    """A response fails in a way that takes longer than any time-out, and is not waited for."""

    def call(server, failure):
        # A busy machine may need more than half a second to send the request.
        for seconds in (0.5, 5, 50):
            server.failures = deque([failure])
            with suppress(NeverLeftError):
                with pytest.raises(LostError, match=f"^no response within {seconds} seconds$"):
                    client_of(server, timeout=seconds).post(BODY)
                return
        pytest.fail("the request never leaves")

    return call


@pytest.mark.parametrize("failure", ["late", "slow", "patience", "endless"])
def test_a_response_that_takes_too_long_is_given_up(api, assert_given_up, failure):
    assert_given_up(api, failure)
    assert len(api.created) == 1


def test_a_time_limit_of_one_second_is_in_the_singular(api, client_of, monkeypatch):
    monkeypatch.setattr(Exchange, "perform_within", lambda exchange, *_: exchange.expire())
    with pytest.raises(NeverLeftError, match=" within 1 second; check"):
        client_of(api, timeout=1.0).post(BODY)


def test_an_expired_exchange_also_ends_a_later_connection():
    """Resolving the host name may have taken all of the time."""
    ours, theirs = socket.socketpair()
    exchange = Exchange()
    exchange.expire()
    stream = SimpleNamespace(get_extra_info=lambda _name: ours)
    exchange.record("connection.connect_tcp.complete", {"return_value": stream})
    assert theirs.recv(1) == b""
    ours.close()
    theirs.close()
    exchange.expire()


def test_what_is_sent_while_an_exchange_expires_stays_encrypted():
    ours, theirs = socket.socketpair()
    context = ssl.create_default_context()
    encrypted = context.wrap_socket(ours, server_hostname="a", do_handshake_on_connect=False)
    exchange = Exchange()
    stream = SimpleNamespace(get_extra_info=lambda _name: encrypted)
    exchange.record("connection.start_tls.complete", {"return_value": stream})
    exchange.expire()
    # A socket that is no longer encrypted raises ValueError.
    with suppress(OSError):
        encrypted.read(1)
    encrypted.close()
    theirs.close()


def test_a_response_that_repeats_secrets_is_redacted(api, client_of):
    api.failures.append("echo")
    reply = client_of(api).post(BODY)
    sign = api.received[0].headers["x-sign"]
    assert sign.encode() in reply.body
    message = outcome_of(reply).message
    assert "X-SECRET: [hidden] sign [hidden]" in message
    assert SECRET not in repr(reply._replace(body=b""))


ERRORS = [RuntimeError("x"), UnicodeError("x"), httpx.InvalidURL("x"), KeyError(), RecursionError()]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("event", ["connection.connect_tcp.complete", "http11.receive"])
def test_any_error_means_lost_or_never_left(api, client_of, monkeypatch, error, event):
    record = Exchange.record

    def failing(exchange, name, info):
        record(exchange, name, info)
        if name.startswith(event):
            raise error

    monkeypatch.setattr(Exchange, "record", failing)
    client = client_of(api)
    with pytest.raises(LostError if event == "http11.receive" else NeverLeftError):
        client.post(BODY)


def test_nothing_leaves_after_the_deadline(api, client_of, monkeypatch):
    """Resolving a host name cannot be interrupted."""
    resolved = threading.Event()
    resolve = socket.getaddrinfo

    def slow(*arguments, **options):
        resolved.wait(30)
        return resolve(*arguments, **options)

    client = client_of(api, timeout=0.2)
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    before = set(threading.enumerate())
    with pytest.raises(NeverLeftError, match=r"cannot connect to .* within 0\.2 seconds; check"):
        client.post(BODY)
    resolved.set()
    for thread in set(threading.enumerate()) - before:
        thread.join()
    api.wait_until_idle()
    assert api.received == []


def test_a_refused_connection_means_that_nothing_left(api, client_of):
    client = client_of(api)
    api.close()
    with pytest.raises(NeverLeftError, match="refused the connection; check the base URL"):
        client.post(BODY)


def client_for(scheme, host, timeout=60.0):
    return Client(
        endpoint_of(f"{scheme}://{host}"),
        Credentials(KEY, Secret(SECRET)),
        lambda: 0,
        os.environ,
        timeout=timeout,
    )


def test_an_unknown_host_means_that_nothing_left():
    with pytest.raises(NeverLeftError, match=r"the host nobody\.invalid is unknown here"):
        client_for("https", "nobody.invalid").post(BODY)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def encrypted(authority):
    """A fake API with a certificate of its own authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with FakeApi(tls=context) as server:
        yield server


def test_an_untrusted_certificate_means_that_nothing_left(encrypted, client_of):
    with pytest.raises(NeverLeftError, match=r"is not trusted: .*; set SSL_CERT_FILE for"):
        client_of(encrypted).post(BODY)
    assert encrypted.received == []


@pytest.fixture
def trusted(authority, folder, monkeypatch):
    """Trust the authority by a variable of the environment."""
    authority.cert_pem.write_to_path(folder / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))


@pytest.mark.usefixtures("trusted")
def test_a_ca_of_your_own_is_trusted(encrypted, client_of, assert_given_up):
    assert outcome_of(client_of(encrypted).post(BODY)).state == CREATED
    assert_given_up(encrypted, "late")


def test_failed_tls_means_that_nothing_left(api):
    with pytest.raises(NeverLeftError, match=r"cannot connect to 127\.0\.0\.1"):
        client_for("https", f"127.0.0.1:{api.port}", timeout=0.5).post(BODY)
    assert api.received == []


@pytest.fixture
def silent():
    """A port that accepts connections and never sends anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_tls_without_a_response_means_that_nothing_left(silent):
    with pytest.raises(NeverLeftError):
        client_for("https", f"127.0.0.1:{silent}", timeout=0.3).post(BODY)


class Proxy(threading.Thread):
    """A proxy that connects or refuses, and records the requests."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.answer = answer
        self.asked = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://me:pass-w0rd@127.0.0.1:{self.server.getsockname()[1]}"

    def run(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            with connection:
                first = connection.recv(65536).split(b"\r\n")[0].decode()
                self.asked.append(first)
                connection.sendall(self.answer)
                if b" 200 " in self.answer:
                    self._join(connection, first.split(" ")[1])

    @staticmethod
    def _join(connection, address):
        host, port = address.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as other:
            back = threading.Thread(target=pump, args=(other, connection), daemon=True)
            back.start()
            pump(connection, other)
            back.join()


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture
def proxy(monkeypatch):
    def call(answer=b"HTTP/1.1 200 Connected\r\n\r\n"):
        started.append(Proxy(answer))
        started[-1].start()
        monkeypatch.setenv("HTTPS_PROXY", started[-1].url)
        monkeypatch.setenv("HTTP_PROXY", started[-1].url)
        return started[-1]

    started = []
    yield call
    for each in started:
        each.server.shutdown(socket.SHUT_RDWR)
        each.server.close()


@pytest.mark.usefixtures("trusted")
def test_the_proxy_of_the_environment_is_used(encrypted, client_of, proxy):
    through = proxy()
    assert outcome_of(client_of(encrypted).post(BODY)).state == CREATED
    assert through.asked == [f"CONNECT 127.0.0.1:{encrypted.port} HTTP/1.1"]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 407 me:pass-w0rd\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 me:pass-w0rd\r\n\r\n",
        b"",
    ],
)
def test_a_proxy_that_refuses_means_that_nothing_left(encrypted, client_of, proxy, answer):
    proxy(answer)
    with pytest.raises(NeverLeftError) as error:
        client_of(encrypted).post(BODY)
    assert "pass-w0rd" not in str(error.value)
    assert "the proxy that HTTPS_PROXY names" in str(error.value)
    assert ("HTTP status 407" in str(error.value)) == (b" 407 " in answer)


def test_requests_to_this_machine_bypass_the_proxy(api, client_of, proxy):
    through = proxy()
    assert outcome_of(client_of(api).post(BODY)).state == CREATED
    assert through.asked == []


@pytest.mark.parametrize(
    "address",
    ["nonsense://me:pass-w0rd@host", "http://me:pass-w0rd@[::1", "http://me:pass-w0rd@a:x", "::"],
)
def test_an_unusable_proxy_is_reported_without_its_password(monkeypatch, address):
    monkeypatch.setenv("https_proxy", address)
    with pytest.raises(SubmitError, match=r"cannot be used; check https_proxy$") as error:
        client_for("https", "example.com")
    assert "pass-w0rd" not in str(error.value)


def test_a_socks_proxy_needs_another_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("ALL_PROXY", "socks5://me:pass-w0rd@127.0.0.1:9")
    with pytest.raises(SubmitError) as error:
        client_for("https", "example.com")
    assert str(error.value) == (
        "ALL_PROXY names a SOCKS proxy, which needs another package; install it with:"
        " pip install 'httpx[socks]'"
    )


def dead_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    ("proxy_host", "message"),
    [
        ("127.0.0.1:{port}", "the proxy that {name} names refused the connection; check {name}"),
        ("nobody.invalid", "the proxy that {name} names is unknown here; check {name} "),
    ],
)
def test_a_dead_proxy_is_reported_by_its_variable(monkeypatch, variable, proxy_host, message):
    host = proxy_host.format(port=dead_port())
    monkeypatch.setenv(variable, f"http://me:pass-w0rd@{host}")
    with pytest.raises(NeverLeftError) as error:
        client_for("https", "example.com").post(BODY)
    assert str(error.value).startswith(message.format(name=variable))


def test_a_silent_proxy_is_reported_by_its_variable(monkeypatch, silent):
    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{silent}")
    with pytest.raises(NeverLeftError, match=r"to the proxy that HTTPS_PROXY names within 0\.3 s"):
        client_for("https", "example.com", timeout=0.3).post(BODY)


def test_a_dead_host_behind_a_proxy_is_not_the_fault_of_the_proxy(encrypted, proxy):
    proxy()
    with pytest.raises(NeverLeftError, match=r"the certificate of 127\.0\.0\.1:\d+ is not trusted"):
        client_for("https", f"127.0.0.1:{encrypted.port}").post(BODY)


@pytest.mark.parametrize(
    ("no_proxy", "host", "is_excepted"),
    [
        ("", "example.com", False),
        (" , ,", "example.com", False),
        ("*", "example.com", True),
        ("example.com", "example.com", True),
        ("example.com", "a.example.com", True),
        ("example.com", "anexample.com", False),
        (".Example.com", "a.example.com", True),
        ("*.example.com", "a.example.com", True),
        ("example.com.", "example.com", True),
        ("a.example.com", "example.com", False),
        ("a b,example.com", "example.com", True),
        ("example.com:8443", "example.com:8443", True),
        ("example.com:8443", "example.com", False),
        ("example.com:443", "example.com", True),
        ("example.com:x", "example.com", False),
        ("::1", "[::1]", True),
        ("[::1]", "[::1]", True),
        ("[::1]:443", "[::1]", True),
        ("[::1]:80", "[::1]", False),
        ("fd00::/8", "[fd12::1]", True),
        ("2001:db8::1", "[2001:0db8:0::1]", True),
        ("127.0.0.1:443", "127.0.0.1", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.1.2.3/8", "10.200.0.1", True),
        ("10.0.0.0/8", "[::1]", False),
        ("10.0.0.0/8", "example.com", False),
        ("10.0.0.0/99", "10.0.0.1", False),
        ("http://[", "example.com", False),
    ],
)
def test_no_proxy_is_read_as_curl_reads_it(no_proxy, host, is_excepted):
    environment = {"HTTPS_PROXY": "proxy:3128", "NO_PROXY": no_proxy}
    proxy = ("", None) if is_excepted else ("HTTPS_PROXY", "http://proxy:3128")
    assert proxy_for(endpoint_of(f"https://{host}"), environment) == proxy


@given(st.text(st.characters(codec="utf-8")) | st.from_regex(r"[][0-9a-f.:/*,%]{0,20}"))
def test_nothing_in_no_proxy_stops_a_run(no_proxy):
    environment = {"HTTPS_PROXY": "proxy:3128", "NO_PROXY": no_proxy}
    for host in ("example.com", "10.1.2.3", "[::1]:8443"):
        assert proxy_for(endpoint_of(f"https://{host}"), environment)[0] in {"", "HTTPS_PROXY"}


def test_the_variable_in_lower_case_takes_precedence():
    environment = {"HTTPS_PROXY": "a", "https_proxy": "b", "ALL_PROXY": "c", "no_proxy": "d"}
    endpoint = endpoint_of("https://example.com")
    assert proxy_for(endpoint, environment) == ("https_proxy", "http://b")
    assert proxy_for(endpoint, {**environment, "https_proxy": ""}) == ("HTTPS_PROXY", "http://a")
    assert proxy_for(endpoint, {"All_Proxy": "http://c"}) == ("All_Proxy", "http://c")
    assert proxy_for(endpoint, {}) == ("", None)


def test_a_file_for_tls_keys_that_cannot_be_written_is_named(monkeypatch, folder):
    monkeypatch.setenv("SSLKEYLOGFILE", str(folder))
    with pytest.raises(SubmitError, match=r"a file for TLS .* and SSLKEYLOGFILE$"):
        client_for("https", "example.com")
    client_for("http", "127.0.0.1").close()


def test_a_host_that_httpx_does_not_know_is_reported():
    """An emoji, which only the first version of the standard allows."""
    with pytest.raises(SubmitError, match=r"xn--ls8h\.la is not a valid host name; check"):
        client_for("https", "xn--ls8h.la")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_unusable_certificates_are_reported(write, monkeypatch, content):
    if content:
        write("ca.pem", content)
    monkeypatch.setenv("SSL_CERT_FILE", os.path.realpath("ca.pem"))
    with pytest.raises(SubmitError, match=r"a file for TLS .* check SSL_CERT_FILE"):
        client_for("https", "example.com")


def test_a_connection_is_used_once(api, client_of):
    client = client_of(api)
    for _ in range(3):
        client.post(BODY)
    assert [each.headers["connection"] for each in api.received] == ["close"] * 3


def test_httpx_traces_when_a_request_leaves(api):
    """The client depends on these events, so a version of httpx with other names must fail here."""
    events = []
    with httpx.Client() as http:
        http.post(
            f"{api.base_url}{PATH}",
            content=b"{}",
            extensions={"trace": lambda event, info: events.append((event, info))},
        )
    sent = dict(events)["http11.send_request_headers.started"]
    assert sent["request"].method == b"POST"
    assert [event for event, _ in events].index("connection.connect_tcp.complete") == 1
