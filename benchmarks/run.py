"""Measure `rosetta-spec check` beside other validators, and judge it by its goals.

    python benchmarks/run.py --quick
    python benchmarks/run.py --write docs/performance.md

The first run installs everything into a folder outside this repository and takes some minutes more.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import corpus
import peers
from contenders import BARE, OURS, OURS_IN_TWO, contenders, program_of
from environment import CallError, install_ours, output_of
from goals import judge
from measurement import time_all
from scenarios import QUICK, SCENARIOS, Extent, cases
from table import goals_table, report, titled_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contenders import Contenders
    from measurement import Timing
    from peers import InstalledPeer
    from scenarios import Case

SCRATCH = Path.home() / ".cache" / "rosetta-spec-benchmarks"


def main() -> int:
    """Install, measure, print each table when it is there; return 1 if a goal is missed."""
    options = _options()
    scratch: Path = options.scratch.resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    _tell("building and installing rosetta-spec")
    ours = install_ours(scratch)
    present, missing = _install_peers(scratch)
    everyone = contenders(ours, present, scratch)
    extent = QUICK if options.quick else Extent()
    extent = extent.with_runs(options.runs) if options.runs else extent
    measured: list[Case] = []
    results: dict[str, dict[str, Timing]] = {}
    for case in cases(options.only, extent, _corpus_folder(scratch)):
        _tell(f"running {case.name}")
        results[case.name] = _time_case(case, everyone)
        measured.append(case)
        print(titled_table(case, results[case.name]), flush=True)
    verdicts = judge(results) if options.goals else []
    if verdicts:
        print(goals_table(verdicts))
    if options.write:
        text = report(measured, results, everyone, missing, verdicts)
        options.write.write_text(text, encoding="utf-8")
    return int(any(verdict.is_missed for verdict in verdicts))


def _options() -> argparse.Namespace:
    title, _, _ = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--quick", action="store_true", help="less of everything: 2 minutes")
    parser.add_argument(
        "--only",
        type=_scenarios,
        default=SCENARIOS,
        metavar="NAMES",
        help=f"some scenarios, divided by commas: {', '.join(SCENARIOS)}",
    )
    parser.add_argument(
        "--runs", type=int, metavar="N", help="run each command N times; a million lines, once"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the report there")
    parser.add_argument(
        "--no-goals", dest="goals", action="store_false", help="measure, but do not judge"
    )
    parser.add_argument(
        "--scratch",
        type=Path,
        default=SCRATCH,
        metavar="FOLDER",
        help="where everything is installed and written; delete it to have newer peers "
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
    """Return the peers that are there, and why the others are not."""
    present: list[InstalledPeer] = []
    missing: dict[str, str] = {}
    for peer in peers.PEERS:
        _tell(f"installing {peer.name}")
        try:
            present.append(peers.install(peer, scratch))
        except CallError as error:
            missing[peer.name] = str(error)
    return present, missing


def _corpus_folder(scratch: Path) -> Path:
    """Return where samples are kept as long as what draws them stays the same."""
    digest = hashlib.sha256(Path(corpus.__file__).read_bytes()).hexdigest()[:12]
    folder = scratch / "corpus" / digest
    if not folder.exists():
        shutil.rmtree(folder.parent, ignore_errors=True)
    return folder


def _time_case(case: Case, everyone: Contenders) -> dict[str, Timing]:
    """Time all commands on a sample, and drop those of peers that judge it wrongly."""
    if case.scenario == "many-files" and case.sample.is_valid:
        output_of(program_of(everyone.ours), "check", "--fail-on", "info", str(case.sample.path))
    timings = time_all(everyone.commands(case), case.runs, warm_up=case.scenario != "lines")
    wrong = [name for name, timing in timings.items() if not _is_right(name, case, timing)]
    if OURS in wrong or OURS_IN_TWO in wrong:
        message = f"rosetta-spec is wrong about {case.sample.path}"
        raise SystemExit(message)
    for name in wrong:
        _tell(f"{name} is wrong about {case.sample.path}, and so not in the table")
        del timings[name]
    return timings


def _is_right(name: str, case: Case, timing: Timing) -> bool:
    """Whether the exit status says each time if the sample is valid."""
    is_valid = case.sample.is_valid or name == BARE
    return all((run.status == 0) == is_valid for run in timing.runs)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
