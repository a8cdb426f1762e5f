"""A sender sends only what the journal reserves, and records every outcome."""

import sqlite3
import threading
from unittest import mock

import pytest
from fake_api import KEY

from rosetta_spec.document.reader import read_documents
from rosetta_spec.submit import sending as module
from rosetta_spec.submit.credentials import endpoint_of
from rosetta_spec.submit.journal import ResendOptions, read_attempts
from rosetta_spec.submit.messages import Identity, SendableRequest, body_of, digest_of
from rosetta_spec.submit.report import SubmitOptions
from rosetta_spec.submit.sending import Sender


def request(number=0):
    text = f'{{"annotationRequestId": "a{number}", "poolName": "p"}}'
    (document,) = read_documents(text.encode(), "json")
    return SendableRequest("a.sampling.json", document, body_of(document))


def identity_of(each, api):
    return Identity(endpoint_of(api.base_url).url, KEY, digest_of(each.body))


@pytest.fixture
def sender_of(api, client_of):
    """Make senders for the fake API; `pause` gets the seconds to wait, and does not wait."""

    def call(journal, *, pause=None, patience=0.3, jobs=1):
        sender = Sender(
            journal,
            client_of(api).post,
            lambda each: identity_of(each, api),
            SubmitOptions(jobs=jobs),
            patience,
        )
        if pause:
            sender.pause = pause
        return sender

    return call


def block(journal):
    """Make the disk of a journal full."""
    pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")


def test_without_a_reservation_nothing_is_sent(api, sender_of, open_journal, monkeypatch):
    monkeypatch.setattr("rosetta_spec.submit.journal.PATIENCE", 0.1)
    journal = open_journal()
    other = sqlite3.connect("journal", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    result = sender_of(journal).send(request())
    other.close()
    assert (result.status, result.outcome.message) == ("not-sent", "the journal cannot be used")
    assert "is locked by another program" in result.failure
    assert api.received == []


def test_an_outcome_that_cannot_be_recorded_is_reported_and_unknown_later(
    api, sender_of, open_journal, monkeypatch
):
    monkeypatch.setattr("rosetta_spec.submit.journal.PATIENCE", 0.1)
    journal = open_journal()
    others = []

    def lock_the_journal(_body):
        others.append(sqlite3.connect("journal", isolation_level=None, check_same_thread=False))
        others[0].execute("BEGIN IMMEDIATE")

    api.failure_for = lock_the_journal
    result = sender_of(journal).send(request())
    others[0].close()
    assert (result.status, result.outcome.package_id) == ("created", "234234123133374715904")
    assert "is locked by another program" in result.failure
    journal.close()
    assert [each.state for each in read_attempts(open_journal().path)] == ["unknown"]


def test_a_request_that_never_left_is_retried_with_longer_pauses(api, sender_of, open_journal):
    api.close()
    pauses = []
    journal = open_journal()
    sender = sender_of(journal, pause=pauses.append)
    result = sender.send(request())
    assert pauses == [0.0, *module.RETRY_PAUSES]
    assert (result.status, result.failure != "") == ("not-sent", True)
    assert "refused the connection" in result.outcome.message
    assert read_attempts(journal.path) == []


def test_a_run_that_is_ending_does_not_retry(api, sender_of, open_journal):
    api.close()
    result = sender_of(open_journal(), pause=lambda seconds: seconds > 0).send(request())
    assert (result.status, result.failure) == ("not-sent", "")


def test_a_run_that_ends_during_a_reservation_does_not_send(
    api, sender_of, open_journal, monkeypatch
):
    journal = open_journal()
    sender = sender_of(journal)
    reserve = journal.reserve

    def reserve_late(*arguments):
        sender.end("the run was interrupted")
        return reserve(*arguments)

    monkeypatch.setattr(journal, "reserve", reserve_late)
    # Also at the last try.
    monkeypatch.setattr(module, "RETRY_PAUSES", ())
    result = sender.send(request())
    assert (result.status, result.outcome.message) == ("not-sent", "the run was interrupted")
    assert result.failure == ""
    assert (api.received, read_attempts(journal.path)) == ([], [])


def test_a_request_that_another_process_sends_is_waited_for(api, sender_of, open_journal):
    journal = open_journal()
    sender = sender_of(journal, pause=lambda _: False)
    journal.reserve(identity_of(request(), api), request().origin, ResendOptions())
    result = sender.send(request())
    assert (result.status, result.outcome.message) == (
        "unknown",
        "another process is still sending it",
    )
    assert api.received == []


def test_a_run_that_is_ending_does_not_wait(api, sender_of, open_journal):
    journal = open_journal()
    ending = []
    sender = sender_of(journal, pause=lambda seconds: bool(seconds and ending.append(1)) or ending)
    journal.reserve(identity_of(request(), api), request().origin, ResendOptions())
    assert sender.send(request()).status == "not-sent"


def test_several_are_sent_concurrently_and_reported_in_order(api, sender_of, open_journal):
    barrier = threading.Barrier(4)

    def wait_for_all(_body):
        barrier.wait(timeout=60)

    api.failure_for = wait_for_all
    sender = sender_of(open_journal(), jobs=4)
    requests = [request(number) for number in range(8)]
    results = list(sender.run(requests))
    assert [each.request for each in results] == requests
    assert {each.status for each in results} == {"created"}


def test_ending_a_run_finishes_requests_in_progress(api, sender_of, open_journal):
    sender = sender_of(open_journal(), jobs=2)
    api.failure_for = lambda _body: sender.end("enough") or sender.end("too much")
    results = list(sender.run([request(number) for number in range(6)]))
    created = [each for each in results if each.status == "created"]
    assert 1 <= len(created) <= 2
    assert {each.outcome.message for each in results[2:]} == {"enough"}
    assert len(api.created) == len(created)


def test_a_bug_is_raised_after_everything_else_is_reported(
    api, sender_of, open_journal, monkeypatch
):
    journal = open_journal()
    outcome_of = mock.Mock(side_effect=[module.Outcome("created", 2000), AttributeError()])
    monkeypatch.setattr(module, "outcome_of", outcome_of)
    results = sender_of(journal).run([request(number) for number in range(3)])
    assert [next(results).status for _ in range(3)] == ["created", "unknown", "not-sent"]
    with pytest.raises(AttributeError):
        next(results)
    journal.close()
    assert [each.state for each in read_attempts(open_journal().path)] == ["created", "unknown"]
    assert len(api.received) == 2


def test_an_abandoned_run_reports_every_request_without_waiting(api, sender_of, open_journal):
    received, held = threading.Event(), threading.Event()

    def hold_the_third(body):
        if b'"a2"' in body:
            received.set()
            held.wait(60)

    api.failure_for = hold_the_third
    sender = sender_of(open_journal())
    run = sender.run([request(number) for number in range(4)])
    assert next(run).status == "created"
    assert received.wait(60)
    sender.end("the run was interrupted")
    run.close()
    assert [each.status for each in sender.abandoned(1)] == ["created", "unknown", "not-sent"]
    held.set()
