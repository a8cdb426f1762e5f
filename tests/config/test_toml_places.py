"""Places in TOML: the text at a value's place reads as that value, however it is written."""

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rosetta_spec.config.toml_file import TomlPlaces, parse_toml

NAMES = st.sampled_from(["a", "b", "a-b", "1", "é", "a.b", "", 'q"', "x#y", "[", "rosetta-spec"])
COMMENTS = st.sampled_from(["", "", "# [a] = {", "#", "# it's\té"])
SCALARS = st.sampled_from(
    [
        *(
            "1",
            "-0.5",
            "true",
            "nan",
            "2020-01-01 07:32:00",
            "1979-05-27T07:32:00Z",
            "0x_f".strip("_"),
        ),
        *('""', "''", '"]"', "'}'", '"a\\"#,"', "'\\'", '"\\u00e9"', '"#"'),
        *('"""a\n]\n"""', "'''\n,}'''", '"""x"""""', "''''x'''''", '"""\\""""'),
    ]
)


@st.composite
def keys(draw, name=None):
    """Draw a spelling of a key."""
    name = draw(NAMES) if name is None else name
    spellings = ['"' + name.replace('"', '\\"') + '"']
    if '"' not in name:
        spellings.append(f"'{name}'")
    if name and all(char.isascii() and (char.isalnum() or char == "-") for char in name):
        spellings.append(name)
    return draw(st.sampled_from(spellings))


def blanks(draw):
    return draw(st.sampled_from(["", " ", "\t", "  "]))


@st.composite
def values(draw, depth=2):
    """Draw a value as text."""
    what = draw(st.sampled_from(["scalar", "scalar", "list", "table"])) if depth else "scalar"
    if what == "scalar":
        return draw(SCALARS)
    if what == "list":
        items = draw(st.lists(values(depth - 1), max_size=3))
        between = draw(st.sampled_from([", ", ",", ",\n  ", ", # ]\n"]))
        end = draw(st.sampled_from(["", " ", "\n"])) if items else ""
        return f"[{blanks(draw)}{between.join(items)}{end}]"
    names = draw(st.lists(NAMES, max_size=3, unique=True))
    pairs = [f"{draw(keys(name))}{blanks(draw)}= {draw(values(depth - 1))}" for name in names]
    return f"{{{', '.join(pairs)}}}"


@st.composite
def texts(draw):
    """Draw lines of TOML, of which those are kept that can follow the ones before them."""
    text = ""
    for _ in range(draw(st.integers(0, 7))):
        dotted = f"{blanks(draw)}.{blanks(draw)}".join(
            draw(st.lists(keys(), min_size=1, max_size=3))
        )
        kind = draw(st.sampled_from(["pair", "pair", "table", "tables", "blank"]))
        line = {
            "pair": f"{blanks(draw)}{dotted} = {draw(values())}{blanks(draw)}",
            "table": f"[{blanks(draw)}{dotted}{blanks(draw)}]",
            "tables": f"[[{dotted}]]",
            "blank": blanks(draw),
        }[kind]
        longer = f"{text}{line}{draw(COMMENTS)}\n"
        try:
            tomllib.loads(longer)
        except tomllib.TOMLDecodeError:
            continue
        text = longer
    return text


def leaves(value, pointer=()):
    """Yield every value of TOML data with its pointer."""
    if pointer:
        yield pointer, value
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in pairs:
            yield from leaves(item, (*pointer, key))


def reads_as(text, value):
    """Whether the longest beginning of a text that can be read is the value."""
    for end in range(len(text), 0, -1):
        try:
            read = tomllib.loads(f"x = {text[:end]}")
        except tomllib.TOMLDecodeError:
            continue
        return repr(read["x"]) == repr(value) if list(read) == ["x"] else False
    return False


@given(texts())
@example('a."b c" = [1, {d = "]"}]\n[[t]]\n[[t]]\nk = 1\n[t.u]\nv = 2\n')
@example("[a.b]\n[a]\nc.d = {e = []}\n")
def test_the_text_at_the_place_of_a_value_is_the_value(text):
    places = TomlPlaces(text).places
    for pointer, value in leaves(tomllib.loads(text)):
        # Of a list of tables only the first header is known.
        if not isinstance(value, dict | list) and pointer in places:
            line = text[places[pointer][1] :]
            assert any(reads_as(line[:end], value) for end in _ends(line))


def _ends(line):
    """Where a scalar may end: before what may follow it."""
    yield from (
        at
        for at in range(1, len(line) + 1)
        if line[at : at + 1] in ("", "\n", ",", "]", "}", " ", "\t", "#")
    )


@given(texts())
@example("[[t]]\nk = 1\n")
def test_the_text_at_the_place_of_a_key_is_the_key(text):
    places = TomlPlaces(text).places
    for pointer, _ in leaves(tomllib.loads(text)):
        assert pointer in places or "[[" in text
        start = places.get(pointer, (0, 0))[0]
        if pointer in places and isinstance(pointer[-1], str) and text[start] != "[":
            end = min(at for sign in "=.[{ \t" if (at := text.find(sign, start + 1)) > 0)
            while True:
                try:
                    assert tomllib.loads(f"{text[start:end]} = 0") == {pointer[-1]: 0}
                    break
                except tomllib.TOMLDecodeError:
                    end += 1


@pytest.mark.parametrize(
    ("text", "pointer", "expected"),
    [
        ("", ("a",), (1, 1)),
        ("a = 1", ("b",), (1, 1)),
        ("a = 1\n[t]\nb = 2", ("t", "c", 0), (2, 1)),
        ("x = 1\n[t.u]\n", ("t",), (2, 1)),
        ("a = [1, 2]", ("a", 7), (1, 5)),
        ("a = [\n  1,\n  'x', # y\n]", ("a", 1), (3, 3)),
        ("[[t]]\n[[t]]\nk = 1", ("t", 1, "j"), (1, 1)),
    ],
)
def test_what_is_not_there_is_found_at_what_is_above_it(text, pointer, expected):
    assert parse_toml("rosetta-spec.toml", text.encode()).location(pointer, "value") == expected
