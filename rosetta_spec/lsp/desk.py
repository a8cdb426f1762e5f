"""Looks at open texts as `check` looks at their files, with the settings that hold for them."""

from __future__ import annotations

import os
from io import BytesIO
from typing import NamedTuple
from weakref import WeakKeyDictionary

from rosetta_spec.engine.checker import Checker
from rosetta_spec.errors import DefectError, WrongFileError
from rosetta_spec.fast.formats import JSONL, MAX_BYTES
from rosetta_spec.lsp.request_text import is_request
from rosetta_spec.lsp.settings import FreshConfiguration
from rosetta_spec.spec.detail import EVERY_WAY, Detail
from rosetta_spec.spec.ruleset import builtin_ruleset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rosetta_spec.config.settings import Overrides, Settings
    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.lsp.open_text import OpenText
    from rosetta_spec.spec.ruleset import Ruleset

#: What a text is called whose editor has not given it a name yet.
_NAMELESS = "untitled"

#: In a text of so many characters fixes are worked out while its writer waits; each is proven.
_MOST_MENDED = 256 * 1024

#: What an editor is told of a finding, and what it is given where it asks for fixes.
_TOLD = Detail(has_fingerprints=False, has_excerpts=False, ways=frozenset())
_MENDED = _TOLD._replace(ways=EVERY_WAY)

_REPORT = "please report it at https://github.com/rosetta-spec/rosetta-spec/issues"
_TOO_LARGE = (
    f"this text is larger than {MAX_BYTES // 1024 // 1024} MiB, which is too much to look at with"
    " every change; `rosetta-spec check` reads it"
)


def _path_of(text: OpenText) -> str:
    """Return where the file of a text is, or would be."""
    return os.path.abspath(text.path or _NAMELESS)  # noqa: PTH100 - paths are strings here


class Look(NamedTuple):
    """What is found in a text; `notice` says why nothing was looked for, if so.

    `checker` checks it, None if nothing was looked for; `mender` gives fixes too, if it was asked
    for them and the text is not too large.
    """

    diagnostics: tuple[Diagnostic, ...] = ()
    notice: str = ""
    checker: Checker | None = None
    mender: Checker | None = None


def defect_look(error: BaseException) -> Look:
    """Return what there is to see of a text when we have failed."""
    return Look(notice=f"rosetta-spec has a defect: {error}; {_REPORT}")


class Desk:
    """Looks at texts; `today` gives the day, in UTC, after which suppressions have run out.

    It belongs to one thread.
    """

    def __init__(self, overrides: Overrides, today: Callable[[], str]) -> None:
        self._today = today
        self.configuration = FreshConfiguration(overrides)
        self._checkers: dict[tuple[int, bool], Checker] = {}
        self._looks: WeakKeyDictionary[OpenText, dict[bool, Look]] = WeakKeyDictionary()
        self._likeness = (0, "")

    def look(self, text: OpenText, *, has_fixes: bool = False) -> Look:
        """Find what is wrong in a text; with `has_fixes` also what would mend it."""
        path = _path_of(text)
        try:
            configuration = self.configuration.of(path)
            if not is_request(text, path, configuration.choice):
                return Look()
            return self._known(text, path, configuration.settings_of(path), has_fixes=has_fixes)
        except WrongFileError as error:
            return Look(notice=f"nothing is checked, as the settings are wrong: {error}")
        except DefectError as error:
            return defect_look(error)

    def ruleset_of(self, text: OpenText) -> Ruleset | None:
        """Return the rules that there are for a text; None if nobody wants to know about it."""
        path = _path_of(text)
        try:
            configuration = self.configuration.of(path)
            is_wanted = is_request(text, path, configuration.choice)
            return configuration.ruleset_of(path) if is_wanted else None
        except WrongFileError:
            # Our own rules hold whatever is wrong with others.
            return builtin_ruleset()

    def _known(self, text: OpenText, path: str, settings: Settings, *, has_fixes: bool) -> Look:
        """Look at a text, unless that was done: editors ask again wherever the cursor goes."""
        likeness = (self.configuration.edition, self._today())
        if self._likeness != likeness:
            self._likeness = likeness
            self._checkers.clear()
            self._looks.clear()
        looks = self._looks.setdefault(text, {})
        has_fixes = has_fixes and len(text.source) <= _MOST_MENDED
        if has_fixes not in looks:
            looks[has_fixes] = self._look(text, path, settings, has_fixes=has_fixes)
        return looks[has_fixes]

    def _look(self, text: OpenText, path: str, settings: Settings, *, has_fixes: bool) -> Look:
        data = text.data
        checker = self._checker(settings, has_fixes=False)
        mender = self._checker(settings, has_fixes=True) if has_fixes else None
        if text.named_format == JSONL and len(data) > MAX_BYTES:
            return Look(notice=_TOO_LARGE)
        reports = (mender or checker).check_stream(BytesIO(data), path, text.named_format)
        found = tuple(each for report in reports for each in report.diagnostics)
        return Look(found, "", checker, mender)

    def _checker(self, settings: Settings, *, has_fixes: bool) -> Checker:
        key = (id(settings), has_fixes)
        if key not in self._checkers:
            _, today = self._likeness
            self._checkers[key] = Checker(
                settings.rules,
                detail=_MENDED if has_fixes else _TOLD,
                ruleset=settings.ruleset,
                today=today,
            )
        return self._checkers[key]
