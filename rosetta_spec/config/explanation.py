"""What applies to a file, and where each part is set, as facts and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rosetta_spec.config.config import OFF, Config, Origin, Patterns, RuleStatus, Setting
from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.toml_file import shown_path
from rosetta_spec.fast.formats import REQUEST_ENDINGS
from rosetta_spec.files.discovery import real_file, shown_name

#: The source of what is not set anywhere.
_DEFAULT = "default"


def facts_of(configuration: Configuration, path: str) -> dict[str, Any]:
    """Return what applies to a file as plain data; the source of a default is None."""
    config = configuration.lookup.config_of(real_file(path))
    return {
        "filename": shown_name(path),
        "configuration": list(config.filenames) if config else [],
        "is_found": configuration.selection.is_wanted(real_file(path)),
        "settings": {
            key: {"value": value, "source": _source(origin)}
            for key, value, origin in _parts(configuration, config, path)
        },
        "rules": [
            {
                "code": status.rule.code,
                "name": status.rule.name,
                "severity": _severity(status),
                "source": _source(_origin(status)),
            }
            for status in configuration.rule_statuses(path)
        ],
    }


def text_of(configuration: Configuration, path: str) -> str:
    """Write what applies to a file for a terminal."""
    config = configuration.lookup.config_of(real_file(path))
    is_found = configuration.selection.is_wanted(real_file(path))
    rows = [
        (key, str(origin or _DEFAULT), _words(value))
        for key, value, origin in _parts(configuration, config, path)
    ]
    rules = [
        (each.rule.code, _severity(each), each.rule.name, str(_origin(each) or _DEFAULT))
        for each in configuration.rule_statuses(path)
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
    """Yield every setting that is not about rules: its key, its value, and where it is set."""
    yield "include", *_patterns(config and config.include, (f"*{each}" for each in REQUEST_ENDINGS))
    yield "exclude", *_patterns(config and config.exclude, ())
    fail_on = configuration.settings_of(path).fail_on
    yield "fail-on", fail_on, configuration.fail_on_origin(config)
    rulesets = config and config.rulesets
    paths = [shown_path(each) for each in rulesets.value] if rulesets else []
    yield "rulesets", paths, rulesets.origin if rulesets else None


def _patterns(
    setting: Setting[Patterns] | None, default: Iterable[str]
) -> tuple[list[str], Origin | None]:
    if setting is None:
        return list(default), None
    return list(setting.value.patterns), setting.origin


def _severity(status: RuleStatus) -> str:
    return status.rule.severity.value if status.is_selected else OFF


def _origin(status: RuleStatus) -> Origin | None:
    """Return what changes the severity of a rule, or else what selects it."""
    severity_by = status.severity_by if status.is_selected else None
    return severity_by or status.selected_by


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
