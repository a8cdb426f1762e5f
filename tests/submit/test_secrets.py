"""No output or file ever contains the secret or a signature."""

import os
import textwrap

import pytest
from fake_api import AFTER, BEFORE, MESSAGES, SECRET

#: Responses that no time-out is long enough for.
ENDLESS = ("slow", "late", "patience", "endless")

FAILURES = [*BEFORE, *(each for each in AFTER if each != "huge"), *MESSAGES]


def written(folder, outcome):
    """Everything that a call has written: its output and all files."""
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return b"\n".join([outcome.stdout.encode(), outcome.stderr.encode(), *files])


@pytest.fixture
def check(folder, api):
    """Search everything that was written for secrets."""

    def call(outcome):
        signs = [received.headers.get("x-sign", SECRET) for received in api.received]
        everything = written(folder, outcome).lower()
        # Also not the beginning of one, which is cut off.
        assert not [each for each in (SECRET, *signs) if each[:12].encode() in everything]
        assert b"traceback" not in everything

    return call


@pytest.mark.parametrize("output_format", ["text", "json"])
@pytest.mark.parametrize("failure", FAILURES)
def test_no_response_reveals_it(submit, api, request_file, check, failure, output_format):
    api.failures.append(failure)
    seconds = "0.3" if failure in ENDLESS else "60"
    outcome = submit(request_file(), "--timeout", seconds, "--format", output_format)
    assert api.received or failure in {"drop-unread", "reset-unread"}
    check(outcome)
    check(submit("--status", "--format", output_format))


@pytest.mark.parametrize(
    ("environment", "arguments", "status"),
    [
        ({}, ["--dry-run"], 0),
        ({"ROSETTA_ACCESS_KEY": ""}, [], 2),
        ({"ROSETTA_SECRET_KEY": f"{SECRET} "}, [], 2),
        ({"ROSETTA_BASE_URL": SECRET}, [], 2),
        ({"ROSETTA_BASE_URL": f"https://{SECRET}:x"}, [], 2),
        ({"ROSETTA_BASE_URL": f"https://me:{SECRET}@example.com"}, [], 2),
        ({"ROSETTA_BASE_URL": "http://127.0.0.1:9"}, [], 2),
        ({"ROSETTA_BASE_URL": "https://127.0.0.1:9", "HTTPS_PROXY": f"x://{SECRET}"}, [], 2),
        ({"ROSETTA_BASE_URL": "https://127.0.0.1:9", "SSL_CERT_FILE": "none"}, [], 2),
        ({}, ["--journal", "."], 2),
    ],
)
def test_no_failure_reveals_it(
    submit, request_file, check, monkeypatch, environment, arguments, status
):
    monkeypatch.setattr("rosetta_spec.submit.sending.RETRY_PAUSES", ())
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    outcome = submit(request_file(), *arguments)
    assert outcome.status == status
    check(outcome)


@pytest.mark.parametrize("content", [SECRET, f"ROSETTA_SECRET_KEY={SECRET}\n{SECRET}=\n"])
def test_no_wrong_credentials_file_reveals_it(submit, request_file, write, content):
    write("keys", content).chmod(0o600)
    outcome = submit(request_file(), "--credentials", "keys")
    assert outcome.status == 2
    assert SECRET not in outcome.stderr + outcome.stdout


def test_no_traceback_reveals_it(process, api, request_file, write, folder):
    """A bug is reported with its traceback."""
    library = """
        class HTTPError(Exception): pass
        class InvalidURL(Exception): pass
        class BaseTransport: pass
        class Response: pass
        class Limits:
            def __init__(self, **options): pass
        class HTTPTransport:
            def __init__(self, **options): pass
            def close(self): pass
        class Request:
            def __init__(self, *arguments, headers=None, **options):
                if headers: raise RuntimeError("a defect")
    """
    write("broken/httpx.py", textwrap.dedent(library))
    path = filter(None, [os.environ.get("PYTHONPATH")])
    environment = {**api.environment, "PYTHONPATH": os.pathsep.join(["broken", *path])}
    ended = process("submit", request_file(), "--journal", "journal", env=environment)
    assert ended.returncode == 3
    assert b"RuntimeError: a defect" in ended.stderr
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not [each for each in (ended.stdout, ended.stderr, *files) if SECRET.encode() in each]
