"""The command `rosetta-spec`, also as `python -m rosetta_spec`."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sys import UnraisableHookArgs
    from types import FrameType, TracebackType

#: Ctrl-C: 128 and the number of SIGINT, as a shell reports it.
_INTERRUPTED = 130


def command() -> int:
    """Run `main` as the installed command, and end the process without freeing its memory.

    That would take longer than checking a valid file. All output has been written.
    """
    status = main()
    if status != _INTERRUPTED:
        os._exit(status)
    return status


def main() -> int:
    """Do what the arguments of this process ask for, and return its exit status."""
    sys.excepthook = _report_defect
    sys.unraisablehook = _end_if_interrupted
    try:
        # Imported here, so that Ctrl-C during an import prints no traceback.
        from rosetta_spec.fast.entry import answer  # noqa: PLC0415

        if answer(sys.argv[1:]):
            return 0
        # The processes of a run must not import modules from the current folder.
        os.environ["PYTHONSAFEPATH"] = "1"
        # Collecting garbage every 700 objects would find next to nothing and take a fifth of the
        # start-up time.
        gc.set_threshold(100_000)
        # Loading these takes longer than checking a valid file.
        import signal  # noqa: PLC0415

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _interrupt)
        from rosetta_spec.cli.main import main as run  # noqa: PLC0415

        return run()
    except BaseException as error:
        if not _is_interrupt(error):
            raise
        return _INTERRUPTED


def _interrupt(_number: int, frame: FrameType | None) -> None:
    """End at once within an import, where an exception may be caught; raise one elsewhere."""
    while frame:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            os._exit(_INTERRUPTED)
        frame = frame.f_back
    raise KeyboardInterrupt


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether an exception is an interrupt, or replaces one (`__set_name__` does)."""
    return isinstance(error, KeyboardInterrupt) or bool(
        error and (_is_interrupt(error.__cause__) or _is_interrupt(error.__context__))
    )


def _end_if_interrupted(unraisable: UnraisableHookArgs) -> None:
    """End where Python would report an exception and go on, as in the callback of a weakref."""
    if _is_interrupt(unraisable.exc_value):
        os._exit(_INTERRUPTED)
    sys.__unraisablehook__(unraisable)


def _report_defect(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """End with the exit status of a defect, not of findings."""
    from rosetta_spec.cli.main import report_defect  # noqa: PLC0415 - as in `main`

    sys.__excepthook__(kind, error, traceback)
    raise SystemExit(report_defect())


if __name__ == "__main__":
    sys.exit(main())
