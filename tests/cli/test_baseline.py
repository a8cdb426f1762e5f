"""A baseline on the command line: written, applied, reported, and rejected."""

import json
import stat

import pytest

REQUEST = "annotationRequestId: a\npoolName: b\n"
UNKNOWN = f"{REQUEST}x: 1\n"


@pytest.fixture
def begun(rosetta, write):
    """A folder with three findings in two files, and a baseline of them."""
    write("a.sampling.yaml", f"{UNKNOWN}samplingRatio: 5\n")
    write("b/b.sampling.yaml", UNKNOWN)
    ran = rosetta("check", "--baseline", "base.json", "--write-baseline")
    assert (ran.status, ran.stderr) == (0, "Wrote 3 findings to base.json: 3 new, 0 kept.\n")
    assert ran.stdout == "Checked 2 files, all fine. 3 suppressed.\n"


@pytest.mark.usefixtures("begun")
class TestWithOne:
    def test_what_is_in_it_is_counted_and_fails_nothing(self, rosetta):
        ran = rosetta("check", "--baseline", "base.json", "--fail-on", "info", "--statistics")
        assert ran.status == 0
        assert ran.stdout == "Checked 2 files, all fine. 3 suppressed.\n"
        assert ran.stderr.startswith("0  RS107  out-of-range  (and 1 suppressed)\n0  RS109  ")

    def test_new_entries_are_counted(self, rosetta, write):
        write("b/b.sampling.yaml", f"# new\n{UNKNOWN}y: 1\n")
        ran = rosetta("check", "--baseline", "base.json", "--format", "json")
        assert (ran.status, ran.stderr) == (1, "")
        assert [each["pointer"] for each in ran.diagnostics] == ["/y"]
        assert ran.summary["suppressed"] == 3

    def test_what_has_gone_is_named_and_goes_with_the_next_writing(self, rosetta, write):
        write("a.sampling.yaml", REQUEST)
        ran = rosetta("check", "--baseline", "base.json")
        assert ran.status == 0
        assert ran.stderr == (
            "warning: gone: RS107 at /samplingRatio in a.sampling.yaml;"
            " --write-baseline removes it from base.json\n"
            "warning: gone: RS109 at /x in a.sampling.yaml;"
            " --write-baseline removes it from base.json\n"
        )
        assert rosetta("check", "b", "--baseline", "base.json").stderr == ""
        assert rosetta("check", "--baseline", "base.json", "--select", "RS201").stderr == ""
        ran = rosetta("check", "--baseline", "base.json", "--write-baseline")
        assert ran.stderr == (
            "Wrote 1 finding to base.json: 0 new, 1 kept.\n"
            "warning: gone: RS107 at /samplingRatio in a.sampling.yaml; removed from base.json\n"
            "warning: gone: RS109 at /x in a.sampling.yaml; removed from base.json\n"
        )
        assert rosetta("check", "--baseline", "base.json").stderr == ""

    def test_what_was_in_a_file_that_has_gone_has_gone_too(self, rosetta, write):
        write("a.sampling.yaml", REQUEST).unlink()
        ran = rosetta("check", "--baseline", "base.json")
        assert ran.stderr.count("warning: gone: RS10") == 2
        # In another folder it was not looked for.
        ran = rosetta("check", "b", "--baseline", "base.json", "--write-baseline")
        assert ran.stderr == "Wrote 3 findings to base.json: 0 new, 3 kept.\n"
        assert rosetta("check", "a.sampling.yaml", "--baseline", "base.json").stderr == ""

    def test_a_name_that_is_no_path_has_not_gone(self, rosetta, write):
        write("\udcff.sampling.yaml", UNKNOWN)
        rosetta("check", "-", ".", "--baseline", "base.json", "--write-baseline", stdin=b"x: 1")
        assert rosetta("check", "b", "--baseline", "base.json").stderr == ""

    def test_entries_of_files_and_rules_that_were_not_checked_stay_in_it(self, rosetta, write):
        write("b/b.sampling.yaml", f"{UNKNOWN}y: 1\n")
        call = ("check", "b", "--baseline", "base.json", "--write-baseline")
        ran = rosetta(*call, "--ignore", "RS109")
        assert ran.stderr == "Wrote 3 findings to base.json: 0 new, 3 kept.\n"
        assert rosetta(*call).stderr == "Wrote 4 findings to base.json: 1 new, 3 kept.\n"
        assert rosetta("check", "--baseline", "base.json").status == 0
        write("b/b.sampling.yaml", "[")
        assert "Wrote 4 findings to base.json: 0 new, 4 kept.\n" in rosetta(*call).stderr

    def test_findings_about_comments_may_be_in_it(self, rosetta, write):
        write(
            "a.sampling.yaml", f"{UNKNOWN}# rosetta-spec: ignore[RS405]\n# rosetta-spec: ignore\n"
        )
        rosetta("check", "--baseline", "base.json", "--write-baseline")
        ran = rosetta("check", "--baseline", "base.json", "--format", "json")
        assert (ran.found, ran.summary["suppressed"]) == ([], 4)
        assert "RS901 in a.sampling" in self.gone(rosetta, write)

    def test_a_finding_that_a_comment_suppresses_leaves_it_when_it_is_written(self, rosetta, write):
        write("b/b.sampling.yaml", UNKNOWN.replace("x: 1", "x: 1 # rosetta-spec: ignore[RS109]"))
        assert rosetta("check", "--baseline", "base.json").stderr == ""
        ran = rosetta("check", "--baseline", "base.json", "--write-baseline")
        assert ran.stderr == "Wrote 2 findings to base.json: 0 new, 2 kept.\n"
        write("b/b.sampling.yaml", UNKNOWN)
        ran = rosetta("check", "--baseline", "base.json", "--format", "json")
        assert ran.found == [("b/b.sampling.yaml", "RS109")]

    def gone(self, rosetta, write):
        write("a.sampling.yaml", UNKNOWN)
        return rosetta("check", "--baseline", "base.json").stderr

    def test_standard_input_has_its_name_in_it(self, rosetta):
        options = ("check", "-", "--stdin-filename", "a.sampling.yaml", "--baseline", "base.json")
        ran = rosetta(*options, stdin=UNKNOWN.encode())
        assert ran.status == 0
        assert "gone: RS107" in ran.stderr


def test_it_is_written_the_same_in_any_order_and_keeps_its_mode(rosetta, write, folder):
    names = ["b.yaml", "a.jsonl", "c.yaml"]
    for name in names:
        write(name, '{"poolName": "", "x": 1}\n' * (2 if name.endswith("jsonl") else 1))
    path = write("base.json", '{"version": 1, "findings": []}')
    path.chmod(0o640)
    rosetta("check", *names, "--baseline", "base.json", "--write-baseline")
    first = path.read_bytes()
    rosetta("check", *reversed(names), "--baseline", "base.json", "--write-baseline", "--jobs", "2")
    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(each.name for each in folder.iterdir()) == [
        "a.jsonl",
        "b.yaml",
        "base.json",
        "c.yaml",
    ]
    assert rosetta("check", *names, "--baseline", "base.json").status == 0


def test_rules_that_cannot_be_disabled_are_not_in_it(rosetta, write, folder):
    write("a.yaml", f"{UNKNOWN}x: 2\n")
    write("b.yaml", "}")
    options = ("check", "a.yaml", "b.yaml", "--baseline", "base.json", "--format", "json")
    ran = rosetta(*options, "--write-baseline")
    assert (ran.status, ran.found) == (0, [("a.yaml", "RS003"), ("b.yaml", "RS002")])
    found = json.loads((folder / "base.json").read_text("utf-8"))["findings"]
    assert [each["code"] for each in found] == ["RS109"]
    ran = rosetta(*options)
    assert (ran.status, ran.found) == (1, [("a.yaml", "RS003"), ("b.yaml", "RS002")])
    ran = rosetta(*options, "missing.yaml", "--write-baseline")
    assert ran.status == 2


@pytest.mark.parametrize("other", [[], ["--format", "jsonl"], ["--output", "json=out.json"]])
def test_fingerprints_in_it_are_those_of_the_reports(rosetta, write, folder, other):
    write("a.jsonl", '{"annotationRequestId": "a", "poolName": "b", "x": 1}\n' * 3)
    plain = rosetta("check", "a.jsonl", "--format", "json").diagnostics
    rosetta("check", "a.jsonl", "--baseline", "base.json", "--write-baseline", *other)
    found = json.loads((folder / "base.json").read_text("utf-8"))["findings"]
    prints = [each["fingerprint"] for each in plain]
    assert [each["fingerprint"] for each in found] == sorted(prints)
    write("base.json", json.dumps({"version": 1, "findings": found[:1]}))
    left = rosetta("check", "a.jsonl", "--baseline", "base.json", "--format", "json").diagnostics
    kept = [each for each in prints if each != found[0]["fingerprint"]]
    assert [each["fingerprint"] for each in left] == kept


class TestWrongCalls:
    def refused(self, ran):
        assert (ran.status, ran.stdout) == (2, "")
        return ran.stderr

    def test_to_write_needs_a_name(self, rosetta):
        assert "--write-baseline" in self.refused(rosetta("check", "--write-baseline"))

    def test_one_that_is_missing(self, rosetta):
        assert self.refused(rosetta("check", "--baseline", "no.json")).endswith(
            "no.json: there is no such baseline;"
            " check the path, or write it with --write-baseline\n"
        )

    @pytest.mark.parametrize("more", [[], ["--write-baseline"]])
    def test_another_file_is_rejected_and_unchanged(self, rosetta, write, folder, more):
        path = write("a.yaml", UNKNOWN)
        error = self.refused(rosetta("check", "a.yaml", "--baseline", "a.yaml", *more))
        assert "a.yaml:1:1: " in error
        assert path.read_text("utf-8") == UNKNOWN
        assert "this is a folder" in self.refused(
            rosetta("check", "--baseline", str(folder), *more)
        )

    def test_one_that_may_not_be_read(self, rosetta, write, shut):
        shut(write("base.json", "{}"))
        assert "you do not have permission to read" in self.refused(
            rosetta("check", "--baseline", "base.json")
        )

    @pytest.mark.parametrize("name", ["base.json.gz", "base.json.zst"])
    def test_a_name_of_a_compressed_file_is_as_any_other(self, rosetta, write, name):
        write("a.yaml", UNKNOWN)
        rosetta("check", "a.yaml", "--baseline", name, "--write-baseline")
        assert rosetta("check", "a.yaml", "--baseline", name).status == 0

    def test_one_that_cannot_be_written(self, rosetta, write):
        write("a.yaml", UNKNOWN)
        ran = rosetta("check", "a.yaml", "--baseline", "no/base.json", "--write-baseline")
        assert ran.status == 2
        assert "no/base.json: this baseline cannot be written" in ran.stderr
