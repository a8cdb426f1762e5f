"""What is made of the specification ahead of time: our rules as JSON, and what tests them quickly.

Parsing the rules file at each start would cost 200 ms, generating the acceptor half as much.
`python -m rosetta_spec.spec.compile` writes all after something in `schema/` or a kind has changed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rosetta_spec.document.values import json_text
from rosetta_spec.fast import acceptor as builtin
from rosetta_spec.request.schema import COMPILED_RULES, RULES, schema_folder
from rosetta_spec.spec.acceptor_generator import acceptor_source
from rosetta_spec.spec.loading import checked_data
from rosetta_spec.spec.rule import Rule
from rosetta_spec.spec.ruleset import ruleset_from

#: Our rules file, and what it becomes.
_SOURCE = Path(schema_folder()) / RULES
COMPILED = Path(COMPILED_RULES)

ACCEPTOR = Path(builtin.__file__)


def compiled_rules(path: Path) -> str:
    """Write a rules file as JSON, one rule per row, every number as it was written.

    Raises:
        RulesetError: the file cannot be used.
    """
    data = checked_data(path, None)
    rules = ",\n".join(json_text(rule) for rule in data["rules"])
    others = [
        f"{json_text(key)}: {json_text(value)}" for key, value in data.items() if key != "rules"
    ]
    return "{\n" + ",\n".join([*others, f'"rules": [\n{rules}\n]']) + "\n}\n"


def compiled_acceptor() -> str:
    """Write the acceptor of our rules, in the layout of our code."""
    return _formatted(acceptor_source(_rules()))


def _rules() -> tuple[Rule, ...]:
    return ruleset_from(checked_data(_SOURCE, None)).rules


def _formatted(source: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--line-length", "100", "-"]
    formatted = subprocess.run(  # noqa: S603 - a fixed command
        command, input=source, check=True, capture_output=True, encoding="utf-8"
    )
    return formatted.stdout


def main() -> None:
    """Write what has to be fresh."""
    rules = compiled_rules(_SOURCE)
    COMPILED.write_text(rules, encoding="utf-8", newline="\n")
    ACCEPTOR.write_text(compiled_acceptor(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
