"""What is made of the specification ahead of time: our rules as JSON, and our acceptor.

Parsing the rules file at each start would cost 200 ms, generating the acceptor half as much.
`python -m rosetta_spec.compile` writes both after something in `schema/` or a kind has changed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from rosetta_spec.acceptor import builtin
from rosetta_spec.acceptor.generator import acceptor_source
from rosetta_spec.spec.folder import RULES, schema_folder
from rosetta_spec.spec.loading import checked_data
from rosetta_spec.spec.ruleset import COMPILED, ruleset_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.plain import Json


#: The module that `compiled_acceptor` is.
ACCEPTOR = Path(builtin.__file__)


def compiled_rules(path: Path) -> str:
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


def compiled_acceptor() -> str:
    """Write the acceptor of our rules, in the layout of our code."""
    title = (
        "Our acceptor: whether there is surely nothing to report of a request, by tests that"
        " `rosetta_spec.acceptor.generator` has written."
    )
    rules = ruleset_from(checked_data(schema_folder() / RULES, None)).rules
    source = acceptor_source(rules, title=title)
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--line-length", "100", "-"]
    formatted = subprocess.run(  # noqa: S603 - a fixed command
        command, input=source, check=True, capture_output=True, encoding="utf-8"
    )
    return formatted.stdout


def main() -> None:
    """Write what has to be fresh."""
    rules = compiled_rules(schema_folder() / RULES)
    COMPILED.write_text(rules, encoding="utf-8", newline="\n")
    ACCEPTOR.write_text(compiled_acceptor(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
