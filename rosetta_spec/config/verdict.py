"""Which rules have a say, and how loudly: what a call and a config say, weighed."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.diagnostic import Severity
from rosetta_spec.spec.selection import ALWAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rosetta_spec.config.origin import Origin
    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.spec.ruleset import Ruleset

#: What a rule is set to that is to say nothing.
OFF = "off"


class Named(NamedTuple):
    """Rules that a setting names, by their codes, and where it stands."""

    codes: frozenset[str]
    origin: Origin


class Wishes(NamedTuple):
    """What a call or a config says of rules; `severity` holds severities, or `off`, by code."""

    select: Named | None = None
    ignore: Named | None = None
    severity: Mapping[str, tuple[str, Origin]] = {}


class Verdict(NamedTuple):
    """Whether a rule has a say; where that and its severity come from, None: as it is declared."""

    rule: Rule
    is_selected: bool
    selected_by: Origin | None
    severity_by: Origin | None


def verdicts(
    ruleset: Ruleset, call: Wishes, config: Wishes, here: Iterable[Named] = ()
) -> Iterator[Verdict]:
    """Weigh what is said of each rule; `here` are the rules that are ignored in one file.

    A call that selects rules speaks louder than what its config selects, ignores or sets to off;
    what it ignores comes on top, and so does what is ignored in the file. It changes what is said,
    never what other rules see.
    """
    here = tuple(here)
    for rule in ruleset.rules:
        is_selected, selected_by = _is_selected(rule.code, call, config, here)
        severity, severity_by = config.severity.get(rule.code, (OFF, None))
        if severity == OFF:
            yield Verdict(rule, is_selected, selected_by, None)
        else:
            changed = rule._replace(severity=Severity(severity))
            yield Verdict(changed, is_selected, selected_by, severity_by)


def _is_selected(
    code: str, call: Wishes, config: Wishes, here: tuple[Named, ...]
) -> tuple[bool, Origin | None]:
    if code in ALWAYS:
        return True, None
    for ignored in (call.ignore, *here):
        if ignored and code in ignored.codes:
            return False, ignored.origin
    if call.select:
        return code in call.select.codes, call.select.origin
    return _is_selected_by(config, code)


def _is_selected_by(config: Wishes, code: str) -> tuple[bool, Origin | None]:
    if config.select and code not in config.select.codes:
        return False, config.select.origin
    if config.ignore and code in config.ignore.codes:
        return False, config.ignore.origin
    severity, origin = config.severity.get(code, ("", None))
    if severity == OFF:
        return False, origin
    return True, config.select.origin if config.select else None
