"""Policies that are shared: rulesets in installed packages, and rulesets that build on others."""

import sys
import zipfile
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from rosetta_spec.config.settings import settings_of
from rosetta_spec.errors import WrongFileError
from rosetta_spec.spec.loading import load_ruleset

REQUEST = "annotationRequestId: a\npoolName: b\nsamplingRatio: 0.5\n"

RULE = """\
  - code: {code}
    name: {name}
    severity: error
    kind: schema
    at: [/samplingRatio]
    schema: {{maximum: {most}}}
    wants: is at most {most}
    message: "{{path}} {{value}} is too much"
    help: "write a ratio that {{wants}}"
    why: It is our policy.
    source: Policy.
    bad: "annotationRequestId: a\\npoolName: b\\nsamplingRatio: 1\\n"
    good: "annotationRequestId: a\\npoolName: b\\nsamplingRatio: 0.1\\n"
"""


def rules(*codes, most=0.2):
    made = (RULE.format(code=code, name=f"too-much-{code[-1]}", most=most) for code in codes)
    return "rules:\n" + "".join(made)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package that cannot be imported, in a folder where Python looks for packages."""

    def install(name="our_policy", place="site", **files):
        folder = tmp_path / place / name
        folder.mkdir(parents=True, exist_ok=True)
        if "init" not in files:
            files["init"] = "raise RuntimeError('it was executed')"
        for file, text in files.items():
            path = folder / {"init": "__init__.py", "toml": "rosetta-spec.toml"}.get(
                file, "rules.yaml"
            )
            path.write_text(text, encoding="utf-8")
        if str(tmp_path / place) not in sys.path:
            monkeypatch.syspath_prepend(str(tmp_path / place))
        return folder

    return install


@pytest.fixture(autouse=True)
def _in_a_repository(repository, write):
    write("a.sampling.yaml", REQUEST)


def codes(rosetta):
    return [each["code"] for each in rosetta("check", "--format", "json").diagnostics]


def wrong(settings, write):
    path = write("rosetta-spec.toml", settings)
    with pytest.raises(WrongFileError) as error:
        settings_of("a.sampling.yaml")
    assert error.value.filename == Path(path).name
    return str(error.value).removeprefix(f"{error.value.filename}:")


def test_a_ruleset_of_a_package(rosetta, write, package):
    package(rules=rules("POL001"))
    write("rosetta-spec.toml", 'rulesets = ["pkg:our_policy/rules.yaml"]')
    assert codes(rosetta) == ["POL001"]
    assert "our_policy" not in sys.modules


def test_a_configuration_of_a_package_names_its_own_ruleset(rosetta, write, package):
    package(
        rules=rules("POL001"), toml='rulesets = ["rules.yaml"]\nseverity = {POL001 = "warning"}'
    )
    write("rosetta-spec.toml", 'extend = "pkg:our_policy/rosetta-spec.toml"')
    (found,) = rosetta("check", "--format", "json").diagnostics
    assert (found["code"], found["severity"]) == ("POL001", "warning")


def test_a_package_without_init(rosetta, write, package):
    (package(rules=rules("POL001")) / "__init__.py").unlink()
    write("rosetta-spec.toml", 'rulesets = ["pkg:our_policy/rules.yaml"]')
    assert codes(rosetta) == ["POL001"]


def test_an_upgrade_counts_at_once(rosetta, write, package):
    folder = package(rules=rules("POL001"))
    write("rosetta-spec.toml", 'rulesets = ["pkg:our_policy/rules.yaml"]')
    fine = REQUEST.replace("0.5", "0.1")
    write("a.sampling.yaml", fine)
    for _ in range(2):
        assert rosetta("check").status == 0
    (folder / "rules.yaml").write_text(rules("POL001", most=0.05))
    assert codes(rosetta) == ["POL001"]
    (folder / "rules.yaml").write_text(rules("POL001"))
    for _ in range(2):
        assert rosetta("check").status == 0
    # Another version is found first now.
    package(place="user", rules=rules("POL001", most=0.05))
    assert codes(rosetta) == ["POL001"]
    sys.path.remove(str(folder.parent.parent / "user"))
    assert rosetta("check").status == 0


def test_a_version_that_is_found_first_counts_on_the_same_search_path(
    rosetta, write, package, tmp_path
):
    package(rules=rules("POL001"))
    package("another", place="user")
    write("rosetta-spec.toml", 'rulesets = ["pkg:our_policy/rules.yaml"]')
    write("a.sampling.yaml", REQUEST.replace("0.5", "0.1"))
    for _ in range(2):
        assert rosetta("check").status == 0
    package(place="user", rules=rules("POL001", most=0.05))
    assert codes(rosetta) == ["POL001"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "pkg:no_such_package/rules.yaml",
            "the package no_such_package is not installed; install it",
        ),
        ("pkg:our_policy/other.yaml", 'our_policy has no file "other.yaml"; check the name, or'),
        ("pkg:our_policy", '"pkg:our_policy" does not name a file of a package; write it as pkg:'),
        ("pkg:our_policy/", "does not name a file of a package"),
        ("pkg:our_policy/../a/rules.yaml", "does not name a file of a package"),
        ("pkg:our.policy/rules.yaml", "does not name a file of a package"),
        ("pkg:a_module/rules.yaml", "the package a_module is not installed; install it"),
        ("pkg:zipped/rules.yaml", 'has no file "rules.yaml"; check the name, or install another'),
        ("pkg:__main__/rules.yaml", "the package __main__ is not installed"),
        ("none.yaml", 'there is no file "none.yaml"; write a path from the folder of this file'),
    ],
)
def test_what_cannot_be_found(write, package, tmp_path, monkeypatch, name, message):
    folder = package(rules=rules("POL001"))
    (folder.parent / "a_module.py").write_text("")
    with zipfile.ZipFile(tmp_path / "packages.zip", "w") as archive:
        archive.writestr("zipped/__init__.py", "")
        archive.writestr("zipped/rules.yaml", rules("POL001"))
    monkeypatch.syspath_prepend(str(tmp_path / "packages.zip"))
    text = wrong(f'rulesets = ["{name}"]', write)
    assert text.startswith("1:13: ")
    assert message in text
    text = wrong(f'fail-on = "info"\nextend = "{name}"', write)
    assert text.startswith("2:10: ")


def ruleset(write, text, name="team.yaml"):
    path = write(name, text)
    return load_ruleset(Path(path)).rules


def error_of(write, text):
    path = write("team.yaml", text)
    with pytest.raises(WrongFileError) as error:
        load_ruleset(Path(path))
    return str(error.value).replace(f"{Path(path).as_posix()}:", "", 1)


def test_a_ruleset_changes_another(write, package):
    package(rules=rules("POL001", "POL002", "POL003"))
    write("base.yaml", "extends: pkg:our_policy/rules.yaml\nchanges:\n  POL003: {severity: off}\n")
    text = (
        "extends: [base.yaml]\nchanges:\n"
        '  POL001: {severity: warning, message: "{path} is high", help: ask first}\n'
        "  POL002: {severity: off}\n  POL003: {severity: info}\n"
    )
    text += rules("POL004")
    found = {rule.code: rule for rule in ruleset(write, text)}
    assert [*found] == ["POL001", "POL002", "POL003", "POL004"]
    first = found["POL001"]
    assert (first.severity, first.message[""]) == ("warning", "{path} is high")
    assert first.help[""] == "ask first"
    assert [rule.is_opt_in for rule in found.values()] == [False, True, False, False]
    assert [rule.severity for rule in found.values()] == ["warning", "error", "info", "error"]


def test_a_changed_rule_is_reported_as_it_was_changed(rosetta, write, package):
    package(rules=rules("POL001", "POL002"))
    write("rosetta-spec.toml", 'rulesets = ["team.yaml"]')
    write(
        "team.yaml",
        "extends: pkg:our_policy/rules.yaml\n"
        "changes:\n"
        '  POL001: {severity: warning, message: "half of {path}"}\n'
        "  POL002: {severity: off}\n",
    )
    (found,) = rosetta("check", "--format", "json").diagnostics
    assert (found["severity"], found["message"]) == (
        "warning",
        "half of samplingRatio; write a ratio that is at most 0.2",
    )
    assert codes_of_selected(rosetta) == ["POL002"]


def test_what_a_ruleset_has_from_another_is_verified(rosetta, write):
    write("base.yaml", rules("POL001"))
    write("team.yaml", "extends: base.yaml\nchanges: {POL001: {severity: info}}")
    outcome = rosetta("rule", "--verify", "team.yaml")
    assert "1 of 1 rules passed" in outcome.stdout


def test_a_ruleset_is_named_beside_one_that_extends_it(rosetta, write):
    write("base.yaml", rules("POL001"))
    write("team.yaml", "extends: base.yaml")
    write("rosetta-spec.toml", 'rulesets = ["base.yaml", "team.yaml"]')
    outcome = rosetta("check")
    assert outcome.status == 2
    assert outcome.stderr.startswith(
        'error: team.yaml:1:10: "base.yaml" has the rule POL001 too-much-1, which is in use'
    )


def test_a_chain_of_rulesets_is_not_followed_forever(rosetta, write):
    for number in range(102):
        write(f"{number}.yaml", f"extends: {number + 1}.yaml")
    write("rosetta-spec.toml", 'rulesets = ["0.yaml"]')
    outcome = rosetta("check")
    assert outcome.status == 2
    assert "100.yaml:1:10: more than 100 files extend each other; extend fewer" in outcome.stderr


def codes_of_selected(rosetta):
    outcome = rosetta("check", "--select", "POL002", "--format", "json")
    return [each["code"] for each in outcome.diagnostics]


CHANGE = "extends: base.yaml\nchanges:\n  "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extends: none.yaml", '1:10: there is no file "none.yaml"; write a path from the folder'),
        ("extends: [base.yaml, pkg:none/a.yaml]", "1:22: the package none is not installed"),
        ("extends: team.yaml", 'team.yaml" leads back to the same file; remove it'),
        ("extends: round.yaml", 'team.yaml" leads back to the same file; remove it'),
        ("extends: []", "1:10: extends is empty"),
        ("extends: 5", "1:10: extends is the number 5, not"),
        ("documentation: https://example.com", "1:1: a ruleset has no rules; add rules"),
        (
            f"{CHANGE}POL009: {{severity: off}}",
            "3:3: no ruleset that this one extends has the rule",
        ),
        (
            f"{CHANGE}too-much-1: {{severity: off}}",
            "3:3: too-much-1 is a name, not a code; write POL001",
        ),
        (f"{CHANGE}POL01: {{severity: off}}", "3:3: no ruleset that this one extends has the rule"),
        (f"{CHANGE}POL001: {{severity: none}}", '3:22: changes.POL001.severity cannot be "none"'),
        (f"{CHANGE}POL001: {{}}", "3:11: changes.POL001 is empty"),
        (f"{CHANGE}POL001: {{why: no}}", "3:12: there is no key why in changes.POL001"),
        (
            f'{CHANGE}POL001: {{message: "{{pth}}"}}',
            "3:21: there is no fact {pth} here; did you mean",
        ),
        (f"{CHANGE}POL001: {{message: {{a: b}}}}", "message has cases, and kind schema has none"),
        (f"changes: {{POL001: {{severity: off}}}}\n{rules('POL002')}", "1:11: no ruleset that"),
        (f"extends: base.yaml\n{rules('POL001')}", "3:11: code POL001 is that of too-much-1"),
        ("extends: [base.yaml, base.yaml]", '1:22: "base.yaml" has the rule POL001 too-much-1'),
        ("extends: wrong.yaml", "wrong.yaml:1:1: there is no key rule in a ruleset"),
    ],
)
def test_wrong_extensions(write, text, message):
    write("base.yaml", rules("POL001"))
    write("wrong.yaml", "rule: []")
    write("round.yaml", "extends: team.yaml")
    assert message in error_of(write, text)


def test_a_package_that_a_hook_finds(write, package, tmp_path, monkeypatch, rosetta):
    """As an editable install does."""
    folder = package(place="elsewhere", rules=rules("POL001"))
    sys.path.remove(str(folder.parent))

    class Hook:
        @staticmethod
        def find_spec(name, *_):
            if name != "our_policy":
                return None
            spec = ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = [str(folder)]
            return spec

    monkeypatch.setattr(sys, "meta_path", [Hook, *sys.meta_path])
    write("rosetta-spec.toml", 'rulesets = ["pkg:our_policy/rules.yaml"]')
    assert codes(rosetta) == ["POL001"]


def test_a_ruleset_of_a_package_is_verified(rosetta, package):
    package(rules=rules("POL001"))
    outcome = rosetta("rule", "--verify", "pkg:our_policy/rules.yaml")
    assert (outcome.status, outcome.stdout.count("passed  POL001")) == (0, 1)
    outcome = rosetta("rule", "--verify", "pkg:our_policy/other.yaml")
    assert (outcome.status, outcome.stdout) == (2, "")
    assert 'our_policy has no file "other.yaml"; check the name' in outcome.stderr
