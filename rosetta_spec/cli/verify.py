"""`rosetta-spec rule --verify`: verify rulesets, and report what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rosetta_spec.cli.output import write_stdout
from rosetta_spec.document.values import indented_json, json_text
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import Ruleset, builtin_ruleset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.verify.results import RuleProblem, Verification


def verify_rulesets(paths: Iterable[str], ruleset: Ruleset, output_format: str) -> bool:
    """Verify the rulesets at some paths, by default `ruleset`, and print the results.

    Returns:
        Whether no problem was found.
    """
    verify = _verify()
    known = builtin_ruleset() if paths else ruleset
    chosen = () if paths else ruleset.rules
    for path in paths:
        rules = load_ruleset(Path(path), known).rules
        known, chosen = known.with_rules(rules), (*chosen, *rules)
    verification = verify(chosen, known.rules)
    if output_format == "json":
        write_stdout(f"{indented_json(verification.facts())}\n")
    else:
        write_stdout(_text(verification))
    return verification.has_passed


def _verify() -> Callable[[Iterable[Rule], Iterable[Rule]], Verification]:
    """Load the verification, which needs hypothesis."""
    try:
        from rosetta_spec.verify.verification import verify  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        message = "--verify needs hypothesis; pip install 'rosetta-spec[verify]'"
        raise click.UsageError(message) from error
    return verify


def _text(verification: Verification) -> str:
    """Write a line for each rule, with its problems below it."""
    lines = []
    for result in verification.results:
        rule = result.rule
        word = "wrong " if result.problems else "passed"
        failing = f"  fails: {json_text(result.failing)}" if result.failing else ""
        lines.append(f"{word}  {rule.code} {rule.name}{failing}")
        lines += _problem_lines(result.problems)
    if verification.problems:
        lines.append("wrong   all rules together")
    lines += _problem_lines(verification.problems)
    count = sum(not result.problems for result in verification.results)
    lines.append(
        f"{count} of {len(verification.results)} rules passed;"
        f" {verification.documents} requests searched."
    )
    return "".join(f"{line}\n" for line in lines)


def _problem_lines(problems: Iterable[RuleProblem]) -> list[str]:
    lines = []
    for problem in problems:
        lines.append(f"        {problem.name}: {problem.message}")
        if problem.witness is not None:
            lines.append(f"        such as {_shown(problem.witness)}")
    return lines


def _shown(witness: object) -> str:
    return json_text(witness) if isinstance(witness, dict) else json_text(str(witness))
