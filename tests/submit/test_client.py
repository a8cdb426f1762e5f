"""The client tells apart an answer, a request that never left, and one that is lost."""

import os
import socket
import ssl
import threading
import time
from types import SimpleNamespace

import httpx
import pytest
import trustme
from stand_in import KEY, PATH, SECRET, StandIn

from rosetta_spec.request.schema import endpoint_data
from rosetta_spec.submit.client import Client, ClientError, RequestTrace
from rosetta_spec.submit.credentials import Credentials, Endpoint, Secret
from rosetta_spec.submit.response import (
    CREATED,
    MAX_BYTES,
    REFUSED,
    UNKNOWN,
    LostError,
    NeverLeftError,
    answer_in,
    explanation_of,
)

#: The codes that the API's pages list.
CODES = [int(each["code"]) for each in endpoint_data()["responses"] if each["code"].isdecimal()]

BODY = '{"annotationRequestId":"ä","poolName":"p"}'.encode()


def test_what_is_sent_is_what_the_api_asks_for(stand_in, client_of):
    answer = answer_in(client_of(stand_in).post(BODY))
    assert answer.outcome == (CREATED, 2000, "Success", "234234123133374715904", 3, "request-1")
    (received,) = stand_in.received
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
def test_wrong_keys_and_a_wrong_clock_are_refused(stand_in, client_of, wrong, code):
    answer = answer_in(client_of(stand_in, **wrong).post(BODY))
    assert (answer.outcome.state, answer.outcome.code) == (REFUSED, code)
    assert answer.explanation.affects_all
    assert stand_in.created == {}


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_table_is_answered_and_understood(stand_in, client_of, code):
    stand_in.faults.append(code)
    answer = answer_in(client_of(stand_in).post(BODY))
    assert (answer.outcome.code, answer.outcome.state) == (code, explanation_of(code).outcome)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("html", "HTTP status 502 with 45 bytes of text/html, which begins: <html> <h1>502"),
        (
            "redirect",
            "HTTP status 307 with nothing of text/html, which leads to {url}, and is not followed",
        ),
        ("empty", "HTTP status 200 with nothing of application/json"),
        ("not-json", 'which begins: {"code": 2000,'),
        ("no-code", 'which begins: {"status": "ok", "code":'),
    ],
)
def test_what_is_no_envelope_is_told_as_what_it_is(stand_in, client_of, fault, said):
    stand_in.faults.append(fault)
    answer = answer_in(client_of(stand_in).post(BODY))
    assert answer.outcome.state == UNKNOWN
    assert "this is no answer of the API: HTTP status" in answer.outcome.message
    assert said.replace("{url}", f"{stand_in.base_url}{PATH}") in answer.outcome.message
    assert answer.outcome.message.isprintable()
    assert len(stand_in.received) == 1


def test_of_a_huge_answer_only_the_start_is_read(stand_in, client_of):
    stand_in.faults.append("huge")
    reply = client_of(stand_in).post(BODY)
    assert (len(reply.body), reply.is_cut) == (MAX_BYTES, True)
    answer = answer_in(reply)
    assert answer.outcome.state == UNKNOWN
    assert "more than 1 MiB of application/json" in answer.outcome.message


@pytest.mark.parametrize(
    "fault",
    ["drop-unread", "reset-unread", "drop-after", "reset-after", "half", "wrong-length"],
)
def test_a_request_that_was_on_its_way_is_lost(stand_in, client_of, fault):
    stand_in.faults.append(fault)
    with pytest.raises(LostError, match="the connection broke before there was a whole answer"):
        client_of(stand_in).post(BODY)


@pytest.mark.parametrize("fault", ["late", "slow"])
def test_an_answer_that_takes_too_long_is_not_waited_for(stand_in, client_of, fault):
    stand_in.faults.append(fault)
    start = time.monotonic()
    with pytest.raises(LostError, match=r"no answer within 0\.5 seconds"):
        client_of(stand_in, timeout=0.5).post(BODY)
    assert time.monotonic() - start < 5
    assert len(stand_in.created) == 1


def test_a_time_that_is_over_ends_also_what_is_connected_later():
    """The name of the host may have taken all of it."""
    ours, theirs = socket.socketpair()
    trace = RequestTrace()
    trace.expire()
    stream = SimpleNamespace(get_extra_info=lambda _name: ours)
    trace.record("connection.connect_tcp.complete", {"return_value": stream})
    assert theirs.recv(1) == b""
    ours.close()
    theirs.close()
    trace.expire()


def test_an_answer_that_repeats_what_was_sent_shows_nothing_of_it(stand_in, client_of):
    stand_in.faults.append("echo")
    reply = client_of(stand_in).post(BODY)
    sign = stand_in.received[0].headers["x-sign"]
    assert sign.encode() in reply.body
    message = answer_in(reply).outcome.message
    assert "X-SECRET: [hidden] sign [hidden]" in message
    assert SECRET not in repr(reply._replace(body=b""))


def test_a_refused_connection_never_left(stand_in, client_of):
    client = client_of(stand_in)
    stand_in.close()
    with pytest.raises(NeverLeftError, match="refuses the connection; check the base URL"):
        client.post(BODY)


def client_for(scheme, host, timeout=5.0):
    return Client(
        Endpoint(scheme, host), Credentials(KEY, Secret(SECRET)), lambda: 0, timeout=timeout
    )


def test_a_name_that_nobody_knows_never_left():
    with pytest.raises(NeverLeftError, match=r"the name nobody\.invalid is not known here"):
        client_for("https", "nobody.invalid").post(BODY)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def encrypted(authority):
    """A stand-in with a certificate of an authority of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with StandIn(tls=context) as server:
        yield server


def test_an_untrusted_certificate_never_left(encrypted, client_of):
    with pytest.raises(NeverLeftError, match=r"is not trusted: .*; a CA of your own is set by"):
        client_of(encrypted).post(BODY)
    assert encrypted.received == []


@pytest.fixture
def trusted(authority, folder, monkeypatch):
    """Trust the authority, as the environment says."""
    authority.cert_pem.write_to_path(folder / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))


@pytest.mark.usefixtures("trusted")
def test_a_ca_of_your_own_is_trusted(encrypted, client_of):
    assert answer_in(client_of(encrypted).post(BODY)).outcome.state == CREATED
    encrypted.faults.append("late")
    with pytest.raises(LostError, match="no answer within"):
        client_of(encrypted, timeout=0.5).post(BODY)


def test_tls_that_fails_never_left(stand_in):
    with pytest.raises(NeverLeftError, match=r"there is no connection to 127\.0\.0\.1"):
        client_for("https", f"127.0.0.1:{stand_in.port}", timeout=0.5).post(BODY)
    assert stand_in.received == []


@pytest.fixture
def silent():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_tls_that_never_begins_never_left(silent):
    with pytest.raises(NeverLeftError):
        client_for("https", f"127.0.0.1:{silent}", timeout=0.3).post(BODY)


class Proxy(threading.Thread):
    """A proxy that connects to where it is asked to, or refuses, and remembers what was asked."""

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
    assert answer_in(client_of(encrypted).post(BODY)).outcome.state == CREATED
    assert through.asked == [f"CONNECT 127.0.0.1:{encrypted.port} HTTP/1.1"]


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", b""]
)
def test_what_a_proxy_does_not_let_through_never_left(encrypted, client_of, proxy, answer):
    proxy(answer)
    with pytest.raises(NeverLeftError) as told:
        client_of(encrypted).post(BODY)
    assert "pass-w0rd" not in str(told.value)


def test_what_stays_on_this_machine_goes_through_no_proxy(stand_in, client_of, proxy):
    through = proxy()
    assert answer_in(client_of(stand_in).post(BODY)).outcome.state == CREATED
    assert through.asked == []


@pytest.mark.parametrize("address", ["nonsense://me:pass-w0rd@host", "http://me:pass-w0rd@[::1"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(monkeypatch, address):
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(ClientError, match="the proxy of the environment cannot be used") as told:
        client_for("https", "example.com")
    assert "pass-w0rd" not in str(told.value)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_cannot_be_used_are_told(write, monkeypatch, content):
    if content:
        write("ca.pem", content)
    monkeypatch.setenv("SSL_CERT_FILE", os.path.realpath("ca.pem"))
    with pytest.raises(ClientError, match=r"the certificates .* check SSL_CERT_FILE"):
        client_for("https", "example.com")


def test_a_connection_is_used_once(stand_in, client_of):
    client = client_of(stand_in)
    for _ in range(3):
        client.post(BODY)
    assert [each.headers["connection"] for each in stand_in.received] == ["close"] * 3


def test_the_library_says_when_a_request_leaves(stand_in):
    """That is how the client knows; a version that calls it otherwise has to fail here."""
    events = []
    with httpx.Client() as http:
        http.post(
            f"{stand_in.base_url}{PATH}",
            content=b"{}",
            extensions={"trace": lambda event, info: events.append((event, info))},
        )
    sent = dict(events)["http11.send_request_headers.started"]
    assert sent["request"].method == b"POST"
    assert [event for event, _ in events].index("connection.connect_tcp.complete") == 1
