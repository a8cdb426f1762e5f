"""A shell completes commands, options and rules: click's own way, in a real bash."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rosetta_spec.cli.main import COMMANDS
from rosetta_spec.spec.ruleset import ALWAYS, builtin_ruleset

RULES = builtin_ruleset().rules
#: The script that pip writes for an entry point of a Python whose path has a space.
SCRIPT = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from rosetta_spec.__main__ import main
if __name__ == "__main__":
    sys.exit(main())
"""

PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"

#: The line for ~/.bashrc in the docs.
(SETUP,) = re.findall("```bash\n(.*)\n```", PAGE.read_text("utf-8"))

#: What a person's bash does when Tab is pressed at the end of a line.
TAB = (
    SETUP
    + """
compopt() { echo "option $1 $2"; }
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_rosetta_spec_completion rosetta-spec
printf '%s\\n' "${COMPREPLY[@]}"
"""
)

POLICY = """
rules:
- code: POL001
  name: late-end
  severity: error
  kind: exclusive
  keys: [sampleCount, samplingQuantity]
  message: "{key} stands beside {other}"
  help: "remove {key} or {other}"
  why: We count only once.
  source: Policy.
  bad: "annotationRequestId: a\\npoolName: b\\nsampleCount: 1\\nsamplingQuantity: 1\\n"
  good: "annotationRequestId: a\\npoolName: b\\n"
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
@pytest.mark.parametrize(
    "asked", [{"": "bash_source"}, {"": "bash_complete", "COMP_WORDS": "", "COMP_CWORD": "0"}]
)
def test_an_answer_to_a_shell_that_cannot_be_written_is_status_2(process, asked):
    env = {name or "_ROSETTA_SPEC_COMPLETE": value for name, value in asked.items()}
    with Path("/dev/full").open("wb") as full:
        ended = process(env=env, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"error: standard output cannot be written")
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("words", [{}, {"COMP_WORDS": "a"}, {"COMP_CWORD": "1"}])
def test_a_question_that_no_shell_asks_is_status_2(process, shell, words):
    ended = process(env={"_ROSETTA_SPEC_COMPLETE": f"{shell}_complete", **words})
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, b"", b"")


@pytest.mark.parametrize("number", ["x", "9" * 5000, "²"])
def test_a_word_without_a_number_is_not_completed(process, number):
    env = {"_ROSETTA_SPEC_COMPLETE": "bash_complete", "COMP_WORDS": "a", "COMP_CWORD": number}
    assert process(env=env).returncode == 2


@pytest.fixture
def installed(folder):
    """The command as an installer puts it beside its Python."""
    command = folder / "bin" / "rosetta-spec"
    command.parent.mkdir()
    command.write_text(SCRIPT.format(python=sys.executable))
    command.chmod(0o755)
    return command


@pytest.fixture
def tab(installed):
    """What bash offers at the end of a line."""
    path = f"{installed.parent}:{os.environ['PATH']}"

    def call(*words):
        ended = subprocess.run(
            ["bash", "--norc", "-euo", "pipefail", "-c", TAB, "bash", "rosetta-spec", *words],
            env={**os.environ, "PATH": path},
            capture_output=True,
            check=True,
            text=True,
        )
        assert ended.stderr == ""
        return ended.stdout.split("\n")[:-1]

    return call


def test_commands_are_completed(tab):
    assert tab("") == list(COMMANDS)
    assert tab("ru") == ["rule"]


def test_options_and_their_values_are_completed(tab):
    assert tab("check", "--sel") == ["--select"]
    assert tab("check", "a.json", "--color", "a") == ["auto", "always"]
    assert tab("check", "--color", "=") == ["auto", "always", "never"]


def test_paths_are_left_to_the_shell(tab):
    assert tab("check", "a.js") == ["option -o default", ""]
    assert tab("new", "") == ["option -o default", ""]
    assert tab("check", "--config", "a.to") == ["option -o default", ""]
    assert tab("rule", "--verify", "a.ya") == ["option -o default", ""]


def test_rules_are_completed_by_code_and_by_name(tab):
    assert tab("rule", "RS30") == ["RS301", "RS302", "RS303", "RS304", "RS305"]
    assert tab("rule", "ratio") == ["ratio-with-quantity"]
    assert tab("rule", "") == [word for rule in RULES for word in (rule.code, rule.name)]
    assert tab("rule", "nothing-like-it") == [""]


def test_of_several_rules_the_last_is_completed_and_none_is_offered_twice(tab):
    assert tab("check", "--select", "RS301,RS30") == [
        *("RS301,RS302", "RS301,RS303", "RS301,RS304", "RS301,RS305")
    ]
    assert tab("check", "--select", "ratio-with-quantity,RS20")[:1] == ["ratio-with-quantity,RS202"]


def test_prefixes_of_codes_are_completed_where_they_are_taken(tab):
    assert tab("check", "--select", "RS")[:5] == ["RS0", "RS1", "RS2", "RS3", "RS4"]
    assert tab("check", "--ignore", "RS301,RS4")[:2] == ["RS301,RS4", "RS301,RS401"]
    assert tab("rule", "RS3")[0] == "RS301"


def test_rules_that_cannot_be_disabled_are_not_completed_for_ignore(tab):
    assert tab("check", "--ignore", "RS00") == [""]
    assert tab("check", "--select", "RS00") == sorted(ALWAYS)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_printed(installed, shell):
    ended = subprocess.run(
        [installed],
        env={**os.environ, "_ROSETTA_SPEC_COMPLETE": f"{shell}_source"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert f"_ROSETTA_SPEC_COMPLETE={shell}_complete" in ended.stdout
    assert ended.stderr == ""


def test_rules_of_a_team_are_completed_by_the_configuration_that_applies(tab, write):
    write(".rosetta-spec.toml", 'rulesets = ["policy.yaml"]')
    write("other.toml")
    write("policy.yaml", POLICY)
    assert tab("rule", "POL") == ["POL001"]
    assert tab("check", "--select", "RS201,late") == ["RS201,late-end"]
    assert tab("rule", "--isolated", "POL") == [""]
    assert tab("rule", "--config", "other.toml", "POL") == [""]
    assert tab("rule", "--config", "missing.toml", "RS30")[0] == "RS301"


def test_under_wrong_settings_rules_of_ours_are_completed(tab, write):
    write(".rosetta-spec.toml", "rulesets = 1")
    assert tab("rule", "RS40")[0] == "RS401"
