"""`check --fix`, `--unsafe-fixes` and `--diff`: what they write, show and return."""

import gzip
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.cli import terminal
from rosetta_spec.document import lines
from rosetta_spec.engine import fixer
from rosetta_spec.engine.fixer import Piece
from rosetta_spec.fast.formats import MAX_BYTES
from rosetta_spec.runner.diff import difference

GOOD = '{"annotationRequestId": "r-1", "poolName": "p"}\n'
#: RS103, with a safe fix.
QUOTED = '{"annotationRequestId": "r-1", "poolName": "p", "sampleCount": "5"}\n'
FIXED = '{"annotationRequestId": "r-1", "poolName": "p", "sampleCount": 5}\n'
#: RS401, with an unsafe fix.
IGNORED = "annotationRequestId: r-1\npoolName: p\nsequenceLength: 5  # frames\n"
KEPT = "annotationRequestId: r-1\npoolName: p\n# frames\n"

#: Links to the files that this process has open.
OPENED = Path("/proc/self/fd")


class TestFix:
    def test_a_safe_fix_is_written_and_nothing_is_left_to_report(self, rosetta, write):
        path = write("a.json", QUOTED)
        outcome = rosetta("check", "--fix", path)
        assert path.read_text() == FIXED
        assert outcome.status == 0
        assert outcome.stdout == "Checked 1 file, all fine.\n"
        assert outcome.stderr == "Fixed 1 finding in 1 file.\n"

    @pytest.mark.skipif(not OPENED.exists(), reason="only Linux lists the files that are open")
    @pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
    def test_no_file_is_open_when_it_is_replaced(self, rosetta, write, monkeypatch, name):
        """Windows would refuse it."""
        replace, replaced = os.replace, []

        def replace_closed(source, target):
            opened = [each.readlink() for each in OPENED.iterdir() if each.is_symlink()]
            assert Path(target) not in opened
            replaced.append(Path(target).name)
            replace(source, target)

        monkeypatch.setattr(os, "replace", replace_closed)
        write(name, QUOTED * 2 if name.endswith("l") else QUOTED)
        write("report.txt", "old")
        assert rosetta("check", "--fix", name, "--output", "text=report.txt").status == 0
        assert replaced == [name, "report.txt"]

    def test_the_report_shows_what_is_left(self, rosetta, write):
        write("a.json", QUOTED.replace('"p"', '""'))
        outcome = rosetta("check", "--fix", "--format", "json", "a.json")
        assert outcome.status == 1
        assert outcome.found == [("a.json", "RS108")]
        assert outcome.summary["fixable"] == 0

    def test_an_unsafe_fix_is_written_only_with_its_option(self, rosetta, write):
        path = write("a.yaml", IGNORED)
        rosetta("check", "--fix", path)
        assert path.read_text() == IGNORED
        assert rosetta("check", "--fix", "--unsafe-fixes", path).status == 0
        assert path.read_text() == KEPT

    def test_unsafe_fixes_alone_change_nothing_and_are_reported(self, rosetta, write):
        path = write("a.yaml", IGNORED)
        outcome = rosetta("check", "--unsafe-fixes", path)
        assert path.read_text() == IGNORED
        assert "--unsafe-fixes has no effect without --fix or --diff" in outcome.stderr

    def test_a_file_without_a_fix_is_not_touched(self, rosetta, write):
        paths = [write("a.json", GOOD), write("b.yaml", IGNORED), write("c.jsonl", GOOD * 2)]
        for path in paths:
            os.utime(path, ns=(1, 1))
        inodes = [path.stat().st_ino for path in paths]
        rosetta("check", "--fix", ".", *paths)
        assert [path.stat().st_mtime_ns for path in paths] == [1, 1, 1]
        assert [path.stat().st_ino for path in paths] == inodes

    @pytest.mark.parametrize("mode", [0o600, 0o755, 0o664])
    def test_mode_line_ends_mark_and_missing_last_newline_are_kept(self, rosetta, write, mode):
        content = b"\xef\xbb\xbf" + QUOTED.replace(", ", ",\r\n").rstrip().encode()
        path = write("a.json", content)
        path.chmod(mode)
        rosetta("check", "--fix", path)
        assert path.read_bytes() == content.replace(b'"5"', b"5")
        assert stat.S_IMODE(path.stat().st_mode) == mode

    def test_a_link_still_leads_to_the_file(self, rosetta, write, folder):
        path = write("real/a.json", QUOTED)
        link = folder / "link.json"
        link.symlink_to(path)
        rosetta("check", "--fix", link)
        assert link.is_symlink()
        assert path.read_text() == FIXED

    def test_nothing_is_left_beside_it(self, rosetta, write, folder):
        write("a.json", QUOTED)
        rosetta("check", "--fix", "a.json")
        assert [path.name for path in folder.iterdir()] == ["a.json"]

    def test_json_lines_are_fixed_line_by_line_and_other_bytes_stay(self, rosetta, write):
        lines = [GOOD.rstrip(), QUOTED.rstrip(), "", "  ", '{"a": ', QUOTED.rstrip() + "\r"]
        path = write("a.jsonl", "\n".join(lines))
        outcome = rosetta("check", "--fix", path)
        fixed = [line.replace('"5"', "5") for line in lines]
        assert path.read_bytes() == "\n".join(fixed).encode()
        assert outcome.status == 1

    @pytest.mark.parametrize("option", ["--fix", "--diff"])
    def test_a_compressed_file_is_left_as_it_is(self, rosetta, write, option):
        data = gzip.compress(GOOD.encode() + QUOTED.encode())
        path = write("a.jsonl.gz", data)
        outcome = rosetta("check", option, "a.jsonl.gz")
        assert path.read_bytes() == data
        assert outcome.stderr.startswith(
            "warning: a.jsonl.gz is not changed: it is compressed; to fix it, unpack it to a.jsonl"
        )
        assert "ix 1 finding" not in outcome.stderr
        assert outcome.status == 1

    @pytest.mark.parametrize("option", ["--fix", "--diff"])
    def test_a_compressed_file_without_fixes_needs_no_warning(self, rosetta, write, option):
        for name in ("a.json.gz", "b.jsonl.gz"):
            write(name, gzip.compress(GOOD.replace("r-1", name).encode()))
        outcome = rosetta("check", option, "a.json.gz", "b.jsonl.gz")
        assert (outcome.status, outcome.stderr) == (0, "")

    def test_no_more_of_a_compressed_file_is_read_than_may_have_fixes(self, rosetta, write):
        write("a.json.gz", gzip.compress(b" " * (MAX_BYTES + 2**21), 1)[:-1])
        outcome = rosetta("check", "--diff", "a.json.gz")
        assert outcome.stderr == "Found 1 error in 1 file.\n"

    @pytest.mark.parametrize("option", ["--fix", "--diff"])
    @pytest.mark.parametrize("options", [(), ("--input-format", "jsonl")])
    @pytest.mark.parametrize(("text", "status"), [(GOOD, 0), (QUOTED, 1)])
    def test_a_pipe_is_read_once_and_not_changed(
        self, rosetta, folder, option, options, text, status
    ):
        reading, writing = os.pipe()
        os.write(writing, text.encode())
        os.close(writing)
        path = f"/dev/fd/{reading}"
        outcome = rosetta("check", option, path, *options, "--output", "json=report.json")
        os.close(reading)
        reason = f"{path} is not changed: it is a pipe or device; to fix it, pass"
        assert (reason in outcome.stderr) == (option == "--fix" and text == QUOTED)
        assert (f"-{QUOTED}+{FIXED}" in outcome.stdout) == (option == "--diff" and text == QUOTED)
        assert ("RS103" in (folder / "report.json").read_text("utf-8")) == bool(status)
        assert outcome.status == status

    def test_a_device_is_not_changed(self, rosetta):
        outcome = rosetta("check", "--fix", os.devnull)
        assert f"{os.devnull} is not changed: it is a pipe or device" in outcome.stderr
        assert outcome.status == 1

    @pytest.mark.parametrize("option", ["--fix", "--diff"])
    def test_a_folder_that_cannot_be_read_is_no_device(self, rosetta, folder, monkeypatch, option):
        def scandir(_path):
            raise PermissionError

        (folder / "shut").mkdir()
        monkeypatch.setattr(os, "scandir", scandir)
        outcome = rosetta("check", option, "shut")
        assert outcome.status == 2
        assert "device" not in outcome.stderr

    @pytest.mark.skipif(sys.platform == "win32", reason="it has no such path")
    def test_a_file_that_is_only_known_to_be_open_is_not_changed(self, process, write):
        path = write("a.json", QUOTED)
        with path.open("rb") as stdin:
            ended = process("check", "--fix", "/dev/stdin", stdin=stdin)
        assert path.read_text() == QUOTED
        assert b"/dev/stdin is not changed: it is a pipe or device" in ended.stderr
        assert (ended.returncode, b"error[RS103]" in ended.stdout) == (1, True)

    def test_a_file_that_cannot_be_read_is_a_finding(self, rosetta):
        outcome = rosetta("check", "--fix", "--format", "json", "no.json")
        assert outcome.status == 2
        assert outcome.found == [("no.json", "RS001")]
        assert not outcome.stderr

    def test_a_file_that_may_not_be_written_is_status_2(self, rosetta, write):
        path = write("a.json", QUOTED)
        path.chmod(0o444)
        if os.access(path, os.W_OK):
            pytest.skip("this user may write everything")
        outcome = rosetta("check", "--fix", path)
        assert outcome.status == 2
        assert "you do not have permission to write it" in outcome.stderr

    @pytest.mark.parametrize("option", ["--fix", "--diff"])
    def test_a_report_that_cannot_be_written_is_an_error_before_a_file_is_changed(
        self, rosetta, write, option
    ):
        path = write("a.json", QUOTED)
        outcome = rosetta("check", option, "--output", "json=no/such/folder.json", path)
        assert outcome.status == 2
        assert path.read_text() == QUOTED

    def test_standard_input_is_fixed_to_standard_output_and_reported_on_stderr(self, rosetta):
        bad = QUOTED.replace('"p"', '""')
        outcome = rosetta("check", "--fix", "-", stdin=bad.encode())
        assert outcome.stdout == bad.replace('"5"', "5")
        assert "RS108" in outcome.stderr
        assert outcome.status == 1

    def test_a_report_for_machines_is_alone_on_stderr(self, rosetta):
        call = ["check", "--fix", "-", "--format", "json"]
        outcome = rosetta(*call, stdin=QUOTED.replace('"p"', '""').encode())
        assert json.loads(outcome.stderr)["summary"]["errors"] == 1

    @pytest.mark.parametrize(
        ("text", "options", "files"),
        [
            (
                QUOTED,
                ["--force-exclude"],
                {"pyproject.toml": "[tool.rosetta-spec]\nexclude = ['*.json']\n"},
            ),
            (QUOTED, [], {"pyproject.toml": "[tool.rosetta-spec]\nexclud = 1\n"}),
            (QUOTED, ["--config", "no.toml"], {}),
            (QUOTED, ["--select", "RS999"], {}),
            (QUOTED, ["--baseline", "no.json"], {}),
            (QUOTED, ["--write-baseline"], {}),
            (QUOTED, ["--no-such-option"], {}),
            (QUOTED, ["--output", "json=no/such/folder.json"], {}),
            ('{"a": ', [], {}),
            ("", [], {}),
        ],
    )
    def test_the_text_always_comes_back(self, rosetta, write, text, options, files):
        for name, content in files.items():
            write(name, content)
        call = ["check", "--fix", *options, "--stdin-filename", "x.json", "-"]
        outcome = rosetta(*call, stdin=text.encode())
        assert outcome.stdout == text
        assert outcome.stderr

    @pytest.mark.parametrize("data", [b"\xff\r\n", b'{"a":"\x00"}', b"{}\n" + b" " * 17_000_000])
    @pytest.mark.parametrize("name", ["x.jsonl", "x.json", "x.yaml"])
    def test_any_bytes_come_back_once(self, process, data, name):
        call = ["check", "--fix", "--stdin-filename", name, "-"]
        assert process(*call, stdin=None, input=data).stdout == data

    def test_compressed_text_comes_back_and_is_checked(self, process):
        data = gzip.compress(QUOTED.encode())
        call = ["check", "--fix", "--format", "concise", "--stdin-filename", "x.json.gz", "-"]
        ended = process(*call, stdin=None, input=data)
        assert ended.stdout == data
        warning, finding, _ = ended.stderr.decode().splitlines()
        assert warning == (
            "warning: x.json.gz is not changed: it is compressed; to fix it, unpack it to x.json"
        )
        assert "error[RS103]" in finding
        assert ended.returncode == 1

    @pytest.mark.parametrize("name", ["x.json.gz", "x.jsonl.gz"])
    def test_compressed_text_without_fixes_needs_no_warning(self, process, name):
        data = gzip.compress(GOOD.encode())
        ended = process("check", "--fix", "-", "--stdin-filename", name, stdin=None, input=data)
        assert (ended.returncode, ended.stdout) == (0, data)
        assert ended.stderr == b"Checked 1 file, all fine.\n"

    def test_text_that_cannot_be_decompressed_comes_back(self, rosetta, monkeypatch):
        for name in ("compression.zstd", "backports.zstd"):
            monkeypatch.setitem(sys.modules, name, None)
        outcome = rosetta("check", "--fix", "-", "--stdin-filename", "x.zst", stdin=b"data")
        assert (outcome.status, outcome.stdout) == (2, "data")
        assert "no library for zstandard is installed" in outcome.stderr

    @pytest.mark.parametrize(
        ("name", "room"),
        [*(("TemporaryFile", room) for room in (0, 1, 150, 1000)), ("SpooledTemporaryFile", 0)],
    )
    def test_it_comes_back_also_if_there_is_no_room_for_temporary_files(
        self, rosetta, monkeypatch, name, room
    ):
        class Full(BytesIO):
            def write(self, data):
                if self.tell() == room:
                    raise OSError(28, os.strerror(28))
                return super().write(data[: room - self.tell()])

        filtered = terminal.FilteredInput()
        monkeypatch.setattr(terminal, "FilteredInput", lambda: filtered)
        monkeypatch.setattr(f"rosetta_spec.cli.fix.{name}", lambda *_, **__: Full())
        monkeypatch.setattr("rosetta_spec.cli.fix._IN_MEMORY", 200)
        monkeypatch.setattr("rosetta_spec.cli.fix._COPIED", 100)
        text = QUOTED * 30
        outcome = rosetta("check", "--fix", "--input-format", "jsonl", "-", stdin=text.encode())
        assert (outcome.status, outcome.stdout) == (2, text)
        assert outcome.stderr == (
            "error: the input cannot be kept in a temporary file (No space left on device);"
            " make room on the disk, or name a file instead\n"
        )
        assert all(part.closed for part in filtered.kept)

    def test_text_that_is_kept_in_a_temporary_file_is_fixed(self, rosetta, monkeypatch):
        monkeypatch.setattr("rosetta_spec.cli.fix._IN_MEMORY", 200)
        monkeypatch.setattr("rosetta_spec.cli.fix._COPIED", 100)
        call = ["check", "--input-format", "jsonl", "--ignore", "RS501", "-"]
        outcome = rosetta(*call, "--fix", stdin=(QUOTED * 30).encode())
        assert (outcome.status, outcome.stdout) == (0, FIXED * 30)
        assert outcome.stderr.endswith("all fine.\n")
        outcome = rosetta(*call, "--diff", stdin=(QUOTED * 30).encode())
        assert outcome.stdout.count(f"+{FIXED}") == 30
        assert outcome.stderr.startswith("Would fix 30 findings in 1 file.\nFound 30 errors in ")

    def test_a_fix_that_would_do_harm_is_reported(self, rosetta, write):
        text = f"annotationRequestId: {'9' * 300}\npoolName: p\n"
        path = write("a.yaml", text)
        outcome = rosetta("check", "--fix", path)
        assert path.read_text() == text
        assert "RS104 is not fixed (put it in quotes): it would cause RS406" in outcome.stderr

    def test_it_is_reported_before_the_next_part_of_the_file_is_read(
        self, rosetta, write, monkeypatch
    ):
        line = f'{{"annotationRequestId": {"9" * 300}, "poolName": "p"}}\n'
        write("a.jsonl", line * 3)
        written = []
        blocks_of = fixer.blocks_of

        def counted_blocks(stream):
            for block in blocks_of(stream):
                written.append("block")
                yield block

        monkeypatch.setattr(lines, "_BLOCK", len(line))
        monkeypatch.setattr(fixer, "blocks_of", counted_blocks)
        monkeypatch.setattr(terminal, "warn", lambda message: written.append(message[:9]))
        rosetta("check", "--fix", "a.jsonl")
        assert written == ["block", "a.jsonl:1", "block", "a.jsonl:2", "block", "a.jsonl:3"]


class TestDiff:
    def test_nothing_is_written_and_the_status_is_1_if_something_would_change(self, rosetta, write):
        path = write("a.json", QUOTED)
        outcome = rosetta("check", "--diff", "a.json")
        assert path.read_text() == QUOTED
        assert outcome.status == 1
        assert outcome.stdout == (f"--- a.json\n+++ a.json\n@@ -1 +1 @@\n-{QUOTED}+{FIXED}")
        assert outcome.stderr == (
            "Would fix 1 finding in 1 file.\nFound 1 error in 1 file. 1 fixable with --fix.\n"
        )

    def test_without_a_change_nothing_is_shown(self, rosetta, write):
        write("a.yaml", IGNORED)
        outcome = rosetta("check", "--diff", "a.yaml")
        assert (outcome.status, outcome.stdout, outcome.stderr) == (0, "", "")

    def test_unsafe_fixes_are_shown_with_its_option(self, rosetta, write):
        write("a.yaml", IGNORED)
        outcome = rosetta("check", "--diff", "--unsafe-fixes", "a.yaml")
        assert outcome.status == 1
        assert "-sequenceLength: 5  # frames\n+# frames\n" in outcome.stdout

    @pytest.mark.parametrize(
        ("fail_on", "status", "expected"),
        [
            ("error", 0, ""),
            ("warning", 1, "Found 1 warning in 1 file.\n"),
            ("never", 0, ""),
        ],
    )
    def test_a_finding_without_a_fix_is_still_a_finding(
        self, rosetta, write, fail_on, status, expected
    ):
        write("a.yaml", IGNORED)
        outcome = rosetta("check", "--diff", "--fail-on", fail_on, "a.yaml")
        assert (outcome.status, outcome.stdout, outcome.stderr) == (status, "", expected)

    def test_further_reports_and_statistics_are_of_the_files_as_they_are(
        self, rosetta, write, folder, process
    ):
        write("a.json", QUOTED)
        write("b.json", QUOTED[:-3])
        report = rosetta("check", "a.json", "b.json", "--format", "json").stdout
        call = ["check", "a.json", "b.json", "--diff", "--output", "json=out", "--statistics"]
        ended = process(*call, env={**os.environ, "GITHUB_ACTIONS": "true"})
        assert ended.returncode == 1
        assert ended.stdout.decode() == rosetta("check", "a.json", "--diff").stdout
        assert ended.stderr == (
            b"Would fix 1 finding in 1 file.\n"
            b"Found 2 errors in 2 files. 1 fixable with --fix.\n"
            b"1  RS002  syntax-error\n1  RS103  quoted-scalar\n"
        )
        assert (folder / "out").read_text("utf-8") == report

    def test_a_report_that_is_not_written_leaves_nothing_out(self, rosetta, write, monkeypatch):
        path = write("a.json", QUOTED)
        monkeypatch.chdir(write("sub/b.json").parent)
        outcome = rosetta("check", "--diff", "--format", "gitlab", path)
        assert "warning" not in outcome.stderr
        assert outcome.stdout.startswith("--- ")

    def test_a_file_that_cannot_be_read_is_status_2(self, rosetta):
        outcome = rosetta("check", "--diff", "no.json")
        assert outcome.status == 2
        assert outcome.stderr == (
            "warning: no.json: there is no such file; check the path\nFound 1 error in 1 file.\n"
        )

    def test_standard_input_is_shown_too(self, rosetta):
        outcome = rosetta(
            "check", "--diff", "-", "--stdin-filename", "x.json", stdin=QUOTED.encode()
        )
        assert outcome.stdout.startswith("--- x.json\n")
        assert outcome.stderr.endswith("Found 1 error in 1 file. 1 fixable with --fix.\n")

    def test_git_applies_it(self, rosetta, write, git):
        git("init", "-q")
        path = write("a.jsonl", (GOOD * 5 + QUOTED) * 3 + QUOTED.rstrip())
        patch = write("p.diff", rosetta("check", "--diff", "a.jsonl").stdout)
        git("apply", "-p0", str(patch))
        assert path.read_text() == (GOOD * 5 + FIXED) * 3 + FIXED.rstrip()

    @pytest.mark.parametrize("tool", [["git", "apply", "-p0"], ["patch", "-s", "-p0", "-i"]])
    @pytest.mark.parametrize(
        "name",
        [
            "a.json",
            "sub folder/a b.json",
            'a"b.json',
            "é 字.json",
        ],
    )
    def test_tools_apply_it_whatever_the_name(self, rosetta, write, folder, git, tool, name):
        if shutil.which(tool[0]) is None:
            pytest.skip(f"{tool[0]} is not installed")
        git("init", "-q")
        path = write(name, QUOTED)
        patch = write("p.diff", rosetta("check", "--diff", str(path.relative_to(folder))).stdout)
        subprocess.run([*tool, str(patch)], cwd=folder, check=True)
        assert path.read_text() == FIXED

    def test_colors_are_painted_on_request(self, rosetta, write):
        write("a.yaml", f"---\n{QUOTED}---\n{QUOTED}".rstrip())
        plain = rosetta("check", "--diff", "a.yaml").stdout
        shown = rosetta("check", "--diff", "--color", "always", "a.yaml").stdout
        assert re.sub("\x1b\\[[0-9;]*m", "", shown) == plain
        inks = {}
        for row in shown.splitlines():
            ink, start = re.match(r"(?:\x1b\[([0-9;]+)m)?(---|\+\+\+|@@|.)", row).groups()
            inks.setdefault(start, ink)
        assert inks["---"] == inks["+++"] == "1"
        assert (inks["-"], inks["+"], inks["@@"], inks[" "]) == ("1;31", "1;32", "1;36", None)


def test_changes_far_from_each_other_are_hunks_of_their_own():
    before = "a\n" + "b\n" * 9 + "c\n"
    rows = list(
        difference("x", [Piece(before.encode(), before.upper().replace("B", "b").encode())])
    )
    assert [row for row in rows if "@@" in row] != []
    assert patched(before, "".join(rows)) == "A\n" + "b\n" * 9 + "C\n"


DOCUMENTS = "".join(f"- id: {number}\n  list:\n  - 1\n  - 2\n" for number in range(9))


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (
            DOCUMENTS,
            DOCUMENTS.replace("0\n  list:\n  - 1\n  - 2", "0"),
            ["-  list:", "-  - 1", "-  - 2"],
        ),
        (DOCUMENTS, DOCUMENTS.replace("  - 1\n", "", 1), ["-  - 1"]),
        (DOCUMENTS, DOCUMENTS.replace("id: 5", "id: 9"), ["-- id: 5", "+- id: 9"]),
        (DOCUMENTS, f"{DOCUMENTS}x\n", ["+x"]),
        ("a\nb\na\nb\n", "a\nc\nb\na\nc\nb\n", ["+c", "+c"]),
        ("a\nb\nc\nd\n", "c\na\nb\nd\n", ["+c", "-c"]),
    ],
)
def test_no_more_rows_are_shown_than_were_changed(before, after, changed):
    """Also where many rows are the same."""
    rows = list(difference("x", [Piece(before.encode(), after.encode())]))
    assert [row.strip("\n") for row in rows[2:] if row[0] in "+-"] == changed


@pytest.mark.no_cover
@pytest.mark.parametrize("changed", ['"start": 7001,', '"start"'])
def test_a_diff_takes_time_in_proportion_to_the_file(changed):
    items = (f'{{\n"start": {number},\n"end": 5\n}},\n' for number in range(20_000))
    before = "".join(items)
    start = time.process_time()
    rows = difference("x", [Piece(before.encode(), before.replace(changed, "x").encode())])
    count = sum(row.startswith("-") for row in rows) - 1
    assert time.process_time() - start < 30
    assert count == before.count(changed)


ROWS = st.lists(st.sampled_from(["a", "b", "c", "d\r", ""]), max_size=12).map("\n".join)


@given(st.lists(st.tuples(ROWS, ROWS), max_size=4))
def test_a_diff_makes_the_new_text_of_the_old_one(pairs):
    """A small patch of our own: a diff is applied hunk by hunk."""
    pieces = [
        Piece(f"{before}\n".encode(), f"{after}\n".encode()) for before, after in pairs[:-1]
    ] + [Piece(before.encode(), after.encode()) for before, after in pairs[-1:]]
    rows = "".join(difference("x", pieces))
    before, after = (
        (b"".join(parts).decode() for parts in zip(*pieces, strict=True)) if pieces else ("", "")
    )
    assert patched(before, rows) == after
    starts = [line for line in rows.split("\n") if line.startswith("@@")]
    assert starts or before == after


def patched(before, diff):
    old = before.split("\n")
    old = [f"{row}\n" for row in old[:-1]] + ([old[-1]] if old[-1] else [])
    new, at = [], 0
    lines = diff.split("\n")[:-1]
    for number, line in enumerate(lines):
        has_no_end = lines[number + 1 : number + 2] == ["\\ No newline at end of file"]
        if line.startswith("@@"):
            first = int(line.split()[1][1:].split(",")[0])
            count = line.split()[1].split(",")[1:]
            start = first if count == ["0"] else first - 1
            new += old[at:start]
            at = start
        elif line.startswith(("-", " ")) and not line.startswith("---"):
            assert old[at] == line[1:] + ("" if has_no_end else "\n")
            new += old[at : at + 1] if line[0] == " " else []
            at += 1
        elif line.startswith("+") and not line.startswith("+++"):
            new.append(line[1:] + ("" if has_no_end else "\n"))
    return "".join(new + old[at:])


#: The first part of the lines has nothing to fix.
KILLED = {
    "a.yaml": (f"# why\n{QUOTED}---\n{QUOTED}", f"# why\n{FIXED}---\n{FIXED}"),
    "a.jsonl": (GOOD * 30 + QUOTED * 30, GOOD * 30 + FIXED * 30),
}


@pytest.mark.parametrize("name", KILLED)
def test_a_fix_that_is_killed_leaves_the_old_file_or_the_new_one(write, name):
    """Whenever it is killed; beside the file there may be one that is never checked."""
    old, new = KILLED[name]
    path = write(name, old)
    script = Path(__file__).with_name("kills.py")
    run = subprocess.run([sys.executable, script, path], capture_output=True, check=True)
    *killed, (is_killed, found) = map(json.loads, run.stdout.splitlines())
    assert (is_killed, found) == (False, {name: new})
    assert len(killed) > 20
    assert {found.pop(name) for _, found in killed} == {old, new}
    assert {beside[-4:] for _, found in killed for beside in found} <= {".tmp"}


class TestBaseline:
    def test_known_findings_are_not_fixed(self, rosetta, write):
        path = write("a.json", QUOTED)
        write("b.jsonl", QUOTED * 2)
        rosetta("check", "--baseline", "known.json", "--write-baseline", ".", "a.json", "b.jsonl")
        write("b.jsonl", QUOTED * 3)
        outcome = rosetta("check", "--fix", "--baseline", "known.json", "a.json", "b.jsonl")
        assert path.read_text() == QUOTED
        assert path.with_name("b.jsonl").read_text() == QUOTED * 2 + FIXED
        assert outcome.status == 0
        assert outcome.stderr == "Fixed 1 finding in 1 file.\n"

    @pytest.mark.parametrize("option", ["--fix", "--diff"])
    def test_it_is_not_written_while_files_are_fixed(self, rosetta, write, option):
        write("a.json", QUOTED)
        call = ["check", option, "--baseline", "known.json", "--write-baseline", "a.json"]
        assert rosetta(*call).status == 2
