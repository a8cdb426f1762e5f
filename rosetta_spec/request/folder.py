"""Where the specification's files are: in a wheel inside the package, in a checkout beside it."""

from __future__ import annotations

import os
from functools import cache

from rosetta_spec.document.numbers import number_of
from rosetta_spec.fast.json_value import scanner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rosetta_spec.document.numbers import Number

_PACKAGE = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - pathlib loads slowly

REQUEST_SCHEMA = "sampling-create.schema.json"
RULES = "sampling-create.rules.yaml"
RULESET_SCHEMA = "ruleset.schema.json"
CONFIG_SCHEMA = "config.schema.json"

#: Our rules file as JSON, so that no run has to parse YAML to know them; a test keeps it fresh.
COMPILED_RULES = f"{_PACKAGE}/spec/rules.json"


@cache
def schema_folder() -> str:
    """Return the folder that holds the specification's files.

    Raises:
        FileNotFoundError: neither place has them, so the installation is broken.
    """
    return find_schema_folder(_PACKAGE)


def find_schema_folder(package: str) -> str:
    """Find the folder from where the package is."""
    for folder in (f"{package}/schema", f"{os.path.dirname(package)}/schema"):  # noqa: PTH120
        if os.path.isfile(f"{folder}/{REQUEST_SCHEMA}"):  # noqa: PTH113
            return folder
    message = f"the schema folder is missing beside {package}: install rosetta-spec again"
    raise FileNotFoundError(message)


def read_data(path: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """Read a JSON file of ours; its numbers are shown as they are written there."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        value, _ = _scan(file.read(), 0)
    return value


def _fraction(text: str) -> float | Number:
    """Read a number with a fraction; such are only shown there, and `decimal` is a slow import."""
    number = float(text)
    return number if str(number) == text else number_of(text)


_scan = scanner(_fraction, number_of)
