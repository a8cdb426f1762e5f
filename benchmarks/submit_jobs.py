"""How much faster several requests at a time are sent: `python benchmarks/submit_jobs.py`.

The real command sends to the fake API of the tests, which answers after a delay.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

sys.path.insert(0, str(CHECKOUT / "tests" / "submit"))

from fake_api import FakeApi  # noqa: E402 - a module of the tests


def seconds_for(folder: Path, requests: Path, jobs: int, delay: float) -> float:
    """Send some requests with a new journal, and return the duration."""
    with FakeApi(delay=delay) as server:
        command = [sys.executable, "-m", "rosetta_spec", "submit", str(requests)]
        places = ["--journal", str(folder / f"journal-{jobs}"), "--jobs", str(jobs)]
        start = time.perf_counter()
        subprocess.run(  # noqa: S603 - our own command
            [*command, *places],
            cwd=folder,
            env={**os.environ, **server.environment, "PYTHONPATH": str(CHECKOUT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return time.perf_counter() - start


def main() -> None:
    """Measure one request at a time and several, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds for each request")
    parser.add_argument("--jobs", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        requests = folder / "requests.jsonl"
        line = '{"annotationRequestId":"a3f8","poolName":"p","samplingQuantity":%d}\n'
        requests.write_text("".join(line % (number + 1) for number in range(options.documents)))
        alone = seconds_for(folder, requests, 1, options.delay)
        together = seconds_for(folder, requests, options.jobs, options.delay)
    print(f"{options.documents} requests of {options.delay * 1000:g} ms each")
    print(f"--jobs 1: {alone:.2f} s")
    print(f"--jobs {options.jobs}: {together:.2f} s, {together / alone:.0%} of that")


if __name__ == "__main__":
    main()
