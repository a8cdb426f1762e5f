"""`rosetta-spec check`: find mistakes in requests, and fix them."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

import click

from rosetta_spec.cli import options
from rosetta_spec.cli.options import complete_rule, config_options
from rosetta_spec.cli.run import list_files, run_check
from rosetta_spec.cli.terminal import FilteredInput, write_facts
from rosetta_spec.cli.watch import watch_check
from rosetta_spec.config.config import Origin
from rosetta_spec.config.settings import Configuration, Settings
from rosetta_spec.diagnostic import Severity
from rosetta_spec.engine.tally import FAIL_ON
from rosetta_spec.fast.formats import REQUEST_ENDINGS
from rosetta_spec.files.discovery import STDIN, expanded, real_file, shown_name
from rosetta_spec.files.names import shown_path
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.reporters.outputs import STDOUT, Output, OutputError
from rosetta_spec.request.wording import one_of
from rosetta_spec.runner.tasks import CheckOptions
from rosetta_spec.spec.ruleset import OFF, SelectionError


def _read_output(value: str) -> Output:
    format_, _, path = value.partition("=")
    if format_ not in REPORTERS:
        message = f"{format_!r} is not a format; choose one of {', '.join(REPORTERS)}"
    elif not path:
        message = f"{value!r} names no file; write {format_}=FILE"
    elif path == STDOUT:
        message = f"{value!r} is not a file; --format {format_} writes to standard output"
    else:
        return Output(format_, path)
    raise click.BadParameter(message)


@click.command(name="check")
@options.paths
@click.option(
    "--format",
    "output_format",
    type=click.Choice(list(REPORTERS)),
    metavar="FORMAT",
    default="text",
    show_default=True,
    help=f"The format of the report on standard output: {one_of(REPORTERS)}.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    type=_read_output,
    help="Write another report to a file; can be repeated.",
)
@options.input_format
@options.stdin_filename
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    shell_complete=complete_rule,
    help="Only these rules: codes, names, or prefixes of codes (RS2), separated by commas.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULES",
    shell_complete=complete_rule,
    help="All rules except these; RS001 to RS007 cannot be disabled.",
)
@click.option("--no-ignores", is_flag=True, help="Also report findings that comments suppress.")
@click.option("--fix", is_flag=True, help="Apply safe fixes, and report the remaining findings.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also apply unsafe fixes.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option(
    "--baseline",
    type=options.FILE,
    metavar="FILE",
    help="Do not report the findings listed in this file.",
)
@click.option("--write-baseline", is_flag=True, help="Write all findings to the --baseline file.")
@click.option(
    "--fail-on",
    type=click.Choice(list(FAIL_ON)),
    help="The lowest severity that makes the exit status 1.  [default: error]",
)
@click.option(
    "--force-exclude", is_flag=True, help="Apply `exclude` to files named on the command line too."
)
@click.option(
    "--min-severity",
    type=click.Choice([each.value for each in Severity]),
    help="Ignore the rules below this severity; RS001 to RS007 cannot be disabled.",
)
@click.option(
    "--fail-on-no-files", is_flag=True, help="End with exit status 2 if no file was read."
)
@click.option(
    "-q",
    "--quiet",
    "is_quiet",
    is_flag=True,
    help="With text and concise: print findings only, no summary.",
)
@config_options
@click.option(
    "--show-files",
    is_flag=True,
    help="Check nothing; list the files that would be read, one on each line.",
)
@click.option(
    "--show-settings",
    is_flag=True,
    help="Check nothing; print the configuration of the files, and where each value is set.",
)
@click.option("--watch", "is_watching", is_flag=True, help="Check again after each change.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes for a long run; by default the number of cores.",
)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule, on stderr.")
@options.color
@click.pass_obj
def command(
    stdin: FilteredInput,
    /,
    *,
    show_settings: bool,
    show_files: bool,
    is_watching: bool,
    **values: Any,  # noqa: ANN401 - see `CheckOptions`
) -> int:
    """Find mistakes in sampling requests.

    PATHS are files, folders, patterns such as '**/*.json', or - for standard input. The default is
    the current folder. A named file is always read. In folders and their subfolders, the files
    named *.sampling.json, .yaml, .yml, .jsonl or .ndjson are read, except files ignored by git.
    The configuration is read from the nearest .rosetta-spec.toml, rosetta-spec.toml or
    pyproject.toml above each file.

    \b
    Exit status:
      0    no findings at or above --fail-on
      1    findings, or with --diff something that would change
      2    a usage error, an invalid configuration, or a file that cannot be read
      3    a bug in rosetta-spec
      130  interrupted
    """  # noqa: D301 - click wants this backspace before lines that it leaves alone
    for name in ("select", "ignore"):
        values[name] = tuple(rule.strip() for part in values[name] for rule in part.split(","))
        if "" in values[name]:
            message = f"--{name} has an empty item; write rules separated by commas"
            raise click.UsageError(message)
    options = CheckOptions.of(**values)
    if options.write_baseline and (options.fix or options.diff):
        message = "--write-baseline cannot be used with --fix or --diff; fix first"
        raise click.UsageError(message)
    if options.write_baseline and options.baseline is None:
        message = "--write-baseline writes the file that --baseline names; name one"
        raise click.UsageError(message)
    try:
        if is_watching:
            _watch(options, {"--show-settings": show_settings, "--show-files": show_files})
        if show_settings:
            _show_settings(options)
            return 0
        if show_files:
            return list_files(options)
        return run_check(options, stdin)
    except (SelectionError, OutputError) as error:
        raise click.UsageError(str(error)) from error


def _watch(options: CheckOptions, others: Mapping[str, bool]) -> NoReturn:
    once = {"--diff": options.diff, "--write-baseline": options.write_baseline, **others}
    for name, is_given in {**once, "standard input": STDIN in options.paths}.items():
        if is_given:
            message = f"--watch cannot be used with {name}; remove one of them"
            raise click.UsageError(message)
    watch_check(options)


def _show_settings(options: CheckOptions) -> None:
    """Write what applies to each named file, and where it is set."""
    configuration = Configuration(options.overrides)
    paths = [
        options.stdin_filename or STDIN if path == STDIN else path
        for path in expanded(options.paths)
    ]
    if not paths:
        message = "--show-settings needs a file; name one"
        raise click.UsageError(message)
    files = [file_facts(configuration, path) for path in paths]
    if options.output_format not in ("json", "text"):
        message = f"--show-settings has no format {options.output_format}; choose text or json"
        raise click.UsageError(message)
    configuration.check_names()
    facts = {"version": 1, "files": files}
    write_facts(options.output_format, facts, "\n".join(map(facts_text, files)))


def file_facts(configuration: Configuration, path: str) -> dict[str, Any]:
    """Return what applies to a file as plain data; the source of a default is None.

    For a folder, it is what applies to the files in it, and `is_found` is None.
    """
    filename, is_folder = shown_name(path), os.path.isdir(path)
    path = os.path.join(path, "") if is_folder else path
    return {
        "filename": filename,
        "configuration": list(configuration.config_of(real_file(path)).filenames),
        "is_found": None if is_folder else configuration.is_wanted(real_file(path)),
        "settings": {
            key: {"value": value, "source": _source(origin)}
            for key, value, origin in _settings_in(configuration, path)
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


def _settings_in(
    configuration: Configuration, path: str
) -> Iterator[tuple[str, Any, Origin | None]]:
    """Yield every setting that is not about rules: its key, its value, and where it is set."""
    config = configuration.config_of(real_file(path))
    include, exclude, rulesets = config.include, config.exclude, config.rulesets
    wanted = include.value.patterns if include else [f"*{each}" for each in REQUEST_ENDINGS]
    yield "include", list(wanted), include and include.origin
    yield "exclude", list(exclude.value.patterns) if exclude else [], exclude and exclude.origin
    yield "fail-on", *(config.fail_on or (Settings().fail_on, None))
    if config.fail_on_no_files:
        yield "fail-on-no-files", *config.fail_on_no_files
    paths = [shown_path(each) for each in rulesets.value] if rulesets else []
    yield "rulesets", paths, rulesets and rulesets.origin


def _source(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    filename = origin.file.filename if origin.file else None
    return {"setting": origin.key, "filename": filename, "row": origin.row or None}


def facts_text(facts: Mapping[str, Any]) -> str:
    """Write the facts about a file for a terminal."""
    settings = [
        (key, _origin_text(each["source"]), _words(each["value"]))
        for key, each in facts["settings"].items()
    ]
    rules = [
        (each["code"], each["severity"], each["name"], _origin_text(each["source"]))
        for each in facts["rules"]
    ]
    is_folder = facts["is_found"] is None
    found = f"read where it is found in a folder: {'yes' if facts['is_found'] else 'no'}\n"
    return (
        f"{facts['filename']}\n"
        f"configuration: {_words(facts['configuration'])}\n"
        f"{'' if is_folder else found}\n{_table(settings)}\n{_table(rules)}"
    )


def _origin_text(source: Mapping[str, Any] | None) -> str:
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
