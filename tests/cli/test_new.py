"""`new` writes a valid request, asks only on a terminal, and never overwrites a file."""

import json
import os
import pty
import re
import shlex
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import with_floats
from rosetta_spec.spec.starter import starter

COMMAND = [sys.executable, "-m", "rosetta_spec", "new"]


class Terminal:
    """A process on a terminal, and what it has shown."""

    def __init__(self, process, channel):
        self.process = process
        self.shown = ""
        self._channel = channel

    def wait_for(self, text):
        while text not in self.shown:
            self.shown += os.read(self._channel, 1000).decode()

    def answer(self, question, text):
        self.wait_for(question)
        self.shown = ""
        os.write(self._channel, f"{text}\n".encode())

    def end_input(self):
        """Press Ctrl-D."""
        os.write(self._channel, b"\x04")

    def status(self):
        return self.process.wait(timeout=60)


@pytest.fixture
def on_terminal(folder):
    """Call `new` on a terminal."""

    @contextmanager
    def call(*arguments, **streams):
        ours, theirs = pty.openpty()
        streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs, **streams}
        with subprocess.Popen([*COMMAND, *arguments], cwd=folder, **streams) as process:
            os.close(theirs)
            try:
                yield Terminal(process, ours)
            finally:
                process.kill()
                os.close(ours)

    return call


def test_without_a_path_it_goes_to_standard_output(rosetta):
    assert rosetta("new") == (0, starter({}), "")


def test_what_is_not_given_is_a_placeholder_that_check_reports(rosetta, folder):
    assert rosetta("new", "a.sampling.yaml", "--pool", "p").status == 0
    found = json.loads(rosetta("check", "--format", "json").stdout)["diagnostics"]
    assert [(each["code"], each["pointer"]) for each in found] == [
        ("RS408", "/annotationRequestId")
    ]


BODY = '{"annotationRequestId": "it\'s", "poolName": "p", "samplingRatio": "1"}'
CURL = "https://example.com/rosetta-open/sampling/create"
#: As cmd, a browser for cmd, and PowerShell have them.
_ESCAPED = BODY.replace('"', '\\"')
_WITH_CARETS = _ESCAPED.replace("\\", "^\\^").replace("{", "^{").replace("}", "^}")
ON_WINDOWS = [
    f'curl -X POST "{CURL}" ^\r\n  -H "Accept: x" ^\r\n  -d "{_ESCAPED}"\r\n',
    f'curl.exe "{CURL}" -d "{_ESCAPED}"',
    f'curl ^"{CURL}^" ^\n  -H ^"Accept: x^" ^\n  --data-raw ^"{_WITH_CARETS}^"',
    f"curl.exe `\r\n  -X POST {CURL} `\r\n  -d '{_ESCAPED.replace(chr(39), chr(92) + 'u0027')}'",
    *(f'curl.exe {CURL} -d "{BODY.replace(chr(34), quote)}"' for quote in ('`"', '\\`"', '""')),
]
#: Browsers write a body that has an apostrophe or an exclamation mark as $'...'.
IN_BASH = [
    f"curl '{CURL}' --data-raw $'{BODY.replace(chr(39), chr(92) + chr(39))}'",
    f"curl '{CURL}' \\\n  -H 'x: $' --data-raw $'{BODY.replace(chr(39), chr(92) + 'u0027')}' \\",
    f"curl '{CURL}' -d$'{{\\n\\t{BODY[1:].replace(chr(39), chr(92) * 2 + 'u0027')}'",
    f"curl -sSLd {shlex.quote(BODY)} {CURL}",
    f"curl -sd{shlex.quote(BODY)} {CURL}",
]
BESIDE_OTHER_TEXT = [
    f"user@host:~$ curl {CURL} -d {shlex.quote(BODY)}",
    f"# create it\nTS=$(date +%s)000; curl --json {shlex.quote(BODY)} {CURL} | jq .",
    f"```bash\ncurl {CURL} -d {shlex.quote(BODY)}\n```\n",
    f"sudo /usr/bin/curl {CURL} -d {shlex.quote(BODY)};",
    f"C:\\Windows\\curl.exe {CURL} --json {shlex.quote(BODY)}|jq .",
    f'RESULT=$(curl "$HOST/create?a=1&b=2" --data={shlex.quote(BODY)})&& echo',
]


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"\ufeff\n{BODY}\n",
        f"curl -X POST {CURL} -H 'Accept: x' -d {shlex.quote(BODY)}",
        f"$ curl -L '{CURL}' \\\n  -H 'A: b' \\\r\n --data-raw {shlex.quote(BODY)}\n",
        f"curl {CURL} --data={shlex.quote(BODY)}",
        f"curl {CURL} -d{shlex.quote(BODY)}",
        f"curl --json {shlex.quote(BODY)} {CURL}",
        *ON_WINDOWS,
        *IN_BASH,
        *BESIDE_OTHER_TEXT,
    ],
)
def test_a_curl_command_or_a_body_becomes_commented_yaml(rosetta, text):
    outcome = rosetta("new", "-", "--pool", "q", stdin=text.encode())
    values = {"annotationRequestId": "it's", "poolName": "q", "samplingRatio": "1"}
    assert outcome == (0, starter(values), "")


def test_escapes_between_double_quotes_are_read_as_bash_reads_them(rosetta):
    values = {"annotationRequestId": "\\$a", "poolName": "$5 `b` \\` it's"}
    body = re.sub(r"[\\\"$`]", r"\\\g<0>", json.dumps(values))
    outcome = rosetta("new", "-", stdin=f'curl https://x -d "{body}"'.encode())
    assert outcome == (0, starter(values), "")


def test_a_caret_in_a_body_is_kept_where_it_escapes_nothing(rosetta):
    values = {"annotationRequestId": "a^", "poolName": "^"}
    outcome = rosetta("new", "-", stdin=f"curl https://x -d '{json.dumps(values)}'".encode())
    assert outcome == (0, starter(values), "")


def test_what_is_wrong_in_a_body_is_kept_for_check_to_report(rosetta):
    values = {
        "annotationRequestId": "a",
        "poolName": {"x": 1},
        "subCondition": {"taskId": ["7"], "a: b": None},
        "interceptionBoundary": "1",
        "sampleRatio": [0.2],
    }
    outcome = rosetta("new", "-", stdin=json.dumps(values).encode())
    (document,) = read_documents(outcome.stdout.encode(), "yaml")
    assert with_floats(document.value) == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "standard input is empty; paste a curl command"),
        (b"\xff", "standard input is not UTF-8"),
        ("[1]", "a request is a JSON object"),
        ('{"a": 1,}', "standard input, 1:8: a comma after the last value; delete it"),
        ("a: 1", "standard input, 1:1: this is YAML, not JSON; paste a curl command, or the JSON"),
        ("<?xml?>", "standard input, 1:1: this is XML, not JSON; paste a curl command, or the "),
        ("curl https://x -d '{]'", "the body of the command, 1:2: "),
        ("curl https://x -d '{", "a quote in the curl command is not closed"),
        ("curl https://x", "the curl command has no body;"),
        ("curl https://x -d a --data b", "the curl command has 2 bodies;"),
        ("curl https://x -d @body.json", "the body is in the file body.json;"),
        ("curl https://x -d @- <<E\n{}\nE", "the command reads its body from standard input;"),
    ],
)
def test_a_text_without_a_request_is_a_wrong_call(rosetta, text, expected):
    outcome = rosetta("new", "-", stdin=text if isinstance(text, bytes) else text.encode())
    assert outcome[:2] == (2, "")
    assert f"Error: {expected}" in outcome.stderr


def test_a_file_is_written_and_is_fine(rosetta, folder):
    outcome = rosetta(
        "new", "ä.sampling.yaml", "--request-id", "7", "--pool", "no", "--ratio", "5%"
    )
    assert outcome[:2] == (0, "")
    assert outcome.stderr == (
        "wrote ä.sampling.yaml; when it is filled in, run: rosetta-spec check ä.sampling.yaml\n"
    )
    written = (folder / "ä.sampling.yaml").read_text("utf-8")
    for line in ('annotationRequestId: "7"', 'poolName: "no"', "samplingRatio: 0.05"):
        assert f"\n{line}\n" in written
    assert rosetta("check", "--fail-on", "info").status == 0


@pytest.mark.parametrize(
    ("option", "text", "line"),
    [
        ("--quantity", "50", "samplingQuantity: 50"),
        ("--ratio", ".2", "samplingRatio: 0.2"),
        ("--ratio", " .5%", "samplingRatio: 0.005"),
    ],
)
def test_an_amount_is_a_number(rosetta, option, text, line):
    assert f"\n{line}\n" in rosetta("new", option, text).stdout


@pytest.mark.parametrize(
    "name", ["there.yaml", "link.yaml", "folder", "a.json", "a.JSONL", "a.yaml.gz"]
)
def test_a_name_that_is_taken_or_not_yaml_is_rejected(rosetta, write, folder, name):
    write("there.yaml", "mine")
    write("folder/file", "mine")
    (folder / "link.yaml").symlink_to("nowhere")
    before = sorted(folder.rglob("*"))
    outcome = rosetta("new", name)
    assert outcome[:2] == (2, "")
    assert f"Error: Invalid value for PATH: {name} " in outcome.stderr
    assert sorted(folder.rglob("*")) == before
    assert (folder / "there.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nowhere/a.yaml", "there is no folder nowhere; create it first"),
        ("file/a.yaml", "there is no folder file; create it first"),
        ("nowhere/", "there is no folder nowhere; create it first"),
        (f"{'a' * 300}.yaml", " cannot be written: File name too long; choose another name"),
    ],
)
def test_a_file_that_cannot_be_made_is_a_wrong_call(rosetta, write, name, expected):
    write("file")
    outcome = rosetta("new", name)
    assert outcome.status == 2
    assert outcome.stderr.endswith(f"{expected}\n")


def test_a_file_that_cannot_be_written_to_its_end_is_removed(folder):
    script = 'ulimit -f 1; exec "$@"'
    ended = subprocess.run(
        ["sh", "-c", script, "sh", *COMMAND, "a.yaml"],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 2
    assert b"a.yaml cannot be written: File too large; choose another name" in ended.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--ratio", "20"), "samplingRatio 20 is above 1; a ratio of 20 % is 0.2"),
        (("--ratio", "half"), 'samplingRatio is the string "half", not a number'),
        (("--ratio", "true%"), 'samplingRatio is the string "true%", not a number'),
        (("--ratio", "0%"), "samplingRatio 0 is too small;"),
        (("--ratio", "-5 %"), "samplingRatio -0.05 is too small;"),
        (("--ratio", "200%"), "200% is above 100%; write a percentage that is above 0%"),
        (("--ratio", f"1e{'9' * 20}%"), "99% is above 100%;"),
        (("--quantity", "1.5"), "samplingQuantity 1.5 is not a whole number"),
        (("--ratio", "1", "--quantity", "1"), "samplingQuantity and samplingRatio are both set"),
        (("--pool", ""), 'poolName "" is blank'),
        (
            ("--request-id", "é\udcff"),
            'annotationRequestId is "é<U+DCFF>", which is not UTF-8; write it in UTF-8\n',
        ),
        (("--ratio", "1\udcff"), 'samplingRatio is "1<U+DCFF>", which is not UTF-8'),
        (("--pool", "\ud800"), 'poolName is "<U+D800>", which is not UTF-8'),
    ],
)
def test_a_value_with_an_error_is_a_wrong_call(rosetta, folder, options, expected):
    outcome = rosetta("new", "a.yaml", *options)
    assert outcome[:2] == (2, "")
    assert expected in outcome.stderr
    assert list(folder.iterdir()) == []


def test_a_name_is_the_same_in_every_locale(process):
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = process("new", "--pool", "名前".encode(), env=bare)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode() == starter({"poolName": "名前"})


@pytest.mark.parametrize(
    ("amount", "line"),
    [("20 %", "samplingRatio: 0.2"), ("1.0", "samplingRatio: 1.0"), ("1", "samplingQuantity: 1")],
)
def test_on_a_terminal_it_asks_until_an_answer_will_do(on_terminal, amount, line):
    with on_terminal("a.yaml") as terminal:
        terminal.answer("Annotation request id: ", " r-1 ")
        terminal.answer("Pool name: ", "   ")
        terminal.wait_for("Error: poolName ")
        terminal.answer("Pool name: ", "street")
        terminal.answer("nothing for all: ", "many")
        terminal.wait_for('Error: samplingQuantity is the string "many"')
        terminal.answer("nothing for all: ", amount)
        assert terminal.status() == 0
    written = Path("a.yaml").read_text("utf-8")
    for each in ("annotationRequestId: r-1", "poolName: street", line):
        assert f"\n{each}\n" in written


def test_it_asks_for_nothing_that_is_given_and_for_no_number_without_an_answer(on_terminal):
    with on_terminal("a.yaml", "--pool", "p", "--request-id", "r") as terminal:
        terminal.answer("nothing for all: ", "")
        assert terminal.status() == 0
    with on_terminal("b.yaml", "--pool", "p", "--request-id", "r", "--ratio", "1") as terminal:
        assert terminal.status() == 0
    assert "# samplingRatio" in Path("a.yaml").read_text("utf-8")


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_it_asks_nothing_if_one_stream_is_no_terminal(on_terminal, stream):
    with on_terminal("a.yaml", **{stream: subprocess.DEVNULL}) as terminal:
        assert terminal.status() == 0
    assert Path("a.yaml").read_text("utf-8") == starter({})


@pytest.mark.parametrize("is_interrupted", [True, False])
def test_an_interrupted_question_leaves_no_file(on_terminal, interrupt, folder, is_interrupted):
    with on_terminal("a.yaml") as terminal:
        terminal.answer("Annotation request id: ", "r")
        terminal.wait_for("Pool name: ")
        if is_interrupted:
            interrupt(terminal.process)
        else:
            terminal.end_input()
        terminal.wait_for("Pool name: \r\nNothing is written.\r\n")
        assert terminal.status() == 130
    assert list(folder.iterdir()) == []


def test_a_path_with_a_blank_is_in_quotes(rosetta, folder):
    outcome = rosetta("new", "a b.sampling.yaml")
    assert outcome.stderr.endswith('run: rosetta-spec check "a b.sampling.yaml"\n')
