"""The commands of a case: ours, what it is set against, and those of the peers that can do it."""

from __future__ import annotations

import json
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
OURS_WITH_TEAM = "rosetta-spec, a team's rules too"
OURS_CONCISE = "rosetta-spec --format concise"

#: What is added to the name of a peer that is given our rules in as few words as there can be.
PLAIN = ", plain schema"

_SCRIPTS = Path(__file__).parent / "scripts"


class Contenders(NamedTuple):
    """All that is installed, and the schemas that every peer is given: the bundle, and a plain one.

    `team` is a configuration file with rules of a team.
    """

    ours: PythonEnvironment
    peers: Sequence[InstalledPeer]
    bundle: Path
    plain: Path
    team: Path

    def commands(self, case: Case) -> dict[str, Command]:
        """Return what is timed in a case, by the name that tables have for it."""
        theirs: dict[str, Command] = {}
        for peer in self.peers:
            if case.sample.notation in peer.peer.notations:
                # With the bundle, some would take a quarter of an hour for a million lines.
                if case.runs > 1:
                    theirs[peer.name] = peer.command(self.bundle, case.sample)
                theirs[peer.name + PLAIN] = peer.command(self.plain, case.sample)
        return self._own(case) | theirs

    def _own(self, case: Case) -> dict[str, Command]:
        check = [program_of(self.ours), "check"]
        path = str(case.sample.path)
        if case.scenario == "one-file":
            return {BARE: [self.ours.python, "-c", "pass"], OURS: [*check, path]}
        own = {
            OURS: [*check, "--jobs", "1", path],
            OURS_IN_TWO: [*check, "--jobs", "2", path],
        }
        if case.scenario == "lines" and case.sample.is_valid:
            own[OURS_WITH_TEAM] = [*own[OURS], "--config", str(self.team)]
        if case.scenario == "lines" and not case.sample.is_valid:
            own[OURS_CONCISE] = [*own[OURS], "--format", "concise"]
        return own


def contenders(
    ours: PythonEnvironment, peers: Sequence[InstalledPeer], scratch: Path
) -> Contenders:
    """Write the schemas of our rules and the settings of a team, and put all together."""
    bundle, plain, team = (scratch / name for name in ("bundle.json", "plain.json", "team.toml"))
    bundle.write_text(output_of(program_of(ours), "schema", "--bundle"), encoding="utf-8")
    plain.write_text(output_of(ours.python, str(_SCRIPTS / "plain_schema.py")), encoding="utf-8")
    rulesets = json.dumps([str(_SCRIPTS / "team.rules.yaml")])
    team.write_text(f"rulesets = {rulesets}\n", encoding="utf-8")
    return Contenders(ours, peers, bundle, plain, team)


def program_of(ours: PythonEnvironment) -> str:
    """Return our command, as users call it."""
    return str(ours.scripts / "rosetta-spec")
