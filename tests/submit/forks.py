"""Calls the command in forked processes, which start fast because its imports are loaded before.

Reads a line of JSON for each call, and writes its exit status.
"""

import json
import os
import signal
import sys
import time

import httpx  # noqa: F401 - loaded for all calls

import rosetta_spec.cli.main
import rosetta_spec.cli.submit
import rosetta_spec.engine.engine
import rosetta_spec.submit.client  # noqa: F401 - for the same reason
from rosetta_spec.__main__ import main


def call(order):
    os.chdir(order["cwd"])
    os.environ.update(order["env"])
    output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(output, number)
    sys.argv = ["rosetta-spec", *order["arguments"]]
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        status = main()
    except KeyboardInterrupt:
        # Before or after the program.
        status = 130
    os._exit(status)


def status_of(child, signals):
    """Wait for a process to end, and send it signals: pairs of seconds and a number."""
    start = time.monotonic()
    for after, number in sorted(signals):
        while time.monotonic() < start + after:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.001)
        # It has not been waited for, so its process id has not been reused.
        os.kill(child, number)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def serve():
    # A shell may start this process in the background, where Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Until a child is about to call the command.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            call(order)
        print(status_of(child, order["signals"]), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    serve()
