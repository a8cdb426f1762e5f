"""Compile the specification ahead of time: our rules as JSON, and their acceptor.

Parsing the rules file at each start would take 200 ms. After a change in `schema/` or of a kind,
`python .ci/compile.py` writes both again.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rosetta_spec.document.values import json_text
from rosetta_spec.fast import acceptor as builtin
from rosetta_spec.request.schema import COMPILED_RULES, RULES, schema_folder
from rosetta_spec.spec.acceptor_generator import acceptor_source
from rosetta_spec.spec.loading import RulesetFile
from rosetta_spec.spec.ruleset import ruleset_from
from rosetta_spec.spec.ruleset_errors import other_problems
from rosetta_spec.spec.schema_errors import schema_problems

#: Our rules file, and what it is compiled to.
SOURCE = Path(schema_folder()) / RULES
COMPILED = Path(COMPILED_RULES)
ACCEPTOR = Path(builtin.__file__)


def checked_data(path: Path) -> Mapping[str, Any]:
    """Read and validate our rules file, or one like it."""
    file = RulesetFile(path, None)
    file.reject(schema_problems(file.data))
    file.reject(other_problems(file.data, None))
    return file.data


def compiled_rules(path: Path) -> str:
    """Write a rules file as JSON, one rule per line, every number as it was written.

    Raises:
        RulesetError: the file cannot be used.
    """
    data = checked_data(path)
    rules = ",\n".join(json_text(rule) for rule in data["rules"])
    others = [
        f"{json_text(key)}: {json_text(value)}" for key, value in data.items() if key != "rules"
    ]
    return "{\n" + ",\n".join([*others, f'"rules": [\n{rules}\n]']) + "\n}\n"


def compiled_acceptor() -> str:
    """Write the acceptor of our rules, formatted like our code."""
    source = acceptor_source(ruleset_from(checked_data(SOURCE)).rules)
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--line-length", "100", "-"]
    formatted = subprocess.run(
        command, input=source, check=True, capture_output=True, encoding="utf-8"
    )
    return formatted.stdout


def main() -> None:
    """Write the compiled rules and the acceptor."""
    COMPILED.write_text(compiled_rules(SOURCE), encoding="utf-8", newline="\n")
    ACCEPTOR.write_text(compiled_acceptor(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
