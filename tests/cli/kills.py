"""Calls `check --fix` on a file repeatedly, and kills it a little later each time.

A step is a call or a return while a file is written. The argument is the file; what is in its
folder after each kill is printed as a line of JSON.
"""

import json
import os
import signal
import sys
from pathlib import Path

from rosetta_spec.api import check
from rosetta_spec.cli import fix
from rosetta_spec.cli.main import main
from rosetta_spec.document import lines

#: JSON Lines are read in small parts, so that what is written has many.
lines._BLOCK = 500

WRITER = fix.replace_file
FILES = (fix.__file__, WRITER.__code__.co_filename)


def fix_until(step, path):
    """Fix a file in this process, and kill it after some steps."""
    count = 0

    def look(frame, _event, _argument):
        nonlocal count
        count += frame.f_code.co_filename in FILES
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def write(*arguments, **options):
        sys.setprofile(look)
        return WRITER(*arguments, **options)

    fix.replace_file = write
    sys.argv = ["rosetta-spec", "check", "--fix", "--jobs", "1", path]
    os._exit(main())


def kill_at_every_third(path):
    before = path.read_bytes()
    # What a check loads is loaded once, before the processes.
    check(path)
    step = 1
    is_killed = True
    while is_killed:
        path.write_bytes(before)
        child = os.fork()
        if not child:
            sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
            fix_until(step, path.name)
        is_killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        found = {each.name: each.read_text() for each in path.parent.iterdir()}
        print(json.dumps([is_killed, found]))  # noqa: T201 - its answer
        for name in found.keys() - {path.name}:
            path.with_name(name).unlink()
        step += 3


if __name__ == "__main__":
    kill_at_every_third(Path(sys.argv[1]))
