"""What comments ask for: the forms of directives, and prose that only looks like one."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.document.reader import read_yaml
from rosetta_spec.engine.directives import Directive, Name, directives_in, is_day, removal
from rosetta_spec.text import Span, Text


def read(comment, before="x: 1  "):
    """The directives of a comment behind some text, each checked to be where it says it is."""
    content = f"{before}{comment}\n"
    found = list(directives_in(content, Span(len(before), len(before) + len(comment))))
    for directive in found:
        text = content[slice(*directive.span)]
        assert text == text.strip()
        assert text.startswith("rosetta" if directive.problem == "prose" else "#")
        assert all(content[slice(*name.span)] == name.text for name in directive.names)
    return found


def names_in(comment):
    return [[name.text for name in directive.names] for directive in read(comment)]


@pytest.mark.parametrize(
    "comment",
    [
        "# rosetta-spec: ignore[RS201, ignored-setting] why",
        "#rosetta-spec:ignore[RS201,ignored-setting]",
        "##  rosetta-spec:\tignore [ RS201 ,\tignored-setting, ] # why, and more",
        "# note  # rosetta-spec: ignore[,RS201,,ignored-setting] until=2026-12-31",
        "# rosetta-spec: ignore-file[RS201, ignored-setting] until the pool is fixed",
        "# rosetta-spec: see the docs # rosetta-spec: ignore[RS201, ignored-setting]",
        "# rosetta-spec\t : ignore[RS201, ignored-setting] # yamllint disable-line",
    ],
)
def test_blanks_commas_and_words_around_are_free(comment):
    assert names_in(comment) == [["RS201", "ignored-setting"]]
    assert [directive.problem for directive in read(comment)] == [""]


def test_a_directive_is_read_to_its_last_part():
    comment = "# rosetta-spec: ignore-file[RS402, x y] until=2026-12-31 why#no"
    (directive,) = read(f"{comment}  # yamllint disable-line", "")
    names = (Name("RS402", Span(28, 33)), Name("x y", Span(35, 38)))
    assert directive == Directive(Span(0, len(comment)), "ignore-file", names, "2026-12-31")


def test_a_comment_may_hold_several():
    comment = "# one # rosetta-spec: ignore[RS201] two  # rosetta-spec: ignore-file[RS402]"
    first, second = read(comment)
    assert (first.verb, second.verb) == ("ignore", "ignore-file")
    assert first.span == Span(12, 45)
    assert second.span == Span(47, 6 + len(comment))


@pytest.mark.parametrize(
    "comment",
    [
        "# rosetta-spec: see the docs",
        "# rosetta-spec:",
        "# rosetta-spec: [RS201]",
        "# rosetta-spec ignores what git ignores",
        "# yaml-language-server: $schema=https://example.com/rosetta-spec/ignore.json",
        "# my-rosetta-spec: ignore[RS201]",
        "# rosetta-spec, ignore[RS201]",
        "# rosetta-spec # ignore[RS201]",
    ],
)
def test_prose_is_no_directive(comment):
    assert read(comment) == []


@pytest.mark.parametrize(
    ("text", "problem", "verb", "written"),
    [
        ("ignore", "none", "ignore", ""),
        ("ignore why", "none", "ignore", ""),
        ("ignore-file[ , ]", "none", "ignore-file", ""),
        ("ignore: RS201", "none", "ignore", ""),
        ("ignore[RS201 why", "open", "ignore", ""),
        ("ignore[", "none", "ignore", ""),
        *(
            (f"{written}[RS201]", "form", verb, f"rosetta-spec: {written}")
            for written, verb in [
                ("ingore", "ignore"),
                ("Ignore", "ignore"),
                ("IGNORE-FILE", "ignore-file"),
                ("ignore_file", "ignore-file"),
                ("ignore-files", "ignore-file"),
                ("ingore-file", "ignore-file"),
                ("disable-file", "ignore-file"),
                ("ignore-line", "ignore"),
                ("ignore-next-line", "ignore"),
                ("disable-line", "ignore"),
                ("suppressed", "ignore"),
                ("disabled-file", "ignore-file"),
            ]
        ),
        ("ignore[RS201] until=tomorrow why", "until", "ignore", "until=tomorrow"),
        ("ignore[RS201] until=", "until", "ignore", "until="),
        ("ignore[RS201] until = 2026-12-31", "until", "ignore", "until = 2026-12-31"),
        ("ignore[RS201]until: 2026-12-31", "until", "ignore", "until: 2026-12-31"),
        ("ignore[RS201] until=2026-02-30", "until", "ignore", "until=2026-02-30"),
        ("ignore[RS201] until=2026-12-31, why", "until", "ignore", "until=2026-12-31,"),
        ("ignore[RS201] Until=2026-12-31 why", "until", "ignore", "Until=2026-12-31"),
        ("ignore[RS201] why until=2026-12-31", "late", "ignore", "until=2026-12-31"),
        ("ignore[RS201] why UNTIL=2026-12-31", "late", "ignore", "UNTIL=2026-12-31"),
        (
            "ignore[RS201] until=2026-12-31 until=2027-12-31",
            "late",
            "ignore",
            "until=2027-12-31",
        ),
    ],
)
def test_what_is_wrong_is_named(text, problem, verb, written):
    (directive,) = read(f"# rosetta-spec: {text}")
    assert (directive.problem, directive.verb, directive.written) == (problem, verb, written)
    assert directive.until == ""


@pytest.mark.parametrize(
    ("comment", "problem", "verb", "names", "text"),
    [
        ("# rosetta-spec ignore[RS201] why", "form", "ignore", ["RS201"], ""),
        ("# Rosetta-Spec: ignore-file[a, b]", "form", "ignore-file", ["a", "b"], ""),
        ("## ROSETTA-SPEC:disable", "form", "ignore", [], ""),
        ("#rosetta-spec noqa: RS201,RS402", "form", "ignore", ["RS201", "RS402"], ""),
        ("# rosetta-spec suppress RS201", "form", "ignore", ["RS201"], ""),
        ("# rosetta-spec ignore_file[RS201]", "form", "ignore-file", ["RS201"], ""),
        ("# rosetta-spec disable-next-line [RS201]", "form", "ignore", ["RS201"], ""),
        ("#\u3000rosetta-spec\uff1aignore[RS201]", "form", "ignore", ["RS201"], ""),
        ("# rosetta-spec:\u00a0ignore[RS201]", "form", "ignore", ["RS201"], ""),
        ("# see rosetta-spec: ignore[RS201]", "prose", "ignore", ["RS201"], "rosetta-spec: ignore"),
        ("# a#rosetta-spec:noqa[x]", "prose", "ignore", ["x"], "rosetta-spec:noqa"),
    ],
)
def test_near_misses_are_found(comment, problem, verb, names, text):
    (directive,) = read(f"{comment} # yamllint disable-line")
    assert (directive.problem, directive.verb) == (problem, verb)
    assert [name.text for name in directive.names] == names
    start = 6 + comment.find(text)
    assert directive.span == Span(start, 6 + len(comment))


@pytest.mark.parametrize("verb", ["disable", "noqa", "suppress", "disable-file"])
@pytest.mark.parametrize("start", ["rosetta-spec:", "rosetta-spec", "Rosetta-Spec :"])
@pytest.mark.parametrize(
    ("rest", "names"),
    [
        (" the lot", []),
        ("[RS201, x]", ["RS201", "x"]),
        (" [RS201] why", ["RS201"]),
        (": RS201,RS402", ["RS201", "RS402"]),
        ("(RS201)", ["RS201"]),
        ("=POL001 RS", ["POL001"]),
    ],
)
def test_verbs_of_other_linters_are_near_misses(start, verb, rest, names):
    (directive,) = read(f"# {start} {verb}{rest}")
    expected = "ignore-file" if "file" in verb else "ignore"
    assert (directive.problem, directive.verb, directive.written) == (
        "form",
        expected,
        f"{start} {verb}",
    )
    assert [name.text for name in directive.names] == names


@pytest.mark.parametrize("rest", [" RS201", ": RS201", "(RS201)", "=RS201", ": see RS201 and x"])
def test_codes_that_are_not_in_a_list_are_known(rest):
    (directive,) = read(f"# rosetta-spec: ignore{rest}")
    assert (directive.problem, directive.verb) == ("none", "ignore")
    assert [name.text for name in directive.names] == ["RS201"]


def test_a_second_directive_needs_a_mark_of_its_own():
    first, second = read("# rosetta-spec: ignore[RS201] rosetta-spec: ignore[RS402]")
    assert (first.problem, second.problem) == ("", "prose")
    assert second.span == Span(36, 63)


@given(st.dates())
def test_a_day_is_a_date_of_the_calendar(day):
    text = day.isoformat()
    assert is_day(text)
    assert not any(map(is_day, (text.replace("-", ""), f"{text}T00", text[2:], f" {text}")))


def test_other_days_and_digits_are_none():
    assert not any(map(is_day, ("2026-13-01", "2026-02-29", "0000-01-01", "٢٠٢٦-01-01", "")))


@given(st.text("#: []=,-aIignore6file\t rostpcun", max_size=60))
def test_any_comment_is_read_or_ignored(text):
    assert len(read(f"# rosetta-spec: {text.rstrip()}x")) <= 1 + text.count("#")


def directives_of(content):
    (document,) = read_yaml(Text(content))
    return [each for comment in document.comments for each in directives_in(content, comment)]


def without(content, *unused):
    """Remove names from the first directive of a text."""
    edits = removal(content, directives_of(content)[0], unused)
    assert list(edits) == sorted(edits)
    for (start, end), replacement in reversed(edits):
        content = content[:start] + replacement + content[end:]
    return content


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ("A", "B, C ,D"),
        ("B", "A, C ,D"),
        ("C", "A, B, D"),
        ("D", "A, B, C"),
        ("AB", "C ,D"),
        ("BC", "A, D"),
        ("BD", "A, C"),
        ("CD", "A, B"),
        ("ABC", "D"),
        ("ABD", "C"),
        ("BCD", "A"),
        ("", "A, B, C ,D"),
    ],
)
def test_names_go_with_their_commas(names, left):
    text = "x: 1 # rosetta-spec: ignore[ A, B, C ,D ] until=2026-12-31 why\n"
    assert without(text, *names) == text.replace("A, B, C ,D", left)


def test_a_name_goes_wherever_it_repeats():
    text = "x: 1 # rosetta-spec: ignore[A,, B, A, ]\n"
    assert without(text, "A") == "x: 1 # rosetta-spec: ignore[B, ]\n"
    assert without(text, "B") == "x: 1 # rosetta-spec: ignore[A,, A, ]\n"
    assert without(text, "A", "B") == "x: 1\n"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("x: 1 \t# rosetta-spec: ignore[A] why \t~y: 2~", "x: 1~y: 2~"),
        ("x: 1~  # rosetta-spec: ignore[A]~y: 2", "x: 1~y: 2"),
        ("# rosetta-spec: ignore[A]~x: 1", "x: 1"),
        ("~# rosetta-spec: ignore[A]~~x: 1", "~~x: 1"),
        ("x: 1~# rosetta-spec: ignore[A]", "x: 1~"),
        ("x: 1 # rosetta-spec: ignore[A]", "x: 1"),
        ("x: 1~# note  # rosetta-spec: ignore[A]~", "x: 1~# note~"),
        (
            "x: 1  # rosetta-spec: ignore[A] # rosetta-spec: ignore[B]~",
            "x: 1 # rosetta-spec: ignore[B]~",
        ),
        ("x: |  # rosetta-spec: ignore[A]~  text~", "x: |~  text~"),
        (
            "x: 1  # rosetta-spec: ignore[A] why  # yamllint disable-line~",
            "x: 1  # yamllint disable-line~",
        ),
        (
            "  # rosetta-spec: ignore[A] why  # yamllint disable-line~x: 1",
            "  # yamllint disable-line~x: 1",
        ),
    ],
)
def test_without_names_all_of_it_goes_and_nothing_else(text, left, ending):
    assert without(text.replace("~", ending), "A") == left.replace("~", ending)


@given(
    names=st.lists(st.sampled_from(["A", "B", "C", "D"]), min_size=1, max_size=6),
    unused=st.sets(st.sampled_from(["A", "B", "C", "D"])),
    comma=st.sampled_from([",", ", ", " , ", ",,"]),
)
def test_what_is_left_is_what_is_used(names, unused, comma):
    text = f"x: 1 # rosetta-spec: ignore[{comma.join(names)}] why\ny: 2\n"
    kept = [name for name in names if name not in unused]
    left = without(text, *unused)
    if kept:
        (directive,) = directives_of(left)
        assert [name.text for name in directive.names] == kept
        assert without(left, *unused) == left
    else:
        assert left == "x: 1\ny: 2\n"


@pytest.mark.parametrize("names", ["[{}]", "{}"])
def test_a_limited_number_of_names_is_read(names):
    text = f"# rosetta-spec: ignore {names.format('RS109, ' * 20_000)}"
    (found,) = directives_in(text, Span(0, len(text)))
    assert len(found.names) == 10_000


@pytest.mark.no_cover
def test_the_parts_of_a_comment_are_not_in_memory_together():
    text = "#" + " #" * 30_000
    tracemalloc.start()
    try:
        assert list(directives_in(text, Span(0, len(text)))) == []
        assert tracemalloc.get_traced_memory()[1] < 10 * len(text)
    finally:
        tracemalloc.stop()
