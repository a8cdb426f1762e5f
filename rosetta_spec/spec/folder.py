"""Where the specification's files are: in a wheel inside the package, in a checkout beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent

REQUEST_SCHEMA = "sampling-create.schema.json"
RULES = "sampling-create.rules.yaml"
RULESET_SCHEMA = "ruleset.schema.json"


@cache
def schema_folder() -> Path:
    """Return the folder that holds the specification's files.

    Raises:
        FileNotFoundError: neither place has them, so the installation is broken.
    """
    for folder in (_PACKAGE / "schema", _PACKAGE.parent / "schema"):
        if (folder / REQUEST_SCHEMA).is_file():
            return folder
    message = f"the schema folder is missing beside {_PACKAGE}: install rosetta-spec again"
    raise FileNotFoundError(message)
