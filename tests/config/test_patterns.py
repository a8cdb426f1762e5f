"""Patterns of file names: as git has them."""

import contextlib
import re
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rosetta_spec.config.patterns import Patterns

FILES = [
    *("a", "b", "ab", "A.json", "a.json", "x/a", "x/b.json", "x/y/a", "x/y/z/a.json", "y/x/a"),
    *("a b", "x-y/z", "é/É", "x/.a", "old/a", "x/old/b", "[a]", "a*"),
    *("-", "x/_"),
]

PARTS = ["a", "b", "x", "y", "z", "*", "**", "?", "/", "/", ".", "json", "[ab]", "[!a]", "[x-z]"]
PARTS += ["[^x]", "[[:alpha:]]", "[!", "old", "é", "A", "-", "[]]", "[a-]"]


@pytest.fixture(scope="module")
def excluded_by_git():
    """What git ignores of the files by one pattern."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        subprocess.run(["git", "config", "core.ignoreCase", "false"], cwd=folder, check=True)
        names = b"\0".join(name.encode() for name in FILES)

        def excluded(pattern):
            Path(folder, ".gitignore").write_text(f"{pattern}\n", encoding="utf-8")
            ended = subprocess.run(
                ["git", "check-ignore", "--no-index", "-z", "--stdin"],
                cwd=folder,
                input=names,
                capture_output=True,
                check=False,
            )
            return {name.decode() for name in ended.stdout.split(b"\0") if name}

        yield excluded


def excluded(*patterns, folder="/repo"):
    rules = Patterns(patterns, folder)
    return {name for name in FILES if rules.has_match(f"/repo/{name}")}


@settings(max_examples=50)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map("".join))
@example("a")
@example("/a")
@example("x/")
@example("x/**")
@example("x/**/a")
@example("**/a")
@example("**")
@example("*.JSON")
@example("**/")
@example("x/**/")
@example("a/**/")
@example("x/***")
@example("*a*b*")
@example("?*/*?*")
@example("**/x/**/z")
@example("x/**/**/a")
@example("**/?/**/?")
@example("**/y/**/**/**/a")
@example("x[!a]b.json")
@example("[^a]")
@example("[[]a]")
@example("*[[a]*")
@example("[[:alpha:]]")
@example("*[[:punct:]][![:upper:]]*")
@example("a[[:space:]]b")
@example("[_[:digit:]-]")
@example("?[[:space:]-b]?")
@example("[[:punct:]-b]")
@example("[[:cntrl:]-b][[:graph:]-b][[:blank:]-b]*")
def test_a_pattern_excludes_what_git_would_ignore(excluded_by_git, pattern):
    # Git says nothing of no name. A dot for the folder of the file is known to us alone.
    if pattern.strip("/") and "//" not in pattern and pattern[:2] != "./":
        by_git = {name for name in excluded_by_git(pattern) if name.isascii()}
        try:
            mine = {name for name in excluded(pattern) if name.isascii()}
        except ValueError:
            mine = set()
        assert mine == by_git


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("*a" * 3 + "b", "a" * 250),
        ("?*" * 100 + "b", "a" * 250),
        ("*" * 1000 + "b", "a" * 250),
        ("**/a/" * 100 + "b", "a/" * 120 + "a"),
        ("x/" + "**/*/" * 100 + "*b", "x/" + "a/" * 120),
        ("[[:alnum:]-]*" * 100, "a" * 99),
    ],
)
def test_no_pattern_takes_long(pattern, name):
    started = time.process_time()
    assert not Patterns([pattern], "/repo").has_match(f"/repo/{name}")
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "pattern",
    ["[z-a]", "a/[", "[]", "[!]", "[[:no:]]", "[[:alpha:]", "[a/]", "\\", "!", "/", " ", ""],
)
def test_what_could_never_match_is_no_pattern(pattern):
    with pytest.raises(ValueError, match="no name matches"):
        Patterns([pattern], "/repo")


@given(st.text(max_size=8))
@example("[[:a")
@example("[]")
@example("[!]")
@example("[&&~~||--]")
@example("\\")
@example("[")
def test_any_text_is_a_pattern_or_rejected(pattern):
    with contextlib.suppress(ValueError):
        Patterns([pattern], "/repo").has_match("/repo/a")


def test_of_several_patterns_any_will_do():
    assert excluded("/a", "x/b.json") == {"a", "x/b.json"}
    assert excluded() == set()


@pytest.mark.parametrize(
    "patterns",
    [
        *(
            ["*.json", "!a.json"],
            ["!a.json", "*.json"],
            ["/x/*", "!/x/b.json"],
            ["a", "!/a"],
            ["!a"],
        ),
        *(["x", "!a", "y"], ["!a", "x"], ["x", "!x/a"], ["x/*", "!x/y", "a"], ["*", "!*/", "!a"]),
        *(["!**", "/*"], ["x/y", "!x"], ["x/", "!x/", "old"]),
    ],
)
def test_an_exclamation_mark_takes_back_what_earlier_patterns_match(excluded_by_git, patterns):
    mine = {name for name in excluded(*patterns) if name.isascii()}
    assert mine == {name for name in excluded_by_git("\n".join(patterns)) if name.isascii()}


@pytest.mark.parametrize("pattern", ["./x/a", "/x/a", "x/a"])
def test_a_path_starts_in_the_folder_of_its_file(pattern):
    assert excluded(pattern) == {"x/a"}
    assert excluded("x/a", f"!{pattern}") == set()


def test_letter_case_matters_as_in_git():
    assert excluded("É") == {"é/É"}
    assert excluded("a.JSON", "X/a") == set()


def test_a_number_sign_starts_no_comment():
    assert Patterns(["#a"], "/repo").has_match("/repo/#a")


class TestElsewhere:
    """What a file says that was extended from a folder beside, or that was named in the call."""

    def test_names_are_looked_for_below_what_both_share(self):
        assert excluded("old", folder="/repo/settings") == {"old/a", "x/old/b"}
        assert excluded("repo", folder="/repo/settings") == set()
        assert excluded("repo", folder="/elsewhere") == set(FILES)

    def test_paths_are_not(self):
        assert excluded("x/a", "/old", folder="/repo/settings") == set()

    def test_a_folder_whose_name_goes_on_is_another(self):
        assert excluded("/a", folder="/rep") == set()

    def test_the_root_of_all_is_above_everything(self):
        assert excluded("repo/a", folder="/") == {"repo/a"} - {"repo/a"} | {"a"}


def test_backslashes_of_windows_divide_names(monkeypatch):
    monkeypatch.setattr("os.sep", "\\")
    assert Patterns(["x/*.json"], "C:\\repo").has_match("C:\\repo\\x\\a.json")
    assert re.escape("\\") == "\\\\"


@pytest.mark.parametrize("pattern", ["*a*/*a*/*a*b", "**/*a*a*b", "[ab]*[ab]*[ab]*c"])
def test_many_patterns_with_stars_are_matched_in_linear_time(pattern):
    patterns = Patterns([pattern] * 200, "/x")
    started = time.process_time()
    assert not patterns.has_match("/x/" + "/".join(["a" * 255] * 15))
    assert time.process_time() - started < 15
