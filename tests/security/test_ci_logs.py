"""No text of a file, and no name of a file, is a command in the log of a CI system.

GitHub splits a log at CR and LF. A line that starts with `::`, after any white space, is a command,
and so is `##[name]` anywhere in a line; Azure and TeamCity read `##vso[` and `##teamcity[`.
"""

import json
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.reporters import REPORTERS
from rosetta_spec.reporters.style import lay_out, safe, with_escapes, without_commands

#: The commands of our own reports, whose text is escaped.
OURS = re.compile(r"::(error|warning|notice) [^:]*::[^:]")

HASHES = re.compile(r"##\w*\[")

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")

FORGED = [
    "::stop-commands::x",
    " \t::set-env name=a::b",
    "\u3000::add-mask::a",
    "##[add-path]/tmp",
    "a ##[set-env name=a]b",
    "###[error]a",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[x]",
    "a\r::error::b",
    "\x1b[2J\x9b1A",
]


def commands_in(text: str) -> list[str]:
    lines = re.split(r"[\r\n]", text)
    starting = [line for line in lines if line.strip().startswith("::") and not OURS.match(line)]
    return starting + [line for line in lines if HASHES.search(line)]


@pytest.fixture
def hostile(folder):
    """Write requests with forged commands in every place, and a configuration with some."""
    text = (
        "annotationRequestId: {0}\npoolName: {0}\n{0}: {0}\nsampleCount: '10'\nsampleCount: {0}\n"
    )
    lines = "::stop-commands::a\n  ::set-env name=a::b\n##[add-path]/tmp\n###[x]\n"
    inner = lines.replace("\n", "\n   ")
    for number, each in enumerate(FORGED):
        quoted = json.dumps(each)
        name = each.replace("/", "-")
        Path(f"{name}.sampling.yaml").write_text(text.format(quoted), newline="")
        (folder / f"{number}.sampling.yaml").write_text(
            f"annotationRequestId: a\nx: |\n {lines}poolName: {quoted}\n{lines}sampleCount: '10'\n"
        )
        # Rows around a fix, and rows that a fix changes.
        (folder / f"{number}-context.sampling.json").write_text(
            f'{{"annotationRequestId": "a",\n::a::\n"poolName": {quoted},\n"sampleCount": "10"}}'
        )
        (folder / f"{number}-fixed.sampling.yaml").write_text(
            f"annotationRequestId: a\npoolName: b\n# x\r{each}\r\nsampleCount: '10' # {quoted}\n"
            f"subCondition:\n  ? |\n   x\n   {inner}\n  : 1\n",
            newline="",
        )
    return folder


FORMATS = [*REPORTERS]
CALLS = [
    *(["check", "--format", each] for each in FORMATS),
    ["check", "--diff"],
    ["check", "--diff", "--unsafe-fixes"],
    ["check", "--statistics", "--format", "concise"],
    ["check", "--color", "always"],
    ["explain"],
    ["explain", "--format", "json"],
    ["check", "--fix", "--unsafe-fixes"],
]


@pytest.mark.no_cover
@pytest.mark.parametrize("arguments", CALLS, ids=" ".join)
@pytest.mark.parametrize("is_github", [False, True])
def test_no_report_has_a_command_of_a_file(rosetta, hostile, monkeypatch, arguments, is_github):
    if is_github:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
    outcome = rosetta(*arguments, ".")
    assert outcome.stdout
    assert commands_in(outcome.stdout) == commands_in(outcome.stderr) == []
    if "--diff" not in arguments and "always" not in arguments:
        assert CONTROL.findall(outcome.stdout + outcome.stderr) == []


@pytest.mark.parametrize("name", FORGED)
def test_no_message_about_a_file_has_one(rosetta, folder, monkeypatch, name):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    file = Path(f"{name}.sampling.yaml".replace("/", "-"))
    file.write_text("{")
    texts = []
    for arguments in (
        ["check", "--show-settings", file],
        ["check", "--show-settings", "--format", "json", file],
        ["check", f"./{file}/x"],
        ["check", file, "--output", f"json={file}"],
        ["check", "--config", file],
        ["check", "--baseline", file],
        ["schema", "--config", file],
        ["explain", file],
        ["check", "--diff", file],
        ["new", file],
        ["submit", file],
    ):
        outcome = rosetta(*arguments)
        texts += [outcome.stdout, outcome.stderr]
    file.unlink()
    file.symlink_to("nowhere")
    texts.append(rosetta("check").stderr)
    assert "nowhere" in texts[-1]
    assert [commands_in(text) for text in texts] == [[]] * len(texts)
    assert [CONTROL.findall(text) for text in texts] == [[]] * len(texts)


@pytest.mark.no_cover
@pytest.mark.parametrize("text", FORGED)
def test_no_page_of_a_rule_of_a_team_has_one(rosetta, write, write_policy, text):
    policy = write_policy("policy.yaml")
    whole = policy.read_text().replace("Reviewers have other work.", json.dumps(f"a\n{text}"))
    policy.write_text(whole.replace("Policy, section 2.", json.dumps(text)))
    write("rosetta-spec.toml", "rulesets = ['policy.yaml']")
    for arguments in (["rule", "POL001"], ["rule"], ["schema", "--bundle"]):
        for format_ in ([], ["--format", "json"] if arguments[0] == "rule" else []):
            outcome = rosetta(*arguments, *format_)
            assert outcome.status == 0, outcome.stderr
            assert commands_in(outcome.stdout) == []
            assert CONTROL.findall(outcome.stdout) == []


#: Text in which commands are likely.
likely = st.text(
    st.sampled_from([*":#[]a \t\r\n\x0b\u3000\ufeff\x1b"]) | st.characters(exclude_categories=[]),
    max_size=20,
)


@given(likely)
def test_text_that_was_made_safe_has_no_command(text):
    assert commands_in(safe(text)) == []
    assert commands_in("".join(lay_out(text.replace("::", "")).pieces)) == []
    for row in text.split("\n"):
        assert commands_in(without_commands(row)) == []
        assert commands_in(without_commands(f" {row}")) == []


@given(likely)
def test_json_keeps_its_meaning_and_has_no_command(text):
    encoded = with_escapes(json.dumps({text: text}, ensure_ascii=False))
    assert json.loads(encoded) == {text: text}
    assert commands_in(encoded) == []


@given(st.text(st.characters(exclude_characters=":#"), max_size=20))
def test_other_text_is_left_alone(text):
    assert without_commands(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" \r\r\t::a", " \r\r\t<U+003A>:a"),
        ("a \r\r ::b\r::c", "a \r\r <U+003A>:b\r<U+003A>:c"),
        ("a ::b \r c::d\r", "a ::b \r c::d\r"),
    ],
)
def test_a_return_starts_a_row(text, expected):
    assert without_commands(text) == expected


@pytest.mark.no_cover
@pytest.mark.parametrize("text", ["\r", " \r", "a \r", "a: \r", "##a"])
def test_long_rows_are_made_safe_in_seconds(text):
    start = time.process_time()
    without_commands(f"{text * 100_000}x::")
    assert time.process_time() - start < 10


def test_a_diff_without_commands_is_exact(rosetta, write):
    """Only rows that a CI system would obey are changed, so that any other diff can be applied."""
    text = "poolName: a::b # ## :: [x]\nannotationRequestId: a\nsampleCount: '10'\n"
    write("a.sampling.yaml", text)
    diff = rosetta("check", "--diff", ".").stdout
    assert f" {text.splitlines()[0]}{os.linesep}" in diff
