"""Settings as people use them: files in real repositories, and the command."""

import json
import os
import subprocess
import sys

import pytest

IDLE = '{"annotationRequestId": "r-1", "poolName": "p", "sequenceLength": 5}'
GOOD = '{"annotationRequestId": "r-1", "poolName": "p", "samplingRatio": 0.5}'


@pytest.fixture(autouse=True)
def _in_a_repository(repository):
    """Nothing above the folder of a test has a say."""


def concise(outcome):
    return [line.split(":")[0] for line in outcome.stdout.splitlines() if ": " in line]


class TestFolders:
    def test_each_file_is_judged_by_its_own_closest_config(self, write, rosetta):
        write("a.sampling.json", IDLE)
        write("quiet/a.sampling.json", IDLE)
        write("quiet/.rosetta-spec.toml", "ignore = ['ignored-setting', 'RS501']")
        write("strict/a.sampling.json", IDLE)
        write("strict/pyproject.toml", "[tool.rosetta-spec]\nseverity.RS401 = 'error'")
        outcome = rosetta("check", "--format", "json")
        found = [(each["filename"], each["severity"]) for each in outcome.diagnostics]
        assert found == [("a.sampling.json", "warning"), ("strict/a.sampling.json", "error")]
        assert outcome.status == 1

    def test_each_finding_is_judged_by_what_its_own_file_fails_on(self, write, rosetta):
        write("a.sampling.json", IDLE)
        write("b/a.sampling.json", GOOD)
        write("b/rosetta-spec.toml", "fail-on = 'warning'")
        assert rosetta("check").status == 0
        write("b/a.sampling.json", IDLE)
        assert rosetta("check").status == 1
        assert rosetta("check", "--fail-on", "error").status == 0

    def test_what_git_ignores_is_not_read_even_if_included(self, write, rosetta):
        write(".gitignore", "*.tmp.json")
        write("rosetta-spec.toml", "include = ['*.json']\nexclude = ['old']")
        for name in ("a.json", "a.tmp.json", "old/a.json", "b/old/a.json", "B.JSON"):
            write(name, IDLE)
        outcome = rosetta("check", "--format", "json")
        assert [name for name, _ in outcome.found] == ["a.json"]

    @pytest.mark.parametrize("name", ["rosetta-spec.toml", "pyproject.toml"])
    def test_a_config_below_widens_its_own_folder(self, write, rosetta, name):
        write("pyproject.toml", "[project]")
        table = "[tool.rosetta-spec]\n" if name == "pyproject.toml" else ""
        write(f"a/{name}", f"{table}include = ['*.json']")
        for path in ("x.json", "a/x.json", "a/b/x.json", "b.sampling.json"):
            write(path, IDLE.replace("r-1", path))
        found = [name for name, _ in rosetta("check", "--format", "json").found]
        assert found == ["a/b/x.json", "a/x.json", "b.sampling.json"]

    def test_outside_of_a_repository_it_is_the_same(self, write, rosetta, folder):
        (folder / ".git").rename(folder / "git")
        write("rosetta-spec.toml", "include = ['*.json']\nexclude = ['old', 'git']")
        for name in ("a.json", "old/a.json", "b/a.json"):
            write(name, IDLE.replace("r-1", name))
        assert [name for name, _ in rosetta("check", "--format", "json").found] == [
            "a.json",
            "b/a.json",
        ]

    def test_an_unreadable_folder_that_is_excluded_is_not_reported(
        self, write, rosetta, folder, monkeypatch
    ):
        def scandir(path):
            if os.path.basename(path) == "shut":  # noqa: PTH119 - any kind of path
                raise PermissionError(13, "Permission denied", path)
            return scan(path)

        scan = os.scandir
        monkeypatch.setattr("os.scandir", scandir)
        (folder / ".git").rename(folder / "git")
        write("rosetta-spec.toml", "exclude = ['shut']")
        write("a.sampling.json", GOOD)
        write("shut/a.sampling.json", GOOD)
        assert rosetta("check").status == 0
        write("rosetta-spec.toml")
        assert rosetta("check").status == 2

    def test_a_folder_without_any_names_the_setting_that_decides(self, write, rosetta):
        write("rosetta-spec.toml", "\ninclude = ['*.req']")
        outcome = rosetta("check")
        expected = (
            "no sampling request in .: include in rosetta-spec.toml:2 says which are read, and"
        )
        assert expected in outcome.stderr
        assert outcome.status == 0

    def test_a_config_above_the_repository_does_not_apply(self, write, rosetta, git):
        write("rosetta-spec.toml", "ignore = ['RS401']")
        write("inner/a.sampling.json", IDLE)
        git("init", "-q", "inner")
        assert rosetta("check", "inner", "--format", "json").found == [
            ("inner/a.sampling.json", "RS401")
        ]


class TestNamedFiles:
    def test_they_are_read_unless_their_exclusion_is_forced(self, write, rosetta):
        write("rosetta-spec.toml", "exclude = ['old']")
        write("old/a.json", IDLE)
        assert rosetta("check", "old/a.json", "--format", "json").summary["files"] == 1
        outcome = rosetta("check", "old/a.json", "--format", "json", "--force-exclude")
        assert (outcome.summary["files"], outcome.status, outcome.stderr) == (0, 0, "")

    def test_standard_input_has_the_settings_of_its_name_or_of_the_folder(self, write, rosetta):
        write("rosetta-spec.toml", "ignore = ['RS401']")
        write("a/rosetta-spec.toml", "exclude = ['b']")
        stdin = IDLE.encode()
        assert rosetta("check", "-", "--format", "json", stdin=stdin).found == []
        named = ("check", "-", "--stdin-filename", "a/b/c.json", "--format", "json")
        assert rosetta(*named, stdin=stdin).found == [("a/b/c.json", "RS401")]
        assert rosetta(*named, "--force-exclude", stdin=stdin).summary["files"] == 0


class TestOptions:
    def test_one_config_for_every_file_or_none(self, write, rosetta):
        write("rosetta-spec.toml", "severity.RS401 = 'error'")
        write("mine.toml", "ignore = ['RS401']")
        write("a.sampling.json", IDLE)
        assert rosetta("check").status == 1
        assert rosetta("check", "--config", "mine.toml", "--format", "json").found == []
        assert rosetta("check", "--isolated", "--format", "json").found != []
        assert rosetta("check", "--isolated").status == 0

    @pytest.mark.parametrize("command", ["check", "rule", "schema"])
    def test_both_together_are_a_wrong_call(self, rosetta, command):
        outcome = rosetta(command, "--isolated", "--config", "mine.toml")
        assert outcome.status == 2
        assert (
            "--config and --isolated cannot be used together; remove one of them" in outcome.stderr
        )

    def test_what_is_selected_and_ignored_in_a_call_is_louder(self, write, rosetta):
        write("rosetta-spec.toml", "ignore = ['RS401']\nper-file-ignores.'b*' = ['RS401']")
        write("a.json", IDLE)
        write("b.json", IDLE)
        call = ("check", "a.json", "b.json", "--format", "json", "--select", "RS401")
        assert rosetta(*call).found == [("a.json", "RS401")]
        assert rosetta(*call, "--ignore", "ignored-setting").found == []

    @pytest.mark.parametrize("arguments", [["a.json"], ["a.json", "--statistics"]])
    def test_a_wrong_config_is_reported_at_its_place_and_nothing_is_checked(
        self, write, rosetta, arguments
    ):
        write("rosetta-spec.toml", "\nexlude = ['old']")
        write("a.json", IDLE)
        outcome = rosetta("check", *arguments)
        assert (outcome.status, outcome.stdout) == (2, "")
        expected = (
            "error: rosetta-spec.toml:2:1: there is no key exlude in a configuration;"
            " did you mean exclude?\n"
        )
        assert outcome.stderr == expected

    def test_a_wrong_ruleset_is_reported_at_its_place(self, write, rosetta):
        write("rosetta-spec.toml", "rulesets = ['policy.yaml']")
        write("policy.yaml", "rules: 5")
        write("a.json", IDLE)
        outcome = rosetta("check", "a.json")
        assert (outcome.status, outcome.stdout) == (2, "")
        assert outcome.stderr.startswith("error: policy.yaml:1:8: rules is the number 5")


class TestRulesets:
    @pytest.fixture(autouse=True)
    def _policy(self, write, write_policy):
        write("rosetta-spec.toml", "rulesets = ['policy/rules.yaml']\nseverity.RS402 = 'error'")
        write_policy("policy/rules.yaml")

    def test_their_rules_are_checked_as_ours_are(self, write, rosetta):
        write("a.sampling.json", GOOD)
        outcome = rosetta("check", "--format", "json")
        assert outcome.found == [("a.sampling.json", "POL001")]
        assert rosetta("check", "--ignore", "large-share").status == 0

    def test_several_processes_find_the_same(self, write):
        lines = "".join(f"{GOOD}\n".replace("r-1", f"r-{each}") for each in range(3000))
        write("a.jsonl", lines)
        write("policy/b.jsonl", lines.replace('"p"', '"q"'))
        write(
            "policy/rosetta-spec.toml", "extend = '../rosetta-spec.toml'\nseverity.POL001 = 'info'"
        )
        script = "from rosetta_spec.runner import tasks; tasks._SMALL = 0; "
        script += "import sys; from rosetta_spec.__main__ import main; sys.exit(main())"

        def run(jobs):
            arguments = ["check", "a.jsonl", "policy/b.jsonl", "--jobs", jobs, "--format", "jsonl"]
            command = [sys.executable, "-c", script, *arguments]
            return subprocess.run(command, capture_output=True, check=False, env=os.environ)

        one, two = run("1"), run("2")
        assert one.stdout == two.stdout
        assert (one.returncode, two.returncode, two.stderr) == (1, 1, b"")
        severities = [json.loads(line)["severity"] for line in one.stdout.splitlines()]
        assert severities == ["error"] * 3000 + ["info"] * 3000

    def test_they_are_listed_and_explained(self, rosetta):
        assert "POL001  error    large-share" in rosetta("rule").stdout
        assert rosetta("rule", "large-share").stdout.startswith("POL001 large-share (error)\n")
        codes = [each["code"] for each in json.loads(rosetta("rule", "--format", "json").stdout)]
        assert codes[0] == "POL001"
        assert rosetta("rule", "POL001", "--isolated").status == 2

    def test_the_bundled_schema_has_them_and_the_severities_of_the_settings(self, rosetta):
        bundle = rosetta("schema", "--bundle").stdout
        assert "POL001 large-share" in bundle
        assert '"errorMessage": "RS402 missing-join-type' in bundle
        ours = rosetta("schema", "--bundle", "--isolated").stdout
        assert "POL001" not in ours
        assert '"errorMessage": "RS402' not in ours
        assert '"deprecationMessage": "RS402' in ours
        assert rosetta("schema").stdout == rosetta("schema", "--isolated").stdout


class TestShownSettings:
    @pytest.fixture(autouse=True)
    def _settings(self, write):
        write("a/rosetta-spec.toml", "ignore = ['RS402']\nexclude = [\"x\\u001b]m\"]")

    def test_as_text_for_each_file(self, rosetta):
        outcome = rosetta("check", "--show-settings", "a/b.json", "c.json")
        assert outcome.status == 0
        assert "RS402  off      missing-join-type" in outcome.stdout
        assert "ignore in a/rosetta-spec.toml:1\n" in outcome.stdout
        assert "\nc.json\nconfiguration: none\n" in outcome.stdout
        assert "\x1b" not in outcome.stdout

    def test_as_json(self, rosetta):
        outcome = rosetta("check", "a/b.json", "-", "--show-settings", "--format", "json")
        shown = json.loads(outcome.stdout)
        assert shown["version"] == 1
        assert [each["filename"] for each in shown["files"]] == ["a/b.json", "-"]
        assert [each["configuration"] for each in shown["files"]] == [["a/rosetta-spec.toml"], []]

    @pytest.mark.parametrize(("path", "name"), [("a", "a"), (".", "."), ("a/*.json", "a/b.json")])
    def test_a_folder_has_that_of_its_files_and_a_pattern_is_one_for_files(
        self, rosetta, write, path, name
    ):
        write("rosetta-spec.toml")
        write("a/b.json")
        config = "rosetta-spec.toml" if path == "." else "a/rosetta-spec.toml"
        outcome = rosetta("check", "--show-settings", path)
        assert outcome.stdout.startswith(f"{name}\nconfiguration: {config}\n")
        assert ("read where it is found in a folder" in outcome.stdout) == ("*" in path)

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ([], "--show-settings needs a file; name one"),
            (["a", "--format", "jsonl"], "has no format jsonl; choose text or json"),
            (["a", "--select", "RS999"], "there is no rule RS999"),
        ],
    )
    def test_a_wrong_call_is_reported(self, rosetta, arguments, expected):
        outcome = rosetta("check", "--show-settings", *arguments)
        assert (outcome.status, outcome.stdout) == (2, "")
        assert expected in outcome.stderr
