"""The cases: what is measured, with which commands, and how often."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import corpus
from corpus import Notation, Request, Sample
from measurement import Command, PythonEnvironment, output_of
from peers import CHECK_JSONSCHEMA, PEERS, InstalledPeer

Scenario = Literal["one-file", "settings", "many-files", "lines", "growth"]
SCENARIOS: tuple[Scenario, ...] = get_args(Scenario)

FILES = 1000
LINES = 100_000
MANY_LINES = 1_000_000
GROWTH = (10_000, 50_000)

BARE = "python -c pass"
OURS = "rosetta-spec"
OURS_IN_TWO = "rosetta-spec --jobs 2"
OURS_WITH_TEAM = "rosetta-spec, with a ruleset too"
OURS_CONCISE = "rosetta-spec --format concise"

#: The suffix of a peer that is given our rules without texts for people and editors.
PLAIN = ", plain schema"

_SCRIPTS = Path(__file__).parent / "scripts"

_ALL_PEERS = frozenset(peer.name for peer in PEERS)


class Case(NamedTuple):
    """A sample, and how often every command is run on it; each case has a table of its own.

    `options` are those of our command; `peers` are the names of the peers that are measured too.
    """

    scenario: Scenario
    name: str
    sample: Sample
    runs: int
    options: tuple[str, ...] = ()
    peers: Collection[str] = ()


class Sizes(NamedTuple):
    """How much is measured."""

    files: int = FILES
    lines: tuple[int, ...] = (LINES, MANY_LINES)
    growth: tuple[int, int] = GROWTH
    file_runs: int = 31
    folder_runs: int = 9
    #: For the first of `lines`; the others are run once.
    line_runs: int = 3
    growth_runs: int = 3

    def with_runs(self, runs: int) -> Sizes:
        """Run every case this often, except those that are run once."""
        return self._replace(file_runs=runs, folder_runs=runs, line_runs=runs, growth_runs=runs)


QUICK = Sizes(
    files=100,
    lines=(10_000,),
    growth=(1000, 5000),
    file_runs=7,
    folder_runs=3,
    line_runs=1,
    growth_runs=1,
)

#: Ways to break the single file, by what the report of it needs.
FINDINGS: dict[str, Callable[[Request], None]] = {
    "a number out of range": corpus.ratio_as_percentage,
    "a wrong type": corpus.wrong_type,
    "a key to move": corpus.misplaced_key,
    "two values that exclude each other": corpus.ratio_and_quantity,
}

#: Options of our command on a valid file, and the configuration above it, by what is measured.
SETTINGS: dict[str, tuple[tuple[str, ...], str]] = {
    "a configuration file above it": ((), 'fail-on = "warning"\n'),
    "--fix": (("--fix",), ""),
    "--force-exclude": (("--force-exclude",), ""),
    "a team's ruleset": ((), f"rulesets = {json.dumps([str(_SCRIPTS / 'team.rules.yaml')])}\n"),
    "a folder in a git repository": ((), ""),
}
FOLDER = "a folder in a git repository"


def case_name(count: int, sort: str, *, is_valid: bool) -> str:
    """Name a case of valid or invalid documents, as tables and goals do."""
    if count == 1:
        return f"1 {sort}, {'valid' if is_valid else 'invalid'}"
    return f"{count:,} {sort}s, {'all valid' if is_valid else '10 % invalid'}"


def finding_name(notation: Notation, finding: str) -> str:
    """Name the case of a file with one finding, of `FINDINGS`."""
    return f"1 {notation.upper()} file with {finding}"


def settings_name(setting: str) -> str:
    """Name the case of a valid file that is checked in a special way, of `SETTINGS`."""
    return f"1 valid JSON file: {setting}"


def growth_name(count: int, kind: str) -> str:
    """Name the case of one document with many findings."""
    return f"1 document with {count:,} {kind}"


def cases(wanted: Collection[Scenario], sizes: Sizes, folder: Path) -> Iterator[Case]:
    """Yield the cases of some scenarios; their samples are written to `folder` when needed."""
    folder.mkdir(parents=True, exist_ok=True)
    makers: dict[Scenario, Callable[[Sizes, Path], Iterator[Case]]] = {
        "one-file": _one_file,
        "settings": _settings,
        "many-files": _many_files,
        "lines": _lines,
        "growth": _growth,
    }
    for scenario in SCENARIOS:
        if scenario in wanted:
            yield from makers[scenario](sizes, folder)


def _one_file(sizes: Sizes, folder: Path) -> Iterator[Case]:
    notations: tuple[Notation, ...] = ("json", "yaml")
    for notation in notations:
        sample = Sample(folder / f"valid.{notation}", notation, is_valid=True)
        _write_once(sample, corpus.write_file)
        name = case_name(1, f"{notation.upper()} file", is_valid=True)
        yield Case("one-file", name, sample, sizes.file_runs, peers=_ALL_PEERS)
    for number, (finding, change) in enumerate(FINDINGS.items()):
        for notation in notations:
            sample = Sample(folder / f"invalid-{number}.{notation}", notation, is_valid=False)
            _write_once(sample, partial(corpus.write_file, change=change))
            peers = (CHECK_JSONSCHEMA,) if number else _ALL_PEERS
            name = finding_name(notation, finding)
            yield Case("one-file", name, sample, sizes.file_runs, peers=peers)


def _settings(sizes: Sizes, folder: Path) -> Iterator[Case]:
    for number, (setting, (options, configuration)) in enumerate(SETTINGS.items()):
        home = folder / f"setting-{number}"
        home.mkdir(exist_ok=True)
        if configuration:
            (home / ".rosetta-spec.toml").write_text(configuration, encoding="utf-8")
        sample = Sample(home / "a.sampling.json", "json", is_valid=True)
        _write_once(sample, corpus.write_file)
        if setting == FOLDER:
            output_of("git", "init", "-q", str(home))
            sample = sample._replace(path=home)
        yield Case("settings", settings_name(setting), sample, sizes.file_runs, options)


def _many_files(sizes: Sizes, folder: Path) -> Iterator[Case]:
    count = sizes.files
    variants: list[tuple[Notation, bool]] = [
        ("json", True),
        ("yaml", True),
        ("json", False),
        ("yaml", False),
    ]
    for notation, is_valid in variants:
        word = "valid" if is_valid else "invalid"
        sample = Sample(folder / f"{notation}-{count}-{word}", notation, is_valid)
        _write_once(sample, partial(corpus.write_folder, count=count))
        name = case_name(count, f"{notation.upper()} file", is_valid=is_valid)
        yield Case("many-files", name, sample, sizes.folder_runs, peers=_ALL_PEERS)


def _lines(sizes: Sizes, folder: Path) -> Iterator[Case]:
    for count in sizes.lines:
        for is_valid in (True, False):
            word = "valid" if is_valid else "invalid"
            sample = Sample(folder / f"{count}-{word}.jsonl", "jsonl", is_valid)
            _write_once(sample, partial(corpus.write_lines, count=count))
            runs = sizes.line_runs if count == sizes.lines[0] else 1
            name = case_name(count, "line", is_valid=is_valid)
            yield Case("lines", name, sample, runs, peers=_ALL_PEERS)


def _growth(sizes: Sizes, folder: Path) -> Iterator[Case]:
    for number, kind in enumerate(corpus.GROWING):
        for count in sizes.growth:
            sample = Sample(folder / f"growth-{number}-{count}.json", "json", is_valid=False)
            _write_once(sample, partial(corpus.write_growing, kind=kind, count=count))
            options = ("--fail-on", "warning")
            yield Case("growth", growth_name(count, kind), sample, sizes.growth_runs, options)


def _write_once(sample: Sample, write: Callable[[Sample], None]) -> None:
    """Write a sample unless it exists; an interrupted run leaves none behind."""
    if sample.path.exists():
        return
    part = sample._replace(path=sample.path.with_name("part"))
    shutil.rmtree(part.path, ignore_errors=True)
    write(part)
    part.path.rename(sample.path)


class Contenders(NamedTuple):
    """All that is installed, and the schemas that every peer is given: the bundle, and a plain one.

    `team` is a configuration file with rules of a team.
    """

    ours: PythonEnvironment
    peers: Sequence[InstalledPeer]
    bundle: Path
    plain: Path
    team: Path

    def commands(self, case: Case) -> dict[str, Command]:
        """Return the commands of a case, by their names in tables."""
        theirs: dict[str, Command] = {}
        for peer in self.peers:
            if peer.name in case.peers and case.sample.notation in peer.peer.notations:
                # With the bundle, some would take a quarter of an hour for a million lines.
                if case.runs > 1 or case.scenario != "lines":
                    theirs[peer.name] = peer.command(self.bundle, case.sample)
                theirs[peer.name + PLAIN] = peer.command(self.plain, case.sample)
        return self._own(case) | theirs

    def _own(self, case: Case) -> dict[str, Command]:
        check = [program_of(self.ours), "check", *case.options]
        path = str(case.sample.path)
        if case.scenario not in {"many-files", "lines"}:
            return {BARE: [self.ours.python, "-c", "pass"], OURS: [*check, path]}
        own = {
            OURS: [*check, "--jobs", "1", path],
            OURS_IN_TWO: [*check, "--jobs", "2", path],
        }
        if case.scenario == "lines" and case.sample.is_valid:
            own[OURS_WITH_TEAM] = [*own[OURS], "--config", str(self.team)]
        if case.scenario == "lines" and not case.sample.is_valid:
            own[OURS_CONCISE] = [*own[OURS], "--format", "concise"]
        return own


def contenders(
    ours: PythonEnvironment, peers: Sequence[InstalledPeer], scratch: Path
) -> Contenders:
    """Write the schemas of our rules and the configuration of a team."""
    bundle, plain, team = (scratch / name for name in ("bundle.json", "plain.json", "team.toml"))
    bundle.write_text(output_of(program_of(ours), "schema", "--bundle"), encoding="utf-8")
    plain.write_text(output_of(ours.python, str(_SCRIPTS / "plain_schema.py")), encoding="utf-8")
    _, configuration = SETTINGS["a team's ruleset"]
    team.write_text(configuration, encoding="utf-8")
    return Contenders(ours, peers, bundle, plain, team)


def program_of(ours: PythonEnvironment) -> str:
    """Return our command, as users call it."""
    return str(ours.scripts / "rosetta-spec")
