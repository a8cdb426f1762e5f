"""The search in linear time: it finds what `re` finds, and no pattern makes it hang."""

import random
import re
import sys
import time
import warnings

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rosetta_spec.regex import Regex, UnsupportedPatternError

CLASSES = ["[ab]", "[^a]", "[]a]", r"[\]a]", r"\d", r"\w", r"\s", r"\n", r"\x61", r"\.", "."]
PLACES = ["^", "$", r"\b", r"\B", r"\A", r"\Z"]
if sys.version_info >= (3, 14):
    PLACES.append(r"\z")
ATOMS = st.sampled_from([*"ab1_é {}]\n", *CLASSES, *PLACES, "(?:)", "()", "a{"])
GREEDY = ["*", "+", "?", "{2}", "{1,3}", "{,2}", "{2,}"]
REPEATS = st.sampled_from([*GREEDY, "*?", "+?", "??", "{1,2}?"])


def longer(parts):
    return st.one_of(
        st.lists(parts, max_size=4).map(lambda several: f"({''.join(several)})"),
        st.lists(parts, min_size=2, max_size=3).map(lambda several: f"(?:{'|'.join(several)})"),
        st.tuples(parts, REPEATS).map(lambda part: f"(?:{part[0]}){part[1]}"),
    )


PATTERNS = st.lists(st.recursive(ATOMS, longer, max_leaves=8), max_size=4).map("".join)


@given(PATTERNS, st.text("ab\n1 _é.{}]", max_size=8))
def test_finds_what_re_finds(pattern, text):
    # Of an empty text, Python 3.14 says something else than the versions before it.
    assume(text or r"\B" not in pattern)
    assert Regex(pattern).is_found_in(text) is bool(re.search(pattern, text))


@given(st.text("ab()[]{}*+?|^$\\.,-1:!=<P>", max_size=12))
def test_any_text_is_a_pattern_or_rejected(pattern):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = Regex(pattern).is_found_in("ab(1)")
        except (re.error, UnsupportedPatternError):
            return
        assert found is bool(re.search(pattern, "ab(1)"))


@pytest.mark.parametrize(
    "pattern",
    ["^(a+)+$", "(a|aa)+$", "(.*a){12}$", r"^(\w+\s?)*$", "a*a*a*a*a*b", "^(a?){50}a{50}$", "a+$"],
)
def test_no_pattern_hangs(pattern):
    assert not Regex(pattern).is_found_in("a" * 20_000 + "!")


@pytest.mark.parametrize(
    "pattern", ["a[ab]{990}c", "(a|b)*a(a|b){300}c", r"([ab]?){300}a[ab]{300}c", r"(a?b?){200}c$"]
)
def test_many_states_are_followed_together(pattern):
    """Each step of such a text reaches other states."""
    text = "".join(random.Random(1).choices("ab", k=20_000))  # noqa: S311 - chance, no secret
    start = time.process_time()
    assert not Regex(pattern).is_found_in(text)
    assert time.process_time() - start < 3


def test_forgets_steps_before_they_fill_the_memory():
    letters = [chr(0x4E00 + number) for number in range(3_000)]
    regex = Regex(f"[{letters[0]}-{letters[-1]}]+x")
    assert not regex.is_found_in("".join(letters))
    assert regex.is_found_in("".join(letters) + "x")


@pytest.mark.parametrize(
    ("pattern", "cause"),
    [
        (r"(a)\1", r"contains \1"),
        ("(?=a)", "contains (?="),
        ("(?<!a)", "contains (?<!"),
        ("(?>a)", "contains (?>"),
        ("(?#a)", "contains (?#"),
        ("(?P<a>b)(?P=a)", "contains (?P"),
        ("(?i)a", "contains (?i)"),
        ("a(?s-i:b)", "contains (?s-i:"),
        ("a++", "contains ++"),
        ("a{1001}", "has repeats that add up to more than 1000 steps"),
        ("((a?){0,30}){0,40}", "has repeats that add up to more than 1000 steps"),
        ("(" * 51 + ")" * 51, "has groups nested in more than 50 levels"),
    ],
)
def test_what_is_not_supported_is_rejected(pattern, cause):
    message = f"^{re.escape(cause)}, which is not supported$"
    with pytest.raises(UnsupportedPatternError, match=message):
        Regex(pattern)


@pytest.mark.parametrize("text", ["a", "a\n"])
def test_an_end_that_no_line_break_follows(text):
    assert Regex(r"a$(?!\n)").is_found_in(text) is (text == "a")


def test_a_group_may_have_a_name():
    assert Regex("^(?P<first>a|b)+$").is_found_in("abba")


def test_an_empty_part_may_be_repeated_any_number_of_times():
    assert Regex("(){1000000000}").is_found_in("")
