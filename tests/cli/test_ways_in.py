"""Laws of the ways into a check: a short one and a long one, which nobody can tell apart."""

import json
import os
import subprocess

import click
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosetta_spec.cli.app import app
from rosetta_spec.engine.tally import FAIL_ON
from rosetta_spec.fast.entry import check_at_once
from rosetta_spec.fast.formats import FORMATS
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.runner.call import COLORS, read_plain_call
from rosetta_spec.strategies import messy_requests, requests
from rosetta_spec.strategies.notations import NOTATIONS

#: A call of the command is slow, and needs nothing of the one before.
law = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

VALUES = {
    "--format": list(REPORTERS),
    "--input-format": list(FORMATS),
    "--fail-on": list(FAIL_ON),
    "--color": list(COLORS),
    "--jobs": ["1", "2", "99"],
}
FLAGS = ["--isolated", "--force-exclude"]
OTHERS = [
    "--config",
    "--show-settings",
    "--stdin-filename",
    "--select",
    "--ignore",
    "--no-ignores",
    "--baseline",
    "--write-baseline",
    "--statistics",
    "--help",
    "-h",
    "--version",
]
STRANGE = ["", "-", "--", "---", "-x", "-f", "--=", "--x=y", "=", "a b", "é", "-é", "*.json"]
WRONG = ["", "-", "--", "TEXT", "json ", " json", "0", "-1", "01", "+1", "1.0", "100", "RS201"]

options = st.sampled_from([*VALUES, *OTHERS, *FLAGS, *VALUES])
#: No system gives a process a NUL, nor half a surrogate pair that stands for no byte.
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=2)
paths = st.sampled_from(["a.json", "-", "", "b", "check", "json", "--json", "-a.json"]) | words
any_value = st.sampled_from([*(each for values in VALUES.values() for each in values), *WRONG])


@st.composite
def settings_of_options(draw):
    """Draw an option in one of its spellings, mostly with a value that it takes."""
    option = draw(options)
    is_right = draw(st.integers(0, 5))
    value = draw(st.sampled_from(VALUES[option]) if is_right and option in VALUES else any_value)
    short = option[: draw(st.integers(2, len(option)))] if draw(st.integers(0, 9)) == 0 else option
    return draw(st.sampled_from([[short, value], [f"{short}={value}"], [f"{short}={value}"]]))


@st.composite
def argument_lists(draw):
    """Draw what a person or a program may write after the name of the command."""
    word = (paths | st.sampled_from(STRANGE) | options).map(lambda word: [word])
    short = (paths | st.sampled_from(FLAGS)).map(lambda word: [word])
    usual = settings_of_options() | settings_of_options() | short
    is_usual = draw(st.booleans())
    parts = draw(st.lists(usual if is_usual else usual | word, max_size=5))
    command = draw(st.sampled_from([["check"]] * 9 + [["rule"]]))
    return [*command, *(word for part in parts for word in part)]


@pytest.fixture
def call_by_click(monkeypatch):
    """What click makes of arguments: a call, or None where it makes none."""
    calls = []
    monkeypatch.setattr("rosetta_spec.cli.check.run_check", lambda call: calls.append(call) or 0)

    def read(arguments):
        calls.clear()
        try:
            app.main(list(arguments), prog_name="rosetta-spec", standalone_mode=False)
        except click.ClickException:
            return None
        return calls[0] if calls else None

    return read


@settings(law, max_examples=300)
@given(arguments=argument_lists())
@example(["check"])
@example(["check", "a.json", "--format", "json", "-", "--format=text", "", "--jobs", "2"])
@example(["check", "--format=json", "--format=json"])
@example(["check", "--", "-a.json"])
@example(["check", "--isolated", "a.json", "--force-exclude", "--isolated"])
@example(["check", "--isolated="])
@example(["check", "--format", "--isolated"])
@example(["check", "--format"])
@example(["check", "--format="])
@example(["check", "--form", "json"])
@example(["check", "--format", "--color", "never"])
@example(["check", "--color=never=always"])
def test_a_plain_call_is_read_as_click_reads_it(call_by_click, arguments):
    call = read_plain_call(arguments)
    assert call is None or call == call_by_click(arguments)


@pytest.mark.parametrize("option", VALUES)
@pytest.mark.parametrize("is_joined", [True, False])
def test_a_usual_call_is_plain_wherever_its_options_stand(call_by_click, option, is_joined):
    for value in VALUES[option]:
        words = [f"{option}={value}"] if is_joined else [option, value]
        for arguments in (["check", *words, "a", "b"], ["check", "a", *words, "b"]):
            call = read_plain_call(arguments)
            assert call is not None
            assert call == call_by_click(arguments)


def test_flags_are_plain(call_by_click):
    call = read_plain_call(["check", *FLAGS, "a"])
    assert call == call_by_click(["check", *FLAGS, "a"])
    assert (call.is_isolated, call.force_exclude) == (True, True)


@pytest.mark.parametrize(
    "arguments",
    [
        *([], ["rule"], ["--version"], ["check", "--help"], ["check", "--statistics"]),
        *(["check", "--"], ["check", "-x"], ["check", "--format"], ["check", "--format", "xml"]),
        *(["check", "--jobs", "0"], ["check", "--jobs=100"], ["check", "--select", "RS201"]),
    ],
)
def test_what_is_not_plain_goes_to_click(arguments):
    assert read_plain_call(arguments) is None


#: What a team may have settled; the last ones are wrong.
CONFIGS = [
    "",
    "exclude = ['0.*']",
    "include = ['*.json', '*.yaml']\nfail-on = 'warning'",
    "select = ['RS401', 'RS402']",
    "ignore = ['RS109']\n[severity]\nRS102 = 'info'\nRS101 = 'off'",
    "[per-file-ignores]\n'1*' = ['RS109', 'RS101', 'RS102']",
    "exlude = []",
    "ignore = ['RS001']",
    "[",
]


#: Files that there may be; the first two are often.
NAMED = [
    *("0.sampling.json", "0.sampling.yaml", "./0.sampling.json", "1.sampling.yaml"),
    *("1.sampling.jsonl", "-0.json", "missing.yaml"),
]


@st.composite
def folders(draw):
    """Draw a few files, right and wrong, in any format."""
    files = {}
    for number in range(draw(st.integers(1, 3))):
        notation = draw(st.sampled_from([*NOTATIONS, "JSON Lines"]))
        request = requests() | messy_requests()
        if notation == "JSON Lines":
            lines = draw(st.lists(request, max_size=3))
            text = "".join(f"{json.dumps(line, default=float)}\n" for line in lines)
        else:
            text = draw(request.flatmap(NOTATIONS[notation]))
        if draw(st.integers(0, 4)) == 0:
            text = text[: draw(st.integers(0, len(text)))]
        ending = {"json": "json", "JSON Lines": "jsonl"}.get(notation, "yaml")
        files[f"{number}.sampling.{ending}"] = text
    if draw(st.booleans()):
        files["rosetta-spec.toml"] = draw(st.sampled_from(CONFIGS))
    return files


@st.composite
def calls(draw):
    """Draw the options and paths of a call of `check`."""
    named = st.lists(st.sampled_from(NAMED), min_size=1, max_size=3)
    others = st.sampled_from([["."], [], ["0.sampling.json", "."], ["missing.json"]])
    arguments = draw(named | others)
    if draw(st.booleans()):
        return draw(st.permutations([*arguments, *draw(st.lists(st.sampled_from(FLAGS)))]))
    for option in draw(st.lists(st.sampled_from([*VALUES]), max_size=3, unique=True)):
        # More processes than one are slow to start; whether it is one or several has tests.
        value = "1" if option == "--jobs" else draw(st.sampled_from(VALUES[option]))
        arguments = [*arguments, f"{option}={value}"]
    return [*arguments, *draw(st.lists(st.sampled_from(FLAGS), max_size=1))]


@settings(law, max_examples=50)
@given(files=folders(), arguments=calls())
def test_the_short_way_and_the_long_way_write_the_same(
    rosetta, folder, monkeypatch, files, arguments
):
    """The same bytes and status, at once and later, with and without click and the acceptor."""
    for path in folder.iterdir():
        path.unlink()
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    outcome = rosetta("check", *arguments)
    with monkeypatch.context() as patch:
        patch.setattr("rosetta_spec.cli.check_at_once", lambda _: False)
        assert rosetta("check", *arguments) == outcome
        patch.setattr("rosetta_spec.cli.dispatch.read_plain_call", lambda _: None)
        assert rosetta("check", *arguments) == outcome
        patch.setattr("rosetta_spec.engine.checker.acceptor_of", lambda _: lambda _: False)
        assert rosetta("check", *arguments) == outcome


GOOD = '{"annotationRequestId": "r-1", "poolName": "p"}'


@pytest.fixture
def is_done_at_once(write):
    """Whether a call says at once that all is fine."""
    write("a.json", GOOD)
    write("b.YAML", "annotationRequestId: r-1\npoolName: p\n---\n" + GOOD)
    write("bad.json", "{}")

    def call(*arguments):
        return check_at_once(arguments)

    return call


def test_a_few_files_that_are_fine_are_checked_at_once(is_done_at_once, capfdbinary):
    assert is_done_at_once("check", "a.json")
    assert is_done_at_once("check", "--force-exclude", "a.json", "b.YAML", "--isolated")
    written = b"Checked 1 file, all fine.\nChecked 2 files (3 documents), all fine.\n"
    assert capfdbinary.readouterr().out == written


@pytest.mark.parametrize(
    "words",
    [
        *([], ["."], ["-"], ["a.json", "bad.json"], ["a.json", "./a.json"], ["missing.json"]),
        *(["a.json", "--statistics"], ["a.json"] * 9, ["a.json\0"], ["a.jsonl"], ["a.txt"]),
    ],
)
def test_whatever_else_is_left_to_the_run(is_done_at_once, write, words, capfdbinary):
    write("a.jsonl", GOOD)
    write("a.txt", GOOD)
    assert not is_done_at_once("check", *words)
    assert not is_done_at_once()
    assert not is_done_at_once("rule", "a.json")
    assert capfdbinary.readouterr() == (b"", b"")


def test_a_pipe_is_not_read_twice(process, folder):
    """What is read at once and not fine is read again, and of a pipe there would be nothing."""
    os.mkfifo(folder / "a.json")
    with subprocess.Popen(["sh", "-c", "echo '{}' > a.json"], cwd=folder):
        ended = process("check", "a.json", cwd=folder, timeout=20)
    assert (ended.returncode, ended.stdout.count(b"error[RS101]")) == (1, 2)


def test_settings_and_github_are_left_to_the_run(is_done_at_once, write, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("GITHUB_ACTIONS", "true")
        assert not is_done_at_once("check", "a.json")
    write("pyproject.toml", "[tool.rosetta-spec")
    assert not is_done_at_once("check", "a.json")
