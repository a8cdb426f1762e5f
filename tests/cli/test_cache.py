"""The cache of the fast path: used only if no other user could have written it."""

import os
import sys

import pytest

from rosetta_spec.fast import config_cache as cache
from rosetta_spec.fast.config_cache import load, store

COMPILED = {"is_ours": False}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """The folder for caches of the user."""
    home = tmp_path / "home"
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    return home / "rosetta-spec"


@pytest.fixture
def config(repository, write):
    """A configuration file that is compiled and stored, in a repository beside the cache."""
    (repository / ".git").rename(repository / "config.git")
    path = write("work/rosetta-spec.toml", "fail-on = 'info'")
    (repository / "config.git").rename(repository / "work" / ".git")
    store(str(path), {str(path): path.read_bytes()}, COMPILED)
    return path


@pytest.fixture
def entry(config, home):
    (entry,) = home.iterdir()
    return entry


def test_what_was_stored_is_loaded(config, home, entry):
    assert load(str(config)) == COMPILED
    assert load(str(config.with_name("pyproject.toml"))) is None
    assert (home.stat().st_mode & 0o777, entry.stat().st_mode & 0o777) == (0o700, 0o600)


def test_until_the_file_changes_or_goes(config):
    config.write_text("fail-on = 'error'")
    assert load(str(config)) is None
    config.write_text("fail-on = 'info'")
    assert load(str(config)) == COMPILED
    config.unlink()
    assert load(str(config)) is None


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 40])
def test_a_damaged_entry_is_ignored_and_written_anew(config, entry, damage):
    for data in (damage, entry.read_bytes()[:-1] + damage, damage + entry.read_bytes()):
        if data != entry.read_bytes():
            before = entry.read_bytes()
            entry.write_bytes(data)
            assert load(str(config)) is None
            entry.write_bytes(before)
    entry.write_bytes(damage)
    store(str(config), {str(config): config.read_bytes()}, COMPILED)
    assert load(str(config)) == COMPILED


def test_what_is_no_entry_is_ignored(config, entry):
    content = cache.marshal.dumps(5)
    entry.write_bytes(cache._checksum(content) + content)
    assert load(str(config)) is None


def test_another_version_has_entries_of_its_own(config, home, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(cache, "__version__", "0")
        assert load(str(config)) is None
        store(str(config), {str(config): config.read_bytes()}, {"is_ours": True})
        assert load(str(config)) == {"is_ours": True}
    assert load(str(config)) == COMPILED
    assert len(list(home.iterdir())) == 2


def test_an_entry_that_others_may_write_is_ignored_and_written_anew(config, entry):
    entry.chmod(0o622)
    assert load(str(config)) is None
    store(str(config), {str(config): config.read_bytes()}, COMPILED)
    assert load(str(config)) == COMPILED
    assert entry.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_others_may_write_is_emptied_before_it_is_used(config, home, entry):
    (home / "other").write_text("by somebody else")
    home.chmod(0o777)
    assert load(str(config)) is None
    store(str(config), {str(config): config.read_bytes()}, COMPILED)
    assert load(str(config)) == COMPILED
    assert list(home.iterdir()) == [entry]
    assert home.stat().st_mode & 0o777 == 0o700


def test_what_another_user_owns_is_not_used(config, home, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: home.stat().st_uid + 1)
    assert load(str(config)) is None
    store(str(config), {str(config): b""}, {"is_ours": True})
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(home.parent))
    assert load(str(config)) == COMPILED


def test_links_are_not_followed(config, home, entry):
    entry.rename(entry.with_name("real"))
    entry.symlink_to("real")
    assert load(str(config)) is None
    entry.unlink()
    entry.with_name("real").rename(entry)
    home.rename(home.with_name("moved"))
    home.symlink_to("moved")
    assert load(str(config)) is None
    store(str(config), {str(config): b""}, COMPILED)
    assert home.is_symlink()


def test_a_cache_inside_the_repository_or_the_folder_is_not_used(config, home, monkeypatch):
    for inside in (config.parent, config.parent / "cache", config.parent / ".git"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(inside))
        store(str(config), {str(config): config.read_bytes()}, COMPILED)
        assert not (inside / "rosetta-spec").exists()
        (inside / "rosetta-spec").parent.mkdir(exist_ok=True)
        (inside / "rosetta-spec").symlink_to(home)
        assert load(str(config)) is None
        (inside / "rosetta-spec").unlink()
    below = config.parent / "below"
    below.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(config.parent / "other"))
    store(str(below / "rosetta-spec.toml"), {}, COMPILED)
    assert not (config.parent / "other").exists()


@pytest.mark.parametrize(
    ("platform", "variables", "place"),
    [
        ("linux", {"HOME": "{}/a"}, "a/.cache"),
        ("linux", {"HOME": "{}/a", "XDG_CACHE_HOME": "{}/b"}, "b"),
        ("linux", {"XDG_CACHE_HOME": "b"}, None),
        ("linux", {}, None),
        ("darwin", {"HOME": "{}/a", "XDG_CACHE_HOME": "{}/b"}, "a/Library/Caches"),
        ("darwin", {}, None),
        ("win32", {"LOCALAPPDATA": "{}/c", "HOME": "{}/a"}, "c"),
        ("win32", {}, None),
    ],
)
def test_it_is_where_each_system_has_caches(
    config, tmp_path, monkeypatch, platform, variables, place
):
    for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    store(str(config), {str(config): config.read_bytes()}, COMPILED)
    assert load(str(config)) == (COMPILED if place else None)
    assert place is None or (tmp_path / place / "rosetta-spec").is_dir()


def test_without_users_the_folder_is_the_users_own(config, monkeypatch):
    monkeypatch.delattr(os, "geteuid")
    assert load(str(config)) == COMPILED


def test_where_nothing_can_be_written_nothing_is(config, home, monkeypatch):
    (home.parent / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(home.parent / "file" / "below"))
    store(str(config), {str(config): config.read_bytes()}, COMPILED)
    assert load(str(config)) is None
    monkeypatch.setenv("XDG_CACHE_HOME", str(home.parent))
    monkeypatch.setattr(cache, "_MAX_BYTES", 10)
    config.write_text("")
    store(str(config), {str(config): b""}, COMPILED)
    assert load(str(config)) is None


def test_a_program_that_is_not_in_files_has_no_entries(config, monkeypatch):
    monkeypatch.setattr(cache.acceptor, "__file__", "archive.zip/acceptor.py")
    store(str(config), {str(config): config.read_bytes()}, COMPILED)
    assert load(str(config)) is None


def test_it_does_not_grow_for_ever(config, home, monkeypatch):
    for name in "abc":
        (home / name).touch()
    monkeypatch.setattr(cache, "_MAX_ENTRIES", 3)
    store(str(config), {str(config): config.read_bytes()}, COMPILED)
    assert len(list(home.iterdir())) == 1
    assert load(str(config)) == COMPILED


def test_a_configuration_without_a_repository(tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "exists", lambda _: False)
    path = tmp_path / "x" / "rosetta-spec.toml"
    path.parent.mkdir()
    path.touch()
    store(str(path), {str(path): b""}, COMPILED)
    assert load(str(path)) == COMPILED
    monkeypatch.setenv("XDG_CACHE_HOME", str(path.parent / "c"))
    assert load(str(path)) is None
    assert path.is_file()
