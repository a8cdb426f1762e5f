"""Completion in configuration files and rulesets: the keys and values of their schemas."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from lsprotocol.types import CompletionItem, CompletionItemKind, TextEdit

from rosetta_spec.document.values import json_text
from rosetta_spec.fast.config_cache import SHARED
from rosetta_spec.fast.formats import YAML
from rosetta_spec.lsp.completion import SnippetWriter
from rosetta_spec.lsp.document import OpenDocument, Target, cursor_context
from rosetta_spec.lsp.outline import walk
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.request.schema import CONFIG_SCHEMA, RULESET_SCHEMA, specification
from rosetta_spec.spec.ruleset import Rule
from rosetta_spec.text import Span

_Schema: TypeAlias = dict[str, Any]

#: Keys of a configuration whose lists, or keys and lists, name rules.
_NAMES_RULES = frozenset({"select", "ignore", "severity", "per-file-ignores"})

_tables_in = re.compile(r"^[ \t]*\[([^\[\]\n]+)\]", re.MULTILINE).finditer
#: A key with an open list, or with the start of a value in the last row.
_find_entry = re.compile(
    r"^[ \t]*([\w-]+|\"[^\"\n]*\")[ \t]*=[ \t]*(?:\[([^\]]*)|[\"']?[\w-]*)\Z", re.MULTILINE
).search
_match_key = re.compile(r"[ \t]*([\w-]*)\Z").match
_find_word = re.compile(r"(?:[\"']|(?<![\w-]))[\w-]*\Z").search
_match_rest = re.compile(r"[\w-]*[\"']?").match
_names_in = re.compile(r"[\w-]+").findall
_keys_in = re.compile(r"^[ \t]*([\w-]+)[ \t]*=", re.MULTILINE).findall
_OURS = "tool.rosetta-spec"


def config_completions(
    document: OpenDocument, offset: int, rules: Iterable[Rule]
) -> list[CompletionItem]:
    """Return what can be written at an offset of a configuration file."""
    before, after = document.row_around(offset)
    content = document.text.content[:offset]
    tables = list(_tables_in(content))
    table, start = (tables[-1][1].strip(), tables[-1].end()) if tables else ("", 0)
    if document.path.endswith(SHARED):
        if table != _OURS and not table.startswith(f"{_OURS}."):
            return []
        table = table[len(_OURS) + 1 :]
    # An open list begins in the row of the last closing bracket, or below it.
    row = content.rfind("\n", 0, content.rfind("]") + 1) + 1
    entry = _find_entry(content, max(start, row))
    if entry:
        found = _find_word(before)
        word = found[0] if found else ""
        listed, name = entry[2], entry[1].strip('"')
        taken = {f'"{each}"' for each in _names_in(listed or "")} - {word}
        offered = _config_values(table, name, rules, is_in_list=listed is not None)
    elif (key := _match_key(before)) and (before.strip() or not after.strip()):
        word = key[1]
        taken = {f"{each} = " for each in _keys_in(document.text.content[start:])}
        offered = _config_keys(table, rules)
    else:
        return []
    rest = _match_rest(after)
    span = Span(offset - len(word), offset + (rest.end() if rest else 0))
    offered = {text: about for text, about in offered.items() if text not in taken}
    return list(_items(document, span, offered, is_value=entry is not None))


def _config_values(
    table: str, name: str, rules: Iterable[Rule], *, is_in_list: bool
) -> dict[str, str]:
    """Return the values of a key of a configuration, or of its list, with what they are for."""
    path = (table, name) if table else (name,)
    values = _values(_schemas(CONFIG_SCHEMA, (*path, 0) if is_in_list else path))
    # TOML writes words and truth values as JSON does.
    offered = {json_text(it): about for it, about in values.items()}
    if is_in_list and (table or name) in _NAMES_RULES:
        offered |= {f'"{each.code}"': each.name for each in rules}
    return offered


def _config_keys(table: str, rules: Iterable[Rule]) -> dict[str, str]:
    """Return the keys of a table of a configuration, with what they are for."""
    keys = _keys(_schemas(CONFIG_SCHEMA, (table,) if table else ()))
    offered = {f"{it} = ": about for it, about in keys.items()}
    if table in _NAMES_RULES:
        offered |= {f"{each.code} = ": each.name for each in rules}
    return offered


def ruleset_completions(document: OpenDocument, offset: int) -> list[CompletionItem]:
    """Return what can be written at an offset of a ruleset."""
    context = cursor_context(document, offset)
    if context is None:
        return []
    present = {
        pointer: {each.name: each.text for each in place.entries}
        for value in document.values
        for pointer, place in walk(value)
    }
    schemas = _schemas(RULESET_SCHEMA, context.pointer, present)
    writer = SnippetWriter(is_yaml=document.format_ == YAML, is_snippet=False)
    values = _values(schemas)
    # A block can begin with a key.
    is_key = context.target is not Target.VALUE and not values
    if is_key:
        mark = "" if context.target is Target.KEY else ": "
        taken = {each.name for each in context.siblings}
        keys = {it: about for it, about in _keys(schemas).items() if it not in taken}
        offered = {f"{writer.key(it)}{mark}": about for it, about in keys.items()}
    else:
        offered = {writer.scalar(it): about for it, about in values.items()}
    offered = {f"{context.prefix}{it}{context.suffix}": about for it, about in offered.items()}
    items = list(_items(document, context.replaced, offered, is_value=not is_key))
    if context.missing_comma is not None:
        at = Span(context.missing_comma, context.missing_comma)
        for item in items:
            item.additional_text_edits = [TextEdit(document.range_of(at), ",")]
    return items


def _items(
    document: OpenDocument, span: Span, offered: Mapping[str, str], *, is_value: bool
) -> Iterator[CompletionItem]:
    kind = CompletionItemKind.Value if is_value else CompletionItemKind.Property
    is_quoted = document.text.slice(span)[:1] in ('"', "'")
    for number, (text, about) in enumerate(offered.items()):
        label = text.strip(" =:,\"'{}\n")
        yield CompletionItem(
            label,
            kind=kind,
            documentation=about or None,
            sort_text=f"{number:04}",
            filter_text=text.strip() if is_quoted else label,
            text_edit=TextEdit(document.range_of(span), text),
        )


def _keys(schemas: Iterable[_Schema]) -> dict[str, str]:
    """Return the keys of objects, with what they are for."""
    keys: dict[str, str] = {}
    for schema in schemas:
        for key, about in schema.get("properties", {}).items():
            text = about.get("description", "") if isinstance(about, dict) else ""
            keys[key] = keys.get(key) or text
    return keys


def _values(schemas: Iterable[_Schema]) -> dict[Any, str]:
    """Return the listed values, or both truth values."""
    values: dict[Any, str] = {}
    for schema in schemas:
        listed = schema.get("enum", [True, False] if schema.get("type") == "boolean" else [])
        values |= dict.fromkeys(listed, schema.get("description", ""))
    return values


def _schemas(
    name: str,
    path: Iterable[str | int],
    present: Mapping[Pointer, Mapping[str, str]] = MappingProxyType({}),
) -> list[_Schema]:
    """Return the schemas of a value; `present` are the members of the objects around it."""
    root, at = specification(name), ROOT
    found = list(_parts(root, root, present.get(at, {})))
    for token in path:
        at = (*at, token)
        inner = [each for schema in found for each in _inside(schema, token)]
        found = [part for each in inner for part in _parts(each, root, present.get(at, {}))]
    return found


def _inside(schema: _Schema, token: str | int) -> Iterator[Any]:
    if isinstance(token, int):
        yield schema.get("items")
    else:
        properties = schema.get("properties", {})
        yield properties.get(token, schema.get("additionalProperties"))


def _parts(schema: object, root: _Schema, present: Mapping[str, str]) -> Iterator[_Schema]:
    """Yield a schema and those that apply beside it to an object with some members."""
    if not isinstance(schema, dict):
        return
    yield schema
    for each in schema.get("allOf", ()):
        wanted = each.get("if", {}).get("properties", {})
        if all(present.get(key) == it.get("const") for key, it in wanted.items()):
            yield from _parts(each.get("then", each), root, present)
    if "$ref" in schema:
        target: Any = root
        for token in schema["$ref"].removeprefix("#/").split("/"):
            target = target[token]
        yield from _parts(target, root, present)
