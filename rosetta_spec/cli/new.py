"""`rosetta-spec new` and `rosetta-spec init`: write what a request or a repository starts from."""

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple, NoReturn

import click

from rosetta_spec.api import check
from rosetta_spec.cli import options
from rosetta_spec.cli.terminal import CommandError, warn
from rosetta_spec.config.settings import Configuration, Overrides, is_request_name
from rosetta_spec.config.toml_file import parse_toml
from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.json_reader import read_json
from rosetta_spec.document.syntax_errors import CURL
from rosetta_spec.document.values import Json, percentage_in, spelled
from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.config_cache import ClosestConfigs, repository_of
from rosetta_spec.fast.formats import (
    JSON,
    MAX_BYTES,
    REQUEST_ENDINGS,
    YAML,
    format_by_name,
    format_of,
)
from rosetta_spec.files.content import name_inside
from rosetta_spec.files.discovery import STDIN
from rosetta_spec.reporters.style import safe
from rosetta_spec.request.schema import endpoint_data, request_schema
from rosetta_spec.request.wording import one_of
from rosetta_spec.spec.starter import starter, starting_values
from rosetta_spec.text import BOM, Text


def _ratio_in(text: str) -> Json:
    text = re.sub(r"^\s*\.(?=\d)", "0.", text)
    share = percentage_in(text)
    if share is not None and share > 1:
        message = f"{text} is above 100%; write a percentage that is above 0% and at most 100%"
        raise click.UsageError(message)
    return _number_in(text) if share is None else share


def _number_in(text: str) -> Json:
    """Read a number; any other text stays as it is, and the rules reject it."""
    number = spelled(text)
    return text if number is None else number


#: How the value of an option is read, by its type in the data about the endpoint.
_READERS: dict[str, Callable[[str], Json]] = {
    "string": str,
    "share": _ratio_in,
    "number": _number_in,
}


def _key_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that set keys of the request."""
    for each in reversed(endpoint_data()["new"]["options"]):
        names, read = (each["option"], each["key"]), _READERS[each["type"]]
        option = click.option(*names, metavar=each["metavar"], help=each["help"], type=read)
        command = option(command)
    return command


@click.command(name="new")
@click.argument("path", required=False, type=options.FILE)
@_key_options
def new(path: str | None, **values: Json) -> None:
    """Write a request to start from, in YAML, with every key explained.

    PATH is a file that does not exist yet. Without it, the request is written to standard output.
    On a terminal, the command asks for values that no option sets. Values that you still have to
    fill in are between < and >.

    If PATH is -, a curl command or a JSON body is read from standard input, and its request is
    written to standard output.
    """
    if path is not None and path != STDIN:
        _reject_name(path)
    given = _check_values({key: value for key, value in values.items() if value is not None})
    if path == STDIN:
        sys.stdout.write(starter({**read_pasted(), **given}))
        return
    is_interactive = all(each.isatty() for each in (sys.stdin, sys.stdout, sys.stderr))
    text = starter({**given, **(_ask(given) if is_interactive else {})})
    if path is None:
        sys.stdout.write(text)
        return
    try:
        write_new(Path(path), text)
    except OSError as error:
        _reject(f"{path} cannot be written: {error.strerror}; choose another name", error)
    name = safe(f'"{path}"' if " " in path else path)
    sys.stderr.write(f"wrote {name}; when it is filled in, run: rosetta-spec check {name}\n")
    _warn_if_not_found(path)


def _warn_if_not_found(path: str) -> None:
    """Warn that a run over a folder does not read a file of this name."""
    configuration = Configuration(Overrides())
    # What is wrong with a configuration file is reported when files are checked.
    with suppress(WrongFileError):
        if configuration.is_wanted(path):
            return
        config = configuration.config_of(path)
        setting = config.include or (config.exclude if is_request_name(path) else None)
        names = f"only names that end in {one_of(REQUEST_ENDINGS)} are"
        reason = f"{setting.origin} says which files are" if setting else names
        warn(f"{path} is not read when its folder is checked; {reason}")


def _reject_name(path: str) -> None:
    """Reject a name that cannot be used, before anything is asked."""
    if os.path.isdir(path):
        _reject(f"{path} is a folder; name a file in it")
    if os.path.lexists(path):
        _reject(f"{path} already exists and is not overwritten; choose another name")
    above = os.path.dirname(path) or os.curdir
    if not os.path.isdir(above):
        _reject(f"there is no folder {above}; create it first")
    if name_inside(path) != path or format_by_name(path) not in {YAML, None}:
        _reject(f"{path} would not be read as YAML; choose a name that ends in .yaml")


def write_new(path: Path, text: str) -> None:
    """Write a new file, or leave none behind."""
    file = path.open("xb")
    try:
        # Some errors come only when it is closed.
        with file:
            file.write(text.encode())
    except BaseException:
        path.unlink()
        raise


def _reject(message: str, cause: OSError | None = None) -> NoReturn:
    raise click.BadParameter(safe(message), param_hint="PATH") from cause


def _ask(given: dict[str, Json]) -> dict[str, Json]:
    """Ask for the required values and the amount, except for those that are given."""
    schema = request_schema()
    answers: dict[str, Json] = {}
    for key in schema["required"]:
        if key not in given:
            title = schema["properties"][key]["title"]
            answers |= _answer(title, partial(dict.fromkeys, (key,)))
    for question in endpoint_data()["new"]["questions"]:
        share, number = question["share"], question["number"]
        if given.keys().isdisjoint({share, number}):
            answers |= _answer(question["text"], partial(_amount_in, share, number), default="")
    return answers


def _answer(
    question: str, read: Callable[[str], dict[str, Json]], default: str | None = None
) -> dict[str, Json]:
    def value_of(answer: str) -> dict[str, Json]:
        return _check_values(read(answer.strip()))

    try:
        values: dict[str, Json] = click.prompt(
            question, default=default, show_default=False, value_proc=value_of, err=True
        )
    except click.Abort:
        # Instead of an answer, Ctrl-C or Ctrl-D was pressed.
        sys.stderr.write("\nNothing is written.\n")
        raise
    return values


def _check_values(values: dict[str, Json]) -> dict[str, Json]:
    """Return the values if a request with them has no error."""
    values = {key: _text(key, value) for key, value in values.items()}
    for diagnostic in check(starter(starting_values(values)), input_format=YAML).diagnostics:
        if diagnostic.severity is Severity.ERROR:
            raise click.UsageError(safe(diagnostic.message))
    return values


def _text(key: str, value: Json) -> Json:
    """Decode the bytes of a string as UTF-8, independent of the locale."""
    if not isinstance(value, str):
        return value
    try:
        # Python keeps bytes that the locale cannot decode as surrogates (PEP 383).
        return value.encode(errors="surrogateescape").decode()
    except UnicodeError as error:
        message = f'{key} is "{value}", which is not UTF-8; write it in UTF-8'
        raise click.UsageError(safe(message)) from error


def _amount_in(share: str, number: str, text: str) -> dict[str, Json]:
    """Read an amount, which is the value of one of two keys, or nothing."""
    if not text:
        return {}
    if text.endswith("%") or "." in text:
        return {share: _ratio_in(text)}
    return {number: _number_in(text)}


#: Long options of curl whose argument is the body, also with `=`.
_BODY_OPTIONS = ("--data", "--data-raw", "--data-binary", "--data-ascii", "--json")

#: The short one, perhaps after others without an argument, and perhaps with its own.
_SHORT_BODY_OPTION = re.compile(r"-[#0-6fgGiIjklLnNOpqRsSvZ]*d(.*)", re.DOTALL)

#: A curl command, also behind a prompt or another command.
_COMMAND = re.compile(rf"(?<![^\s(])(?:{CURL})", re.VERBOSE)

#: Other quoted text, or what bash writes as $'...'.
_BASH_QUOTES = re.compile(
    r"""('[^']*' | "(?:\\.|[^"\\])*" | \\.) | \$'((?:\\.|[^'\\])*)'""", re.DOTALL | re.VERBOSE
)

#: Escapes in $'...', except characters that stand for themselves. JSON reads \u too.
_BASH_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "u": "\\u"}

_PASTED = "a curl command, or the JSON that it sends"


def read_pasted() -> dict[str, Json]:
    """Read a request from standard input."""
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        _reject_input(f"standard input is larger than {MAX_BYTES // 1024 // 1024} MiB")
    try:
        content = data.decode().removeprefix(BOM)
    except UnicodeDecodeError:
        _reject_input("standard input is not UTF-8; paste the command or the JSON as text")
    if not content.strip():
        _reject_input(f"standard input is empty; paste {_PASTED}")
    command = None if format_of(content, None) == JSON else _COMMAND.search(content)
    body = Text(_body_of(content[command.start() :]) if command else content)
    document = read_json(body)
    for problem in document.problems:
        row, column = body.location(problem.span.start)
        where = "the body of the command" if command else "standard input"
        is_json = format_of(body.content, None) == JSON
        remedy = problem.remedy if is_json else f"paste {_PASTED}"
        _reject_input(f"{where}, {row}:{column}: {problem.cause}; {remedy}")
    if not isinstance(document.value, dict):
        _reject_input("a request is a JSON object, between { and }")
    return document.value


def _body_of(command: str) -> str:
    """Return the body that a curl command sends."""
    # On Windows, any character after a caret stands for itself, or continues a row.
    if re.search(r'\^[ \t]*\r?$|(?<!\S)\^"', command, re.MULTILINE):
        command = re.sub(r"\^(?:[ \t]*\r?\n|(.))", r"\1", command, flags=re.DOTALL)
    # In PowerShell, quotes inside quotes have a grave accent or are doubled.
    if re.search(r'"\{\s*(?:\\?`"|"")', command):
        command = re.sub(r'\\?`"|""', r'\\"', command)
    command = _BASH_QUOTES.sub(_as_plain_quotes, command)
    # What is at the end of a row continues it: a backslash or a grave accent.
    command = re.sub(r"[\\`][ \t]*(?:\r?\n|\s*\Z)", " ", command)
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words = list(lexer)
    except ValueError:
        _reject_input("a quote in the curl command is not closed; paste the whole command")
    bodies = list(_bodies_in(words))
    if len(bodies) != 1:
        found = f"{len(bodies)} bodies" if bodies else "no body"
        _reject_input(f"the curl command has {found}; paste one with a single --data")
    if bodies[0] == "@-":
        _reject_input("the command reads its body from standard input; paste that JSON instead")
    if bodies[0].startswith("@"):
        _reject_input(f"the body is in the file {bodies[0][1:]}; pass that file on standard input")
    # In PowerShell, they may also have a backslash, which curl.exe reads.
    return bodies[0].replace('\\"', '"') if re.match(r'\{\s*\\"', bodies[0]) else bodies[0]


def _as_plain_quotes(found: re.Match[str]) -> str:
    """Write quoted text so that `shlex` reads it as bash does."""
    if found[1]:
        # Between double quotes, shlex keeps a backslash before these.
        return re.sub(r"\\([$`])", r"\1", found[1]) if found[1][0] == '"' else found[1]
    char = re.compile(r"\\(.)", re.DOTALL)
    return shlex.quote(char.sub(lambda each: _BASH_ESCAPES.get(each[1], each[1]), found[2]))


def _bodies_in(words: list[str]) -> Iterator[str]:
    for word, after in zip(words, [*words[1:], ""], strict=True):
        option, equals, value = word.partition("=")
        short = _SHORT_BODY_OPTION.fullmatch(word)
        if word in _BODY_OPTIONS:
            yield after
        elif equals and option in _BODY_OPTIONS:
            yield value
        elif short:
            yield short[1] or after


def _reject_input(message: str) -> NoReturn:
    raise click.UsageError(safe(message))


_TEMPLATES = Path(__file__).parent / "templates"

_GITHUB = "github"
_GITLAB = "gitlab"


class _File(NamedTuple):
    """A file to write, by its path from the root of the repository."""

    path: str
    template: str
    next_step: str
    """What the user does once it is written."""

    def text(self) -> str:
        return (_TEMPLATES / self.template).read_text(encoding="utf-8")


_CONFIG = _File(".rosetta-spec.toml", "config.toml", "")
_REPOS = "repos:\n"
_HOOK = _File(".pre-commit-config.yaml", "pre-commit.yaml", "activate the hook: pre-commit install")
_WORKFLOWS = {
    _GITHUB: _File(".github/workflows/sampling-requests.yml", "github.yml", ""),
    _GITLAB: _File(
        ".gitlab/sampling-requests.yml",
        "gitlab.yml",
        "add to .gitlab-ci.yml: include: [{local: .gitlab/sampling-requests.yml}]",
    ),
}


@click.command(name="init")
@click.option(
    "--host",
    type=click.Choice([*_WORKFLOWS, "none"]),
    help="Where the repository is hosted: by default gitlab if it has a .gitlab-ci.yml, else "
    "github.",
)
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Show the files, and write nothing.")
@click.option("-y", "--yes", "is_confirmed", is_flag=True, help="Write without asking.")
def init(host: str | None, *, is_dry_run: bool, is_confirmed: bool) -> None:
    """Write a configuration, a hook and a workflow for this repository.

    The hook is for pre-commit, and the workflow for GitHub or GitLab. The files are shown first.
    Existing files are never changed.
    """
    here = os.path.realpath(os.curdir)
    root = repository_of(here)
    if root is None:
        message = "this folder is not in a git repository; create one first with: git init"
        raise CommandError(message)
    host = host or (_GITLAB if os.path.exists(os.path.join(root, ".gitlab-ci.yml")) else _GITHUB)
    wanted = [_CONFIG, _HOOK, *([_WORKFLOWS[host]] if host in _WORKFLOWS else [])]
    files = [file for file in wanted if not _is_there(file, root)]
    for file in files:
        sys.stdout.write(f"==> {file.path} <==\n{file.text()}\n")
    sys.stdout.flush()
    if is_dry_run or not files:
        return
    has_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if has_terminal and not is_confirmed:
        click.confirm("Write these files?", abort=True, err=True)
    for file in files:
        _write(file, root)
        sys.stderr.write(f"wrote {file.path}\n")
    for file in files:
        if file.next_step:
            sys.stderr.write(f"next, {file.next_step}\n")


def _is_there(file: _File, root: str) -> bool:
    """Return whether the repository has such a file, and say what to do if so."""
    existing = os.path.join(root, file.path)
    if file is _CONFIG:
        existing = ClosestConfigs(lambda path: parse_toml(path).has_settings).of(root) or existing
    if not os.path.lexists(existing):
        return False
    name = safe(os.path.relpath(existing, root))
    entry = ""
    if file is _HOOK and not _names_us(existing):
        entry = f"; add this to its repos:\n{file.text().removeprefix(_REPOS)}"
    sys.stderr.write(f"{name} exists and is not changed{entry}\n")
    return True


def _names_us(path: str) -> bool:
    with suppress(OSError):
        return b"rosetta-spec" in Path(path).read_bytes()
    return False


def _write(file: _File, root: str) -> None:
    path = Path(root, file.path)
    try:
        # A link to elsewhere would lead out of the repository.
        if not path.parent.resolve().is_relative_to(root):
            message = f"{file.path} would be outside the repository; create it yourself"
            raise CommandError(message)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, file.text())
    except OSError as error:
        message = f"{file.path} cannot be written: {error.strerror}"
        raise CommandError(message) from error
