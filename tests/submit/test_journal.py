"""The journal reserves a request for sending once, regardless of earlier events."""

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from rosetta_spec.submit import journal as module
from rosetta_spec.submit.journal import (
    KILLED,
    SENDING,
    Attempt,
    Journal,
    JournalError,
    ResendOptions,
    Reserved,
    default_journal,
    read_attempts,
)
from rosetta_spec.submit.messages import CREATED, REFUSED, UNKNOWN, Identity, Outcome, RequestOrigin

MADE = Outcome(CREATED, 2000, "Success", "234234123133374715904", 5, "r-1")
LOST = Outcome(UNKNOWN, message="no answer")


def test_an_attempt_is_on_disk_before_its_reservation_is_returned(open_journal, reserve):
    journal = open_journal()
    reserved = reserve(journal)
    with closing(sqlite3.connect("journal")) as other:
        (attempt,) = other.execute("SELECT number, state FROM attempt")
    assert (reserved.number, attempt) == (1, (1, SENDING))


def test_a_created_package_is_known_with_all_details(open_journal, reserve):
    journal = open_journal()
    journal.record(reserve(journal).number, MADE)
    journal.close()
    known = reserve(open_journal())
    assert known._asdict() == {
        "number": 1,
        "endpoint": "https://example.com/x",
        "access_key": "key-1",
        "digest": "d1",
        "run": known.run,
        "filename": "a.sampling.yaml",
        "document": 0,
        "annotation_request_id": "a3f8",
        "pool_name": "street-scenes",
        "started": 1_715_948_940_000,
        "ended": 1_715_948_941_000,
        "state": "created",
        "code": 2000,
        "message": "Success",
        "package_id": "234234123133374715904",
        "scene_count": 5,
        "request_id": "r-1",
        "followed_by": None,
    }


@pytest.mark.parametrize(
    ("outcome", "options", "expected"),
    [
        (MADE, {}, Attempt),
        (MADE, {"retry_unknown": True}, Attempt),
        (MADE, {"again": True}, Reserved),
        (LOST, {}, Attempt),
        (LOST, {"again": True}, Attempt),
        (LOST, {"retry_unknown": True}, Reserved),
        (Outcome(REFUSED, 55005), {}, Reserved),
    ],
)
def test_a_request_of_an_earlier_run_is_resent_only_if_asked(
    open_journal, reserve, outcome, options, expected
):
    journal = open_journal()
    journal.record(reserve(journal).number, outcome)
    journal.close()
    assert isinstance(reserve(open_journal(), **options), expected)


@pytest.mark.parametrize("outcome", [MADE, LOST])
def test_a_request_of_this_run_is_never_resent(open_journal, reserve, outcome):
    """Two files of one call may have the same request."""
    journal = open_journal()
    journal.record(reserve(journal).number, outcome)
    assert reserve(journal, again=True, retry_unknown=True).state == outcome.state


def test_another_request_can_be_reserved(open_journal, reserve):
    journal = open_journal()
    journal.record(reserve(journal).number, MADE)
    assert reserve(journal, "d2").number == 2


def test_a_request_in_progress_cannot_be_reserved(open_journal, reserve):
    journal = open_journal()
    reserve(journal)
    assert reserve(journal, again=True, retry_unknown=True).state == SENDING


def test_a_cancelled_attempt_is_gone(open_journal, reserve):
    journal = open_journal()
    journal.cancel(reserve(journal).number)
    assert read_attempts(journal.path) == []
    assert reserve(journal).number == 2


def test_a_retried_attempt_is_followed_by_the_retry(open_journal, reserve):
    journal = open_journal()
    journal.record(reserve(journal).number, LOST)
    journal.close()
    again = open_journal()
    again.record(reserve(again, retry_unknown=True).number, MADE)
    first, second = read_attempts(again.path)
    assert (first.followed_by, first.is_open, second.number) == (2, False, 2)
    assert reserve(again) == second


def test_a_cancelled_retry_reopens_the_first_attempt(open_journal, reserve):
    journal = open_journal()
    journal.record(reserve(journal).number, LOST)
    journal.close()
    again = open_journal()
    again.cancel(reserve(again, retry_unknown=True).number)
    (attempt,) = read_attempts(again.path)
    assert attempt.is_open
    assert isinstance(reserve(again), Attempt)


def test_a_marked_attempt_counts_as_created(open_journal, reserve):
    journal = open_journal()
    journal.record(reserve(journal).number, LOST)
    journal.mark_created(1, "4711")
    (attempt,) = read_attempts(journal.path)
    assert (attempt.state, attempt.package_id) == (CREATED, "4711")


def test_what_blocks_a_request_is_known_without_a_reservation(open_journal, reserve):
    journal = open_journal()
    identity = Identity("https://example.com/x", "key-1", "d1")
    assert journal.blocking(identity, ResendOptions()) is None
    journal.record(reserve(journal).number, MADE)
    assert journal.blocking(identity, ResendOptions()).package_id == MADE.package_id
    assert len(read_attempts(journal.path)) == 1


RESERVE = textwrap.dedent(
    """
    import sys
    from rosetta_spec.submit.journal import Journal, ResendOptions
    from rosetta_spec.submit.messages import Identity, RequestOrigin

    journal = Journal(sys.argv[1], lambda: 0)
    identity = Identity("https://example.com/x", "key-1", "d1")
    decision = journal.reserve(identity, RequestOrigin("a", 0, "", ""), ResendOptions())
    print(type(decision).__name__, flush=True)
    sys.stdin.read()
    journal.close()
    """
)


@pytest.fixture
def reserving_process(folder):
    """Start a process that reserves a request and keeps it until it is killed."""
    started = []

    def call():
        process = subprocess.Popen(
            [sys.executable, "-c", RESERVE, "journal"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield call
    for process in started:
        process.kill()
        process.communicate()


def test_only_one_of_many_processes_gets_a_reservation(reserving_process):
    processes = [reserving_process() for _ in range(4)]
    output = sorted(process.stdout.readline().strip() for process in processes)
    assert output == ["Attempt"] * 3 + ["Reserved"]


def test_the_attempt_of_a_killed_process_is_unknown(reserving_process, open_journal, reserve):
    process = reserving_process()
    process.stdout.readline()
    journal = open_journal()
    assert reserve(journal).state == SENDING
    process.send_signal(signal.SIGKILL)
    process.wait()
    known = reserve(journal, again=True)
    assert (known.state, known.message) == (UNKNOWN, KILLED)
    assert [each.state for each in read_attempts(journal.path)] == [UNKNOWN]


def test_the_lock_of_a_killed_process_is_removed(reserving_process, open_journal, folder):
    process = reserving_process()
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(list(folder.glob("journal-run-*"))) == 1
    journal = open_journal()
    assert [each.state for each in read_attempts(journal.path)] == [UNKNOWN]
    journal.close()
    assert [path.name for path in folder.iterdir()] == ["journal"]


@pytest.mark.parametrize("content", [b"", b"notes\n" * 100])
def test_other_files_beside_a_journal_are_not_its_locks(open_journal, reserve, write, content):
    names = ["journal-run-2026", "journal-run-0123456789abcdef.txt"]
    paths = [write(name, content) for name in names]
    journal = open_journal()
    assert reserve(journal).number
    journal.close()
    assert [path.read_bytes() for path in paths] == [content] * 2


def test_a_lock_that_is_damaged_is_not_taken(open_journal, reserve, write):
    journal = open_journal()
    reserve(journal)
    journal._run_lock.close()
    lock = write(f"journal-run-{journal._run}", b"damaged\n" * 100)
    assert [each.state for each in read_attempts(journal.path)] == [UNKNOWN]
    open_journal()
    assert not lock.exists()


def test_a_link_to_a_journal_leads_to_its_locks(reserving_process, open_journal, reserve, folder):
    reserving_process().stdout.readline()
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "link").symlink_to(folder / "journal")
    assert reserve(open_journal("elsewhere/link")).state == SENDING


def test_a_run_leaves_one_file_that_only_its_owner_reads(open_journal, reserve, folder):
    journal = open_journal("new/folder/journal")
    reserve(journal)
    journal.close()
    (path,) = (folder / "new" / "folder").iterdir()
    assert (path.name, stat.S_IMODE(path.stat().st_mode)) == ("journal", 0o600)
    assert stat.S_IMODE((folder / "new").stat().st_mode) == 0o700


def test_commits_survive_a_loss_of_power(open_journal):
    """EXTRA, since deleting SQLite's rollback journal is what commits."""
    ask = open_journal()._connection.execute
    assert ask("PRAGMA synchronous").fetchone() == (3,)
    assert ask("PRAGMA journal_mode").fetchone() == ("delete",)


@pytest.mark.parametrize(
    ("content", "output"),
    [
        (b"this is no database, and long enough to be seen as none" * 20, "is damaged"),
        (b"SQLite format 3\0" + bytes(4000), "is damaged"),
    ],
)
def test_a_damaged_journal_is_rejected(write, open_journal, content, output):
    write("journal", content)
    with pytest.raises(JournalError, match=f"the journal journal {output}"):
        open_journal()


def test_a_journal_with_a_damaged_page_is_rejected(folder, open_journal, reserve):
    journal = open_journal()
    for number in range(200):
        reserve(journal, f"d{number}")
    journal.close()
    data = bytearray((folder / "journal").read_bytes())
    data[4096 * 2 : 4096 * 4] = os.urandom(4096 * 2)
    (folder / "journal").write_bytes(data)
    with pytest.raises(JournalError, match="is damaged"):
        open_journal()


def test_a_journal_whose_index_is_damaged_is_rejected(folder, open_journal, reserve):
    """The request would not be found, and sent again."""
    journal = open_journal()
    journal.record(reserve(journal).number, MADE)
    journal.close()
    data = (folder / "journal").read_bytes()
    at = data.rindex(b"d1https://example.com/x")
    (folder / "journal").write_bytes(data[:at] + b"d2" + data[at + 2 :])
    with pytest.raises(JournalError, match="is damaged"):
        open_journal()


def test_a_folder_is_not_a_journal(folder, open_journal):
    with pytest.raises(JournalError, match="cannot be opened"):
        open_journal(folder)


#: Names that SQLite does not take for those of files, and others that mean something in a URI.
NAMES = [
    *(":memory:", "file::memory:", "file:a?mode=memory", "file:memdb?mode=memory&cache=shared"),
    *("file:a", "a?mode=ro", "a#b", "a%41b", "a b", "ä", "-", "a;b", "'", "a\nb"),
]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_that_of_a_file(open_journal, reserve, folder, name):
    journal = open_journal(name)
    journal.record(reserve(journal).number, MADE)
    journal.close()
    assert [path.name for path in folder.iterdir()] == [name]
    assert reserve(open_journal(name)).state == CREATED


@pytest.mark.parametrize("path", ["/dev/null", "pipe", "/"])
@pytest.mark.usefixtures("folder")
def test_what_is_not_a_file_is_not_a_journal(open_journal, path):
    os.mkfifo("pipe")
    with pytest.raises(JournalError, match=r"cannot be opened: it is not a file; name another"):
        open_journal(path)


def test_a_journal_that_may_not_be_written_is_read(
    reserving_process, open_journal, reserve, folder
):
    journal = open_journal()
    journal.record(reserve(journal, "d2").number, MADE)
    journal.close()
    process = reserving_process()
    process.stdout.readline()
    before = sorted(path.name for path in folder.iterdir())
    assert [each.state for each in read_attempts("journal")] == [CREATED, SENDING]
    process.send_signal(signal.SIGKILL)
    process.wait()
    lost = read_attempts("journal")[1]
    assert (lost.state, lost.message) == (UNKNOWN, KILLED)
    assert sorted(path.name for path in folder.iterdir()) == before
    open_journal()
    assert read_attempts("journal")[1] == lost


#: Writes to a journal, and is killed before it commits.
HALF = """
import os, sqlite3
journal = sqlite3.connect("journal", isolation_level=None)
journal.execute("PRAGMA cache_size = 1")
journal.execute("BEGIN")
journal.execute("UPDATE attempt SET message = ?", ["x" * 100_000])
os.kill(os.getpid(), 9)
"""


@pytest.mark.usefixtures("folder")
def test_what_a_killed_process_wrote_in_part_is_not_read(open_journal, reserve):
    journal = open_journal()
    journal.record(reserve(journal).number, MADE)
    journal.close()
    subprocess.run([sys.executable, "-c", HALF], check=False)
    assert Path("journal-journal").stat().st_size
    assert [each.outcome for each in read_attempts("journal")] == [MADE]


@pytest.mark.parametrize("content", [b"no database, and long enough to be seen as none" * 30])
def test_a_damaged_journal_is_not_read(write, content):
    write("journal", content)
    with pytest.raises(JournalError, match="is damaged"):
        read_attempts("journal")


@pytest.mark.parametrize("path", ["file/journal", "file/below/journal"])
def test_a_journal_below_a_file_cannot_be_created(write, open_journal, path):
    write("file")
    with pytest.raises(JournalError, match="cannot be created: a part of its path is a file; name"):
        open_journal(path)


def test_a_journal_with_a_name_that_is_too_long_cannot_be_created(open_journal):
    with pytest.raises(
        JournalError, match=r"cannot be opened: .*; change its permissions, or name another one"
    ):
        open_journal("j" * 300)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE attempt SET started = 'yesterday'",
        "UPDATE attempt SET run = '../../dev/zero'",
        "UPDATE attempt SET filename = x'00'",
        "UPDATE attempt SET number = 1, code = 1.5",
        "ALTER TABLE attempt ADD COLUMN more TEXT",
    ],
)
def test_a_journal_with_other_values_is_damaged(open_journal, reserve, change):
    journal = open_journal()
    reserve(journal)
    journal.close()
    other = sqlite3.connect("journal")
    other.execute(change)
    other.commit()
    other.close()
    with pytest.raises(JournalError, match="is damaged, or not a journal"):
        read_attempts("journal")
    with pytest.raises(JournalError, match="is damaged, or not a journal"):
        reserve(open_journal())


def test_a_database_of_another_program_is_left_alone(folder, open_journal):
    with sqlite3.connect("journal") as theirs:
        theirs.execute("CREATE TABLE theirs (a)")
    theirs.close()
    before = (folder / "journal").read_bytes()
    with pytest.raises(JournalError, match="is a database of another program"):
        open_journal()
    assert (folder / "journal").read_bytes() == before


def test_a_journal_of_a_newer_version_is_left_alone(folder, open_journal):
    open_journal().close()
    with closing(sqlite3.connect("journal")) as newer:
        newer.execute("PRAGMA user_version = 2")
    before = (folder / "journal").read_bytes()
    with pytest.raises(
        JournalError, match=r"by a newer rosetta-spec \(version 2, this one knows 1"
    ):
        open_journal()
    assert (folder / "journal").read_bytes() == before


def test_a_journal_is_created_whole_or_not_at_all(open_journal, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(module, "_SCHEMA", f"{module._SCHEMA}; SELECT nonsense")
        with pytest.raises(JournalError, match="cannot be used: no such column: nonsense"):
            open_journal()
    assert read_attempts(open_journal().path) == []


def test_a_journal_with_a_write_ahead_log_still_works(open_journal, reserve):
    """The first versions wrote such journals."""
    open_journal().close()
    with closing(sqlite3.connect("journal")) as older:
        assert older.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    journal = open_journal()
    journal.record(reserve(journal).number, MADE)
    journal.close()
    assert reserve(open_journal()).state == CREATED


def test_a_locked_journal_is_given_up_after_a_while(open_journal, reserve, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    journal = open_journal()
    other = sqlite3.connect("journal", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="is locked by another program; wait"):
        reserve(journal)
    other.close()
    assert reserve(journal).number == 1


def test_after_each_transaction_other_processes_have_a_turn(open_journal, reserve, monkeypatch):
    journal = open_journal()
    other = sqlite3.connect("journal", isolation_level=None, timeout=0)
    pauses = []

    def pause(seconds):
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        pauses.append(seconds)

    monkeypatch.setattr(module, "sleep", pause)
    monkeypatch.setattr(module, "monotonic", iter([10.0, 14.0]).__next__)
    reserve(journal)
    other.close()
    assert pauses == [1.0]


@pytest.mark.usefixtures("folder")
def test_a_journal_that_another_program_holds_cannot_be_opened(open_journal, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    other = sqlite3.connect("journal", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="is locked by another program"):
        open_journal()
    other.close()


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.rename("elsewhere")])
def test_a_journal_that_vanishes_during_a_run_ends_it(open_journal, reserve, change):
    """Without it, the next run would send again what this one has sent."""
    journal = open_journal()
    change(Path(journal.path))
    with pytest.raises(JournalError, match="was moved or deleted during this run; put it back"):
        reserve(journal)


def test_a_full_disk_prevents_a_reservation(open_journal, reserve):
    journal = open_journal()
    pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")
    long = "d" * 100_000
    with pytest.raises(JournalError, match="because the disk is full; make room"):
        reserve(journal, long)
    assert read_attempts(journal.path) == []


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_a_read_only_journal_is_rejected(open_journal, monkeypatch, mode):
    open_journal().close()
    connect = sqlite3.connect
    changed = connect("journal")
    changed.execute(f"PRAGMA journal_mode = {mode}")
    changed.close()

    def reading(address, **options):
        return connect(re.sub("mode=rw$", "mode=ro", address), **options)

    monkeypatch.setattr(sqlite3, "connect", reading)
    with pytest.raises(JournalError, match=r"cannot be opened|may not be written"):
        open_journal()


def test_a_folder_that_cannot_be_listed_is_reported(open_journal, monkeypatch):
    monkeypatch.setattr(Path, "iterdir", mock.Mock(side_effect=PermissionError(13, "Forbidden")))
    with pytest.raises(JournalError, match="cannot be opened: forbidden; change its permissions"):
        open_journal()


def test_a_folder_that_may_not_be_written_is_reported(folder, open_journal, shut):
    (folder / "shut").mkdir()
    shut(folder / "shut")
    with pytest.raises(JournalError, match="cannot be opened"):
        open_journal("shut/journal")


@pytest.mark.parametrize(
    ("environment", "platform", "folder"),
    [
        ({}, "linux", "/home/me/.local/state"),
        ({"XDG_STATE_HOME": "/state"}, "linux", "/state"),
        ({"XDG_STATE_HOME": "state"}, "linux", "/home/me/.local/state"),
        ({}, "darwin", "/home/me/Library/Application Support"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local"),
        ({}, "win32", "/home/me/AppData/Local"),
    ],
)
def test_the_default_journal_follows_the_conventions_of_the_system(environment, platform, folder):
    path = default_journal(environment, platform, Path("/home/me"))
    assert path == Path(folder) / "rosetta-spec" / "submissions.sqlite3"


class Sending(RuleBasedStateMachine):
    """No order of events reserves a request that may already have a package."""

    def __init__(self):
        super().__init__()
        self.path = f"{os.urandom(8).hex()}.journal"
        self.packages = 0
        self.allowed = 0
        self.open = None

    @initialize()
    def start(self):
        self.journal = Journal(self.path, lambda: 0)

    @rule(again=st.booleans(), retry_unknown=st.booleans())
    def ask(self, again, retry_unknown):
        was_open = self.open
        decision = self.journal.reserve(
            Identity("e", "k", "d"),
            RequestOrigin("a", 0, "", ""),
            ResendOptions(again, retry_unknown),
        )
        if isinstance(decision, Reserved):
            assert was_open is None
            assert again or retry_unknown or not self.packages
            self.open = decision.number

    @precondition(lambda self: self.open)
    @rule(is_lost=st.booleans())
    def create(self, is_lost):
        self.packages += 1
        self.journal.record(self.open, LOST if is_lost else MADE)
        self.open = None

    @precondition(lambda self: self.open)
    @rule()
    def refuse(self):
        self.journal.record(self.open, Outcome(REFUSED, 55005))
        self.open = None

    @precondition(lambda self: self.open)
    @rule()
    def never_leave(self):
        self.journal.cancel(self.open)
        self.open = None

    @rule(is_killed=st.booleans())
    def end(self, is_killed):
        """End the run; a run killed while it sends may have created a package."""
        if self.open and is_killed:
            self.packages += 1
        elif self.open:
            return
        self.open = None
        self.journal.close()
        self.journal = Journal(self.path, lambda: 0)

    def teardown(self):
        self.journal.close()


@pytest.mark.usefixtures("folder")
class TestSending(Sending.TestCase):
    # Each step waits for the disk.
    settings = settings(max_examples=20, stateful_step_count=15)
