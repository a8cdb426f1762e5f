"""Templates of messages, which can reach nothing but facts."""

import pytest

from rosetta_spec.spec.ruleset import fill


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("{path}", "/a"),
        ("{path} is {value}, and {path}", "/a is {path}, and /a"),
        (
            '{"start": 0} and {} and {B} and {0} and {path',
            '{"start": 0} and {} and {B} and {0} and {path',
        ),
        ("{{path}} }", "{/a} }"),
    ],
)
def test_names_in_braces_are_facts_and_all_else_is_text(template, text):
    facts = {"path": "/a", "value": "{path}"}
    assert [fill(template, facts) for _ in range(2)] == [text, text]
