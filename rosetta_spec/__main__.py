"""The command `rosetta-spec`, also as `python -m rosetta_spec`."""

from __future__ import annotations

import gc
import sys

from rosetta_spec.fast.entry import answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


def main() -> int:
    """Do what the arguments of this process ask for, and return its exit status."""
    sys.excepthook = _report_defect
    try:
        if answer(sys.argv[1:]):
            return 0
        # Nearly all that is loaded stays to the end: looking for garbage in it every 700 objects,
        # and once more at the end, would take a fifth of a start.
        gc.set_threshold(50_000)
        # It takes longer to load than a valid file takes to check.
        from rosetta_spec.cli.main import main as run  # noqa: PLC0415

        return run()
    except KeyboardInterrupt:
        return 128 + 2  # as a shell says it for SIGINT
    finally:
        gc.freeze()


def _report_defect(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """End with the exit status of a defect, not of findings."""
    from rosetta_spec.cli.main import report_defect  # noqa: PLC0415 - as in `main`

    sys.__excepthook__(kind, error, traceback)
    raise SystemExit(report_defect())


if __name__ == "__main__":
    sys.exit(main())
