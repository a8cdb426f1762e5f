"""The commands of a case: ours, what it is set against, and those of the peers that can do it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from environment import output_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from environment import PythonEnvironment
    from measurement import Command
    from peers import InstalledPeer
    from scenarios import Case

BARE = "python -c pass"
OURS = "rosetta-spec"
OURS_IN_TWO = "rosetta-spec --jobs 2"

_PLAIN_SCHEMA = Path(__file__).parent / "scripts" / "plain_schema.py"


class Contenders(NamedTuple):
    """All that is installed, and the schema that every peer is given."""

    ours: PythonEnvironment
    peers: Sequence[InstalledPeer]
    schema: Path

    def commands(self, case: Case) -> dict[str, Command]:
        """Return what is timed in a case, by the name that tables have for it."""
        own = self._own(case)
        theirs = {
            peer.name: peer.command(self.schema, case.sample)
            for peer in self.peers
            if case.sample.notation in peer.peer.notations
        }
        return own | theirs

    def _own(self, case: Case) -> dict[str, Command]:
        check = [program_of(self.ours), "check"]
        path = str(case.sample.path)
        if case.scenario == "one-file":
            return {BARE: [self.ours.python, "-c", "pass"], OURS: [*check, path]}
        return {
            OURS: [*check, "--jobs", "1", path],
            OURS_IN_TWO: [*check, "--jobs", "2", path],
        }


def contenders(
    ours: PythonEnvironment, peers: Sequence[InstalledPeer], scratch: Path
) -> Contenders:
    """Write a schema of our rules, and put all together."""
    schema = scratch / "schema.json"
    schema.write_text(output_of(ours.python, str(_PLAIN_SCHEMA)), encoding="utf-8")
    return Contenders(ours, peers, schema)


def program_of(ours: PythonEnvironment) -> str:
    """Return our command, as users call it."""
    return str(ours.scripts / "rosetta-spec")
