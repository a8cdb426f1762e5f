"""What only a process of its own shows: signals, pipes, locales, hash seeds, and a terminal."""

import fcntl
import itertools
import json
import os
import pty
import re
import select
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from urllib.parse import unquote

import pytest

from rosetta_spec.cli.main import COMMANDS
from rosetta_spec.cli.terminal import bar
from rosetta_spec.reporters import REPORTERS

GOOD = '{"annotationRequestId": "r-1", "poolName": "p"}'
BOTH = '{"annotationRequestId": "r-1", "poolName": "p", "samplingRatio": 1, "samplingQuantity": 5}'

#: The message when a disk is full.
FULL = (
    b"error: standard output cannot be written (No space left on device);"
    b" redirect it to another place\n"
)

COMMAND = [f"{sysconfig.get_path('scripts')}/rosetta-spec"]


def test_the_module_is_the_command(process):
    ended = subprocess.run([sys.executable, "-m", "rosetta_spec", "-V"], check=True, stdout=-1)
    assert ended.stdout == process("-V").stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has small pipes")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_pipe_that_takes_only_a_part_gets_all_of_it(process, unbuffered):
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(writing, False)
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with (
        subprocess.Popen([*COMMAND, "new"], stdout=writing, stderr=-1, env=env) as running,
        os.fdopen(reading, "rb") as pipe,
    ):
        os.close(writing)
        assert pipe.read() == process("new").stdout
    assert running.returncode == 0


def wait_until_read(pipe, running):
    """Wait until a process has read what is in a pipe."""
    while select.select([pipe], [], [], 0)[0] and running.poll() is None:
        time.sleep(0.01)


def test_standard_input_that_does_not_block_is_read_to_its_end():
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    command = [*COMMAND, "check", "-"]
    with subprocess.Popen(command, stdin=reading, stdout=-1, stderr=-1) as running:
        os.write(writing, GOOD[:20].encode())
        wait_until_read(reading, running)
        os.close(reading)
        os.write(writing, GOOD[20:].encode())
        os.close(writing)
        assert running.communicate() == (b"Checked 1 file, all fine.\n", b"")


def test_an_interrupt_ends_with_130_and_without_a_traceback(folder, interrupt):
    os.mkfifo("a.json")
    with (
        subprocess.Popen([*COMMAND, "check", "a.json"], stdout=-1, stderr=-1) as running,
        # Opening it waits until the other side is reading.
        (folder / "a.json").open("wb"),
    ):
        interrupt(running)
        output, errors = running.communicate()
    assert (running.returncode, output, errors.strip()) == (130, b"", b"")


def test_an_interrupt_while_standard_input_is_awaited_is_the_same(interrupt):
    reading, writing = os.pipe()
    command = [*COMMAND, "check", "-"]
    with subprocess.Popen(command, stdin=reading, stdout=-1, stderr=-1) as running:
        os.write(writing, GOOD.encode())
        wait_until_read(reading, running)
        # It stays open until the process has ended.
        interrupt(running)
        output, errors = running.communicate()
    assert (running.returncode, output, errors.strip()) == (130, b"", b"")
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check", "."], 1),
        (["check", ".", "--format", "json", "--statistics"], 1),
        (["check", "good.json"], 0),
        (["rule"], 0),
        (["schema", "--help"], 0),
        (["--version"], 0),
    ],
)
def test_a_reader_that_has_gone_changes_no_status_and_is_no_traceback(
    process, write, arguments, status
):
    write("good.json", GOOD)
    for number in range(100):
        write(f"{number}.sampling.json", BOTH)
    reading, writing = os.pipe()
    os.close(reading)
    ended = process(*arguments, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert ended.returncode == status
    assert b"Traceback" not in ended.stderr
    assert b"Error" not in ended.stderr


def test_the_first_line_is_enough_for_head(folder, write):
    for number in range(500):
        write(f"{number:03}.sampling.json", BOTH)
    pipeline = f'"{sys.executable}" -m rosetta_spec check --format concise | head -n 1'
    ended = subprocess.run(["sh", "-c", pipeline], check=True, capture_output=True, cwd=folder)
    assert ended.stdout.startswith(b"000.sampling.json:1:")
    assert ended.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "a.json"],
        ["check", "good.json"],
        ["check", "good.json", "--format", "json"],
        ["check", "-"],
        ["rule", "RS201"],
        ["rule", "--verify", "policy.yaml"],
        ["schema"],
        ["new"],
        ["--version"],
        ["--help"],
        *([command, "--help"] for command in COMMANDS),
    ],
)
def test_standard_output_that_cannot_be_written_is_status_2_and_no_defect(
    process, write, write_policy, arguments
):
    write("a.json", BOTH)
    write("good.json", GOOD)
    write_policy("policy.yaml")
    with Path("/dev/full").open("wb") as full:
        ended = process(*arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 2
    assert ended.stderr == FULL


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
def test_fixed_standard_input_without_a_reader_is_still_reported(process):
    """A full disk is reported once; a closed pipe is not an error."""
    call = ["check", "-", "--fix", "--input-format", "json", "--format", "concise"]
    text = BOTH.replace("5", '"5"').encode()
    reading, writing = os.pipe()
    os.close(reading)
    full = os.open("/dev/full", os.O_WRONLY)
    expected = []
    for stdout in (writing, full):
        options = {"stdin": None, "capture_output": False, "stderr": subprocess.PIPE}
        ended = process(*call, input=text, stdout=stdout, **options)
        os.close(stdout)
        expected.append((ended.returncode, ended.stderr.decode()))
    (gone_status, report), (full_status, printed) = expected
    assert (gone_status, full_status) == (1, 2)
    assert report.startswith("Fixed 1 finding in 1 file.\n-:1:")
    assert printed == report + FULL.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
def test_a_full_disk_is_status_2_also_without_a_reader_of_errors(process):
    reading, writing = os.pipe()
    os.close(reading)
    with Path("/dev/full").open("wb") as full:
        ended = process("rule", capture_output=False, stdout=full, stderr=writing)
    os.close(writing)
    assert ended.returncode == 2


def test_a_warning_is_written_at_once(folder):
    (folder / "empty").mkdir()
    command = [*COMMAND, "check", "empty", "-"]
    with subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1) as running:
        # It is written before standard input has ended.
        assert running.stderr.readline().startswith(b"warning: no sampling request in empty")
        running.communicate(GOOD.encode(), timeout=60)


@pytest.mark.parametrize("redirection", [">&-", "<&-", "2>&-", ">&- <&- 2>&-"])
def test_standard_streams_that_are_closed_are_empty(folder, write, redirection):
    write("a.json", BOTH)
    call = f'"{sys.executable}" -m rosetta_spec check a.json - {redirection}'
    ended = subprocess.run(
        ["sh", "-c", call], check=False, capture_output=True, cwd=folder, input=GOOD.encode()
    )
    assert ended.returncode == 1
    assert ended.stderr == b""


@pytest.mark.parametrize("asked", ["--help", "check --help", "rule RS201"])
def test_output_to_a_closed_standard_output_is_discarded(asked):
    call = f'"{sys.executable}" -m rosetta_spec {asked} >&-'
    ended = subprocess.run(["sh", "-c", call], check=False, capture_output=True)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_current_folder_that_has_gone_is_a_wrong_call(folder):
    (folder / "gone").mkdir()
    call = f'cd gone; rmdir ../gone; "{sys.executable}" -P -m rosetta_spec check'
    ended = subprocess.run(["sh", "-c", call], check=False, capture_output=True, cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr == b"error: the current folder no longer exists; change to another one\n"


def test_fixed_standard_input_comes_back_without_a_current_folder(folder):
    (folder / "gone").mkdir()
    call = f'cd gone; rmdir ../gone; "{sys.executable}" -P -m rosetta_spec check --fix -'
    ended = subprocess.run(
        ["sh", "-c", call], check=False, capture_output=True, cwd=folder, input=BOTH.encode()
    )
    assert (ended.returncode, ended.stdout) == (2, BOTH.encode())
    assert ended.stderr == b"error: the current folder no longer exists; change to another one\n"


@pytest.mark.parametrize(("arguments", "output"), [([], b""), (["--fix", "-"], b"text")])
def test_a_defect_outside_of_any_rule_is_status_3_with_the_address_for_reports(
    write, arguments, output
):
    write("a.json", GOOD)
    script = (
        "import sys, rosetta_spec.cli.run as run; from rosetta_spec.__main__ import main;"
        "run.configured_sources = lambda *call, **options: {}['slip']; sys.exit(main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, "check", ".", *arguments],
        check=False,
        capture_output=True,
        input=b"text",
    )
    assert (ended.returncode, ended.stdout) == (3, output)
    assert b"KeyError: 'slip'" in ended.stderr
    assert b"https://github.com/rosetta-spec/rosetta-spec/issues" in ended.stderr


class TestSameBytes:
    """The same input gives the same bytes, on any machine, in any order of arguments."""

    REQUEST = BOTH.replace("}", ', "名前 \N{FAMILY}": "é", "sequenceLength": 7, "b": 0}')
    NAMES = ("é.json", "名前.json", "\N{WAVING HAND SIGN}.json", "two\nlines.json")
    SETTINGS = (
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX", "PYTHONIOENCODING": "latin-1"},
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu"},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "COLUMNS": "40", "LANG": "tr_TR.UTF-8"},
    )

    def test_in_any_locale_zone_and_seed(self, process, write, write_policy):
        for name in self.NAMES:
            write(f"dé/{name}", self.REQUEST)
        write("dé/rosetta-spec.toml", 'rulesets = ["règles.yaml"]\nexclude = ["exclu-?.json"]')
        write_policy("dé/règles.yaml")
        write("dé/exclu-é.json", "{")
        write("outside-é.json", self.REQUEST)
        names = (*self.NAMES, "missing-é.json", "exclu-é.json", "../outside-é.json")
        outputs = [("--output", f"{name}=../{name}") for name in REPORTERS]
        call = ["check", *map(os.fsencode, names), "--force-exclude", *itertools.chain(*outputs)]
        written = set()
        for env in ({}, *self.SETTINGS):
            ended = process(*call, env=env, cwd="dé")
            assert (ended.returncode, ended.stderr.count(b"\n")) == (2, 1)
            written.add((ended.stdout, *(Path(name).read_bytes() for name in REPORTERS)))
        assert len(written) == 1
        for report in written.pop():
            assert "missing-é.json" in unquote(report.decode())
            assert "exclu-é.json" not in unquote(report.decode())

    def test_in_any_locale_a_wrong_configuration_is_named(self, process, write):
        write("é.toml", "é = 1")
        written = {
            process("check", "--config", os.fsencode(name), env=env).stderr
            for env in ({}, *self.SETTINGS)
            for name in ("é.toml", "missing-é.toml")
        }
        assert len(written) == 2
        assert all("é.toml" in message.decode() for message in written)

    def test_in_any_order_of_arguments(self, rosetta, write):
        paths = ("b.json", "a.yaml", "sub", "missing.json")
        for name in ("b.json", "sub/c.sampling.json", "a.yaml"):
            write(name, self.REQUEST)
        orders = itertools.permutations(paths)
        assert len({rosetta("check", *order, "--format", "json") for order in orders}) == 1


class TestFileNames:
    @pytest.mark.parametrize(
        "name", ["two\nlines.json", "\x1b[2Jclear.json", "a b.json", "👋.json"]
    )
    def test_any_name_is_exact_for_programs_and_safe_for_people(self, process, write, name):
        write(name, BOTH)
        assert name in names_in(process("check", name, "--format", "json"))
        for output_format in ("text", "concise"):
            text = process("check", name, "--format", output_format).stdout.decode()
            assert "\x1b" not in text
            assert "\nlines" not in text

    @pytest.mark.skipif(sys.platform == "darwin", reason="its file names are always UTF-8")
    def test_a_name_that_is_no_utf_8_is_shown_with_replacements(self, process, folder):
        (folder / os.fsdecode(b"a\xff.sampling.json")).write_text(BOTH)
        for path in (b"a\xff.sampling.json", b"."):
            names = names_in(process("check", path, "--format", "json"))
            assert names == ["a\N{REPLACEMENT CHARACTER}.sampling.json"]


def names_in(ended) -> list[str]:
    """File names in a JSON report."""
    return [each["filename"] for each in json.loads(ended.stdout)["diagnostics"]]


class TestTerminal:
    """Colors and links, on a real pseudo-terminal and off it."""

    COLOR = "\x1b[1;31m"
    LINK = "\x1b]8;;http"

    @pytest.fixture
    def on_terminal(self, write):
        """What the command writes to a terminal of 80 columns."""

        def call(*options: str, name: str = "a.json", text: str = BOTH, **environment: str) -> str:
            write(name, text)
            ours, theirs = pty.openpty()
            with subprocess.Popen(
                [*COMMAND, "check", name, *options],
                stdin=subprocess.DEVNULL,
                stdout=theirs,
                env={**os.environ, "TERM": "xterm-256color", **environment},
            ):
                os.close(theirs)
                return read_to_end(ours)

        return call

    def test_a_terminal_is_shown_colors(self, on_terminal):
        shown = on_terminal()
        assert self.COLOR in shown
        assert self.LINK not in shown

    @pytest.mark.parametrize("sign", [{"TERM_PROGRAM": "vscode"}, {"FORCE_HYPERLINK": "1"}])
    def test_a_terminal_that_has_links_is_shown_links(self, on_terminal, sign):
        shown = on_terminal(**sign)
        assert self.COLOR in shown
        assert self.LINK in shown

    @pytest.mark.parametrize(
        ("options", "environment"),
        [
            ([], {"NO_COLOR": "1"}),
            ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
            ([], {"TERM": "dumb"}),
            (["--color", "never"], {}),
            (["--color", "never"], {"FORCE_COLOR": "1"}),
            (["--format", "json"], {}),
        ],
    )
    def test_a_terminal_is_shown_none_where_it_is_not_wanted(
        self, on_terminal, options, environment
    ):
        assert "\x1b" not in on_terminal(*options, FORCE_HYPERLINK="1", **environment)

    @pytest.mark.parametrize("options", [[], ["--color", "never"]])
    def test_a_terminal_is_not_steered_by_a_diff(self, on_terminal, options):
        text = BOTH.replace("5", '"5"').replace("{", '{"\x9b2J": 1, ')
        shown = on_terminal("--diff", *options, name="\x9b2J.json", text=text)
        assert "\x9b" not in shown
        assert "+++ " in shown

    @pytest.mark.parametrize(
        ("options", "settings", "has_color"),
        [
            ([], {}, False),
            ([], {"FORCE_COLOR": "1"}, True),
            ([], {"FORCE_COLOR": ""}, False),
            ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
            ([], {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
            (["--color", "always"], {}, True),
            (["--color", "always"], {"NO_COLOR": "1"}, True),
            (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ],
    )
    def test_a_pipe_is_given_colors_only_with_an_option_and_never_links(
        self, process, options, settings, has_color
    ):
        env = {**settings, "FORCE_HYPERLINK": "1"}
        piped = process("check", "-", *options, stdin=None, input=BOTH.encode(), env=env)
        shown = piped.stdout.decode()
        assert (self.COLOR in shown) == has_color
        assert self.LINK not in shown


def read_to_end(terminal: int) -> str:
    """Read what is written to a terminal until its other side is closed."""
    chunks = []
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # Linux says EIO there, others give nothing
            chunk = b""
        if not chunk:
            os.close(terminal)
            return b"".join(chunks).decode()
        chunks.append(chunk)


class TestProgress:
    """A bar on standard error, for long runs on a terminal."""

    @pytest.fixture
    def errors_of(self, write):
        """What a run over some lines writes to standard error, a terminal; patience is patched."""

        def call(patience: str, *options: str) -> str:
            write("a.jsonl", f"{GOOD}\n{BOTH}\n" * 200)
            script = (
                "import sys, rosetta_spec.cli.main as cli, rosetta_spec.cli.terminal as progress,"
                " rosetta_spec.document.lines as lines;"
                f"progress._PATIENCE = progress._PACE = {patience}; lines._BLOCK = 1000;"
                "sys.exit(cli.main())"
            )
            ours, theirs = pty.openpty()
            with subprocess.Popen(
                [sys.executable, "-c", script, "check", "a.jsonl", *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=theirs,
            ):
                os.close(theirs)
                return read_to_end(ours)

        return call

    def test_a_long_run_on_a_terminal_shows_a_bar_and_takes_it_away(self, errors_of):
        shown = errors_of("0")
        assert "%  " in shown
        assert " documents" in shown
        assert "[##" in shown
        assert "fixing" not in shown
        assert shown.endswith("\r\x1b[K")

    @pytest.mark.parametrize("option", ["--fix", "--diff"])
    def test_so_does_one_that_fixes(self, errors_of, option):
        shown = errors_of("0", option)
        assert re.search(r"\[#+ *\] +\d+%  fixing\r", shown)
        assert "] 100%  fixing\r\x1b[K" in shown
        assert "[" not in shown.rpartition("\r\x1b[K")[2]

    def test_a_short_run_shows_none(self, errors_of):
        assert errors_of("60") == ""

    def test_a_run_of_unknown_size_counts(self):
        assert bar(1, 0, "7 documents") == "7 documents"

    def test_a_bar_is_full_at_the_end_and_never_longer(self):
        assert bar(5, 4, "1 document") == f"[{'#' * 30}] 100%  1 document"
        assert bar(1, 4, "").startswith("[########  ")
