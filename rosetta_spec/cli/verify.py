"""`rosetta-spec rule --verify`: prove rulesets, and say what is wrong with them."""

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
    from rosetta_spec.verify.results import Flaw, Verification


def verify_rulesets(paths: Iterable[str], ruleset: Ruleset, output_format: str) -> bool:
    """Prove the rulesets at some paths, by default `ruleset`, and print what was found out.

    Returns:
        Whether nothing is wrong.
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
    return verification.is_proven


def _verify() -> Callable[[Iterable[Rule], Iterable[Rule]], Verification]:
    """Load what proves, if there is hypothesis for it."""
    try:
        from rosetta_spec.verify.verification import verify  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        message = "--verify needs hypothesis; pip install 'rosetta-spec[verify]'"
        raise click.UsageError(message) from error
    return verify


def _text(verification: Verification) -> str:
    """Write a line for each rule, and below it what is wrong."""
    lines = []
    for verdict in verification.verdicts:
        rule = verdict.rule
        said = "wrong " if verdict.flaws else "proven"
        shown = f"  fails: {json_text(verdict.failing)}" if verdict.failing else ""
        lines.append(f"{said}  {rule.code} {rule.name}{shown}")
        lines += _flaw_lines(verdict.flaws)
    if verification.flaws:
        lines.append("wrong   all rules together")
    lines += _flaw_lines(verification.flaws)
    count = sum(not verdict.flaws for verdict in verification.verdicts)
    lines.append(
        f"{count} of {len(verification.verdicts)} rules proven;"
        f" {verification.documents} requests looked at."
    )
    return "".join(f"{line}\n" for line in lines)


def _flaw_lines(flaws: Iterable[Flaw]) -> list[str]:
    lines = []
    for flaw in flaws:
        lines.append(f"        {flaw.name}: {flaw.message}")
        if flaw.witness is not None:
            lines.append(f"        such as {_shown(flaw.witness)}")
    return lines


def _shown(witness: object) -> str:
    return json_text(witness) if isinstance(witness, dict) else json_text(str(witness))
