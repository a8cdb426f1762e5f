"""Which configuration file holds for a folder: laws over trees of folders, and repositories."""

import os
import tempfile
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rosetta_spec.config.settings import Configuration, Overrides
from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.config_cache import NAMES, SHARED, ClosestConfigs

TABLE = "[tool.rosetta-spec]\n"
FOLDERS = ["", "a", "a/b", "a/b/c", "a/d", "e"]
PLACES = st.sampled_from([f"{folder}/{name}" for folder in FOLDERS for name in (*NAMES, ".git")])


@pytest.fixture(autouse=True)
def _outside_of_any_repository(folder):
    """The folder of every test is the root of a repository, regardless of what is above it."""
    (folder / ".git").mkdir()


def found(folder, path):
    config = Configuration(Overrides())._closest.of(os.path.realpath(folder / path))
    return config and Path(config).relative_to(os.path.realpath(folder)).as_posix()


@settings(max_examples=50)
@given(st.frozensets(PLACES, max_size=5))
@example(frozenset({"a/.git", "/rosetta-spec.toml"}))
@example(frozenset({"a/.git", "a/rosetta-spec.toml", "a/pyproject.toml"}))
def test_the_closest_one_counts_up_to_the_root_of_the_repository(places):
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / ".git").mkdir()
        for folder in FOLDERS:
            (root / folder).mkdir(exist_ok=True)
        for place in places:
            path = root / place.lstrip("/")
            path.write_text(TABLE) if not place.endswith(".git") else path.mkdir(exist_ok=True)
        known = Configuration(Overrides())._closest
        for folder in FOLDERS:
            real = os.path.realpath(root / folder)
            # What was asked before makes no difference.
            assert (
                known.of(real)
                == Configuration(Overrides())._closest.of(real)
                == expected(root, folder, places)
            )


def expected(root, folder, places):
    """Say it once more, as the contract has it."""
    above = [folder] + [folder.rsplit("/", n)[0] for n in range(1, folder.count("/") + 1)] + [""]
    for each in dict.fromkeys(above):
        for name in NAMES:
            if f"{each}/{name}" in places:
                return os.path.realpath(root / each / name)
        if f"{each}/.git" in places:
            return None
    return None


def test_a_pyproject_without_our_table_is_none(folder, write):
    write("rosetta-spec.toml")
    write("a/pyproject.toml", "[tool.other]\nx = 1")
    write("b/pyproject.toml", '[project]\nname = "rosetta-spec"')
    write("c/pyproject.toml", "tool = 5 # rosetta-spec")
    assert {found(folder, name) for name in "abc"} == {"rosetta-spec.toml"}


@pytest.mark.parametrize(
    "text",
    [
        "[tool.rosetta-spec]",
        "[ tool . 'rosetta-spec' ]",
        '[tool."rosetta\\u002dspec"]',
        "[tool]\nrosetta-spec.select = []",
        "tool = {rosetta-spec = {}}",
        "[tool.rosetta-spec.severity]",
    ],
)
def test_our_table_is_found_however_it_is_written(folder, write, text):
    write("pyproject.toml", text)
    assert found(folder, "") == SHARED


def test_a_pyproject_of_others_is_not_read_as_toml(folder, write, monkeypatch):
    write("pyproject.toml", "this is no TOML, and has a \\d")
    monkeypatch.setattr("rosetta_spec.config.loading.parse_toml", None)
    assert found(folder, "") is None


def test_one_of_others_may_be_large(folder, write):
    write("pyproject.toml", "#" * 300_000)
    assert found(folder, "") is None


def test_an_endless_one_is_reported(folder, write, monkeypatch):
    for module in ("config.loading", "files.content"):
        monkeypatch.setattr(f"rosetta_spec.{module}.MAX_BYTES", 299_999)
    write("pyproject.toml", "#" * 300_000)
    with pytest.raises(WrongFileError, match="larger than 256 KiB"):
        found(folder, "")


@pytest.mark.parametrize("place", [0, 90, 299_950])
def test_one_that_may_be_ours_must_not_be_large(folder, write, place):
    write("pyproject.toml", "#" * place + " rosetta-spec".ljust(300_000 - place, "#"))
    cause = "this configuration file is larger than 256 KiB; "
    with pytest.raises(
        WrongFileError, match=cause + "write the configuration in rosetta-spec.toml"
    ):
        found(folder, "")
    write("rosetta-spec.toml")
    assert found(folder, "") == "rosetta-spec.toml"


def test_one_that_may_be_ours_and_cannot_be_read_is_reported(folder, write):
    write("pyproject.toml", "# rosetta-spec\n[")
    with pytest.raises(WrongFileError, match=r"^pyproject\.toml:2:2: this is not valid TOML: "):
        found(folder, "")


def test_one_that_cannot_be_read_is_reported(folder, write, monkeypatch):
    write("pyproject.toml")
    for module in ("config", "spec"):
        opener = Mock(side_effect=PermissionError("no"))
        monkeypatch.setattr(f"rosetta_spec.{module}.loading.without_waiting", opener)
    with pytest.raises(WrongFileError, match=r"^pyproject\.toml: you do not have permission"):
        found(folder, "")


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_or_a_link_to_nowhere_of_its_name_is_none(folder, name):
    (folder / "a").mkdir()
    (folder / "a" / name).mkdir()
    (folder / name).symlink_to("nowhere")
    assert found(folder, "a") is None


def test_a_work_tree_and_a_submodule_end_with_a_file(folder, write):
    write("rosetta-spec.toml")
    write("a/.git", "gitdir: elsewhere")
    assert found(folder, "a") is None


def test_without_a_repository_it_is_looked_for_up_to_the_root_of_all(folder, write, monkeypatch):
    (folder / ".git").rmdir()
    write("a/b/c/x")
    asked = []
    monkeypatch.setattr(ClosestConfigs, "_config_in", lambda _, each: asked.append(each))
    monkeypatch.setattr("os.path.exists", lambda _: False)
    assert Configuration(Overrides())._closest.of(str(folder / "a/b/c")) is None
    assert asked[:3] == [str(folder / "a/b/c"), str(folder / "a/b"), str(folder / "a")]
    assert asked[-1] == Path(folder.anchor).as_posix()


def test_each_folder_is_looked_into_once(folder, monkeypatch):
    looked = []
    monkeypatch.setattr(ClosestConfigs, "_config_in", lambda _, each: looked.append(each))
    known = Configuration(Overrides())._closest
    for name in ("a/b", "a/c", "a/b", "", "a"):
        known.of(str(folder / name).rstrip("/"))
    assert len(looked) == len(set(looked)) == 4
