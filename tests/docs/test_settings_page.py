"""The configuration page is generated from the schema, and its examples are valid."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "settings.md"
KEYS = json.loads((ROOT / "schema" / "config.schema.json").read_text("utf-8"))["properties"]

GENERATED = "<!-- from here on generated from schema/config.schema.json -->\n"


def toml_of(key, value):
    if not isinstance(value, dict):
        return f"{key} = {json.dumps(value)}"
    return "\n".join([f"[{key}]", *(toml_of(named(name), each) for name, each in value.items())])


def named(name):
    return name if re.fullmatch(r"[\w-]+", name) else json.dumps(name)


def section_of(key, schema):
    examples = "\n\n# or\n\n".join(toml_of(key, example) for example in schema["examples"])
    return f"\n## {key}\n\n{schema['description']}\n\n```toml\n{examples}\n```\n"


def test_the_configuration_page_is_up_to_date(refresh_or_compare):
    written, _, _ = PAGE.read_text("utf-8").partition(GENERATED)
    sections = "".join(section_of(key, schema) for key, schema in KEYS.items())
    refresh_or_compare(PAGE, written + GENERATED + sections)


@pytest.mark.parametrize("key", KEYS)
def test_an_example_in_toml_gives_its_value(key):
    for example in KEYS[key]["examples"]:
        assert tomllib.loads(toml_of(key, example)) == {key: example}
