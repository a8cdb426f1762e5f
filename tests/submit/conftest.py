"""Fixtures for the tests of `submit`."""

import itertools
import os
import time

import pytest
from fake_api import KEY, SECRET, FakeApi

from rosetta_spec.submit.client import Client
from rosetta_spec.submit.credentials import Credentials, Secret, endpoint_of
from rosetta_spec.submit.journal import Journal, ResendOptions
from rosetta_spec.submit.messages import Identity, RequestOrigin

#: A request without a finding.
FINE = "annotationRequestId: a3f8\npoolName: street-scenes\n"


@pytest.fixture
def open_journal(folder):
    """Open a journal whose clock counts calls; it is closed after the test."""
    opened = []
    ticks = itertools.count(1_715_948_940_000, 1000)

    def call(path="journal"):
        opened.append(Journal(str(path), lambda: next(ticks)))
        return opened[-1]

    yield call
    for journal in opened:
        journal.close()


@pytest.fixture
def reserve():
    """Reserve a request in a journal."""

    def call(journal, digest="d1", *, again=False, retry_unknown=False):
        identity = Identity("https://example.com/x", "key-1", digest)
        origin = RequestOrigin("a.sampling.yaml", 0, "a3f8", "street-scenes")
        return journal.reserve(identity, origin, ResendOptions(again, retry_unknown))

    return call


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch):
    """Remove proxies and keys of the environment, so that only loopback is reached."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("ROSETTA_", "SSL_CERT", "XDG_")):
            monkeypatch.delenv(name)


@pytest.fixture
def api():
    """A fake of the API on loopback."""
    with FakeApi() as server:
        yield server


@pytest.fixture
def client_of():
    """Make clients for a fake API; they are closed after the test."""
    made = []

    def call(server, *, timeout=60.0, secret=SECRET, key=KEY, now=None):
        credentials = Credentials(key, Secret(secret))
        clock = now or (lambda: int(time.time() * 1000))
        endpoint = endpoint_of(server.base_url)
        made.append(Client(endpoint, credentials, clock, os.environ, timeout=timeout))
        return made[-1]

    yield call
    for client in made:
        client.close()


@pytest.fixture
def submit(rosetta, api, folder, monkeypatch):
    """Call `submit` in this process, with a fake API and a journal in the folder."""
    for name, value in api.environment.items():
        monkeypatch.setenv(name, value)

    def call(*arguments, **options):
        return rosetta("submit", "--journal", folder / "journal", *arguments, **options)

    return call


@pytest.fixture
def request_file(write):
    def call(content=FINE, name="a.sampling.yaml"):
        write(name, content)
        return name

    return call
