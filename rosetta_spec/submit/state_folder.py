"""Where the journal is when nobody says so: in the folder for what programs remember of a user."""

from __future__ import annotations

from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = Path("rosetta-spec") / "submissions.sqlite3"


def usual_journal(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    """Return the path of the journal; `platform` is what Python calls the system.

    Source: XDG Base Directory Specification; the customs of macOS and Windows.
    """
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / _NAME
    if platform == "darwin":
        return home / "Library" / "Application Support" / _NAME
    state = environment.get("XDG_STATE_HOME", "")
    # A path that is not absolute counts as none.
    return (Path(state) if state.startswith("/") else home / ".local" / "state") / _NAME
