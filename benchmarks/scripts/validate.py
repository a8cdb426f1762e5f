"""Validate requests with a Python library, one line of output for each error that it reports.

python validate.py LIBRARY SCHEMA FILE...

A file ending in .jsonl holds a request on each line. The exit status is 1 if there is an error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: Reads a text of JSON, and says what is wrong with the value.
Library: TypeAlias = "tuple[Callable[[bytes], Any], Callable[[Any], Iterable[str]]]"


def main() -> int:
    """Print the errors of all files; return the exit status."""
    library, schema, *names = sys.argv[1:]
    parse, errors = LIBRARIES[library](json.loads(Path(schema).read_bytes()))
    found = 0
    for name in names:
        for place, value in documents(name, parse):
            for error in errors(value):
                found += 1
                sys.stdout.write(f"{place}: {error}\n")
    return int(found > 0)


def documents(name: str, parse: Callable[[bytes], Any]) -> Iterator[tuple[str, Any]]:
    """Read the documents of a file, each with what it is called."""
    if name.endswith(".jsonl"):
        with Path(name).open("rb") as file:
            for number, line in enumerate(file, 1):
                yield f"{name}:{number}", parse(line)
    elif name.endswith(".yaml"):
        import yaml  # noqa: PLC0415 - only who reads YAML pays for it

        with Path(name).open("rb") as file:
            yield name, yaml.load(file, yaml.CSafeLoader)
    else:
        yield name, parse(Path(name).read_bytes())


def with_fastjsonschema(schema: Any) -> Library:  # noqa: ANN401 - any JSON
    """Generate Python source from the schema; it stops at the first error of a document."""
    import fastjsonschema  # noqa: PLC0415 - one library is imported, not all

    validate = fastjsonschema.compile(schema)

    def errors(value: object) -> Iterable[str]:
        try:
            validate(value)
        except fastjsonschema.JsonSchemaValueException as error:
            return [error.message]
        return ()

    return json.loads, errors


def with_jsonschema_rs(schema: Any) -> Library:  # noqa: ANN401 - any JSON
    """Validate in Rust, and parse with orjson, which is Rust too."""
    import jsonschema_rs  # noqa: PLC0415 - one library is imported, not all
    import orjson  # noqa: PLC0415

    validator = jsonschema_rs.validator_for(schema)
    return orjson.loads, lambda value: [error.message for error in validator.iter_errors(value)]


def with_jsonschema(schema: Any) -> Library:  # noqa: ANN401 - any JSON
    """Walk the schema in Python for each document."""
    from jsonschema.validators import validator_for  # noqa: PLC0415 - one library, not all

    validator = validator_for(schema)(schema)
    return json.loads, lambda value: [error.message for error in validator.iter_errors(value)]


LIBRARIES = {
    "fastjsonschema": with_fastjsonschema,
    "jsonschema-rs": with_jsonschema_rs,
    "jsonschema": with_jsonschema,
}

if __name__ == "__main__":
    sys.exit(main())
