"""A starter explains every key, is valid as written, and stays valid with any keys uncommented."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rosetta_spec.api import check
from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import number_of
from rosetta_spec.request.schema import places, request_schema, schema_at
from rosetta_spec.spec.starter import starter
from rosetta_spec.strategies import requests

#: A line that is off, and not one that explains.
OFF = re.compile(r"(?P<indent> *)#(?: (?P<rest>.*))?")

law = settings(max_examples=25)


def value_in(text):
    (document,) = read_documents(text.encode(), "yaml")
    return document.value


def blocks_of(lines):
    """Return where the blocks begin and end that are off: runs of lines with one indentation."""
    blocks, before = [], None
    for row, line in enumerate(lines):
        match = OFF.fullmatch(line)
        if match is None:
            before = None
        elif match["indent"] == before:
            blocks[-1] = (blocks[-1][0], row + 1)
        else:
            before = match["indent"]
            blocks.append((row, row + 1))
    return blocks


def turned_on(lines, block):
    """Remove the # and the blank after it, as the starter says and as editors do."""
    start, end = block
    inside = [
        OFF.sub(lambda it: it["indent"] + (it["rest"] or ""), line) for line in lines[start:end]
    ]
    return [*lines[:start], *inside, *lines[end:]]


def one_turned_on(lines, first=0, last=None):
    """Yield the starter with each block turned on alone, one inside another with that other."""
    for start, end in blocks_of(lines):
        if first <= start and end <= (last or len(lines)):
            on = turned_on(lines, (start, end))
            yield on
            if end - start > 1:
                yield from one_turned_on(on, start, end)


def shape_findings(lines):
    found = check("\n".join(lines), input_format="yaml").diagnostics
    findings = [each for each in found if each.code.startswith(("RS0", "RS1"))]
    # An object in which nothing is set yet is null.
    objects = [
        f"/{key}" for key, each in request_schema()["properties"].items() if "properties" in each
    ]
    return [
        each
        for each in findings
        if (each.code, each.pointer) not in [("RS102", o) for o in objects]
    ]


STARTER = starter({}).splitlines()


def test_an_object_that_is_turned_on_sets_nothing():
    objects = [key for key, each in request_schema()["properties"].items() if "properties" in each]
    for key in objects:
        (block,) = [each for each in blocks_of(STARTER) if STARTER[each[0]] == f"# {key}:"]
        assert value_in("\n".join(turned_on(STARTER, block)))[key] is None


KEYS = {pattern[-1] for pattern in places() if pattern}


def test_a_starter_has_what_is_required_as_placeholders():
    found = check(starter({}), input_format="yaml").diagnostics
    assert [each.code for each in found] == ["RS408"] * len(request_schema()["required"])
    assert set(value_in(starter({}))) == set(request_schema()["required"])


def test_every_key_and_every_listed_value_is_explained():
    comments = " ".join(line.lstrip("# ") for line in STARTER)
    for pattern in places():
        schema = schema_at(pattern)
        for each in [schema, *schema.get("anyOf", ())]:
            # An item that has no meaning of its own is explained by its list.
            assert each.get("description", "") in comments, pattern


def test_a_line_of_prose_is_no_longer_than_the_screen():
    assert max(len(line) for line in STARTER if " ##" in f" {line}") <= 100


@pytest.mark.parametrize("lines", [*one_turned_on(STARTER)])
def test_with_any_one_key_uncommented_the_request_has_the_right_shape(lines):
    assert shape_findings(lines) == []
    assert set(value_in("\n".join(lines))) - set(value_in(starter({})))


def test_every_key_can_be_turned_on():
    seen = {
        key
        for lines in one_turned_on(STARTER)
        for key in re.findall(r"\$?\w+(?=:)", " ".join(lines))
    }
    assert seen >= KEYS - {"*"}


@pytest.mark.no_cover
@law
@given(data=st.data())
def test_with_several_keys_uncommented_the_request_has_the_right_shape(data):
    """No two keys of the starter are in each other's way, however many are set."""
    lines = STARTER
    while (blocks := blocks_of(lines)) and data.draw(st.integers(0, 9)):
        lines = turned_on(lines, data.draw(st.sampled_from(blocks)))
    assert shape_findings(lines) == []


@pytest.mark.no_cover
@law
@given(values=requests())
def test_what_is_set_is_what_is_read(values):
    """Any valid request can be written in this way, and everything else in it stays off."""
    text = starter(values)
    assert value_in(text) == values
    assert check(text, input_format="yaml").diagnostics == ()


@pytest.mark.parametrize(
    "word", ["no", "Off", "null", "y", "1e3", "0x1", "a b", "a:", "", "ö", "-", '"']
)
def test_a_string_that_might_be_taken_for_something_else_is_quoted(word):
    text = starter({"poolName": word})
    assert 'poolName: "' in text
    assert value_in(text)["poolName"] == word


@pytest.mark.parametrize("number", ["1.5E+999999999999999999999", "-1E-999999999999999999999"])
def test_a_number_of_any_size_is_written_as_it_is(number):
    values = {"sampleCount": number_of(number), "x": [number_of(number)]}
    lines = starter(values).splitlines()
    assert {f"sampleCount: {number}", f"x: [{number}]"} <= {*lines}


def test_what_other_readers_of_yaml_do_not_understand_is_escaped():
    text = starter({"poolName": "a\x7f\x85b", "other": ["\u2028"]})
    assert r'poolName: "a\u007f\u0085b"' in text
    assert r'other: ["\u2028"]' in text
