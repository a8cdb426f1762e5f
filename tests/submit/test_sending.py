"""A sender does nothing without the journal's leave, and notes whatever has come of it."""

import sqlite3
import threading

import pytest
from stand_in import KEY

from rosetta_spec.document.reader import read_documents
from rosetta_spec.submit import sending as module
from rosetta_spec.submit.credentials import endpoint_of
from rosetta_spec.submit.journal import ResendOptions
from rosetta_spec.submit.request import Identity, Request, body_of, digest_of
from rosetta_spec.submit.sending import Batch, Sender


def request(number=0):
    text = f'{{"annotationRequestId": "a{number}", "poolName": "p"}}'
    (document,) = read_documents(text.encode(), "json")
    return Request("a.sampling.json", document, body_of(document))


def identity_of(each, stand_in):
    return Identity(endpoint_of(stand_in.base_url).url, KEY, digest_of(each.body))


@pytest.fixture
def sender_of(stand_in, client_of):
    """Make senders for the stand-in; `pause` is told how long to wait, and waits not."""

    def call(journal, *, pause=lambda _: False, patience=0.3, timeout=5.0):
        return Sender(
            journal,
            client_of(stand_in, timeout=timeout).post,
            lambda each: identity_of(each, stand_in),
            ResendOptions(),
            pause,
            patience=patience,
        )

    return call


def block(journal):
    """Let the disk of a journal be full."""
    pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")


def test_without_leave_nothing_is_sent(stand_in, sender_of, open_journal, monkeypatch):
    monkeypatch.setattr("rosetta_spec.submit.journal_file.PATIENCE", 0.1)
    journal = open_journal()
    other = sqlite3.connect("journal", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    submission = sender_of(journal).send(request())
    other.close()
    assert (submission.status, submission.message) == ("not-sent", "the journal gave no leave")
    assert "is locked by another program" in submission.failure
    assert stand_in.received == []


def test_what_cannot_be_noted_is_told_and_unknown_later(
    stand_in, sender_of, open_journal, monkeypatch
):
    monkeypatch.setattr("rosetta_spec.submit.journal_file.PATIENCE", 0.1)
    journal = open_journal()
    others = []

    def lock_the_journal(_body):
        others.append(sqlite3.connect("journal", isolation_level=None, check_same_thread=False))
        others[0].execute("BEGIN IMMEDIATE")

    stand_in.fault_for = lock_the_journal
    submission = sender_of(journal).send(request())
    others[0].close()
    assert (submission.status, submission.package_id) == ("created", "234234123133374715904")
    assert "is locked by another program" in submission.failure
    journal.close()
    assert [each.state for each in open_journal().attempts()] == ["unknown"]


def test_what_never_left_is_tried_again_with_longer_pauses(stand_in, sender_of, open_journal):
    stand_in.close()
    pauses = []
    journal = open_journal()
    sender = sender_of(journal, pause=pauses.append)
    submission = sender.send(request())
    assert pauses == [0.0, *module.RETRY_PAUSES]
    assert (submission.status, submission.failure != "") == ("not-sent", True)
    assert "refuses the connection" in submission.message
    assert journal.attempts() == []


def test_a_run_that_is_to_end_tries_nothing_again(stand_in, sender_of, open_journal):
    stand_in.close()
    submission = sender_of(open_journal(), pause=lambda seconds: seconds > 0).send(request())
    assert (submission.status, submission.failure) == ("not-sent", "")


def test_what_another_process_sends_is_waited_for(stand_in, sender_of, open_journal):
    journal = open_journal()
    sender = sender_of(journal)
    journal.reserve(identity_of(request(), stand_in), request().origin, ResendOptions())
    submission = sender.send(request())
    assert (submission.status, submission.message) == (
        "unknown",
        "another process is sending it still",
    )
    assert stand_in.received == []


def test_a_run_that_is_to_end_waits_for_nobody(stand_in, sender_of, open_journal):
    journal = open_journal()
    ending = []
    sender = sender_of(journal, pause=lambda seconds: bool(seconds and ending.append(1)) or ending)
    journal.reserve(identity_of(request(), stand_in), request().origin, ResendOptions())
    assert sender.send(request()).status == "not-sent"


def test_several_are_on_their_way_at_once_and_told_in_order(stand_in, sender_of, open_journal):
    barrier = threading.Barrier(4)

    def wait_for_all(_body):
        barrier.wait(timeout=30)

    stand_in.fault_for = wait_for_all
    batch = Batch(4, is_failing_fast=False)
    sender = sender_of(open_journal(), pause=batch.pause)
    requests = [request(number) for number in range(8)]
    submissions = list(batch.run(requests, sender.send))
    assert [each.request for each in submissions] == requests
    assert {each.status for each in submissions} == {"created"}


def test_an_end_leaves_nothing_half_done(stand_in, sender_of, open_journal):
    batch = Batch(2, is_failing_fast=False)
    sender = sender_of(open_journal(), pause=batch.pause)
    stand_in.fault_for = lambda _body: batch.end("enough") or batch.end("too much")
    submissions = list(batch.run([request(number) for number in range(6)], sender.send))
    created = [each for each in submissions if each.status == "created"]
    assert 1 <= len(created) <= 2
    assert {each.message for each in submissions[2:]} == {"enough"}
    assert len(stand_in.created) == len(created)


def test_a_slip_of_ours_is_not_taken_for_an_outcome(sender_of, open_journal, monkeypatch):
    journal = open_journal()
    batch = Batch(1, is_failing_fast=False)
    monkeypatch.setattr(module, "answer_in", lambda reply: reply.nonsense)
    with pytest.raises(AttributeError):
        list(batch.run([request()], sender_of(journal).send))
    journal.close()
    assert [each.state for each in open_journal().attempts()] == ["unknown"]
