"""What the tests of sending share."""

import itertools

import pytest

from rosetta_spec.submit.attempt import Identity, Origin
from rosetta_spec.submit.journal import Journal, Wishes


@pytest.fixture
def open_journal(folder):  # noqa: ARG001 - it is the current folder
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
def claim():
    """Ask a journal for leave to send a request."""

    def call(journal, digest="d1", *, again=False, retry_unknown=False):
        identity = Identity("https://example.com/x", "key-1", digest)
        origin = Origin("a.sampling.yaml", 0, "a3f8", "street-scenes")
        return journal.claim(identity, origin, Wishes(again, retry_unknown))

    return call
