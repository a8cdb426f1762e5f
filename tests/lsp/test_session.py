"""Checking documents with their configuration."""

import asyncio

import pytest
from editor import WRONG

from rosetta_spec.config.settings import Overrides
from rosetta_spec.diagnostic import MAX_SHOWN
from rosetta_spec.errors import DefectError
from rosetta_spec.fast.formats import MAX_BYTES
from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.lsp.outline import outline
from rosetta_spec.lsp.session import MAX_PUBLISHED, Session, diagnostics_of

#: Characters of which twice as many are not searched for keys.
LONG = f"# {'x' * 60_000}\n"


def codes(result):
    return [each.code for each in result.diagnostics]


def test_the_nearest_configuration_applies_and_is_read_again_when_it_changes(
    session, open_text, write
):
    text = open_text("a.sampling.yaml")
    assert codes(session.check(text)) == ["RS107", "RS201"]
    write(".rosetta-spec.toml", 'ignore = ["RS107"]')
    assert codes(session.check(text)) == ["RS201"]
    write(".rosetta-spec.toml", 'ignore = ["RS107", "RS201"]')
    assert codes(session.check(text)) == []
    write(".rosetta-spec.toml").unlink()
    assert codes(session.check(text)) == ["RS107", "RS201"]


def test_a_ruleset_is_read_again_when_it_changes(session, open_text, write, write_policy):
    write(".rosetta-spec.toml", 'rulesets = ["policy.yaml"]\nselect = ["large-share"]')
    write_policy("policy.yaml")
    text = open_text("a.sampling.yaml", WRONG.replace("20", "0.5"))
    assert codes(session.check(text)) == ["POL001"]
    assert session.ruleset_of(text).find("POL001")
    write_policy("policy.yaml", code="POL002")
    assert codes(session.check(text)) == ["POL002"]


def test_a_ruleset_that_another_one_extends_is_read_again_when_it_changes(
    session, open_text, write, write_policy
):
    write(".rosetta-spec.toml", 'rulesets = ["team.yaml"]\nselect = ["large-share"]')
    write("team.yaml", "extends: policy.yaml\n")
    write_policy("policy.yaml")
    text = open_text("a.sampling.yaml", WRONG.replace("20", "0.5"))
    assert codes(session.check(text)) == ["POL001"]
    write_policy("policy.yaml", code="POL002")
    assert codes(session.check(text)) == ["POL002"]


def test_a_wrong_configuration_is_reported_until_it_is_right(session, open_text, write):
    text = open_text("a.sampling.yaml")
    write(".rosetta-spec.toml", 'ignore = ["RS999"]')
    result = session.check(text)
    assert "RS999" in result.notice
    assert diagnostics_of(text, result)[0].message.startswith("not checked, because the ")
    assert session.ruleset_of(text).find("RS107")
    write(".rosetta-spec.toml", "ignore = []")
    assert codes(session.check(text)) == ["RS107", "RS201"]


def test_a_wrong_ruleset_is_reported_until_it_is_right(session, open_text, write, write_policy):
    write(".rosetta-spec.toml", 'rulesets = ["policy.yaml"]\nselect = ["POL001"]')
    policy = write_policy("policy.yaml")
    right = policy.read_text()
    text = open_text("a.sampling.yaml", WRONG.replace("20", "0.5"))
    assert codes(session.check(text)) == ["POL001"]
    for wrong in (right.replace("kind: schema", "kind: shcema"), "rules: [", "\xff"):
        policy.write_text(wrong, encoding="latin-1")
        notice = session.check(text).notice
        assert "policy.yaml" in notice
        assert session.ruleset_of(text).find("RS107")
    policy.unlink()
    assert "policy.yaml" in session.check(text).notice
    write_policy("policy.yaml")
    assert codes(session.check(text)) == ["POL001"]


def test_excluded_files_are_not_checked(session, open_text, write):
    write(".rosetta-spec.toml", 'exclude = ["old/*"]')
    assert session.check(open_text("old/a.sampling.yaml")).checker is None
    assert session.ruleset_of(open_text("old/a.sampling.yaml")) is None
    assert session.check(open_text("new/a.sampling.yaml")).checker


@pytest.mark.parametrize(
    ("text", "is_request"),
    [
        (("a.sampling.yaml", "", "yaml"), True),
        (("a.yaml", WRONG, "yaml"), True),
        (("a.yaml", "poolName: p\n", "yaml"), False),
        (("compose.yaml", "services:\n  samplingRatio: 1\n", "yaml"), False),
        (("a.json", '{"x": [{"samplingRatio": 1}], "sampleType" : 1', "json"), True),
        (("a.json", '{"properties": {"samplingRatio": {}}}', "json"), False),
        (("a", '{"sampleType": "1"}', "json"), True),
        (("a.jsonl", '{"x": 1}\n{"sampleType": 1}\n', "plaintext"), True),
        (("a.yaml", f"{LONG}sampleType: 1\n", "yaml"), True),
        (("a.yaml", f"{LONG}{LONG}sampleType: 1\n", "yaml"), False),
        (("a.yaml", f"sampleType: 1\n{LONG}{LONG}", "yaml"), True),
    ],
)
def test_a_document_is_a_request_by_its_name_or_its_keys(session, open_text, text, is_request):
    assert (session.check(open_text(*text)).checker is not None) == is_request


@pytest.mark.parametrize("size", [1, 10_000])
def test_an_unchanged_document_is_searched_for_keys_only_one_time(
    session, open_text, monkeypatch, size
):
    outlines = []

    def counted(text, format_):
        outlines.append(len(text.content))
        return outline(text, format_)

    monkeypatch.setattr("rosetta_spec.lsp.document.outline", counted)
    text = open_text("compose.yaml", "services: {}\n" * size)
    for _ in range(3):
        assert session.ruleset_of(text) is None
    assert len(outlines) == 1


def test_an_untitled_document_is_checked(session):
    text = OpenDocument("untitled:Untitled-1", 1, "yaml", WRONG, "utf-16")
    assert codes(session.check(text)) == ["RS107", "RS201"]


def test_an_unsaved_document_has_the_configuration_of_its_folder(session, folder, write):
    write("old/rosetta-spec.toml", 'ignore = ["RS101"]')
    uri = f"untitled:{folder}/old/a.sampling.yaml"
    assert codes(session.check(OpenDocument(uri, 1, "yaml", "sampleType: 3", "utf-16"))) == [
        "RS105"
    ]


def test_a_document_below_a_loop_of_links_is_checked(session, open_text, folder):
    (folder / "loop").symlink_to("loop")
    assert codes(session.check(open_text("loop/a.sampling.yaml"))) == ["RS107", "RS201"]


def test_each_line_of_json_lines_is_a_request(session, open_text):
    result = session.check(open_text("a.sampling.jsonl", '{"poolName": "p"}\n\n{\n', "jsonl"))
    assert [(each.code, each.location.row) for each in result.diagnostics] == [
        ("RS101", 1),
        ("RS002", 3),
    ]


def test_suppressions_apply_until_their_day(open_text):
    source = WRONG.replace("20\n", "20 # rosetta-spec: ignore[RS107] until=2026-06-01\n")
    text = open_text("a.sampling.yaml", source)
    assert codes(Session(Overrides(), lambda: "2026-06-01").check(text)) == ["RS201"]
    days = iter(["2026-06-01", "2026-06-02"])
    session = Session(Overrides(), lambda: next(days))
    assert codes(session.check(text)) == ["RS201"]
    assert codes(session.check(text)) == ["RS107", "RS901", "RS201"]


def test_a_document_that_is_too_large_is_not_checked(session, open_text):
    large = "#" * (MAX_BYTES + 1)
    assert codes(session.check(open_text("a.sampling.yaml", large))) == ["RS007"]
    result = session.check(open_text("a.sampling.jsonl", large))
    assert "16 MiB" in result.notice
    assert result.checker is None


def test_half_a_surrogate_pair_is_invalid_utf_8(session, open_text):
    assert codes(session.check(open_text("a.sampling.yaml", "poolName: \ud83d\n"))) == ["RS005"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.sampling.jsonl", "{\n" * (MAX_PUBLISHED + 5)),
        ("a.sampling.yaml", "---\na: 1\n" * (MAX_PUBLISHED + 5)),
        ("a.sampling.json", f'{{"subCondition": {{"taskId": [{"1," * 12 * MAX_PUBLISHED}1]}}}}'),
    ],
)
def test_the_number_of_shown_findings_is_limited(session, open_text, name, content):
    text = open_text(name, content)
    shown = diagnostics_of(text, session.check(text))
    assert len(shown) == MAX_PUBLISHED + 1
    places = [(each.range.start.line, each.range.start.character) for each in shown[:-1]]
    assert places == sorted(places)
    assert shown[-1].message.startswith("more findings are not shown")


def test_the_number_of_findings_that_may_get_fixes_is_limited(session, open_text):
    text = open_text("a.sampling.jsonl", "{\n" * (MAX_SHOWN + 5))
    assert len(session.check(text, has_fixes=True).diagnostics) == MAX_SHOWN


def test_a_failing_rule_is_reported_in_the_document(session, open_text, monkeypatch):
    def fail(*_):
        message = "rule RS107 failed"
        raise DefectError(message)

    monkeypatch.setattr("rosetta_spec.engine.engine.Engine.check", fail)
    (shown,) = asyncio.run(session.diagnostics(open_text("a.sampling.yaml")))
    assert "this is a bug in rosetta-spec: rule RS107 failed" in shown.message


def shown(session, text):
    return [
        (each.message, each.range.start.line, each.range.start.character)
        for each in diagnostics_of(text, session.check(text))
    ]


@pytest.mark.parametrize(
    ("name", "source", "part", "row", "column"),
    [
        (".rosetta-spec.toml", "select = []\nignore = ['RS999']\n", "RS999", 1, 10),
        ("rosetta-spec.toml", "igrone = []\n", "did you mean ignore?", 0, 0),
        ("pyproject.toml", "[tool.rosetta-spec]\nfail-on = 1\n", "fail-on", 1, 10),
        ("rosetta-spec.toml", "select = [", "this is not valid TOML", 0, 10),
        ("a.rules.yaml", "rules:\n  - 1\n", "1", 1, 4),
        ("a.rules.json", '{"rules": 1}', "rules", 0, 10),
    ],
)
def test_a_configuration_file_or_a_ruleset_shows_its_own_mistakes(
    session, open_text, name, source, part, row, column
):
    ((message, *place),) = shown(session, open_text(name, source, "plaintext"))
    assert part in message
    assert place == [row, column]
    assert session.ruleset_of(open_text(name, source, "plaintext")) is None


def test_a_right_configuration_file_shows_nothing(session, open_text, write):
    write("rosetta-spec.toml", "wrong")
    assert shown(session, open_text("rosetta-spec.toml", "ignore = []\n", "toml")) == []
    assert shown(session, open_text("pyproject.toml", "[project]\n", "toml")) != []
    write("rosetta-spec.toml").unlink()
    assert shown(session, open_text("pyproject.toml", "[project]\n", "toml")) == []


def test_a_ruleset_that_a_configuration_names_shows_its_mistakes_before_it_is_saved(
    session, open_text, write, write_policy
):
    write("rosetta-spec.toml", 'rulesets = ["policy.yaml"]')
    policy = write_policy("policy.yaml")
    right = policy.read_text()
    assert shown(session, open_text("policy.yaml", right)) == []
    ((message, *_),) = shown(session, open_text("policy.yaml", f"{right}x"))
    assert message
    policy.write_text(f"{right}x", encoding="utf-8")
    fresh = Session(Overrides(), lambda: "2026-06-01")
    assert shown(fresh, open_text("policy.yaml", f"{right}x")) != []
    assert shown(fresh, open_text("policy.yaml", right)) == []
    ((message, *_),) = shown(fresh, open_text("a.sampling.yaml"))
    assert message.startswith("not checked, because the configuration is wrong: policy.yaml:")


def test_rules_that_are_off_by_default_are_checked_where_they_are_on(session, open_text, write):
    one = "annotationRequestId: r\npoolName: p\nsamplingRatio: 0.1\n"
    text = open_text("a.sampling.yaml", f"{one}---\n{one.replace('0.1', '0.2')}")
    assert codes(session.check(text)) == []
    write(".rosetta-spec.toml", 'severity = {competing-requests = "info"}')
    (found,) = session.check(text).diagnostics
    assert (found.code, found.document, found.location) == ("RS502", 1, (5, 1))
    assert [each.location for each in found.related] == [(1, 1)]
