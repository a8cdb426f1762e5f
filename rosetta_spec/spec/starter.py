"""A starter request in YAML: every key with an explanation, the optional ones commented out."""

import re
import textwrap
from collections.abc import Iterator, Mapping

from rosetta_spec.document.values import Json, Mark, json_text
from rosetta_spec.document.yaml_scalars import as_yaml
from rosetta_spec.request.schema import EDITOR_KEY, Schema, request_schema

_WIDTH = 94

_HOW_TO_READ = (
    "Lines that start with ## are explanations. Lines that start with # are keys that are not set:"
    " to set one, remove the # and the space after it from each line of its block, and change the"
    " value. Replace the placeholders between < and >. Then run `rosetta-spec check`, which also"
    " reports missing keys."
)

#: Words that are strings without quotes in every version of YAML.
_PLAIN = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z0-9_-]*", re.IGNORECASE)


def starter(values: Mapping[str, Json]) -> str:
    """Write a request with these values, and with placeholders for the other required keys.

    Titles, descriptions and examples are those of the request schema. A value that is not valid, or
    whose key is unknown, is written as it is.
    """
    schema = request_schema()
    required = {key: _to_fill_in(schema["properties"][key]) for key in schema["required"]}
    head = [*_comment(f"{schema['title']}. {schema['description']}"), "##"]
    lines = [*head, *_comment(_HOW_TO_READ), "", *_members(schema, required | dict(values))]
    return "".join(f"{line}\n" for line in lines)


def starting_values(values: Mapping[str, Json]) -> dict[str, Json]:
    """Add examples for the required keys that have no value."""
    schema = request_schema()
    examples = {key: schema["properties"][key]["examples"][0] for key in schema["required"]}
    return examples | dict(values)


def _members(schema: Schema, values: Mapping[str, Json]) -> Iterator[str]:
    """Write the members of an object, commented out if they have no value."""
    required = schema.get("required", ())
    # The required keys come first, `$schema` last.
    keys = sorted(schema["properties"], key=lambda key: (key == EDITOR_KEY, key not in required))
    for number, key in enumerate(keys):
        if number:
            yield ""
        member = schema["properties"][key]
        yield from _explanation(member)
        if key in values:
            yield from _entry(key, member, values[key])
        else:
            for line in _entry(key, member, _to_fill_in(member)):
                yield f"# {line}".rstrip()
    for key in [each for each in values if each not in schema["properties"]]:
        yield ""
        yield "## This key is unknown; `rosetta-spec check` says what to do with it."
        yield f"{plain_yaml(key)}: {plain_yaml(values[key])}"


#: An object in which everything is off.
_ALL_OFF = Mark("ALL_OFF")


def _entry(key: str, schema: Schema, value: Json) -> Iterator[str]:
    """Write a key with its value, the members of an object below it."""
    members = {} if value is _ALL_OFF else value
    if value is _ALL_OFF or (members and isinstance(members, dict) and "properties" in schema):
        yield f"{key}:"
        for line in _members(schema, members):
            yield f"  {line}".rstrip()
    else:
        yield f"{key}: {plain_yaml(value)}"


def _explanation(schema: Schema) -> Iterator[str]:
    """Explain a key, its listed values, and its items."""
    yield from _comment(f"{schema['title']}. {schema['description']}")
    items = schema.get("items", {})
    for listing in (schema, items):
        for each in listing.get("anyOf", ()):
            name = "" if each["title"] == each["const"] else f"{each['title']}. "
            yield from _comment(name + each["description"], f"{plain_yaml(each['const'])} = ")
    if "description" in items:
        yield from _comment(items["description"], f"{items['title']}: ")
    for key, member in items.get("properties", {}).items():
        yield from _comment(member["description"], f"{key}: ")


def _comment(text: str, label: str = "") -> list[str]:
    margin = f"##   {label}" if label else "## "
    below = "##     " if label else "## "
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=margin,
        subsequent_indent=below,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _to_fill_in(schema: Schema) -> Json:
    """Return what stands for a value: a placeholder, or an example where none can be told apart."""
    if "properties" in schema:
        return _ALL_OFF
    title = schema["title"]
    placeholder = f"<{title[:1].lower()}{title[1:]}>"
    if "not" in schema.get("items", {}):
        return [placeholder]
    return placeholder if "not" in schema else schema["examples"][0]


def plain_yaml(value: Json) -> str:
    """Write a value as YAML on one line, with no more quotes than every version of it needs."""
    if isinstance(value, dict):
        members = (f"{plain_yaml(key)}: {plain_yaml(item)}" for key, item in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(plain_yaml, value))}]"
    is_word = isinstance(value, str) and _PLAIN.fullmatch(value)
    return value if is_word else as_yaml(json_text(value))
