"""From a configuration file to what it settles: whatever is wrong is told with its place."""

from __future__ import annotations

import os

from rosetta_spec.config.config import Config, RulesetPaths, laid_over
from rosetta_spec.config.config_bytes import read_bytes, real_place, shown_path
from rosetta_spec.config.config_file import read_config
from rosetta_spec.config.origin import Origin
from rosetta_spec.config.quick import is_well_formed
from rosetta_spec.config.settled import settled
from rosetta_spec.errors import FileProblem
from rosetta_spec.request.wording import shown
from rosetta_spec.spec.ruleset import builtin_ruleset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.config.config_file import ConfigFile
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.ruleset import Ruleset


#: So many files may stand in a chain in which each extends the next.
_LONGEST_CHAIN = 100


class ConfigLoader:
    """Loads configuration files, and once each file that they extend, and each ruleset."""

    def __init__(self) -> None:
        self._bases: dict[str, Config] = {}
        self._rulesets: dict[tuple[str, ...], Ruleset] = {(): builtin_ruleset()}

    def load(self, path: str) -> Config:
        """Load the configuration file at a path, with what it extends.

        Raises:
            ConfigError: it cannot be used, or one that it extends cannot.
            RulesetError: a ruleset of theirs cannot be used.
        """
        path = real_place(path)
        file = read_config(path, read_bytes(path))
        if not file.has_settings:
            cause = "this file has no table [tool.rosetta-spec]"
            raise file.error([FileProblem((), cause, "add it, or name another file")])
        return self._config(file, (path,))

    def _config(self, file: ConfigFile, chain: tuple[str, ...]) -> Config:
        """Make a config of a file; `chain` leads from the file that was asked for to this one."""
        if not is_well_formed(file.settings):
            # Only what is wrong needs the judge, which loads slowly.
            from rosetta_spec.config.shape import shape_faults  # noqa: PLC0415

            raise file.error(shape_faults(file.settings))
        bases = [self._base(*named, chain) for named in _files_named(file, "extend")]
        own = Config((file.filename,), self._rulesets[()], rulesets=_ruleset_paths(file))
        rulesets = laid_over(own, bases).rulesets
        own = own._replace(ruleset=self._ruleset(rulesets.paths if rulesets else ()))
        return laid_over(settled(file, own), bases)

    def _base(
        self, file: ConfigFile, pointer: Pointer, path: str, chain: tuple[str, ...]
    ) -> Config:
        """Load a file that another one extends."""
        if path in chain:
            cause = f"extending {shown(shown_path(path))} leads back to where it began"
            raise file.error([FileProblem(pointer, cause, "remove it")])
        if len(chain) > _LONGEST_CHAIN:
            cause = f"extending goes on through more than {_LONGEST_CHAIN} files"
            raise file.error([FileProblem(pointer, cause, "extend fewer")])
        if path not in self._bases:
            self._bases[path] = self._read_base(file, pointer, path, chain)
        return self._bases[path]

    def _read_base(
        self, file: ConfigFile, pointer: Pointer, path: str, chain: tuple[str, ...]
    ) -> Config:
        base = read_config(path, read_bytes(path))
        if not base.has_settings:
            cause = f"{shown(shown_path(path))} has no table [tool.rosetta-spec]"
            raise file.error([FileProblem(pointer, cause, "add it there, or extend another file")])
        return self._config(base, (*chain, path))

    def _ruleset(self, paths: tuple[str, ...]) -> Ruleset:
        if paths not in self._rulesets:
            # Only teams with rules of their own need it.
            from pathlib import Path  # noqa: PLC0415

            from rosetta_spec.spec.loading import load_ruleset  # noqa: PLC0415

            beside = self._ruleset(paths[:-1])
            rules = load_ruleset(Path(shown_path(paths[-1])), beside).rules
            self._rulesets[paths] = beside.with_rules(rules)
        return self._rulesets[paths]


def _ruleset_paths(file: ConfigFile) -> RulesetPaths | None:
    if "rulesets" not in file.settings:
        return None
    paths = tuple(path for _, _, path in _files_named(file, "rulesets"))
    return RulesetPaths(paths, Origin(file=file, pointer=("rulesets",)))


def _files_named(file: ConfigFile, key: str) -> Iterator[tuple[ConfigFile, Pointer, str]]:
    """Yield where the paths of a setting stand, and the real paths."""
    value = file.settings.get(key, [])
    is_one = isinstance(value, str)
    for index, name in enumerate([value] if is_one else value):
        pointer = (key,) if is_one else (key, index)
        path = os.path.join(file.folder, name)  # noqa: PTH118 - paths are plain strings here
        if not os.path.isfile(path):  # noqa: PTH113 - as above
            remedy = "write a path from the folder of this file"
            raise file.error([FileProblem(pointer, f"there is no file {shown(name)}", remedy)])
        yield file, pointer, real_place(path)
