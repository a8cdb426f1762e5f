"""Generate the acceptor: Python that accepts a request only if nothing is to report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TypeAlias

from rosetta_spec.document.values import Json
from rosetta_spec.fast import predicates as surely
from rosetta_spec.kinds.kind import Pattern, RelationKind, pattern_called
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.expressions import all_of, fits, literal
from rosetta_spec.request.schema import Schema, places, schema_at
from rosetta_spec.spec.rule import Rule

Accepts: TypeAlias = Callable[[Json], bool]


_HEAD = '''\
"""{title}"""

from __future__ import annotations

{imports}TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.fast.formats import Json

'''

#: Whether a kind would be shown a value, by the type that it asks for.
_GUARDS = {
    dict: "type({}) is dict",
    list: "type({}) is list",
    str: "type({}) is str",
    object: "{} is not None",
}


def suspicions_source(rules: Iterable[Rule], *, title: str) -> str:
    """Return a module that knows which of `rules` may have something to say of an object.

    It defines:

    - `of_meant(request)` and `of_written(request)`: the codes of rules that may have something to
      say of what the rules understand of an object, or of what is written in it.
    - `OF_MEANT` and `OF_WRITTEN`: the codes of rules that these know, which are surely silent where
      they are not suspected.
    - `FITS`: for each place below the request a test, by its pattern, that is true only if a value
      there surely is what the request schema wants.
    """
    writer = _Writer()
    relations = _relations(rules)
    meant = [(rule, kind) for rule, kind in relations if not kind.is_raw]
    written = [(rule, kind) for rule, kind in relations if kind.is_raw]
    _write_suspicions(writer, "of_meant", "understand of an object", meant)
    _write_suspicions(writer, "of_written", "find written in an object", written)
    _write_fits(writer)
    return _module(title, writer)


def _relations(rules: Iterable[Rule]) -> list[tuple[Rule, RelationKind]]:
    """Choose the rules that look at values, each with its kind."""
    return [(rule, rule.kind) for rule in rules if isinstance(rule.kind, RelationKind)]


def _module(title: str, writer: _Writer) -> str:
    return _HEAD.format(title=title, imports=_imports(writer.text)) + writer.text


class _Writer:
    """Collects lines of Python, constants first."""

    def __init__(self) -> None:
        self._constants: list[str] = []
        self._lines: list[str] = []
        self._indent = ""

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in [*self._constants, *self._lines])

    def constant(self, line: str) -> None:
        if line not in self._constants:
            self._constants.append(line)

    def line(self, line: str = "") -> None:
        self._lines.append(f"{self._indent}{line}".rstrip())

    @contextmanager
    def block(self, opening: str) -> Iterator[None]:
        """Indent what is written inside; `opening` is the line before it."""
        self.line(opening)
        above, self._indent = self._indent, self._indent + "    "
        yield
        self._indent = above

    @contextmanager
    def function(self, name: str, value: str, result: str, docstring: str) -> Iterator[None]:
        """Indent what is written inside; `value` is what the only argument is called."""
        self.line()
        self.line()
        with self.block(f"def {name}({value}: Json) -> {result}:"):
            self.line(f'"""{docstring}"""')
            yield


def _imports(code: str) -> str:
    """Import just those of the helping tests that the code calls."""
    called = set(re.findall(r"\b([a-z_]+)\(", code))
    names = [name for name in sorted(called) if name in vars(surely)]
    lines = "".join(f"    {name},\n" for name in names)
    return f"from rosetta_spec.fast.predicates import (\n{lines})\n\n" if names else ""


class _Walk:
    """Writes one pass over a request: at each place what its schema asks, then what rules ask."""

    def __init__(self, writer: _Writer, kinds: Sequence[RelationKind]) -> None:
        self._writer = writer
        self._kinds = kinds

    def write_value(self, schema: Schema, place: Pattern, name: str, *, is_required: bool) -> None:
        writer = self._writer
        with nullcontext() if is_required else writer.block(f"if {name} is not None:"):
            asked = fits(schema, name)
            _write_refusal(writer, all_of(asked))
            if schema["type"] == "object":
                self._write_members(schema, place, name)
            if schema["type"] == "array":
                item = f"item_of_{name}"
                with writer.block(f"for {item} in {name}:"):
                    self.write_value(schema["items"], (*place, EVERY_ITEM), item, is_required=True)
            for kind in self._kinds:
                test = kind.accepts(name)
                if place in kind.at and test not in asked:
                    _write_refusal(writer, test)

    def _write_members(self, schema: Schema, place: Pattern, name: str) -> None:
        """Test an object: no null, no strange key, and each member."""
        # A set that is written where it is asked would be made again each time.
        known = f"KEYS_OF_{name.upper()}"
        keys = ", ".join(map(literal, schema["properties"]))
        self._writer.constant(f"{known} = frozenset({{{keys}}})")
        _write_refusal(self._writer, f"None not in {name}.values() and {name}.keys() <= {known}")
        for key, member in schema["properties"].items():
            self._writer.line(f"{_variable(key)} = {name}.get({literal(key)})")
            is_required = key in schema.get("required", ())
            self.write_value(member, (*place, key), _variable(key), is_required=is_required)


def _write_suspicions(
    writer: _Writer, name: str, what: str, relations: Sequence[tuple[Rule, RelationKind]]
) -> None:
    codes = ", ".join(literal(rule.code) for rule, _ in relations)
    writer.constant(f"{name.upper()} = frozenset({{{codes}}})")
    docstring = f"Suspect rules that may have something to say of what they {what}."
    with writer.function(name, "request", "dict[str, None]", docstring):
        # A set would come in another order each time.
        writer.line("codes: dict[str, None] = {}")
        asked = [(pattern, rule, kind) for rule, kind in relations for pattern in kind.at]
        _write_asked(writer, asked, "request")
        writer.line("return codes")


def _write_asked(
    writer: _Writer, asked: Iterable[tuple[Pattern, Rule, RelationKind]], name: str
) -> None:
    """Look for the values that patterns meet below the value `name`, and ask all rules of each."""
    below: defaultdict[str, list[tuple[Pattern, Rule, RelationKind]]] = defaultdict(list)
    for pattern, rule, kind in asked:
        if pattern:
            below[pattern[0]].append((pattern[1:], rule, kind))
            continue
        # The request itself is known to be an object.
        guard = "" if name == "request" else f"{_GUARDS[kind.target].format(name)} and "
        with writer.block(f"if {guard}not ({kind.accepts(name)}):"):
            writer.line(f"codes[{literal(rule.code)}] = None")
    in_items = below.pop(EVERY_ITEM, [])
    if in_items:
        item = f"item_of_{name}"
        with writer.block(f"if type({name}) is list:"), writer.block(f"for {item} in {name}:"):
            _write_asked(writer, in_items, item)
    if below:
        with nullcontext() if name == "request" else writer.block(f"if type({name}) is dict:"):
            for key, rest in below.items():
                writer.line(f"{_variable(key)} = {name}.get({literal(key)})")
                _write_asked(writer, rest, _variable(key))


def _write_refusal(writer: _Writer, test: str) -> None:
    """Return False where a test fails."""
    with writer.block(f"if not ({test}):"):
        writer.line("return False")


def _write_fits(writer: _Writer) -> None:
    tests = {}
    for place in places():
        schema = schema_at(place) or {}
        if schema["type"] not in ("object", "array"):
            tests[place] = f"lambda value: {all_of(fits(schema, 'value'))}"
        elif place:
            tests[place] = f"fits_{_place_name(place)}"
            _write_fit(writer, place, schema)
    writer.line()
    with writer.block("FITS = {"):
        for place, test in tests.items():
            writer.line(f"{place!r}: {test},")
    writer.line("}")


def _write_fit(writer: _Writer, place: Pattern, schema: Schema) -> None:
    name = _place_name(place)
    docstring = f"Whether {pattern_called(place)} surely is what the request schema wants."
    with writer.function(f"fits_{name}", name, "bool", docstring):
        _Walk(writer, ()).write_value(schema, place, name, is_required=True)
        writer.line("return True")


def _place_name(place: Pattern) -> str:
    """Name a variable after a place, as a walk through a request does."""
    *above, last = place
    return f"item_of_{_place_name(tuple(above))}" if last == EVERY_ITEM else _variable(last)


def _variable(key: str) -> str:
    """Name a variable after a key, so that it can be no other name of the module."""
    return "the_" + re.sub(r"\W", "_", key)
