"""Our rules file as the JSON that a run reads: parsing the YAML at each start would cost 200 ms.

`python -m rosetta_spec.spec.compile` writes it after the rules file has changed.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

from rosetta_spec.spec.folder import RULES, schema_folder
from rosetta_spec.spec.loading import checked_data
from rosetta_spec.spec.ruleset import COMPILED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.plain import Json


def compiled(path: Path) -> str:
    """Write a rules file as JSON, one rule per row, every number as it was written.

    Raises:
        RulesetError: the file cannot be used.
    """
    data = checked_data(path, None)
    rules = ",\n".join(_json(rule) for rule in data["rules"])
    others = [f"{_json(key)}: {_json(value)}" for key, value in data.items() if key != "rules"]
    return "{\n" + ",\n".join([*others, f'"rules": [\n{rules}\n]']) + "\n}\n"


def _json(value: Json) -> str:
    """Write JSON as `json.dumps` does, with a Decimal as exactly the number that it is."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_json(key)}: {_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def main(arguments: list[str]) -> None:
    """Write our compiled rules, to another file than the usual one if there is an argument."""
    target = Path(arguments[0]) if arguments else COMPILED
    text = compiled(schema_folder() / RULES)
    target.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
