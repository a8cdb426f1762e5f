"""The journal has a usual place on every system."""

from pathlib import Path

import pytest

from rosetta_spec.submit.state_folder import usual_journal


@pytest.mark.parametrize(
    ("environment", "platform", "folder"),
    [
        ({}, "linux", "/home/me/.local/state"),
        ({"XDG_STATE_HOME": "/state"}, "linux", "/state"),
        ({"XDG_STATE_HOME": "state"}, "linux", "/home/me/.local/state"),
        ({}, "darwin", "/home/me/Library/Application Support"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local"),
        ({}, "win32", "/home/me/AppData/Local"),
    ],
)
def test_the_journal_is_where_the_system_keeps_such_things(environment, platform, folder):
    path = usual_journal(environment, platform, Path("/home/me"))
    assert path == Path(folder) / "rosetta-spec" / "submissions.sqlite3"
