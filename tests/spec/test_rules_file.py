"""Our own rules file is loaded like a team's, and compiled unchanged."""

import json
from copy import deepcopy
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosetta_spec.fast import acceptor as builtin
from rosetta_spec.request.schema import RULES, schema_folder
from rosetta_spec.spec.loading import RulesetError, load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset, ruleset_from

_COMPILER = spec_from_file_location("compile", Path(__file__).parents[2] / ".ci/compile.py")
compiling = module_from_spec(_COMPILER)
_COMPILER.loader.exec_module(compiling)

SOURCE = Path(schema_folder()) / RULES
DATA = compiling.checked_data(SOURCE)


def test_the_compiled_rules_are_those_of_the_rules_file():
    """After a change of the rules file: `python .ci/compile.py`."""
    assert compiling.COMPILED.read_bytes().decode() == compiling.compiled_rules(SOURCE)


def test_the_compiled_rules_have_one_rule_per_row_and_no_escapes():
    rows = compiling.compiled_rules(SOURCE).splitlines()
    rules = [row for row in rows if row.startswith('{"code":')]
    assert len(rules) == len(DATA["rules"]) == len(rows) - len(["{", "documentation", "rules"]) - 2
    assert any("straßen" in row for row in rules)


def test_what_is_compiled_is_what_is_loaded():
    compiled = json.loads(compiling.compiled_rules(SOURCE), parse_float=Decimal)
    assert compiled == DATA
    assert [rule.code for rule in builtin_ruleset().rules] == [
        rule.code for rule in ruleset_from(DATA).rules
    ]


def test_numbers_are_compiled_as_they_are_written(tmp_path):
    rule = {**entry("RS112"), "kind": "schema", "at": ["/samplingRatio"], "wants": "is small"}
    rule |= {"code": "RS999", "schema": {"maximum": "DECIMAL"}}
    del rule["fix"]
    path = tmp_path / "rules.json"
    text = json.dumps({"rules": [rule]}).replace('"DECIMAL"', "0.10000000000000000000001")
    path.write_text(text, encoding="utf-8")
    assert '"maximum": 0.10000000000000000000001}' in compiling.compiled_rules(path)


def test_the_compiler_writes_what_is_shipped(tmp_path, monkeypatch):
    shipped = compiling.COMPILED.read_bytes()
    monkeypatch.setattr(compiling, "COMPILED", tmp_path / "rules.json")
    monkeypatch.setattr(compiling, "ACCEPTOR", tmp_path / "acceptor.py")
    compiling.main()
    assert (tmp_path / "rules.json").read_bytes() == shipped
    assert (tmp_path / "acceptor.py").read_bytes() == Path(builtin.__file__).read_bytes()


def test_our_rules_begin_with_rs_and_those_of_a_team_do_not():
    with pytest.raises(RulesetError, match="code RS001 is that of unreadable-file"):
        load_ruleset(SOURCE)


def entry(code):
    return next(rule for rule in DATA["rules"] if rule["code"] == code)


def pointers(value, above=()):
    yield above
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from pointers(item, (*above, key))


PLACES = [pointer for pointer in pointers(DATA) if pointer]
VALUES = [
    *(None, True, -1, 0, 1, 7, Decimal("0.5"), 10**30, "", " ", "a", "RS201", "[", "{x}", "{key}"),
    *("/subCondition", "/interceptionBoundary/*", "startTime", "sampleCount", "times", "schema"),
    *([], {}, [[]], [None], ["a"], ["startTime", "endTime"], {"": ""}, {"equal": "x"}, {"a": {}}),
    *({"path": "x"}, {"pattern": "("}, {"properties": {"a": True}}),
]


@given(
    at=st.sampled_from(PLACES),
    value=st.sampled_from(VALUES) | st.text() | st.integers(),
    how=st.sampled_from(["replace", "remove", "add", "rename"]),
)
@example(at=("rules", 0), value=None, how="replace")
@example(at=("rules",), value="a", how="remove")
@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_changed_rules_file_is_loaded_or_an_error_in_the_text(tmp_path, at, value, how):
    """No exception but `RulesetError`, and the place it names is one in the file."""
    data = part_with(at)
    above = data
    at = at if len(at) == 1 else (at[0], 0, *at[2:])
    for token in at[:-1]:
        above = above[token]
    change(above, at[-1], value, how)
    path = tmp_path / "rules.json"
    text = json.dumps(data, default=float, indent=1)
    path.write_text(text, encoding="utf-8", newline="")
    rules, error = loaded(path, ours)
    assert all(rule.kind.describe() for rule in rules)
    if error:
        row, column = error.location
        assert column <= len(text.split("\n")[row - 1])
        assert str(error) == f"{path.as_posix()}:{row}:{column}: {error.cause}; {error.remedy}"
        assert str(error).isprintable()


def part_with(at):
    """Our rules, or where one of them is changed, that one with what it names and another."""
    if len(at) == 1:
        return deepcopy(DATA)
    rules = DATA["rules"]
    named = [entry(code) for code in rules[at[1]].get("accompanied-by", ())]
    return deepcopy({**DATA, "rules": [rules[at[1]], rules[not at[1]], *named]})


POLICY = (Path(schema_folder()).parent / "examples/policy/policy.rules.yaml").read_bytes()
PIECES = (
    *(b"", b"\n", b"\t", b" ", b": ", b"- ", b"&a ", b"*a", b"!", b"{", b"}", b"[", b'"', b"\xff"),
    *(b"null", b".nan", b"<<: ", b"---\n", b"kind: schema\n", b"/*", b"^(", b"rules:", b"\x00"),
)


@pytest.mark.no_cover
@given(
    at=st.integers(0, len(POLICY)),
    size=st.sampled_from([0, 1, 2, 9, 80]),
    piece=st.sampled_from(PIECES),
)
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_ruleset_with_changed_text_is_loaded_or_an_error_in_the_text(tmp_path, at, size, piece):
    path = tmp_path / "policy.rules.yaml"
    path.write_bytes(POLICY[:at] + piece + POLICY[at + size :])
    rules, error = loaded(path, load_ruleset)
    assert all(rule.kind.describe() for rule in rules)
    assert error is None or str(error).isprintable()


def ours(path):
    return ruleset_from(compiling.checked_data(path))


def loaded(path, load):
    try:
        return load(path).rules, None
    except RulesetError as error:
        return (), error


def change(above, last, value, how):
    if how == "replace":
        above[last] = value
    elif how == "remove":
        del above[last]
    elif isinstance(above, list):
        above.insert(last, value)
    else:
        key = value if isinstance(value, str) else "other"
        above[key] = above.pop(last) if how == "rename" else value


def test_our_acceptor_is_that_of_the_rules_file():
    """After a change of the rules file or a kind: `python .ci/compile.py`."""
    shipped = Path(builtin.__file__).read_text(encoding="utf-8")
    assert shipped == compiling.compiled_acceptor()
