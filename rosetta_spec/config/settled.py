"""What the settings of one configuration file mean: rules by their codes, patterns to match."""

from __future__ import annotations

from rosetta_spec.config.config import FailOn, FileIgnores, FilePatterns
from rosetta_spec.config.origin import Origin
from rosetta_spec.config.verdict import OFF, Named, Wishes
from rosetta_spec.errors import FileProblem
from rosetta_spec.spec.selection import SelectionError, code_of, ignored_code_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.config.config import Config
    from rosetta_spec.config.config_file import ConfigFile
    from rosetta_spec.config.patterns import Patterns
    from rosetta_spec.pointer import Pointer


def settled(file: ConfigFile, config: Config) -> Config:
    """Complete a config by what its file, whose shape is right, says itself.

    Raises:
        ConfigError: it names a rule that is not in the ruleset, or silences what is always said.
    """
    reader = _Reader(file, config)
    config = config._replace(
        include=reader.patterns("include"),
        exclude=reader.patterns("exclude"),
        wishes=Wishes(reader.named("select"), reader.named("ignore"), reader.severities()),
        ignored=reader.ignored(),
        fail_on=reader.fail_on(),
    )
    if reader.faults:
        raise file.error(reader.faults)
    return config


class _Reader:
    """Reads one setting after the other, and gathers what is wrong in them."""

    def __init__(self, file: ConfigFile, config: Config) -> None:
        self._file = file
        self._ruleset = config.ruleset
        self.faults: list[FileProblem] = []

    def _origin(self, *pointer: str) -> Origin:
        return Origin(file=self._file, pointer=pointer)

    def _code(self, name: str, fault: FileProblem, *, is_silenced: bool) -> str:
        """Return the code of a named rule; what is wrong with it is added to `fault`."""
        try:
            return (ignored_code_of if is_silenced else code_of)(self._ruleset, name)
        except SelectionError as error:
            self.faults.append(fault._replace(cause=error.cause, remedy=error.remedy))
            return ""

    def _codes(
        self, names: Iterable[str], pointer: Pointer, *, is_silenced: bool
    ) -> frozenset[str]:
        return frozenset(
            self._code(name, FileProblem((*pointer, index), "", ""), is_silenced=is_silenced)
            for index, name in enumerate(names)
        )

    def named(self, key: str) -> Named | None:
        """Read a list of rules."""
        if key not in self._file.settings:
            return None
        codes = self._codes(self._file.settings[key], (key,), is_silenced=key == "ignore")
        return Named(codes, self._origin(key))

    def severities(self) -> dict[str, tuple[str, Origin]]:
        """Read what severities rules have."""
        found: dict[str, tuple[str, Origin]] = {}
        for name, severity in self._file.settings.get("severity", {}).items():
            fault = FileProblem(("severity", name), "", "", "key")
            code = self._code(name, fault, is_silenced=severity == OFF)
            if code and code in found:
                cause = f"{code} has a severity twice, by its code and by its name"
                self.faults.append(fault._replace(cause=cause, remedy="remove one of them"))
            found[code] = (severity, self._origin("severity", name))
        return found

    def ignored(self) -> dict[str, FileIgnores]:
        """Read what is ignored in some files."""
        key = "per-file-ignores"
        return {
            pattern: FileIgnores(
                self._patterns([pattern]),
                Named(
                    self._codes(names, (key, pattern), is_silenced=True),
                    self._origin(key, pattern),
                ),
            )
            for pattern, names in self._file.settings.get(key, {}).items()
        }

    def patterns(self, key: str) -> FilePatterns | None:
        """Read a list of patterns."""
        if key not in self._file.settings:
            return None
        return FilePatterns(self._patterns(self._file.settings[key]), self._origin(key))

    def _patterns(self, patterns: Iterable[str]) -> Patterns:
        # What translates them takes time to load, and many files have none.
        from rosetta_spec.config.patterns import Patterns  # noqa: PLC0415

        return Patterns(patterns, self._file.folder)

    def fail_on(self) -> FailOn | None:
        """Read what makes the exit status 1."""
        severity = self._file.settings.get("fail-on")
        return FailOn(severity, self._origin("fail-on")) if severity else None
