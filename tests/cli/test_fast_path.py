"""Whatever the fast path answers, the command line answers with the same bytes."""

import json
import os
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosetta_spec.engine.tally import FAIL_ON
from rosetta_spec.fast.entry import answer
from rosetta_spec.fast.formats import FORMATS
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.runner.options import COLORS
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
}
FLAGS = ["--isolated", "--force-exclude"]

#: Configurations of a team; the last ones are wrong.
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
        arguments = [*arguments, f"{option}={draw(st.sampled_from(VALUES[option]))}"]
    return [*arguments, *draw(st.lists(st.sampled_from(FLAGS), max_size=1))]


@settings(law, max_examples=50)
@given(files=folders(), arguments=calls())
def test_the_fast_path_and_the_command_line_write_the_same(
    rosetta, folder, monkeypatch, files, arguments
):
    """The same bytes and status from the fast path, from click, and without the acceptor."""
    for path in folder.iterdir():
        path.unlink()
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    outcome = rosetta("check", *arguments)
    with monkeypatch.context() as patch:
        patch.setattr("rosetta_spec.__main__.answer", lambda _: False)
        assert rosetta("check", *arguments) == outcome
        patch.setattr("rosetta_spec.engine.checker.acceptor_of", lambda _: lambda _: False)
        assert rosetta("check", *arguments) == outcome


GOOD = '{"annotationRequestId": "r-1", "poolName": "p"}'


@pytest.fixture
def is_answered(write):
    """Whether the fast path answers a call."""
    write("a.json", GOOD)
    write("b.YAML", "annotationRequestId: r-1\npoolName: p\n---\n" + GOOD)
    write("bad.json", "{}")

    def call(*arguments):
        return answer(arguments)

    return call


def test_a_few_valid_files_are_answered(is_answered, capfdbinary):
    assert is_answered("check", "a.json")
    assert is_answered("check", "--force-exclude", "a.json", "b.YAML", "--isolated")
    written = b"Checked 1 file, all fine.\nChecked 2 files (3 documents), all fine.\n"
    assert capfdbinary.readouterr().out == written


@pytest.mark.parametrize(
    "words",
    [
        *([], ["."], ["-"], ["a.json", "bad.json"], ["a.json", "./a.json"], ["missing.json"]),
        *(["a.json", "--statistics"], ["a.json"] * 9, ["a.json\0"], ["a.jsonl"], ["a.txt"]),
    ],
)
def test_every_other_call_is_declined(is_answered, write, words, capfdbinary):
    write("a.jsonl", GOOD)
    write("a.txt", GOOD)
    assert not is_answered("check", *words)
    assert not is_answered()
    assert not is_answered("rule", "a.json")
    assert capfdbinary.readouterr() == (b"", b"")


def test_a_pipe_is_not_read_twice(process, folder):
    """A file that is declined is read again, and a pipe would be empty then."""
    os.mkfifo(folder / "a.json")
    with subprocess.Popen(["sh", "-c", "echo '{}' > a.json"], cwd=folder):
        ended = process("check", "a.json", cwd=folder, timeout=20)
    assert (ended.returncode, ended.stdout.count(b"error[RS101]")) == (1, 2)


def test_a_configuration_and_github_are_declined(is_answered, write, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("GITHUB_ACTIONS", "true")
        assert not is_answered("check", "a.json")
    write("pyproject.toml", "[tool.rosetta-spec")
    assert not is_answered("check", "a.json")
