"""Ctrl-C at any moment, imports included, ends the program with 130 and without a traceback."""

import os
import subprocess
import sys

import pytest

#: Interrupts itself at one of the calls of functions that it makes, and counts them all.
SCRIPT = """
import os, signal, sys
from rosetta_spec.__main__ import main

at, calls, end = int(sys.argv.pop(1)), 0, os._exit

def call(frame, event, argument):
    global calls
    calls += 1
    if calls == at:
        sys.setprofile(None)
        signal.raise_signal(signal.SIGINT)

def end_counted(status):
    sys.setprofile(None)
    os.write(2, b"%d" % calls)
    end(status)

os._exit = end_counted
sys.setprofile(call)
status = main()
end_counted(status)
"""

#: How many moments of each command are tried.
MOMENTS = int(os.environ.get("EXAMPLES", "4"))

GOOD = "annotationRequestId: r\npoolName: p\n"
WRONG = "annotationRequestId: r\npoolName: p\nsamplingRatio: 1\nsamplingQuantity: a\n"


def interrupted(arguments, at):
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, str(at), *arguments],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=600,
    )


@pytest.mark.parametrize(
    "arguments",
    [["check", "good.yaml"], ["check", "bad.yaml"], ["lsp"], ["schema"], ["rule", "RS201"]],
    ids=" ".join,
)
def test_an_interrupt_at_any_moment_ends_with_130_and_without_a_traceback(write, arguments):
    write("good.yaml", GOOD)
    write("bad.yaml", WRONG)
    # The first run writes caches.
    interrupted(arguments, at=0)
    last = int(interrupted(arguments, at=0).stderr.split()[-1])
    for number in range(MOMENTS):
        ended = interrupted(arguments, at=2 + number * (last - 100) // MOMENTS)
        # The script writes its number of calls, and click a line end.
        shown = ended.stderr.strip(b"0123456789\n")
        assert (ended.returncode, shown, number) == (130, b"", number)


WRAPPED = """
import importlib.abc, os, signal, sys
from rosetta_spec.__main__ import main

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == module:
            try:
                signal.raise_signal(signal.SIGINT)
            except BaseException:
                pass

module = sys.argv.pop(1)
sys.meta_path.insert(0, Finder())
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("click", ["check", "bad.yaml"]),
        ("ruamel", ["check", "bad.yaml"]),
        ("jsonschema", ["check", "bad.yaml"]),
        ("pygls", ["lsp"]),
        ("cattrs", ["lsp"]),
        ("asyncio", ["lsp"]),
        ("httpx", ["submit", "good.yaml"]),
    ],
)
def test_an_import_that_catches_every_exception_does_not_swallow_an_interrupt(
    write, module, arguments
):
    write("good.yaml", GOOD)
    write("bad.yaml", WRONG)
    account = {"BASE_URL": "http://127.0.0.1:9", "ACCESS_KEY": "k", "SECRET_KEY": "s"}
    ended = subprocess.run(
        [sys.executable, "-c", WRAPPED, module, *arguments],
        env={**os.environ, **{f"ROSETTA_{name}": value for name, value in account.items()}},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=600,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, b"", b"")
