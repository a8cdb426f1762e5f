"""What holds for a file and where each part of it comes from, as facts and as text."""

from __future__ import annotations

from rosetta_spec.config.choice import INCLUDE
from rosetta_spec.config.config_bytes import shown_path
from rosetta_spec.config.verdict import OFF
from rosetta_spec.files.sources import shown_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from rosetta_spec.config.config import Config, FilePatterns
    from rosetta_spec.config.configuration import Configuration
    from rosetta_spec.config.origin import Origin
    from rosetta_spec.config.verdict import Verdict

#: Where what nobody has set comes from.
_DEFAULT = "default"


def facts_of(configuration: Configuration, path: str) -> dict[str, Any]:
    """Return what holds for a file as plain data; a source is None where nobody has set it."""
    config = configuration.lookup.config_of(path)
    return {
        "filename": shown_name(path),
        "configuration": list(config.filenames) if config else [],
        "is_found": configuration.choice.is_wanted(path),
        "settings": {
            key: {"value": value, "source": _source(origin)}
            for key, value, origin in _parts(configuration, config, path)
        },
        "rules": [
            {
                "code": verdict.rule.code,
                "name": verdict.rule.name,
                "severity": _severity(verdict),
                "source": _source(_origin(verdict)),
            }
            for verdict in configuration.verdicts_of(path)
        ],
    }


def text_of(configuration: Configuration, path: str) -> str:
    """Write what holds for a file for a terminal."""
    config = configuration.lookup.config_of(path)
    is_found = configuration.choice.is_wanted(path)
    rows = [
        (key, str(origin or _DEFAULT), _words(value))
        for key, value, origin in _parts(configuration, config, path)
    ]
    rules = [
        (each.rule.code, _severity(each), each.rule.name, str(_origin(each) or _DEFAULT))
        for each in configuration.verdicts_of(path)
    ]
    return (
        f"{shown_name(path)}\n"
        f"configuration: {_words(config.filenames if config else ())}\n"
        f"read where it is found in a folder: {'yes' if is_found else 'no'}\n"
        f"\n{_table(rows)}\n{_table(rules)}"
    )


def _parts(
    configuration: Configuration, config: Config | None, path: str
) -> Iterator[tuple[str, Any, Origin | None]]:
    """Yield every setting that is not about rules: its key, its value, and where it stands."""
    yield "include", *_patterns(config and config.include, INCLUDE)
    yield "exclude", *_patterns(config and config.exclude, ())
    fail_on = configuration.settings_of(path).fail_on
    yield "fail-on", fail_on, configuration.fail_on_origin(config)
    rulesets = config and config.rulesets
    paths = [shown_path(each) for each in rulesets.paths] if rulesets else []
    yield "rulesets", paths, rulesets.origin if rulesets else None


def _patterns(
    setting: FilePatterns | None, default: Iterable[str]
) -> tuple[list[str], Origin | None]:
    if setting is None:
        return list(default), None
    return list(setting.patterns.patterns), setting.origin


def _severity(verdict: Verdict) -> str:
    return verdict.rule.severity.value if verdict.is_selected else OFF


def _origin(verdict: Verdict) -> Origin | None:
    """Say what made a rule differ from its declaration, or else what selects it."""
    severity_by = verdict.severity_by if verdict.is_selected else None
    return severity_by or verdict.selected_by


def _source(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    filename = origin.file.filename if origin.file else None
    return {"setting": origin.key, "filename": filename, "row": origin.row or None}


def _words(value: str | Iterable[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value) or "none"


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)
