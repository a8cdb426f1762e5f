"""What `check` reads, says, and answers with: its options, one by one."""

import io
import json
from pathlib import Path

import pytest

from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.version import __version__

GOOD = '{"annotationRequestId": "r-1", "poolName": "p"}'
#: RS201, an error.
BOTH = '{"annotationRequestId": "r-1", "poolName": "p", "samplingRatio": 1, "samplingQuantity": 5}'
#: RS401, a warning.
IGNORED = '{"annotationRequestId": "r-1", "poolName": "p", "sequenceLength": 5}'


class TestStatus:
    @pytest.mark.parametrize(
        ("content", "fail_on", "status"),
        [
            (GOOD, "info", 0),
            (BOTH, "error", 1),
            (BOTH, "warning", 1),
            (BOTH, "info", 1),
            (BOTH, "never", 0),
            (IGNORED, "error", 0),
            (IGNORED, "warning", 1),
            (IGNORED, "info", 1),
            (IGNORED, "never", 0),
        ],
    )
    def test_the_least_severity_that_fails_can_be_set(
        self, rosetta, write, content, fail_on, status
    ):
        write("a.json", content)
        assert rosetta("check", "a.json", "--fail-on", fail_on).status == status

    def test_errors_fail_by_default_and_warnings_do_not(self, rosetta, write):
        write("a.json", BOTH)
        write("b.json", IGNORED)
        assert rosetta("check", "a.json").status == 1
        assert rosetta("check", "b.json").status == 0

    @pytest.mark.parametrize(
        ("arguments", "meant"),
        [
            (["chek", "a.json"], "chek; did you mean check?"),
            (["a.json"], "a.json; to check it, write rosetta-spec check a.json"),
            (["-"], "-; to check it, write rosetta-spec check -"),
            (
                ["b\0"],
                "b\\u0000; choose check, explain, rule, schema, submit, lsp, new, init or mcp",
            ),
        ],
    )
    def test_a_command_that_there_is_not_is_a_wrong_call(self, rosetta, write, arguments, meant):
        write("a.json", GOOD)
        outcome = rosetta(*arguments)
        assert (outcome.status, outcome.stdout) == (2, "")
        assert outcome.stderr.endswith(f"Error: there is no command {meant}\n")

    @pytest.mark.parametrize("fail_on", ["error", "never"])
    def test_a_missing_file_is_reported_and_others_are_still_checked(self, rosetta, write, fail_on):
        write("b.json", BOTH)
        arguments = ("check", "b.json", "missing.json", "--format", "json", "--fail-on", fail_on)
        outcome = rosetta(*arguments)
        assert outcome.status == 2
        assert outcome.found == [("b.json", "RS201"), ("missing.json", "RS001")]
        assert (outcome.summary["files"], outcome.summary["documents"]) == (2, 2)
        assert outcome.stderr == ""

    @pytest.mark.parametrize(
        ("name", "cause"),
        [
            ("x" * 300, "this file cannot be read: file name too long"),
            ("a.json/b", "a part of this path is a file, not a folder"),
        ],
    )
    def test_a_name_that_no_file_can_have_is_an_unreadable_file(self, rosetta, write, name, cause):
        write("a.json", GOOD)
        outcome = rosetta("check", name, "--format", "json")
        assert (outcome.status, outcome.found) == (2, [(name, "RS001")])
        assert outcome.diagnostics[0]["message"].startswith(cause)

    @pytest.mark.parametrize("named", ["shut", "."])
    def test_a_folder_and_a_file_that_may_not_be_read_are_unreadable(
        self, rosetta, write, shut, named
    ):
        shut(write("shut/a.sampling.json", GOOD).parent)
        shut(write("shut.sampling.json", GOOD))
        outcome = rosetta("check", named, "shut.sampling.json", "--format", "json")
        assert outcome.found == [("shut", "RS001"), ("shut.sampling.json", "RS001")]
        assert outcome.status == 2

    def test_a_folder_without_requests_is_a_warning(self, rosetta, folder):
        (folder / "empty\nwarning: forged").mkdir()
        outcome = rosetta("check", "empty\nwarning: forged")
        assert (outcome.status, outcome.stdout) == (0, "Checked no file.\n")
        assert outcome.stderr.startswith("warning: no sampling request in empty␊warning: forged: ")
        assert outcome.stderr.count("\n") == 1

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            (["--fail-on", "fatal"], "'fatal' is not one of 'error', 'warning', 'info', 'never'"),
            (["--format", "xml"], "'xml' is not one of"),
            (["--input-format", "toml"], "'toml' is not one of 'json', 'yaml', 'jsonl'"),
            (["--statistic-s"], "--statistics"),
            (["--select", "ratio-with-quantty"], "did you mean ratio-with-quantity?"),
            (["--ignore", "RS201,rs101"], "there is no rule rs101; did you mean RS101?"),
            (["--ignore", "RS001"], "RS001 cannot be disabled"),
            (["--ignore", "syntax-error"], "syntax-error (RS002) cannot be disabled"),
            (["--ignore", "RS201, RS007"], "RS007 cannot be disabled"),
        ],
    )
    def test_a_wrong_call_is_reported_with_a_remedy(self, rosetta, write, arguments, expected):
        write("a.json", BOTH)
        outcome = rosetta("check", "a.json", *arguments)
        assert (outcome.status, outcome.stdout) == (2, "")
        assert expected in outcome.stderr

    def test_an_unknown_command_is_a_wrong_call(self, rosetta):
        assert rosetta("chek").status == 2


class TestDefects:
    """A bug in rosetta-spec is status 3, with all that a bug report needs."""

    def test_a_rule_that_fails_is_reported_with_its_place(self, rosetta, write, monkeypatch):
        def failing(_self, _shown):
            message = "slipped\non a peel"
            raise ZeroDivisionError(message)

        rule = builtin_ruleset().find("RS303")
        ranges = [{"start": 1, "end": 2}, {"start": 2, "end": 3}]
        write("a.json", GOOD.replace("}", f', "interceptionBoundary": {json.dumps(ranges)}}}'))
        monkeypatch.setattr(type(rule.kind), "check", failing)
        outcome = rosetta("check", "a.json")
        assert (outcome.status, outcome.stdout) == (3, "")
        assert (
            'rule RS303 (overlapping-boundary) failed at "/interceptionBoundary"' in outcome.stderr
        )
        assert "ZeroDivisionError: slipped␊on a peel" in outcome.stderr
        assert "https://github.com/rosetta-spec/rosetta-spec/issues" in outcome.stderr


class TestSelection:
    BOTH_AND_IGNORED = BOTH.replace("}", ', "sequenceLength": 5, "x": 1}')

    @pytest.mark.parametrize(
        ("options", "codes"),
        [
            ([], ["RS201", "RS401", "RS109"]),
            (["--select", "RS201"], ["RS201"]),
            (["--select", "ratio-with-quantity"], ["RS201"]),
            (["--select", "RS201,ignored-setting"], ["RS201", "RS401"]),
            (["--select", "RS201", "--select", "RS401"], ["RS201", "RS401"]),
            (["--select", " RS201 , RS401"], ["RS201", "RS401"]),
            (["--ignore", "RS201,ignored-setting"], ["RS109"]),
            (["--ignore", "RS201", "--ignore", "RS109"], ["RS401"]),
            (["--select", "RS201,RS401", "--ignore", "RS401"], ["RS201"]),
        ],
    )
    def test_rules_are_named_by_code_or_name_with_commas_and_again(
        self, rosetta, write, options, codes
    ):
        write("a.json", self.BOTH_AND_IGNORED)
        outcome = rosetta("check", "a.json", "--format", "json", *options)
        assert [code for _, code in outcome.found] == codes

    def test_rules_that_cannot_be_disabled_report_with_any_selection(self, rosetta, write):
        write("a.json", "{")
        outcome = rosetta("check", "a.json", "--format", "json", "--select", "RS201")
        assert outcome.found == [("a.json", "RS002")]

    def test_a_rule_that_is_not_selected_still_hides_the_others(self, rosetta, write):
        # RS106 hides RS107, even if RS106 is not selected.
        write("a.json", GOOD.replace("}", ', "sampleCount": 0.5}'))
        for options in (["--select", "RS107"], ["--ignore", "RS106"]):
            assert rosetta("check", "a.json", "--format", "json", *options).found == []


class TestStatistics:
    def test_they_count_the_findings_of_each_rule_on_stderr(self, rosetta, write):
        for number in range(10):
            write(f"{number}.sampling.json", BOTH)
        write("b.sampling.json", BOTH.replace("}", ', "sequenceLength": 5}'))
        plain, counted = rosetta("check"), rosetta("check", "--statistics")
        assert counted.stdout == plain.stdout
        assert counted.stderr == "11  RS201  ratio-with-quantity\n 1  RS401  ignored-setting\n"

    def test_nothing_is_counted_where_nothing_is_found(self, rosetta, write):
        write("a.json", GOOD)
        assert rosetta("check", "a.json", "--statistics").stderr == ""


class TestFormats:
    JSON_LINES = f"{GOOD}\n{BOTH}\n"
    YAML = "annotationRequestId: r-1\nsamplingRatio: 1\n"

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("a.json", YAML, "RS002"),
            ("a.JSON", YAML, "RS002"),
            ("a.yaml", YAML, "RS101"),
            ("a.YmL", YAML, "RS101"),
            ("a.jsonl", JSON_LINES, "RS201"),
            ("a.NDJSON", JSON_LINES, "RS201"),
            ("a.json", JSON_LINES, "RS002"),
            ("request", YAML, "RS101"),
            ("request.txt", f"\ufeff \n\t{BOTH}", "RS201"),
            ("request.txt", f"[{BOTH}]", "RS004"),
            ("request.txt", f"{BOTH}", "RS201"),
        ],
    )
    def test_the_ending_decides_and_else_the_first_character(
        self, rosetta, write, name, content, code
    ):
        write(name, content)
        assert rosetta("check", name, "--format", "json").found == [(name, code)]

    @pytest.mark.parametrize(
        "case",
        [("yaml", YAML, "RS101"), ("jsonl", JSON_LINES, "RS201"), ("json", YAML, "RS002")],
    )
    @pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.jsonl", "a", "-"])
    def test_input_format_beats_the_name(self, rosetta, write, name, case):
        input_format, content, code = case
        write(name, content)
        options = ("--format", "json", "--input-format", input_format)
        outcome = rosetta("check", name, *options, stdin=content.encode())
        assert outcome.found == [(name, code)]


class TestStandardInput:
    def test_it_has_no_name(self, rosetta):
        outcome = rosetta("check", "-", "--format", "json", stdin=BOTH.encode())
        assert (outcome.status, outcome.found) == (1, [("-", "RS201")])

    def test_its_format_depends_on_its_first_character(self, rosetta):
        outcome = rosetta("check", "-", "--format", "json", stdin=TestFormats.YAML.encode())
        assert outcome.found == [("-", "RS101")]

    @pytest.mark.parametrize("name", ["a.jsonl", "./a.jsonl", "deep/A.JSONL", "/root/a.ndjson"])
    def test_it_can_be_named(self, rosetta, name):
        stdin = TestFormats.JSON_LINES.encode()
        options = ("--format", "json", "--stdin-filename", name)
        outcome = rosetta("check", "-", *options, stdin=stdin)
        assert outcome.found == [(name.removeprefix("./"), "RS201")]
        assert outcome.diagnostics[0]["document"] == 1

    def test_it_is_read_beside_files_and_once(self, rosetta, write):
        write("a.json", BOTH)
        outcome = rosetta("check", "-", "a.json", "-", "--format", "json", stdin=BOTH.encode())
        assert outcome.found == [("-", "RS201"), ("a.json", "RS201")]

    def test_its_name_without_it_changes_nothing(self, rosetta, write):
        write("a.json", BOTH)
        outcome = rosetta("check", "a.json", "--stdin-filename", "b.yaml", "--format", "json")
        assert outcome.found == [("a.json", "RS201")]

    def test_one_that_is_empty_is_an_empty_file(self, rosetta):
        assert rosetta("check", "-", "--format", "json").found == [("-", "RS004")]

    def test_one_that_cannot_be_read_is_an_unreadable_file(self, rosetta):
        class Failing(io.RawIOBase):
            def read(self, _size):
                raise OSError(5, "Input/output error")

        call = ["check", "-", "--format", "json", "--select", "RS201"]
        outcome = rosetta(*call, stdin=Failing())
        assert (outcome.status, outcome.found) == (2, [("-", "RS001")])
        assert "input/output error" in outcome.diagnostics[0]["message"]


class TestPaths:
    def test_the_current_folder_is_checked_by_default(self, rosetta, write):
        write("a.sampling.json", BOTH)
        write("deep/b.sampling.JSON", BOTH)
        write("c.json", BOTH)
        outcome = rosetta("check", "--format", "json")
        assert outcome.found == [("a.sampling.json", "RS201"), ("deep/b.sampling.JSON", "RS201")]

    def test_an_option_may_be_anywhere_and_a_double_dash_ends_them(self, rosetta, write):
        write("-a.json", BOTH)
        assert rosetta("check", "--format=json", "--", "-a.json").found == [("-a.json", "RS201")]

    def test_a_file_named_twice_is_read_once(self, rosetta, write):
        path = write("a.sampling.json", BOTH)
        Path("link.sampling.json").symlink_to(path)
        spellings = ("a.sampling.json", "./a.sampling.json", ".", "link.sampling.json")
        outcome = rosetta("check", *spellings, "--format", "json")
        assert outcome.found == [("a.sampling.json", "RS201")]
        assert outcome.summary["files"] == 1

    def test_missing_git_is_a_warning_and_files_are_still_checked(
        self, rosetta, write, repository, monkeypatch
    ):
        write("a.sampling.json", BOTH)
        monkeypatch.setenv("PATH", str(repository))
        outcome = rosetta("check", "--format", "json")
        assert (outcome.status, outcome.found) == (1, [("a.sampling.json", "RS201")])
        assert outcome.stderr == (
            "warning: git's ignore rules are not applied in .: git is not installed\n"
        )


class TestReports:
    def test_every_format_writes_findings_to_stdout_alone(self, rosetta, write):
        write("a.json", BOTH)
        for name in ("text", "concise", "json", "jsonl"):
            outcome = rosetta("check", "a.json", "--format", name)
            assert "RS201" in outcome.stdout
            assert outcome.stderr == ""

    def test_json_lines_have_one_finding_each(self, rosetta, write):
        write("a.json", BOTH.replace("}", ', "sequenceLength": 5}'))
        lines = rosetta("check", "a.json", "--format", "jsonl").stdout.splitlines()
        assert [json.loads(line)["code"] for line in lines] == ["RS201", "RS401"]


class TestHelp:
    @pytest.mark.parametrize("arguments", [["--version"], ["-V"]])
    def test_the_version_is_printed(self, rosetta, arguments):
        outcome = rosetta(*arguments)
        assert (outcome.status, outcome.stdout) == (0, f"rosetta-spec {__version__}\n")

    @pytest.mark.parametrize("arguments", [["-h"], ["--help"]])
    def test_the_commands_are_listed_with_what_they_do(self, rosetta, arguments):
        outcome = rosetta(*arguments)
        assert outcome.status == 0
        for line in (
            "check Find mistakes in sampling requests.",
            "rule Explain",
            "schema Print",
        ):
            assert line in " ".join(outcome.stdout.split())

    @pytest.mark.parametrize("arguments", [["check", "-h"], ["check", "--help"]])
    def test_the_help_of_check_is_complete(self, rosetta, arguments):
        outcome = rosetta(*arguments)
        assert (outcome.status, outcome.stderr) == (0, "")
        page = outcome.stdout
        assert "    2    a usage error, an invalid configuration, or a file that cannot" in page
        assert "  --fail-on [error|warning|info|never]\n" in page
        assert "[default: error]" in page
        assert max(map(len, page.splitlines())) <= 80
