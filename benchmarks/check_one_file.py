"""Time one call of `rosetta-spec check` on one valid file, in units of `python -c pass`.

    python benchmarks/check_one_file.py [RUNS]

Whole processes, each kind in turn within every run, so that a busy machine slows all alike. It
ends with status 1 when JSON takes more than `GOAL` times as long as a Python that does nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

RUNS = 31
GOAL = 15

CHECKOUT = Path(__file__).resolve().parent.parent

REQUEST = """\
{
  "annotationRequestId": "a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e",
  "poolName": "a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e-SamplingPool",
  "sampleType": 2,
  "samplingRatio": 0.2,
  "subCondition": {
    "conditionJoinType": "and",
    "haveIssue": true,
    "startTime": "2025-03-01 00:00:00",
    "endTime": "2025-03-31 23:59:59"
  },
  "interceptionMode": 5,
  "interceptionFrame": 10,
  "interceptionBoundary": [{"start": 0, "end": 99}, {"start": 200, "end": 299}]
}
"""

YAML_REQUEST = """\
# Nightly sample of the first pool
annotationRequestId: a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e
poolName: a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e-SamplingPool
sampleType: 2
samplingRatio: 0.2
subCondition:
  conditionJoinType: and
  haveIssue: true
  startTime: "2025-03-01 00:00:00"
  endTime: "2025-03-31 23:59:59"
interceptionMode: 5
interceptionFrame: 10
interceptionBoundary:
  - {start: 0, end: 99}
  - {start: 200, end: 299}
"""


def main() -> int:
    """Measure, print a table, and judge."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as folder:
        commands = commands_in(Path(folder))
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(runs + 1):
            for name, command in commands.items():
                taken = time_of(command)
                # The first run fills caches and writes bytecode.
                if run:
                    seconds[name].append(taken)
    ratios = write_table(seconds)
    print(f"\n{runs} runs, Python {sys.version.split()[0]}; goal: JSON at most {GOAL} x")
    return int(ratios["check a.json"] > GOAL)


def commands_in(folder: Path) -> dict[str, list[str]]:
    """Write the files to check, and return what is timed by the name it has in the table."""
    check = [sys.executable, "-m", "rosetta_spec", "check"]
    (folder / "a.json").write_text(REQUEST, encoding="utf-8")
    (folder / "a.yaml").write_text(YAML_REQUEST, encoding="utf-8")
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "check a.json": [*check, str(folder / "a.json")],
        "check a.yaml": [*check, str(folder / "a.yaml")],
    }


def time_of(command: list[str]) -> float:
    """Return the seconds that a process takes from start to end; it must succeed."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=CHECKOUT)  # noqa: S603
    return time.perf_counter() - start


def write_table(seconds: dict[str, list[float]]) -> dict[str, float]:
    """Print median, quartiles and ratio of each kind; return the ratios."""
    bare = median(seconds["python -c pass"])
    ratios = {name: median(taken) / bare for name, taken in seconds.items()}
    print(f"{'':<16}{'median':>10}{'quartiles':>20}{'ratio':>9}")
    for name, taken in seconds.items():
        low, _, high = quantiles(taken)
        spread = f"{low * 1000:.1f} - {high * 1000:.1f} ms"
        print(f"{name:<16}{median(taken) * 1000:>7.1f} ms{spread:>20}{ratios[name]:>7.1f} x")
    return ratios


if __name__ == "__main__":
    sys.exit(main())
