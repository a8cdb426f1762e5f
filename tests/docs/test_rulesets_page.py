"""The guide to rulesets has each kind that a team can use, made of the schema of rulesets."""

import json
import re
from pathlib import Path

import pytest

from rosetta_spec.api import check
from rosetta_spec.diagnostic import Applicability, Severity
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.kind import RelationKind
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.testing import laws_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "rulesets.md"
POLICY = ROOT / "examples" / "policy"
PARTS = json.loads((ROOT / "schema" / "ruleset.schema.json").read_text("utf-8"))["definitions"]
OWN = PARTS["rule"]["properties"].keys()

RELATIONS = [name for name, kind in KINDS.items() if issubclass(kind, RelationKind)]

GENERATED = "<!-- from here on generated from schema/ruleset.schema.json -->\n"


def resolved(schema):
    return PARTS[schema["$ref"].removeprefix("#/definitions/")] if "$ref" in schema else schema


def options_of_a_rule(name):
    """Return the options of the first rule of a kind, of ours or of the policy."""
    ours = builtin_ruleset()
    rules = ours.with_rules(load_ruleset(POLICY / "policy.rules.yaml").rules).rules
    found = [rule.kind for rule in rules[::-1] if rule.kind.name == name]
    assert found, f"no rule of kind {name} in our rules or in examples/policy"
    options = ((key.replace("_", "-"), value) for key, value in vars(found[0]).items())
    known = PARTS[f"kind-{name}"]["properties"]
    return [(key, plain_numbers(value)) for key, value in options if key in known]


def plain_numbers(value):
    return json.loads(json.dumps(value, default=float))


def section_of(name):
    kind = PARTS[f"kind-{name}"]
    options = {key: resolved(each) for key, each in kind["properties"].items() if key not in OWN}
    needed = kind.get("required", [])
    rows = "".join(
        f"| `{key}`{'' if key in needed else ' (optional)'} | {each['description']} |\n"
        for key, each in options.items()
    )
    example = "".join(f"{key}: {json.dumps(value)}\n" for key, value in options_of_a_rule(name))
    return (
        f"\n### {name}\n\n{kind['description']}\n\n| option | meaning |\n|---|---|\n{rows}"
        f"\n```yaml\nkind: {name}\n{example}```\n"
    )


@pytest.mark.no_cover
def test_the_guide_is_fresh(refresh_or_compare):
    written, _, _ = PAGE.read_text("utf-8").partition(GENERATED)
    refresh_or_compare(PAGE, written + GENERATED + "".join(map(section_of, RELATIONS)))


def rulesets(folder):
    texts = re.findall(r"```yaml\n(rules:.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    for number, text in enumerate(texts):
        path = folder / f"{number}.rules.yaml"
        path.write_text(text, encoding="utf-8")
        yield path


def test_the_first_rule_of_the_guide_can_be_loaded_and_passes(tmp_path):
    path, _ = rulesets(tmp_path)
    (rule,) = load_ruleset(path).rules
    laws_of(path, examples=2)(rule)


def test_a_rule_that_fails_is_explained_without_the_code_of_the_test(tmp_path):
    path, _ = rulesets(tmp_path)
    path.write_text(path.read_text("utf-8").replace("Ratio: 0.5", "Ratio: 0.1"), encoding="utf-8")
    (rule,) = load_ruleset(path).rules
    with pytest.raises(pytest.fail.Exception) as caught:
        laws_of(path, examples=2)(rule)
    assert not caught.value.pytrace
    assert caught.value.msg.startswith(
        'bad-example: its bad example does not break it\nsuch as "annotationRequestId: a3f8b6e4'
    )


#: Where the bad example of each rule of the second ruleset breaks it.
PLACES = {
    "large-ratio": ("/samplingRatio", (3, 16), (3, 19)),
    "unconventional-pool-name": ("/poolName", (2, 11), (2, 23)),
    "quantity-without-sample-type": ("/sampleType", (3, 1), (3, 17)),
    "random-interception": ("/interceptionMode", (3, 19), (3, 20)),
    "long-time-range": ("/subCondition/endTime", (3, 57), (3, 76)),
}


@pytest.mark.no_cover
def test_the_five_rules_of_the_guide_pass_and_break_at_the_right_characters(rosetta, tmp_path):
    _, path = rulesets(tmp_path)
    outcome = rosetta("rule", "--verify", path)
    assert "5 of 5 rules passed" in outcome.stdout
    ours = builtin_ruleset()
    rules = ours.with_rules(load_ruleset(path).rules).default_rules
    found = {}
    for rule in load_ruleset(path).rules:
        (each,) = check(rule.bad.text, rules=rules).diagnostics
        found[each.name] = each.pointer, each.location, each.end_location
    assert found == PLACES


def test_a_shared_policy_is_changed_and_has_a_fix(tmp_path, monkeypatch):
    """As on the page: a package has the five rules, and its first rule has the fix."""
    page = PAGE.read_text("utf-8")
    (extended,) = re.findall(r"```yaml\n(extends:.*?)```", page, re.DOTALL)
    (fix,) = re.findall(r"```yaml\n( +fix:.*?)```", page, re.DOTALL)
    _, path = rulesets(tmp_path)
    package = tmp_path / "our_policy"
    package.mkdir()
    text = path.read_text("utf-8").replace("  - code: POL002", f"{fix}  - code: POL002")
    (package / "rules.yaml").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "own.rules.yaml").write_text(extended, encoding="utf-8")
    rules = {rule.code: rule for rule in load_ruleset(tmp_path / "own.rules.yaml").rules}
    assert len(rules) == 5
    assert rules["POL001"].severity is Severity.WARNING
    assert rules["POL002"].is_opt_in
    (found,) = check(rules["POL001"].bad.text, rules=[rules["POL001"]]).diagnostics
    assert [(each.title, each.applicability) for each in found.fixes] == [
        ("lower it to 0.2", Applicability.UNSAFE)
    ]
    assert found.remedy == "ask the review team first"


@pytest.mark.parametrize("name", ["docs/rulesets.md", "docs/python.md"])
def test_the_laws_on_a_page_hold(name, tmp_path, monkeypatch):
    """What pytest would call once for each rule."""
    path = next(rulesets(tmp_path))
    path.rename(tmp_path / "policy.rules.yaml")
    monkeypatch.chdir(tmp_path)
    pattern = r"```python\n(from rosetta_spec.testing.*?)```"
    (code,) = re.findall(pattern, (ROOT / name).read_text("utf-8"), re.DOTALL)
    defined = {}
    exec(code, defined)  # noqa: S102 - it is our own
    (mark,) = defined["test_policy"].pytestmark
    assert [each.id for each in mark.args[1]] == ["POL001-large-ratio", "together"]


@pytest.mark.parametrize(
    "path", sorted([*POLICY.glob("good/*"), *POLICY.glob("bad/*")]), ids=lambda path: path.name
)
def test_the_requests_of_the_policy_are_as_their_folders_say(rosetta, path):
    outcome = rosetta("check", path)
    assert outcome.status == (0 if path.parent.name == "good" else 1)


def test_every_rule_of_the_policy_is_broken_by_a_bad_request(rosetta):
    found = {code for _, code in rosetta("check", POLICY / "bad", "--format", "json").found}
    assert found == {rule.code for rule in load_ruleset(POLICY / "policy.rules.yaml").rules}
