"""What a configuration file settles, with what it extends; and what is wrong, at its place."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosetta_spec.config.loading import ConfigLoader
from rosetta_spec.errors import WrongFileError
from rosetta_spec.spec.ruleset import ALWAYS, builtin_ruleset


@pytest.fixture
def load(write):
    """Load a configuration file of this text."""

    def load(text, name="rosetta-spec.toml"):
        return ConfigLoader().load(str(write(name, text)))

    return load


@pytest.fixture
def error_of(load):
    """The message about a wrong configuration file."""

    def error_of(text, name="rosetta-spec.toml"):
        with pytest.raises(WrongFileError) as error:
            load(text, name)
        return str(error.value)

    return error_of


class TestRight:
    def test_an_empty_one_sets_nothing(self, load):
        config = load("")
        assert config == (("rosetta-spec.toml",), builtin_ruleset(), *config[2:])
        assert not any((config.include, config.exclude, config.fail_on, config.rulesets))
        assert (config.select, config.ignore, config.severity) == (None, None, {})
        assert config.file_ignores == {}

    def test_every_setting_is_read(self, load, write_policy):
        write_policy("policy.yaml")
        config = load(
            'include = ["*.req"]\nexclude = ["old"]\nselect = ["RS401", "large-share"]\n'
            'ignore = ["missing-join-type"]\nfail-on = "info"\nrulesets = ["policy.yaml"]\n'
            '[severity]\nRS404 = "off"\nlong-identifier = "error"\nRS001 = "warning"\n'
            '[per-file-ignores]\n"a/*" = ["POL001"]\n'
        )
        assert config.include.value.patterns == ("*.req",)
        assert str(config.exclude.origin) == "exclude in rosetta-spec.toml:2"
        assert config.select.value == {"RS401", "POL001"}
        assert config.ignore.value == {"RS402"}
        severity = {code: (word, str(origin)) for code, (word, origin) in config.severity.items()}
        assert severity == {
            "RS404": ("off", "severity in rosetta-spec.toml:8"),
            "RS406": ("error", "severity in rosetta-spec.toml:9"),
            "RS001": ("warning", "severity in rosetta-spec.toml:10"),
        }
        assert config.fail_on.value == "info"
        assert config.ruleset.find("POL001").name == "large-share"
        (here,) = config.ignored_in(os.path.realpath("a/b"))
        assert (here.value, here.origin.row) == ({"POL001"}, 12)
        assert config.ignored_in(os.path.realpath("b/a")) == ()

    def test_a_byte_order_mark_and_line_breaks_of_windows_do_not_matter(self, load):
        config = load("\ufeff# é\r\nignore = [\r\n  'RS402'\r\n]\r\n")
        assert config.ignore.origin.row == 2

    def test_it_may_be_a_table_of_a_shared_file(self, load):
        config = load(
            "[project]\nx = 1\n[tool.rosetta-spec]\nignore = ['RS402']\n", "pyproject.toml"
        )
        assert str(config.ignore.origin) == "ignore in pyproject.toml:4"

    def test_the_example_of_the_docs_is_right(self, load, write, write_policy):
        page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
        text = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)[0]
        write("rosetta-spec.toml", "severity.RS405 = 'off'")
        write_policy("team/policy/rules.yaml")
        config = load(text, "team/rosetta-spec.toml")
        assert set(config.severity) == {"RS404", "RS405", "RS406"}
        assert config.file_ignores.keys() == {"requests/old/**"}


class TestExtending:
    def test_the_nearer_one_wins_key_by_key(self, load, write):
        write("base.toml", "select = ['RS201']\nignore = ['RS402']\nfail-on = 'info'")
        config = load("extend = 'base.toml'\nselect = []")
        assert config.filenames == ("rosetta-spec.toml", "base.toml")
        assert config.select.value == set()
        assert str(config.ignore.origin) == "ignore in base.toml:2"
        assert config.fail_on.value == "info"

    def test_tables_are_merged_by_their_keys(self, load, write):
        write(
            "base.toml",
            "severity = {RS401 = 'error', missing-join-type = 'error'}\n"
            "per-file-ignores = {'a' = ['RS401'], 'b' = ['RS401']}",
        )
        config = load(
            "extend = 'base.toml'\nseverity.RS402 = 'off'\nper-file-ignores = {'b' = ['RS402']}"
        )
        severity = {code: word for code, (word, _) in config.severity.items()}
        assert severity == {"RS401": "error", "RS402": "off"}
        assert {name: set(it.rules.value) for name, it in config.file_ignores.items()} == {
            "a": {"RS401"},
            "b": {"RS402"},
        }

    def test_of_several_the_later_ones_win(self, load, write):
        write("one.toml", "fail-on = 'info'\nselect = ['RS201']")
        write("two.toml", "fail-on = 'never'\nextend = 'three.toml'")
        write("three.toml", "fail-on = 'warning'\nignore = ['RS402']")
        config = load("extend = ['one.toml', 'two.toml']")
        assert config.fail_on.value == "never"
        assert config.select.value == {"RS201"}
        assert config.ignore.value == {"RS402"}
        assert set(config.filenames) == {
            f"{n}.toml" for n in ("rosetta-spec", "one", "two", "three")
        }

    def test_many_ways_to_one_file_are_read_once(self, load, write):
        for number in range(40):
            write(f"{number}.toml", f"extend = ['{number + 1}.toml', '{number + 1}.toml']")
        write("40.toml", "fail-on = 'info'")
        config = load("extend = '0.toml'")
        assert config.fail_on.value == "info"
        assert config.filenames == ("rosetta-spec.toml", *(f"{n}.toml" for n in range(41)))

    def test_one_may_be_extended_twice(self, load, write):
        write("a.toml", "extend = 'c.toml'")
        write("b.toml", "extend = 'c.toml'")
        write("c.toml", "fail-on = 'info'")
        assert load("extend = ['a.toml', 'b.toml']").fail_on.value == "info"

    def test_paths_and_patterns_are_of_the_file_in_which_they_are(
        self, load, write, write_policy, folder
    ):
        write_policy("shared/policy.yaml")
        write(
            "shared/base.toml",
            "rulesets = ['policy.yaml']\nexclude = ['/old']\nignore = ['POL001']",
        )
        config = load("extend = 'shared/base.toml'")
        root = os.path.realpath(folder)
        assert config.ruleset.find("POL001")
        assert config.exclude.value.has_match(f"{root}/shared/old")
        assert not config.exclude.value.has_match(f"{root}/old")

    def test_rules_of_an_extended_ruleset_have_names_here(self, load, write, write_policy):
        write_policy("policy.yaml")
        write("base.toml", "rulesets = ['policy.yaml']")
        assert load("extend = 'base.toml'\nignore = ['large-share']").ignore.value == {"POL001"}

    def test_whether_one_is_right_does_not_depend_on_who_extends_it(
        self, load, write, write_policy
    ):
        write_policy("policy.yaml")
        write_policy("other.yaml", "POL002", "small-share")
        write("base.toml", "rulesets = ['policy.yaml']\nignore = ['POL001']")
        config = load("extend = 'base.toml'\nrulesets = ['other.yaml']\nselect = ['POL002']")
        assert config.ruleset.find("POL001") is None
        assert config.ruleset.find("POL002")

    def test_several_rulesets_are_loaded_one_beside_the_other(self, load, write_policy):
        write_policy("a.yaml")
        write_policy("b.yaml", "POL002", "small-share")
        rules = load("rulesets = ['a.yaml', 'b.yaml']").ruleset.rules
        assert [rule.code for rule in rules if rule.code.startswith("POL")] == ["POL001", "POL002"]


NO_FILE = "write a path from the folder of this file"


class TestWrong:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("x = 1", "1:1: there is no key x in a configuration; remove it, or write include, "),
            (
                "\n[tool.rosetta-spec]\nx = 1",
                "2:1: there is no key tool in a configuration; only pypr",
            ),
            (
                "[rosetta-spec]\nignore = []",
                "1:1: there is no key rosetta-spec in a configuration; only",
            ),
            ("# x\nexlude = []", "2:1: there is no key exlude in a configuration; did"),
            ("ignore = [' RS402 ']", '1:11: there is no rule " RS402 "; the nearest is RS402'),
            ("ignore = [\n  'RS402',\n  'RS999',\n]", "3:3: there is no rule RS999; "),
            (
                "ignore = ['ratio-with-quantty']",
                "1:11: there is no rule ratio-with-quantty; did you",
            ),
            (
                "select = ['POL001']",
                "1:11: there is no rule POL001; the nearest is RS001, and `rosetta-spec rule`",
            ),
            ("select = ['\\u001b[1m']", "1:11: there is no rule "),
            ("ignore = ['']", '1:11: there is no rule ""; '),
            ("[severity]\n\nRS999 = 'off'", "3:1: there is no rule RS999"),
            ("[per-file-ignores]\na = ['RS402', 'x']", "2:15: there is no rule x"),
            (
                "severity = {RS401 = 'off', ignored-setting = 'error'}",
                "1:28: RS401 has a severity twice",
            ),
            (
                "exclude = ['a',\n '*.[json']",
                '2:2: the pattern "*.[json" could never match; write a name such as "generated"',
            ),
            (
                "[per-file-ignores]\n'[z-a]' = ['RS402']",
                '2:1: the pattern "[z-a]" could never match',
            ),
            (
                f"exclude = {['a'] * 1001}",
                "1:1: exclude has more than 1,000 patterns; name folders",
            ),
            ("extend = 'x.toml'", f'1:10: there is no file "x.toml"; {NO_FILE}'),
            ("extend = ['a\\u0000']", "1:11: there is no file "),
            ("extend = [\n'.']", '2:1: there is no file "."'),
            ("rulesets = ['x.yaml']", f'1:13: there is no file "x.yaml"; {NO_FILE}'),
            ("extend = 'rosetta-spec.toml'", '1:10: extending "rosetta-spec.toml" leads back to'),
            ("a", "1:2: this is not valid TOML: expected '=' after a key in a key/value pair"),
            (
                "fail-on = warning",
                "1:11: this is not valid TOML: invalid value; write text in quotes",
            ),
            (
                "select = [\n  RS201,\n]",
                "2:3: this is not valid TOML: invalid value; write text in",
            ),
            (
                "[severity",
                "1:10: this is not valid TOML: expected ']' at the end of a table declaration",
            ),
            (
                "severity = {RS201 = x}",
                "1:21: this is not valid TOML: invalid value; write text in",
            ),
            (
                "fail-on-no-files = True",
                "1:20: this is not valid TOML: invalid value; write text in quotes, lists in [ ]",
            ),
            (
                "fail-on: error",
                "1:8: this is not valid TOML: expected '=' after a key in a key/value pair; write",
            ),
            ("[per-file-ignores]\nold/* = ['RS402']", "2:4: this is not valid TOML: expected '='"),
            (
                "select = []\nselect = []",
                "2:12: this is not valid TOML: cannot overwrite a value; write each key and",
            ),
            (
                "[severity]\n[severity]",
                "2:10: this is not valid TOML: cannot declare severity twice; write each key and",
            ),
            (
                "['a b'.c]\n['a b'.c]",
                "2:9: this is not valid TOML: cannot declare a b.c twice; write each key and",
            ),
            (
                "severity = {RS201 = 'off', RS201 = 'off'}",
                "1:41: this is not valid TOML: duplicate inline table key 'RS201'; write each key",
            ),
            (
                "[severity.]",
                "1:11: this is not valid TOML: invalid initial character for a key part; write a",
            ),
            ("exclude = ['a' 'b']", "1:16: this is not valid TOML: unclosed array; write text in"),
            ("severity = 2020-01-01", '1:12: severity is the string "2020-01-01", not an object'),
            ("select = [2020-01-01]", "1:11: there is no rule 2020-01-01"),
            ("select = ['RS201' x]", "1:19: this is not valid TOML: "),
            ("fail-on =\nselect = []", "1:10: this is not valid TOML: invalid value; write text"),
            ("\na = [", "2:6: this is not valid TOML: "),
            ("ignore = [] # \x00", "1:15: this is not valid TOML: "),
        ],
    )
    def test_the_first_problem_is_reported_at_its_place(self, error_of, text, message):
        assert error_of(text).startswith(f"rosetta-spec.toml:{message}")

    @pytest.mark.parametrize("code", sorted(ALWAYS))
    def test_rules_that_cannot_be_disabled_are_rejected_in_ignore(self, error_of, load, code):
        name = builtin_ruleset().find(code).name
        for text, called in (
            (f"ignore = ['{name}']", f"{name} ({code})"),
            (f"severity.{code} = 'off'", code),
            (f"per-file-ignores.a = ['{name}']", f"{name} ({code})"),
        ):
            assert f": {called} cannot be disabled; leave it out" in error_of(text)
        load(f"severity.{name} = 'warning'\nselect = ['{code}']")

    def test_the_first_problem_in_the_text_is_reported(self, error_of):
        assert error_of("severity.x = 'off'\nignore = ['y']").startswith("rosetta-spec.toml:1:10: ")

    def test_a_chain_may_not_be_endless(self, error_of, write):
        for number in range(101):
            write(f"{number}.toml", f"extend = '{number + 1}.toml'")
        output = "99.toml:1:10: more than 100 files extend each other; extend fewer"
        assert error_of("extend = '0.toml'") == output

    def test_a_cycle_is_reported_where_it_closes(self, error_of, write):
        write("base.toml", "fail-on = 'info'\nextend = ['rosetta-spec.toml']")
        output = (
            'base.toml:2:11: extending "rosetta-spec.toml" leads back to the same file; remove it'
        )
        assert error_of("extend = 'base.toml'") == output

    def test_what_is_extended_is_wrong_in_its_own_file(self, error_of, write):
        write("base.toml", "fail-on = 1")
        assert error_of("extend = 'base.toml'").startswith(
            "base.toml:1:11: fail-on is the number 1"
        )

    def test_a_wrong_ruleset_is_wrong_in_its_own_file(self, error_of, write):
        write("policy.yaml", "rules:\n  - code: X\n")
        assert error_of("rulesets = ['policy.yaml']").startswith("policy.yaml:")

    def test_a_shared_file_needs_our_table(self, error_of, write):
        output = "pyproject.toml:1:1: this file has no table [tool.rosetta-spec]; add it,"
        assert error_of("[tool.x]", "pyproject.toml").startswith(output)
        write("a/pyproject.toml", "[tool]")
        output = 'rosetta-spec.toml:1:10: "a/pyproject.toml" has no table [tool.rosetta-spec]; add'
        assert error_of("extend = 'a/pyproject.toml'").startswith(output)

    def test_what_is_no_table_at_all_is_reported(self, error_of):
        output = "pyproject.toml:2:16: a configuration is the number 5, not an object; write"
        assert error_of("[tool]\nrosetta-spec = 5", "pyproject.toml").startswith(output)

    @pytest.mark.parametrize(
        ("name", "output"),
        [
            ("no.toml", "no.toml: there is no such configuration file; check the path"),
            (".", r"\.: this is a folder, not a configuration file; name a file in it"),
            ("x" * 300, "x{300}: this configuration file cannot be read: file name too long; "),
        ],
    )
    def test_a_file_that_cannot_be_read_is_reported(self, folder, name, output):
        with pytest.raises(WrongFileError, match=f"^{output}"):
            ConfigLoader().load(str(folder / name))

    def test_one_that_is_no_utf8_is_reported_at_its_place(self, error_of, write):
        write("base.toml", b"# \xc3\xa9\n# \xe9\n")
        output = "base.toml:2:3: this is not UTF-8; save it as UTF-8"
        assert error_of("extend = 'base.toml'") == output

    def test_one_that_is_huge_is_reported(self, error_of, monkeypatch):
        monkeypatch.setattr("rosetta_spec.config.toml_file._MAX_BYTES", 1024)
        assert "is larger than 1 KiB; check the path" in error_of("# " + "x" * 1024)

    def test_one_that_is_nested_too_deeply_is_reported(self, error_of):
        deep = "[" * 5000 + "]" * 5000
        assert "nested too deeply; use fewer levels" in error_of(f"ignore = {deep}")

    def test_one_on_another_drive_of_windows_is_called_as_it_is(
        self, error_of, monkeypatch, folder
    ):
        def relpath(*_):
            message = "path is on mount 'D:', start on mount 'C:'"
            raise ValueError(message)

        monkeypatch.setattr("os.path.relpath", relpath)
        assert error_of("x = 1").startswith(f"{os.path.realpath(folder)}/rosetta-spec.toml:1:1: ")


PIECES = [
    *(b"ignore", b"severity", b"extend", b"per-file-ignores", b"include", b"rulesets", b"fail-on"),
    *(
        b" = ",
        b"[",
        b"]",
        b"{",
        b"}",
        b"'",
        b'"',
        b",",
        b"\n",
        b"\r",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\0",
    ),
    *(
        b"RS402",
        b"RS001",
        b"off",
        b"*.json",
        b"rosetta-spec.toml",
        b"2020-01-01",
        b"1e9",
        b"nan",
        b".",
    ),
    *(b"'RS402'", b"['RS402']", b"{RS402 = 'off'}", b"#", b"\\", b"9" * 5000, b"[" * 300),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join) | st.binary(max_size=20))
@example(b"ignore = " + b"9" * 5000)
@example(b"ignore = " + b"[" * 200 + b"]" * 200)
@example(b"severity" + b".a" * 2000 + b" = 1")
def test_with_any_bytes_a_config_is_read_or_reported_as_wrong(write, content):
    path = write("rosetta-spec.toml", content)
    try:
        ConfigLoader().load(str(path))
    except WrongFileError as caught:
        error = caught
    else:
        return
    assert error.location >= (1, 1)
    assert str(error).startswith(f"rosetta-spec.toml:{error.location.row}:")


LINES = [
    "include = ['*.req']",
    "exclude = ['old']",
    "select = ['RS401', 'RS402']",
    "ignore = ['RS402']",
    "fail-on = 'info'",
    "severity.RS401 = 'error'",
    "severity.RS402 = 'off'",
    "per-file-ignores.a = ['RS401']",
    "per-file-ignores.b = ['RS402']",
    "extend = 'base.toml'",
]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=20,
)
@given(st.permutations(LINES))
def test_the_order_of_keys_never_matters(write, lines):
    write("base.toml", "fail-on = 'never'\nper-file-ignores.c = ['RS405']")
    assert effective(write, lines) == effective(write, LINES)


def effective(write, lines):
    config = ConfigLoader().load(str(write("rosetta-spec.toml", "\n".join(lines))))
    return (
        config.include.value.patterns,
        config.exclude.value.patterns,
        config.select.value,
        config.ignore.value,
        {code: word for code, (word, _) in config.severity.items()},
        {name: it.rules.value for name, it in config.file_ignores.items()},
        config.fail_on.value,
    )
