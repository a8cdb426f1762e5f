"""Plain calls are read at once; the others are left to the command line's library."""

import pytest

from rosetta_spec.runner.call import Call, read_plain_call


@pytest.mark.parametrize(
    ("arguments", "call"),
    [
        (["check"], Call()),
        (["check", "a.json", "-"], Call(paths=("a.json", "-"))),
        (["check", "--jobs", "2", "a"], Call(paths=("a",), jobs=2)),
        (["check", "a", "--format=json"], Call(paths=("a",), output_format="json")),
        (
            ["check", "--fail-on", "never", "--color", "always"],
            Call(fail_on="never", color="always"),
        ),
        (["check", "--input-format", "yaml"], Call(input_format="yaml")),
    ],
)
def test_a_plain_call_is_read(arguments, call):
    assert read_plain_call(arguments) == call


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["rule"],
        ["--version"],
        ["check", "--help"],
        ["check", "--jobs", "0"],
        ["check", "--jobs", "two"],
        ["check", "--format"],
        ["check", "--format", "xml"],
        ["check", "--statistics"],
        ["check", "--", "a"],
    ],
)
def test_another_one_is_not(arguments):
    assert read_plain_call(arguments) is None
