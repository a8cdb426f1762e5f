"""Measure `rosetta-spec check` and other validators, and compare the results with our goals.

    python benchmarks/run.py --quick
    python benchmarks/run.py --write docs/performance.md

The first run installs everything into a folder outside this repository, which takes some minutes.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import corpus
import peers
from cases import (
    BARE,
    OURS,
    OURS_IN_TWO,
    QUICK,
    SCENARIOS,
    Case,
    Contenders,
    Sizes,
    cases,
    contenders,
    program_of,
)
from goals import judge
from measurement import CallError, Timing, install_ours, output_of, time_all
from peers import InstalledPeer
from table import goals_table, report, titled_table

SCRATCH = Path.home() / ".cache" / "rosetta-spec-benchmarks"


def main() -> int:
    """Install, measure and print each table when it is ready; return 1 if a goal is missed."""
    options = _options()
    scratch: Path = options.scratch.resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    _log("building and installing rosetta-spec")
    ours = install_ours(scratch)
    present, missing = _install_peers(scratch)
    everyone = contenders(ours, present, scratch)
    sizes = QUICK if options.quick else Sizes()
    sizes = sizes.with_runs(options.runs) if options.runs else sizes
    measured: list[Case] = []
    results: dict[str, dict[str, Timing]] = {}
    for case in cases(options.only, sizes, _corpus_folder(scratch)):
        _log(f"running {case.name}")
        results[case.name] = _time_case(case, everyone)
        measured.append(case)
        print(titled_table(case, results[case.name]), flush=True)
    outcomes = judge(results) if options.goals else []
    if outcomes:
        print(goals_table(outcomes))
    if options.write:
        text = report(measured, results, everyone, missing, outcomes)
        options.write.write_text(text, encoding="utf-8")
    return int(any(outcome.is_missed for outcome in outcomes))


def _options() -> argparse.Namespace:
    title, _, _ = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--quick", action="store_true", help="measure less of everything")
    parser.add_argument(
        "--only",
        type=_scenarios,
        default=SCENARIOS,
        metavar="NAMES",
        help=f"some scenarios, separated by commas: {', '.join(SCENARIOS)}",
    )
    parser.add_argument(
        "--runs", type=int, metavar="N", help="run each command N times; a million lines once"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the report there")
    parser.add_argument("--no-goals", dest="goals", action="store_false", help="measure only")
    parser.add_argument(
        "--scratch",
        type=Path,
        default=SCRATCH,
        metavar="FOLDER",
        help="where everything is installed and written; delete it to get newer peers "
        "(default: %(default)s)",
    )
    return parser.parse_args()


def _scenarios(names: str) -> Sequence[str]:
    wanted = names.split(",")
    for name in wanted:
        if name not in SCENARIOS:
            message = f"{name} is none of {', '.join(SCENARIOS)}"
            raise argparse.ArgumentTypeError(message)
    return wanted


def _install_peers(scratch: Path) -> tuple[list[InstalledPeer], dict[str, str]]:
    """Return the installed peers, and why the others could not be installed."""
    present: list[InstalledPeer] = []
    missing: dict[str, str] = {}
    for peer in peers.PEERS:
        _log(f"installing {peer.name}")
        try:
            present.append(peers.install(peer, scratch))
        except CallError as error:
            missing[peer.name] = str(error)
    return present, missing


def _corpus_folder(scratch: Path) -> Path:
    """Return the folder of the samples, which are kept until the code that writes them changes."""
    digest = hashlib.sha256(Path(corpus.__file__).read_bytes()).hexdigest()[:12]
    folder = scratch / "corpus" / digest
    if not folder.exists():
        shutil.rmtree(folder.parent, ignore_errors=True)
    return folder


def _time_case(case: Case, everyone: Contenders) -> dict[str, Timing]:
    """Time all commands on a sample, and drop peers that report a wrong result."""
    if case.scenario == "many-files" and case.sample.is_valid:
        output_of(program_of(everyone.ours), "check", "--fail-on", "info", str(case.sample.path))
    timings = time_all(everyone.commands(case), case.runs, warm_up=case.scenario != "lines")
    wrong = [name for name, timing in timings.items() if not _is_right(name, case, timing)]
    if OURS in wrong or OURS_IN_TWO in wrong:
        message = f"rosetta-spec is wrong about {case.sample.path}"
        raise SystemExit(message)
    for name in wrong:
        _log(f"{name} is wrong about {case.sample.path} and left out of the table")
        del timings[name]
    return timings


def _is_right(name: str, case: Case, timing: Timing) -> bool:
    """Whether the exit status was right in each run."""
    is_valid = case.sample.is_valid or name == BARE
    return all((run.status == 0) == is_valid for run in timing.runs)


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
