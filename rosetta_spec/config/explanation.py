"""What applies to a file, and where each part is set, as facts and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rosetta_spec.config.config import OFF, Origin, Patterns, Setting
from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.toml_file import shown_path
from rosetta_spec.fast.formats import REQUEST_ENDINGS
from rosetta_spec.files.discovery import real_file, shown_name


def facts_of(configuration: Configuration, path: str) -> dict[str, Any]:
    """Return what applies to a file as plain data; the source of a default is None."""
    return {
        "filename": shown_name(path),
        "configuration": list(configuration.config_of(real_file(path)).filenames),
        "is_found": configuration.is_wanted(real_file(path)),
        "settings": {
            key: {"value": value, "source": _source(origin)}
            for key, value, origin in _settings(configuration, path)
        },
        "rules": [
            {
                "code": status.rule.code,
                "name": status.rule.name,
                "severity": status.rule.severity.value if status.is_selected else OFF,
                # What changes the severity, or else what selects the rule.
                "source": _source(
                    (status.severity_by if status.is_selected else None) or status.selected_by
                ),
            }
            for status in configuration.rule_statuses(path)
        ],
    }


def _settings(configuration: Configuration, path: str) -> Iterator[tuple[str, Any, Origin | None]]:
    """Yield every setting that is not about rules: its key, its value, and where it is set."""
    config = configuration.config_of(real_file(path))
    yield "include", *_patterns(config.include, [f"*{each}" for each in REQUEST_ENDINGS])
    yield "exclude", *_patterns(config.exclude, [])
    yield "fail-on", configuration.settings_of(path).fail_on, configuration.fail_on_origin(path)
    if config.fail_on_no_files:
        yield "fail-on-no-files", *config.fail_on_no_files
    paths = [shown_path(each) for each in config.rulesets.value] if config.rulesets else []
    yield "rulesets", paths, config.rulesets.origin if config.rulesets else None


def _patterns(
    setting: Setting[Patterns] | None, default: list[str]
) -> tuple[list[str], Origin | None]:
    return (list(setting.value.patterns), setting.origin) if setting else (default, None)


def _source(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    filename = origin.file.filename if origin.file else None
    return {"setting": origin.key, "filename": filename, "row": origin.row or None}


def text_of(facts: Mapping[str, Any]) -> str:
    """Write the facts about a file for a terminal."""
    settings = [
        (key, _place(each["source"]), _words(each["value"]))
        for key, each in facts["settings"].items()
    ]
    rules = [
        (each["code"], each["severity"], each["name"], _place(each["source"]))
        for each in facts["rules"]
    ]
    return (
        f"{facts['filename']}\n"
        f"configuration: {_words(facts['configuration'])}\n"
        f"read where it is found in a folder: {'yes' if facts['is_found'] else 'no'}\n"
        f"\n{_table(settings)}\n{_table(rules)}"
    )


def _place(source: Mapping[str, Any] | None) -> str:
    if source is None:
        return "default"
    setting, filename, row = source.values()
    return f"{setting} in {filename}:{row}" if filename else setting


def _words(value: bool | str | Iterable[str]) -> str:  # noqa: FBT001 - a value to show
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else ", ".join(value) or "none"


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)
