"""A file is replaced: completely or not at all, with mode and owner of the one that was there."""

import builtins
import errno
import os
import socket
import stat
import sys
import threading

import pytest

from rosetta_spec.files.content import replace_file, without_waiting


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_has_the_mode_that_new_files_have(folder):
    before = os.umask(0o027)
    try:
        replace_file("new", [b"a", b"b"])
    finally:
        os.umask(before)
    assert (folder / "new").read_bytes() == b"ab"
    assert mode_of(folder / "new") == 0o640


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o666, 0o755])
def test_the_mode_of_an_old_one_is_kept(write, mode):
    path = write("old", b"old")
    path.chmod(mode)
    replace_file("old", [b"new"])
    assert (path.read_bytes(), mode_of(path)) == (b"new", mode)


def test_a_link_still_leads_to_it(folder, write):
    write("there/old", b"old")
    (folder / "link").symlink_to("there/old")
    replace_file("link", [b"new"])
    assert (folder / "link").is_symlink()
    assert (folder / "there" / "old").read_bytes() == b"new"


def test_a_pipe_is_written_to(folder):
    os.mkfifo("pipe")
    with open("pipe", "rb", opener=without_waiting) as reader:
        writer = threading.Thread(target=replace_file, args=("pipe", [b"new"]))
        writer.start()
        writer.join()
        assert reader.read() == b"new"
    assert stat.S_ISFIFO((folder / "pipe").stat().st_mode)


def test_a_pipe_without_a_reader_does_not_block(folder):
    os.mkfifo("pipe")
    with pytest.raises(OSError, match="no program reads this pipe"):
        replace_file("pipe", [b"new"])
    with socket.socket(socket.AF_UNIX) as other:
        other.bind("socket")
        with pytest.raises(OSError):  # noqa: PT011 - the system has several codes for it
            replace_file("socket", [b"new"])


def test_a_pipe_without_a_name_is_written_to():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader:
        replace_file(f"/dev/fd/{writing}", [b"new"])
        os.close(writing)
        assert reader.read() == b"new"


def test_its_owner_is_kept_by_who_may(write):
    path = write("old", b"old")
    try:
        os.chown(path, 1234, 5678)
    except PermissionError:
        pytest.skip("only root may give files away")
    path.chmod(0o4751)
    replace_file("old", [b"new"])
    assert (path.stat().st_uid, path.stat().st_gid, mode_of(path)) == (1234, 5678, 0o4751)


def test_who_may_not_give_it_to_its_owner_owns_it(write, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError

    path = write("old", b"old")
    path.chmod(0o640)
    monkeypatch.setattr(os, "chown", refuse)
    replace_file("old", [b"new"])
    assert (path.read_bytes(), mode_of(path)) == (b"new", 0o640)


def test_on_windows_a_file_has_no_owner_to_keep(write, monkeypatch):
    path = write("old", b"old")
    path.chmod(0o640)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "chown")
    replace_file("old", [b"new"])
    assert (path.read_bytes(), mode_of(path)) == (b"new", 0o640)


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_cannot_be_finished_leaves_the_old_one_and_nothing_beside_it(folder, write, error):
    def pieces():
        yield b"new"
        raise error

    path = write("old", b"old")
    with pytest.raises(error):
        replace_file("old", pieces())
    assert path.read_bytes() == b"old"
    assert list(folder.iterdir()) == [path]


@pytest.mark.parametrize(("call", "content"), [("open", b"old"), ("replace", b"new")])
def test_an_interrupt_right_after_a_call_ends_the_program_and_leaves_nothing_beside_it(
    folder, write, monkeypatch, call, content
):
    module = builtins if call == "open" else os
    really = getattr(module, call)
    called = []

    def interrupted(*arguments, **options):
        called.append(really(*arguments, **options))
        raise KeyboardInterrupt

    write("old", b"old")
    with monkeypatch.context() as patch:
        patch.setattr(module, call, interrupted)
        with pytest.raises(KeyboardInterrupt):
            replace_file("old", [b"new"])
    if call == "open":
        called[0].close()
    assert (folder / "old").read_bytes() == content
    assert list(folder.iterdir()) == [folder / "old"]


def test_a_file_that_cannot_be_opened_without_waiting_is_an_error(folder, write, monkeypatch):
    os.mkfifo("pipe")
    monkeypatch.setattr("rosetta_spec.files.content.without_waiting", failing(errno.ENXIO))
    with pytest.raises(OSError, match="no program reads this pipe"):
        replace_file("pipe", [b"new"])
    monkeypatch.setattr("rosetta_spec.files.content.without_waiting", failing(errno.EACCES))
    with pytest.raises(PermissionError):
        replace_file("pipe", [b"new"])


def failing(number):
    def fail(*_):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb\r\n\xff" * 100_000])
def test_any_bytes_are_written_as_they_are(folder, content):
    replace_file("new", [content, content])
    assert (folder / "new").read_bytes() == 2 * content


def test_a_folder_that_is_not_there_is_reported(folder):
    with pytest.raises(FileNotFoundError):
        replace_file("missing/new", [b"new"])
    assert list(folder.iterdir()) == []


def test_what_may_not_take_its_place_is_not_left(folder, write, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError

    path = write("old", b"old")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        replace_file("old", [b"new"])
    assert path.read_bytes() == b"old"
    assert list(folder.iterdir()) == [path]


def test_a_file_that_is_not_ours_is_left_alone(folder, write):
    left = write(f".rosetta-spec-{os.getpid()}-0.tmp", b"left")
    replace_file("new", [b"new"])
    assert left.read_bytes() == b"left"
    assert set(folder.iterdir()) == {left, folder / "new"}
