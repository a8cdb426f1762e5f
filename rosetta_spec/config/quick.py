"""Whether settings have the shape that `config.schema.json` wants, found out without `jsonschema`.

To load that takes longer than most runs. It explains what is wrong here; a law holds both together.
"""

from __future__ import annotations

from rosetta_spec.config.verdict import OFF
from rosetta_spec.engine.tally import FAIL_ON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rosetta_spec.document.values import Json

_SEVERITIES = ("error", "warning", "info", OFF)


def is_well_formed(settings: Json) -> bool:
    """Whether settings have the right shape."""
    return isinstance(settings, dict) and all(
        key in _SHAPES and _SHAPES[key](value) for key, value in settings.items()
    )


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_list(value: Json) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_pattern(value: Json) -> bool:
    is_some = isinstance(value, str) and value.strip("/") != ""
    return is_some and not value.startswith("!") and ".." not in value.split("/")


def _is_pattern_list(value: Json) -> bool:
    return isinstance(value, list) and all(map(_is_pattern, value))


def _is_severity_table(value: Json) -> bool:
    return isinstance(value, dict) and all(
        _is_text(severity) and severity in _SEVERITIES for severity in value.values()
    )


def _is_pattern_table(value: Json) -> bool:
    return isinstance(value, dict) and all(
        _is_pattern(pattern) and _is_list(rules) for pattern, rules in value.items()
    )


_SHAPES: dict[str, Callable[[Json], bool]] = {
    "include": _is_pattern_list,
    "exclude": _is_pattern_list,
    "select": _is_list,
    "ignore": _is_list,
    "severity": _is_severity_table,
    "per-file-ignores": _is_pattern_table,
    "fail-on": lambda value: _is_text(value) and value in FAIL_ON,
    "rulesets": _is_list,
    "extend": lambda value: _is_text(value) or _is_list(value),
}
