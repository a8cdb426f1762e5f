"""Calls the command in forked processes, which start fast because its imports are loaded before.

Reads a line of JSON for each call, and writes its exit status.
"""

import json
import os
import signal
import sys
import time

import httpx  # noqa: F401 - loaded for all calls

import rosetta_spec.cli.submit
import rosetta_spec.engine.engine
import rosetta_spec.submit.client  # noqa: F401 - for the same reason
from rosetta_spec.cli.main import main


def call(order):
    os.chdir(order["cwd"])
    os.environ.update(order["env"])
    output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(output, number)
    sys.argv = ["rosetta-spec", *order["arguments"]]
    os._exit(main())


def status_of(child, kill_after):
    """Wait for a process to end, and kill it after some seconds if `kill_after` is given."""
    end = time.monotonic() + (kill_after or 0)
    while kill_after is not None and time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    if kill_after is not None:
        # It has not been waited for, so its process id has not been reused.
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def serve():
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            call(order)
        print(status_of(child, order["kill_after"]), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    serve()
