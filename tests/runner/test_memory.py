"""A long archive takes no more memory than a short one."""

import subprocess
import sys

import pytest

GOOD = b'{"annotationRequestId": "r-%d", "poolName": "p", "sampleCount": 100}\n'
BAD = b'{"annotationRequestId": "r-%d", "poolName": "p", "samplingRatio": 20}\n'

SCRIPT = """
import sys
from pathlib import Path
from rosetta_spec.__main__ import main

main()
status = Path("/proc/self/status").read_text()
sys.stderr.write(status.split("VmHWM:")[1].split()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports the peak")
@pytest.mark.parametrize(
    "options", [["--format=text"], ["--format=json"], ["--format=sarif", "--output=junit=report"]]
)
def test_memory_does_not_grow_with_an_archive(write, options):
    def kilobytes(name: str, megabytes: int) -> int:
        count = megabytes * 1_000_000 // len(GOOD)
        write(name, b"".join((GOOD if each % 100 else BAD) % each for each in range(count)))
        command = [sys.executable, "-c", SCRIPT, "check", name, *options]
        ended = subprocess.run([*command, "--jobs", "1"], check=False, capture_output=True)
        return int(ended.stderr)

    short, long = kilobytes("short.jsonl", 4), kilobytes("long.jsonl", 12)
    # One that kept what it has read would need 8 MB more, of some 20.
    assert long < short + 4 * 1024
    assert long < 44 * 1024
