"""Checks open documents as `check` checks their files, with the configuration of each."""

import asyncio
import logging
import os
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from lsprotocol import types

from rosetta_spec.config.loading import ConfigLoader
from rosetta_spec.config.settings import Configuration, Overrides, Settings
from rosetta_spec.diagnostic import MAX_SHOWN, Detail, Diagnostic, Severity
from rosetta_spec.document import yaml_reader  # noqa: F401 - no request waits for it to be loaded
from rosetta_spec.engine.checker import Checker
from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.config_cache import NAMES, SHARED, may_have_table
from rosetta_spec.fast.formats import JSONL, MAX_BYTES
from rosetta_spec.files.discovery import find_sources
from rosetta_spec.files.names import relative_path, shown_path
from rosetta_spec.lsp.completion import completions
from rosetta_spec.lsp.document import OpenDocument, document_at
from rosetta_spec.lsp.schema_completion import config_completions, ruleset_completions
from rosetta_spec.request.schema import (
    CONFIG_SCHEMA,
    EDITOR_KEY,
    RULESET_SCHEMA,
    endpoint_data,
    request_schema,
)
from rosetta_spec.spec.loading import RulesetError, load_ruleset
from rosetta_spec.spec.ruleset import Ruleset, builtin_ruleset
from rosetta_spec.text import Location

Answer = TypeVar("Answer")

#: Modification time, size and inode of files; None for those that do not exist.
_Stamps: TypeAlias = dict[Path, tuple[int, int, int] | None]

_REPOSITORY = ".git"

#: Files with these names are rulesets, also if no configuration names them.
_RULESET_ENDINGS = (".rules.yaml", ".rules.yml", ".rules.json")

#: Documents with more characters get no fixes: each is verified while the user waits.
_MAX_FIXED = 256 * 1024

#: Findings of a document that are shown; more would slow editors down.
MAX_PUBLISHED = 1000

_ALL_FIXABLE = Detail(has_fingerprints=False, has_excerpts=False)
#: Of more findings, fixes are proposed only for the first ones: each takes time.
_FIXABLE = _ALL_FIXABLE._replace(max_findings=MAX_SHOWN)
#: Those that are shown are the first ones by their places of ten times as many.
_SHOWN = _FIXABLE._replace(
    fixes=frozenset(), max_findings=MAX_PUBLISHED + 1, stop_after=10 * MAX_PUBLISHED
)

_REPORT = "please report it at https://github.com/rosetta-spec/rosetta-spec/issues"
_TOO_LARGE = (
    f"this document is larger than {MAX_BYTES // 1024 // 1024} MiB, too large to check after every"
    " change; `rosetta-spec check` reads it"
)

_log = logging.getLogger(__name__)


class CheckResult(NamedTuple):
    """The diagnostics of a document; `notice` says why it was not checked, if so.

    `place` is where a configuration file or a ruleset is wrong.

    `checker` finds them again, None if it was not checked. `fixing_checker` proposes fixes for all
    of them; None if none were requested, or if the document is too large for fixes. With `is_cut`,
    there may be more diagnostics.
    """

    diagnostics: tuple[Diagnostic, ...] = ()
    notice: str = ""
    checker: Checker | None = None
    fixing_checker: Checker | None = None
    place: Location | None = None
    is_cut: bool = False


def _failed(error: BaseException) -> CheckResult:
    return CheckResult(notice=f"this is a bug in rosetta-spec: {error}; {_REPORT}")


class Session:
    """Checks documents one after the other, in a thread of its own.

    `today` returns the day as `YYYY-MM-DD` in UTC, after which suppressions expire. `publishing` is
    held while diagnostics are made that will be sent; `waiting` are the URIs of the next ones.
    """

    def __init__(self, overrides: Overrides, today: Callable[[], str]) -> None:
        self.publishing = asyncio.Lock()
        self.waiting: set[str] = set()
        self._today = today
        self._overrides = overrides
        self._thread = ThreadPoolExecutor(1)
        self._configuration = Configuration(overrides)
        #: Files that the configuration depends on. A client need not report changes of them.
        self._stamps: _Stamps = {}
        #: The paths of the rulesets that configuration files name.
        self._rulesets: set[str] = set()
        #: By the day, and whether they have fixes.
        self._results: WeakKeyDictionary[OpenDocument, dict[tuple[str, bool], CheckResult]] = (
            WeakKeyDictionary()
        )

    async def run(self, work: Callable[..., Answer], *arguments: object) -> Answer:
        """Call a function in the thread of the session."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    async def diagnostics(self, document: OpenDocument) -> list[types.Diagnostic]:
        """Check a document in the thread; an unexpected exception is logged and reported in it."""
        found: list[types.Diagnostic] | BaseException
        checked = self.run(lambda: diagnostics_of(document, self.check(document)))
        (found,) = await asyncio.gather(checked, return_exceptions=True)
        if isinstance(found, BaseException):
            _log.error("%s cannot be checked", document.uri, exc_info=found)
            return diagnostics_of(document, _failed(found))
        return found

    def stop(self) -> None:
        """Start nothing more, and wait for nothing."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def check_folders(
        self, folders: Iterable[str], opened: Collection[str], encoding: str
    ) -> dict[str, list[types.Diagnostic]]:
        """Check the files that `check` reads in folders, except the opened ones, by their URIs."""
        found: dict[str, list[types.Diagnostic]] = {}
        for path in await self.run(self._paths_in, folders):
            if str(path) not in opened:
                with suppress(OSError, ValueError):
                    document = await self.run(document_at, path, encoding)
                    found[document.uri] = await self.diagnostics(document)
        return found

    def _paths_in(self, folders: Iterable[str]) -> list[Path]:
        selection = Configuration(self._overrides, is_tolerant=True)
        sources = find_sources(folders, _log.info, selection)
        return [Path(each.path or each.name).absolute() for each in sources]

    def check(self, document: OpenDocument, *, has_fixes: bool = False) -> CheckResult:
        """Check a document, if it is a request; with `has_fixes` also propose fixes."""
        try:
            schema = self.schema_of(document)
            if schema == CONFIG_SCHEMA:
                ConfigLoader().load(document.absolute_path, document.data)
            elif schema:
                load_ruleset(Path(relative_path(document.absolute_path)), content=document.data)
            settings = self._settings_of(document)
            if settings is None:
                return CheckResult()
            return self._cached(document, settings, has_fixes=has_fixes)
        except WrongFileError as error:
            path = document.absolute_path
            if error.filename != shown_path(path):
                notice = f"not checked, because the configuration is wrong: {error}"
                return CheckResult(notice=notice)
            if isinstance(error, RulesetError) and path not in self._rulesets:
                # The file may be right in the editor.
                self._rulesets.add(path)
                return self.check(document)
            return CheckResult(notice=f"{error.cause}; {error.remedy}", place=error.location)

    def ruleset_of(self, document: OpenDocument) -> Ruleset | None:
        """Return the rules for a document, None if it is not a request."""
        with suppress(WrongFileError):
            if self._settings_of(document) is None:
                return None
        return self._nameable(document)

    def completions(
        self, document: OpenDocument, offset: int, client: types.ClientCompletionItemOptions
    ) -> list[types.CompletionItem]:
        """Return what can be written at an offset of a document."""
        schema = self.schema_of(document)
        if schema == CONFIG_SCHEMA:
            return config_completions(document, offset, self._nameable(document).rules)
        if schema:
            return ruleset_completions(document, offset)
        ruleset = self.ruleset_of(document)
        return completions(document, offset, ruleset.rules, client) if ruleset else []

    def _nameable(self, document: OpenDocument) -> Ruleset:
        """Return the rules that a configuration file may name, as it is saved."""
        path = document.absolute_path
        with suppress(WrongFileError):
            return self._configuration_of(path).settings_of(path).ruleset or builtin_ruleset()
        return builtin_ruleset()

    def schema_of(self, document: OpenDocument) -> str | None:
        """Return the schema of a configuration file or a ruleset; None for other documents."""
        path = document.absolute_path
        name = Path(path).name
        if name in NAMES and (name != SHARED or may_have_table(document.data)):
            return CONFIG_SCHEMA
        is_ruleset = name.endswith(_RULESET_ENDINGS) or path in self._rulesets
        return RULESET_SCHEMA if is_ruleset else None

    def _settings_of(self, document: OpenDocument) -> Settings | None:
        """Return what applies to a request; None for a document that is not one.

        The name of its file or its keys say so. Clients send all YAML and JSON that is open.
        """
        if self.schema_of(document):
            return None
        path = document.absolute_path
        configuration = self._configuration_of(path)
        if configuration.is_excluded(path):
            return None
        is_wanted = document.path and configuration.is_wanted(path)
        is_request = is_wanted or not document.top_keys.isdisjoint(_request_keys())
        return configuration.settings_of(path) if is_request else None

    def _cached(
        self, document: OpenDocument, settings: Settings, *, has_fixes: bool
    ) -> CheckResult:
        """Check a version of a document once: clients ask again whenever the cursor moves."""
        today, has_fixes = self._today(), has_fixes and len(document.source) <= _MAX_FIXED
        results = self._results.setdefault(document, {})
        if (today, has_fixes) not in results:
            result = self._check(document, settings, today, has_fixes=has_fixes)
            results[today, has_fixes] = result
        return results[today, has_fixes]

    def _check(
        self, document: OpenDocument, settings: Settings, today: str, *, has_fixes: bool
    ) -> CheckResult:
        data, format_ = document.data, document.named_format
        if format_ == JSONL and len(data) > MAX_BYTES:
            return CheckResult(notice=_TOO_LARGE)
        detail, name = _FIXABLE if has_fixes else _SHOWN, document.absolute_path
        checker = partial(Checker, settings.rules, ruleset=settings.ruleset, today=today)
        reports = checker(detail=detail).check_stream(lambda: BytesIO(data), name, format_)
        diagnostics = (each for report in reports for each in report.diagnostics)
        found = tuple(islice(diagnostics, detail.max_findings))
        return CheckResult(
            found,
            checker=checker(detail=detail._replace(fixes=frozenset())),
            fixing_checker=checker(detail=_ALL_FIXABLE) if has_fixes else None,
            is_cut=len(found) == detail.max_findings,
        )

    def _configuration_of(self, path: str) -> Configuration:
        """Return the configuration for a file, which is read again when a file has changed.

        Raises:
            WrongFileError: a configuration file or a ruleset cannot be used.
        """
        if any(_stamp_of(file) != stamp for file, stamp in self._stamps.items()):
            self._forget_configuration()
        # Taken before the files are read, so that a change meanwhile is seen next time.
        folder = Path(os.path.realpath(Path(path).parent))
        stamps = {
            (file := each / name): _stamp_of(file)
            for each in (folder, *folder.parents)
            for name in (*NAMES, _REPOSITORY)
        }
        try:
            config = self._configuration.config_of(path)
        except Exception:
            # Read a wrong file again until it is right.
            self._forget_configuration()
            raise
        self._rulesets.update(config.rulesets.value if config.rulesets else ())
        stamps |= {Path(name): _stamp_of(Path(name)) for name in config.inputs}
        self._stamps = stamps | self._stamps
        return self._configuration

    def _forget_configuration(self) -> None:
        self._stamps = {}
        self._configuration = Configuration(self._overrides)
        self._results.clear()


@cache
def _request_keys() -> frozenset[str]:
    """Return the keys that make a document a request: those that no other tool uses."""
    shared = {EDITOR_KEY, *endpoint_data()["commonKeys"]}
    return frozenset(request_schema()["properties"].keys() - shared)


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    if path.name == _REPOSITORY:
        # Only its presence matters; git changes the content all the time.
        return 0, 0, 0
    return status.st_mtime_ns, status.st_size, status.st_ino


SOURCE = "rosetta-spec"

#: Rules about text without effect; editors show it faded.
_UNNECESSARY = frozenset({"RS401", "RS901"})

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def diagnostics_of(document: OpenDocument, result: CheckResult) -> list[types.Diagnostic]:
    """Return what a client should show for a document."""
    shown = [lsp_diagnostic(document, each) for each in result.diagnostics[:MAX_PUBLISHED]]
    range_ = types.Range(types.Position(0, 0), types.Position(0, 0))
    if result.place:
        row, column = result.place
        line, _ = document.text.line_part(row, column, len(document.text.content))
        range_ = document.range(result.place, Location(row, column + len(line)))
    severity, message = types.DiagnosticSeverity.Error, result.notice
    if len(result.diagnostics) > MAX_PUBLISHED:
        severity = types.DiagnosticSeverity.Information
        message = "more findings are not shown; `rosetta-spec check` lists them all"
    if message:
        shown.append(types.Diagnostic(range_, message, severity=severity, source=SOURCE))
    return shown


def lsp_diagnostic(document: OpenDocument, found: Diagnostic) -> types.Diagnostic:
    """Return one finding as the protocol has it."""
    related = [
        types.DiagnosticRelatedInformation(
            types.Location(document.uri, document.range(each.location, each.end_location)),
            each.message,
        )
        for each in found.related
    ]
    return types.Diagnostic(
        range=document.range(found.location, found.end_location),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        code_description=types.CodeDescription(found.url) if found.url else None,
        source=SOURCE,
        message=found.message,
        tags=[types.DiagnosticTag.Unnecessary] if found.code in _UNNECESSARY else None,
        related_information=related or None,
        data={"name": found.name, "document": found.document, "pointer": found.pointer},
    )
