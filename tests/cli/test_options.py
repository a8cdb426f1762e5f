"""Options that users of other linters expect, and configuration files of which one is wrong."""

import json

import pytest

GOOD = '{"annotationRequestId": "r-1", "poolName": "p"}'
#: RS201, an error.
BOTH = '{"annotationRequestId": "r-1", "poolName": "p", "samplingRatio": 1, "samplingQuantity": 5}'
#: RS401, a warning.
IDLE = '{"annotationRequestId": "r-1", "poolName": "p", "sequenceLength": 5}'
#: RS407, an info.
LATE = '{"annotationRequestId": "r-1", "poolName": "p", "subCondition": {"rejectionTime": 9}}'
#: RS401 and RS003, which cannot be disabled.
TWICE = IDLE.replace("{", '{"poolName": "q", ')


@pytest.fixture(autouse=True)
def _in_a_repository(repository):
    """Nothing above the folder of a test applies."""


@pytest.fixture
def codes(rosetta):
    def codes(*arguments):
        return [code for _, code in rosetta("check", "--format", "json", *arguments).found]

    return codes


class TestPrefixes:
    @pytest.mark.parametrize(
        ("arguments", "found"),
        [
            (["--select", "RS2"], ["RS003", "RS201"]),
            (["--select", "RS20"], ["RS003", "RS201"]),
            (["--select", "RS4,RS201"], ["RS003", "RS201", "RS401"]),
            (["--select", "RS"], ["RS003", "RS201", "RS401"]),
            (["--ignore", "RS2"], ["RS003", "RS401"]),
            (["--ignore", "RS"], ["RS003"]),
            (["--ignore", "RS0"], ["RS003", "RS201", "RS401"]),
            (["--select", "RS", "--ignore", "RS40"], ["RS003", "RS201"]),
        ],
    )
    def test_they_name_all_rules_that_start_so(self, write, codes, arguments, found):
        write("a.json", TWICE.replace("}", ', "samplingRatio": 1, "samplingQuantity": 5}'))
        assert sorted(codes("a.json", *arguments)) == found

    @pytest.mark.parametrize(
        ("config", "found"),
        [
            ("select = ['RS2']", ["RS201"]),
            ("ignore = ['RS2']", ["RS401"]),
            ("ignore = ['RS']", []),
            ("per-file-ignores.'a*' = ['RS4']", ["RS201"]),
        ],
    )
    def test_the_configuration_takes_them(self, write, codes, config, found):
        write("rosetta-spec.toml", config)
        write("a.json", IDLE.replace("}", ', "samplingRatio": 1, "samplingQuantity": 5}'))
        assert sorted(codes("a.json")) == found

    def test_they_name_the_rules_of_a_team(self, write, write_policy, codes):
        write_policy("policy.yaml")
        write("rosetta-spec.toml", "rulesets = ['policy.yaml']\nselect = ['POL']")
        write("a.json", BOTH)
        assert codes("a.json") == ["POL001"]
        assert codes("a.json", "--ignore", "POL0") == []

    @pytest.mark.parametrize(
        "name", ["RS9", "RS3", "R", "RS2012", "PO", "rs2", "POL", "RS7", "RS99"]
    )
    def test_what_is_no_prefix_of_a_code_is_unknown(self, write, rosetta, name):
        write("a.json", GOOD)
        is_one = name in {"RS9", "RS3"}
        outcome = rosetta("check", "a.json", "--select", name)
        assert (outcome.status, f"there is no rule {name}" in outcome.stderr) == (
            (0, False) if is_one else (2, True)
        )

    def test_severity_takes_none(self, write, rosetta):
        write("rosetta-spec.toml", "severity.RS2 = 'off'")
        write("a.json", GOOD)
        outcome = rosetta("check", "a.json")
        assert outcome.status == 2
        assert "there is no rule RS2; severity takes whole codes and names" in outcome.stderr

    @pytest.mark.parametrize("value", ["", " ", "RS201,,RS202", ",RS201", "RS201,", ","])
    @pytest.mark.parametrize("option", ["--select", "--ignore"])
    def test_an_empty_item_is_a_wrong_call(self, write, rosetta, option, value):
        write("a.json", GOOD)
        outcome = rosetta("check", "a.json", option, value)
        assert (outcome.status, outcome.stdout) == (2, "")
        assert f"{option} has an empty item" in outcome.stderr


class TestPatterns:
    @pytest.mark.parametrize(
        ("pattern", "remedy"),
        [("*.{json,yaml}", "braces have no meaning here"), ("old\\\\a", "write / between folders")],
    )
    @pytest.mark.parametrize(
        "config", ["include = ['{}']", "exclude = ['{}']", "per-file-ignores.'{}' = ['RS401']"]
    )
    def test_braces_and_backslashes_are_refused(self, write, rosetta, config, pattern, remedy):
        pattern = pattern.replace("\\\\", "\\")
        write("rosetta-spec.toml", config.replace("{}", pattern))
        write("a.json", GOOD)
        outcome = rosetta("check", "a.json")
        assert outcome.status == 2
        assert "rosetta-spec.toml:1:" in outcome.stderr
        assert remedy in outcome.stderr

    def test_letter_case_matters_as_for_git(self, write, rosetta):
        write(
            "rosetta-spec.toml",
            "select = ['RS401']\nexclude = ['OLD']\nper-file-ignores.'A.*' = ['RS401']",
        )
        write("old/a.sampling.json", IDLE)
        write("OLD/a.sampling.json", IDLE)
        write("A.sampling.json", IDLE)
        found = rosetta("check", "--format", "json").found
        assert found == [("old/a.sampling.json", "RS401")]


class TestMinSeverity:
    @pytest.mark.parametrize(
        ("least", "found"),
        [
            ("info", ["RS201", "RS401", "RS407"]),
            ("warning", ["RS201", "RS401"]),
            ("error", ["RS201"]),
        ],
    )
    def test_what_is_below_is_not_reported(self, write, codes, least, found):
        for name, content in (("a.json", BOTH), ("b.json", IDLE), ("c.json", LATE)):
            write(name, content)
        assert codes("a.json", "b.json", "c.json", "--min-severity", least) == found

    def test_it_is_neither_counted_nor_a_failure_nor_in_a_baseline(self, write, rosetta, folder):
        write("a.json", IDLE)
        call = ("check", "a.json", "--format", "json", "--min-severity", "error")
        outcome = rosetta(*call, "--fail-on", "info")
        assert (outcome.status, outcome.summary["warnings"]) == (0, 0)
        rosetta(*call, "--baseline", "b.json", "--write-baseline")
        assert json.loads((folder / "b.json").read_text())["findings"] == []

    def test_what_cannot_be_disabled_stays(self, write, codes):
        write("rosetta-spec.toml", "severity.RS003 = 'info'")
        write("a.json", TWICE)
        assert codes("a.json", "--min-severity", "error") == ["RS003"]

    def test_severities_of_the_configuration_count(self, write, codes):
        write("rosetta-spec.toml", "severity.RS401 = 'error'\nseverity.RS201 = 'info'")
        write("a.json", IDLE)
        write("b.json", BOTH)
        assert codes("a.json", "b.json", "--min-severity", "warning") == ["RS401"]

    def test_a_suppression_of_what_is_below_is_not_unused(self, write, codes):
        text = "annotationRequestId: a\npoolName: p\nsequenceLength: 5"
        write("a.yaml", f"{text} # rosetta-spec: ignore[RS401]\n")
        write("rosetta-spec.toml", "severity.RS901 = 'error'")
        assert codes("a.yaml", "--min-severity", "error") == []

    def test_the_settings_say_so(self, write, rosetta):
        write("a.json", GOOD)
        call = ("check", "a.json", "--show-settings", "--min-severity", "error")
        rows = [line.split() for line in rosetta(*call).stdout.splitlines()]
        assert ["RS401", "off", "ignored-setting", "--min-severity"] in rows
        write("rosetta-spec.toml", "fail-on-no-files = true")
        rows = [line.split() for line in rosetta(*call).stdout.splitlines()]
        expected = "fail-on-no-files fail-on-no-files in rosetta-spec.toml:1 true"
        assert expected.split() in rows


class TestQuiet:
    @pytest.mark.parametrize("option", ["-q", "--quiet"])
    @pytest.mark.parametrize("name", ["text", "concise"])
    def test_only_findings_are_printed(self, write, rosetta, option, name):
        write("a.json", GOOD)
        write("b.json", BOTH)
        assert rosetta("check", "a.json", "--format", name, option) == (0, "", "")
        loud = rosetta("check", "b.json", "--format", name)
        quiet = rosetta("check", "b.json", "--format", name, option)
        assert quiet.status == 1
        assert quiet.stdout == loud.stdout[: loud.stdout.rindex("Found ")]
        assert "RS201" in quiet.stdout

    def test_a_file_has_no_summary_either_and_other_formats_stay(self, write, rosetta, folder):
        write("a.json", GOOD)
        outcome = rosetta("check", "a.json", "-q", "--format", "json", "--output", "text=a.txt")
        assert (outcome.summary["files"], (folder / "a.txt").read_text()) == (1, "")

    def test_fixes_are_silent(self, write, rosetta):
        write("a.json", '{"annotationRequestId": "r", "poolName": "p", "sampleCount": "5"}')
        diff = rosetta("check", "a.json", "-q", "--diff")
        assert (diff.status, diff.stderr, "Found" in diff.stdout) == (1, "", False)
        assert rosetta("check", "a.json", "-q", "--fix") == (0, "", "")


class TestNoFiles:
    def test_the_option_makes_such_a_run_fail(self, write, rosetta, folder):
        (folder / "a").mkdir()
        assert rosetta("check", "a").status == 0
        outcome = rosetta("check", "a", "--fail-on-no-files")
        assert outcome.status == 2
        assert "error: no file was read, and --fail-on-no-files forbids that" in outcome.stderr
        write("a/b.sampling.json", GOOD)
        assert rosetta("check", "a", "--fail-on-no-files").status == 0

    def test_the_configuration_does_too(self, write, rosetta):
        write("rosetta-spec.toml", "\nfail-on-no-files = true\nexclude = ['old']")
        write("b/rosetta-spec.toml", "fail-on-no-files = false")
        outcome = rosetta("check")
        assert outcome.status == 2
        assert "fail-on-no-files in rosetta-spec.toml:2 forbids" in outcome.stderr
        assert rosetta("check", "b").status == 0
        write("old/a.json", GOOD)
        assert rosetta("check", "old/a.json", "--force-exclude").status == 2
        assert rosetta("check", "old/a.json").status == 0
        assert rosetta("check", "b", "-", "--force-exclude", stdin=GOOD.encode()).status == 0
        named = ("check", "-", "--force-exclude", "--stdin-filename", "old/a.json")
        assert rosetta(*named, stdin=GOOD.encode()).status == 2
        fixed = rosetta(*named, "--fix", stdin=GOOD.encode())
        assert (fixed.status, fixed.stdout) == (2, GOOD)

    def test_it_is_true_or_false(self, write, rosetta):
        write("rosetta-spec.toml", "fail-on-no-files = 1")
        message = "fail-on-no-files is the number 1, not true or false; write true or false"
        assert message in rosetta("check").stderr


class TestShowFiles:
    def test_it_lists_what_would_be_read_in_the_order_of_the_report(self, write, rosetta):
        write("rosetta-spec.toml", "exclude = ['old']")
        for name in ("b.sampling.json", "a/x.sampling.yaml", "old/a.sampling.json", "c.json"):
            write(name, "nonsense")
        outcome = rosetta("check", "--show-files", ".", "c.json", "./c.json", "-")
        assert outcome == (0, "-\na/x.sampling.yaml\nb.sampling.json\nc.json\n", "")

    def test_no_name_can_forge_a_line(self, write, rosetta):
        write("a\n::error::b.sampling.json")
        assert len(rosetta("check", "--show-files").stdout.splitlines()) == 1

    def test_without_files_it_obeys_the_setting(self, rosetta):
        assert rosetta("check", "--show-files").status == 0
        outcome = rosetta("check", "--show-files", "--fail-on-no-files")
        assert outcome.status == 2
        assert "error: no file was read, and --fail-on-no-files forbids that" in outcome.stderr


class TestGlobs:
    @pytest.fixture(autouse=True)
    def _files(self, write, folder):
        for name in ("a.json", "b.json", "x/c.json", "x/y/d.json", "x/.h.json", ".z/e.json"):
            write(name, GOOD)
        write("w[1].json", GOOD)
        (folder / "loop").symlink_to(".")

    @pytest.mark.parametrize(
        ("glob", "names"),
        [
            ("[ab].json", ["a.json", "b.json"]),
            ("?.json", ["a.json", "b.json"]),
            ("./?.json", ["a.json", "b.json"]),
            ("x/*", ["x/c.json"]),
            ("x/.*", ["x/.h.json"]),
            ("x/**/*.json", ["x/c.json", "x/y/d.json"]),
            ("**/d.json", ["x/y/d.json"]),
            ("**/.h.json", ["x/.h.json"]),
            ("[!abw]*/*/d.json", ["x/y/d.json"]),
            ("*/y/../c.json", ["x/y/../c.json"]),
            ("w[1].json", ["w[1].json"]),
            ("w[[]1].json", ["w[1].json"]),
            ("x/y/**", ["x/y/d.json"]),
            ("**", ["a.json", "b.json", "w[1].json", "x/c.json", "x/y/d.json"]),
        ],
    )
    def test_matches_count_as_named(self, rosetta, glob, names):
        assert rosetta("check", "--show-files", glob).stdout.splitlines() == names
        outcome = rosetta("check", "--format", "json", glob)
        assert (outcome.status, outcome.summary["files"]) == (0, len(names))

    def test_absolute_ones_match(self, rosetta, folder):
        outcome = rosetta("check", "--show-files", folder / "?.json")
        assert outcome.stdout.splitlines() == [f"{folder}/a.json", f"{folder}/b.json"]

    @pytest.mark.parametrize("glob", ["*.yaml", "none/*", "[", "**/none", "a.json/*", "a.json/**"])
    def test_one_without_a_match_is_unreadable(self, rosetta, glob):
        outcome = rosetta("check", "--format", "json", glob)
        assert (outcome.status, outcome.found) == (2, [(glob, "RS001")])
        assert outcome.diagnostics[0]["message"].startswith("no file matches this pattern")

    def test_a_folder_that_cannot_be_listed_has_no_match(self, rosetta, monkeypatch):
        def scandir(path):
            raise PermissionError(13, "Permission denied", path)

        with monkeypatch.context() as patch:
            patch.setattr("os.scandir", scandir)
            assert rosetta("check", "--show-files", "x/*").stdout == "x/*\n"

    def test_a_match_is_left_out_by_force(self, write, rosetta):
        write("rosetta-spec.toml", "exclude = ['b.json']")
        arguments = ("check", "--show-files", "?.json", "--force-exclude")
        assert rosetta(*arguments).stdout == "a.json\n"


def test_files_in_which_macos_keeps_attributes_are_skipped_in_folders(write, rosetta, folder):
    write("a.sampling.json", GOOD)
    write("x/._a.sampling.json", b"\0\5\x16\7")
    assert rosetta("check", "--show-files").stdout == "a.sampling.json\n"
    assert rosetta("check").status == 0
    assert rosetta("check", "x/._a.sampling.json").status == 1
    write("rosetta-spec.toml", "include = ['*.json']")
    assert rosetta("check", "--show-files").stdout == "a.sampling.json\n"
    (folder / ".git").rename(folder / "git")
    assert rosetta("check", "--show-files").stdout == "a.sampling.json\n"


class TestWrongConfiguration:
    @pytest.fixture(
        params=[
            (
                "rosetta-spec.toml",
                "exlude = []",
                "1:1: there is no key exlude in a configuration; did you",
            ),
            ("rosetta-spec.toml", "rulesets = ['p.yaml']", "p.yaml:1:1: "),
            ("pyproject.toml", "# rosetta-spec\n[", "2:2: this is not valid TOML: "),
        ]
    )
    def cause(self, request, write):
        name, content, cause = request.param
        write(f"bad/{name}", content)
        write("bad/p.yaml", "rule: []")
        write("bad/a.sampling.json", BOTH)
        write("bad/b.sampling.json", BOTH)
        write("bad/b.json", BOTH)
        return cause

    def test_findings_of_other_folders_are_reported(self, write, rosetta, folder, cause):
        write("good/a.sampling.json", BOTH)
        outputs = ("--output", "text=report.txt", "--output", "sarif=report.sarif")
        outcome = rosetta("check", "--format", "json", *outputs)
        assert outcome.status == 2
        assert outcome.found == [("good/a.sampling.json", "RS201")]
        (run,) = json.loads((folder / "report.sarif").read_text())["runs"]
        assert run["invocations"] == [{"executionSuccessful": False}]
        assert (outcome.summary["files"], outcome.summary["errors"]) == (1, 1)
        assert "Found 1 error" in (folder / "report.txt").read_text()
        first, *others = outcome.stderr.splitlines()
        assert first.startswith("error: bad/")
        assert cause in first
        assert others == [
            "  not checked: bad/a.sampling.json",
            "  not checked: bad/b.sampling.json",
        ]

    def test_named_files_are_not_checked_either(self, write, rosetta, cause):
        write("good/a.sampling.json", GOOD)
        outcome = rosetta("check", "bad/b.json", "good", "--format", "json")
        assert (outcome.status, outcome.found, outcome.summary["files"]) == (2, [], 1)
        assert cause in outcome.stderr
        assert outcome.stderr.endswith("  not checked: bad/b.json\n")

    def test_without_other_files_there_is_no_report(self, rosetta, folder, cause):
        """A CI host would take one without findings as proof that all are fixed."""
        outcome = rosetta("check", "--output", "sarif=report.sarif")
        assert (outcome.status, outcome.stdout) == (2, "")
        assert cause in outcome.stderr
        assert not (folder / "report.sarif").exists()

    def test_nothing_of_them_is_fixed(self, write, rosetta, folder, cause):
        text = '{"annotationRequestId": "r", "poolName": "p", "sampleCount": "5"}'
        write("good/a.sampling.json", text)
        write("bad/a.sampling.json", text)
        assert rosetta("check", "--fix").status == 2
        assert (folder / "bad/a.sampling.json").read_text() == text
        assert (folder / "good/a.sampling.json").read_text() == text.replace('"5"', "5")

    def test_explain_goes_on_and_submit_does_not(self, write, rosetta, cause):
        write("good/a.sampling.json", GOOD)
        outcome = rosetta("explain")
        assert (outcome.status, "good/a.sampling.json" in outcome.stdout) == (2, True)
        assert "not checked: bad/a.sampling.json" in outcome.stderr
        assert rosetta("explain", "bad").status == 2
        outcome = rosetta("submit", ".", "--dry-run", "--base-url", "https://example.com")
        assert (outcome.status, outcome.stdout) == (2, "")

    def test_a_report_does_not_replace_it(self, write, rosetta, folder, cause):
        write("good/a.sampling.json", GOOD)
        for path in folder.glob("bad/*.toml"):
            assert rosetta("check", "--output", f"text={path}").status == 2
            assert path.read_text() != ""
            assert "Checked" not in path.read_text()


def test_a_wrong_file_that_governs_no_request_is_reported(write, rosetta):
    write("bad/rosetta-spec.toml", "x")
    write("good/rosetta-spec.toml", "ignore = []")
    write("good/a.sampling.json", GOOD)
    outcome = rosetta("check")
    assert (outcome.status, outcome.stdout) == (2, "Checked 1 file, all fine.\n")
    assert outcome.stderr.startswith("error: bad/rosetta-spec.toml:1:2: ")


def test_two_wrong_files_are_reported_and_one_cause_once(write, rosetta):
    write("base.toml", "x")
    for name in "ab":
        write(f"{name}/rosetta-spec.toml", "extend = '../base.toml'")
        write(f"{name}/a.sampling.json", GOOD)
    write("c/rosetta-spec.toml", "y = 1")
    write("d/a.sampling.json", GOOD)
    outcome = rosetta("check")
    assert outcome.status == 2
    causes = [line for line in outcome.stderr.splitlines() if line.startswith("error: ")]
    assert [line.split(":")[1] for line in causes] == [" base.toml", " c/rosetta-spec.toml"]
    assert outcome.stderr.count("  not checked: ") == 2


@pytest.mark.parametrize("paths", [".", "cabd", "dbac"])
def test_wrong_files_are_reported_in_one_order(write, rosetta, paths):
    for name in "cab":
        write(f"{name}/rosetta-spec.toml", f"{name} = 1")
        write(f"{name}/a.sampling.json", GOOD)
    write("d/a.sampling.json", GOOD)
    outcome = rosetta("check", *paths)
    causes = [line for line in outcome.stderr.splitlines() if line.startswith("error: ")]
    assert [line.split("/")[0] for line in causes] == ["error: a", "error: b", "error: c"]


def test_a_rule_of_a_ruleset_that_cannot_be_used_may_be_named(write, rosetta):
    write("bad/rosetta-spec.toml", "rulesets = ['p.yaml']")
    write("bad/p.yaml", "rule: []")
    write("good/a.sampling.json", BOTH)
    outcome = rosetta("check", "--ignore", "POL001", "--format", "json")
    assert (outcome.status, outcome.found) == (2, [("good/a.sampling.json", "RS201")])


def test_the_configuration_of_a_call_has_to_be_right(write, rosetta):
    write("mine.toml", "x")
    write("a.sampling.json", BOTH)
    outcome = rosetta("check", "--config", "mine.toml")
    assert (outcome.status, outcome.stdout) == (2, "")


class TestNewName:
    """`new` warns of a name that is not read when its folder is checked."""

    NOT_READ = "is not read when its folder is checked; "

    @pytest.mark.parametrize("name", ["a.sampling.yaml", "a.Sampling.YML"])
    def test_a_usual_name_is_fine(self, rosetta, name):
        assert "warning" not in rosetta("new", name).stderr

    @pytest.mark.parametrize("name", ["a.yaml", "a", "._a.sampling.yaml"])
    def test_another_is_warned_of(self, rosetta, name):
        outcome = rosetta("new", name)
        assert outcome.status == 0
        assert f"warning: {name} {self.NOT_READ}only names that end in" in outcome.stderr

    def test_the_configuration_decides(self, write, rosetta):
        write("rosetta-spec.toml", "include = ['*.req']\nexclude = ['old']")
        assert "warning" not in rosetta("new", "a.req").stderr
        where = "include in rosetta-spec.toml:1 says which files are"
        assert f"{self.NOT_READ}{where}" in rosetta("new", "a.sampling.yaml").stderr
        write("b/rosetta-spec.toml", "exclude = ['old']")
        write("b/old/x")
        stderr = rosetta("new", "b/old/a.sampling.yaml").stderr
        assert f"{self.NOT_READ}exclude in b/rosetta-spec.toml:1" in stderr
        write("c/rosetta-spec.toml", "x")
        assert "warning" not in rosetta("new", "c/a.yaml").stderr


@pytest.mark.parametrize("command", ["check", "explain", "submit"])
def test_an_empty_path_is_a_usage_error(rosetta, command):
    outcome = rosetta(command, "", stdin=GOOD.encode())
    assert (outcome.status, outcome.stdout) == (2, "")
    assert "a path is empty; the current folder is ." in outcome.stderr


@pytest.mark.parametrize(
    "call",
    [
        ("check", "--config"),
        ("check", "--baseline"),
        ("submit", "--credentials"),
        ("submit", "--journal"),
        ("schema", "--output"),
        ("new",),
    ],
)
def test_so_is_an_empty_name_of_a_file(rosetta, call):
    outcome = rosetta(*call, "")
    assert (outcome.status, outcome.stdout) == (2, "")
    assert outcome.stderr.endswith(": a path is empty; name a file\n")
