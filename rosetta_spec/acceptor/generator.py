"""Write an acceptor: from the request schema and rules to straight-line Python."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import contextmanager, nullcontext

from rosetta_spec.acceptor import surely
from rosetta_spec.acceptor.expressions import all_of, fits, literal
from rosetta_spec.kinds.kind import RelationKind
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.spec.request_schema import places, request_schema, schema_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rosetta_spec.kinds.kind import Pattern
    from rosetta_spec.spec.request_schema import Schema
    from rosetta_spec.spec.rule import Rule

_HEAD = '''\
"""{title}"""

from __future__ import annotations

{imports}TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.plain import Json

'''

#: Whether a kind would be shown a value, by the type that it asks for.
_GUARDS = {
    dict: "type({}) is dict",
    list: "type({}) is list",
    str: "type({}) is str",
    object: "{} is not None",
}


def acceptor_source(rules: Iterable[Rule], *, title: str) -> str:
    """Return a module that accepts a request only if there is surely nothing to report of it.

    It defines:

    - `accepts(request)`: whether a value is a request in which every value is what the request
      schema wants, means just what is written, and breaks none of `rules`.
    - `MEANT` and `WRITTEN`: for each rule that looks at values a test, by its code, of what the
      rules understand of an object (`MEANT`) or of what is written in it. A test is true only if
      its rule is surely silent.
    - `FITS`: for each place of the request schema that holds neither an object nor an array a test,
      by its pattern, that is true only if a value there surely is what the schema wants.

    `title` is the module's docstring.
    """
    tests = [(rule, rule.kind) for rule in rules if isinstance(rule.kind, RelationKind)]
    writer = _Writer()
    _write_accepts(writer, [kind for _, kind in tests])
    for rule, kind in tests:
        _write_test(writer, rule, kind)
    _write_table(writer, "MEANT", (rule for rule, kind in tests if not kind.looks_at_written))
    _write_table(writer, "WRITTEN", (rule for rule, kind in tests if kind.looks_at_written))
    _write_fits(writer)
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
    def function(self, name: str, docstring: str) -> Iterator[None]:
        self.line()
        self.line()
        with self.block(f"def {name}(request: Json) -> bool:"):
            self.line(f'"""{docstring}"""')
            yield


def _imports(code: str) -> str:
    """Import just those of the helping tests that the code calls."""
    called = set(re.findall(r"\b([a-z_]+)\(", code))
    names = [name for name in sorted(called) if name in vars(surely)]
    lines = "".join(f"    {name},\n" for name in names)
    return f"from rosetta_spec.acceptor.surely import (\n{lines})\n\n" if names else ""


def _write_accepts(writer: _Writer, kinds: Sequence[RelationKind]) -> None:
    docstring = "Whether there is surely nothing to report of a request."
    with writer.function("accepts", docstring):
        _Walk(writer, kinds).write_value(request_schema(), (), "request", is_required=True)
        writer.line("return True")


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


def _write_test(writer: _Writer, rule: Rule, kind: RelationKind) -> None:
    with writer.function(_name(rule), f"{rule.code}, {rule.name}."):
        _write_places(writer, kind, kind.at, "request")
        writer.line("return True")


def _write_places(
    writer: _Writer, kind: RelationKind, patterns: Iterable[Pattern], name: str
) -> None:
    """Look for the values that patterns meet below the value `name`, and test each."""
    below: defaultdict[str, list[Pattern]] = defaultdict(list)
    for pattern in patterns:
        if pattern:
            below[pattern[0]].append(pattern[1:])
        else:
            guard = "" if name == "request" else _GUARDS[kind.target].format(name)
            _write_refusal(writer, kind.accepts(name), guard)
    in_items = below.pop(EVERY_ITEM, [])
    if in_items:
        item = f"item_of_{name}"
        with writer.block(f"if type({name}) is list:"), writer.block(f"for {item} in {name}:"):
            _write_places(writer, kind, in_items, item)
    if below:
        # The request itself is known to be an object.
        with nullcontext() if name == "request" else writer.block(f"if type({name}) is dict:"):
            for key, rest in below.items():
                writer.line(f"{_variable(key)} = {name}.get({literal(key)})")
                _write_places(writer, kind, rest, _variable(key))


def _write_refusal(writer: _Writer, test: str, guard: str = "") -> None:
    """Return False where a test fails, unless a guard says that it need not be asked."""
    condition = f"{guard} and not ({test})" if guard else f"not ({test})"
    with writer.block(f"if {condition}:"):
        writer.line("return False")


def _write_table(writer: _Writer, name: str, rules: Iterable[Rule]) -> None:
    writer.line()
    with writer.block(f"{name} = {{"):
        for rule in rules:
            writer.line(f"{literal(rule.code)}: {_name(rule)},")
    writer.line("}")


def _write_fits(writer: _Writer) -> None:
    writer.line()
    with writer.block("FITS = {"):
        for place in places():
            schema = schema_at(place) or {}
            if schema["type"] not in ("object", "array"):
                writer.line(f"{place!r}: lambda value: {all_of(fits(schema, 'value'))},")
    writer.line("}")


def _name(rule: Rule) -> str:
    """Name a test after its rule: `rs201_ratio_with_quantity`."""
    return re.sub(r"\W", "_", f"{rule.code.lower()}_{rule.name}")


def _variable(key: str) -> str:
    """Name a variable after a key, so that it can be no other name of the module."""
    return "the_" + re.sub(r"\W", "_", key)
