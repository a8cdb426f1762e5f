"""Completion: the keys and values that can be written at the cursor, with what they need."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_letters, digits

from lsprotocol import types

from rosetta_spec.document.values import Json, json_string, json_text, number_of
from rosetta_spec.fast.formats import SUPPRESSION, YAML
from rosetta_spec.kinds.conditions import IgnoredUnless, RequiredWhen
from rosetta_spec.kinds.keys_and_values import Exclusive, PartnerKind
from rosetta_spec.kinds.kind import RelationKind
from rosetta_spec.lsp.document import CursorContext, OpenDocument, Target, cursor_context
from rosetta_spec.lsp.outline import Place, unquoted
from rosetta_spec.lsp.views import about_place, about_value, listed_entry, without_markdown
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import EDITOR_KEY, Schema, schema_at
from rosetta_spec.spec.ruleset import ALWAYS, Rule
from rosetta_spec.spec.starter import plain_yaml
from rosetta_spec.text import Span

#: The list of a directive, up to a word at the end of a text.
_find_list = re.compile(
    rf"(?<![^ \t])#[ \t]*{SUPPRESSION}[ \t]*:[ \t]*ignore(?:-file)?[ \t]*"
    r"\[([^\]#]*?)(?<![\w-])([\w-]*)$"
).search
_WORD = f"{ascii_letters}{digits}-"
_words_in = re.compile(r"[\w-]+").findall

#: Characters that are escaped in the text and in the choices of a snippet.
_special = re.compile(r"([\\$}])")
_special_in_choice = re.compile(r"([\\,|])")


@dataclass
class SnippetWriter:
    """Writes keys and values; YAML without needless quotes, and a snippet with placeholders."""

    is_yaml: bool
    is_snippet: bool
    _placeholders: int = 0

    def key(self, name: str) -> str:
        """Write a key."""
        return self.plain(name if self.is_yaml and name[:1] != "$" else json_string(name))

    def plain(self, text: str) -> str:
        """Write text as it is."""
        return _special.sub(r"\\\1", text) if self.is_snippet else text

    def scalar(self, value: Json) -> str:
        """Write a value that is not a placeholder."""
        return plain_yaml(value) if self.is_yaml else json_text(value)

    def placeholder(self, values: Iterable[Json]) -> str:
        """Write a placeholder for one of some values; plain text has the first one."""
        texts = list(map(self.scalar, values))
        if not self.is_snippet:
            return texts[0]
        self._placeholders += 1
        if len(texts) > 1:
            choice = ",".join(_special_in_choice.sub(r"\\\1", text) for text in texts)
            return f"${{{self._placeholders}|{choice}|}}"
        return f"${{{self._placeholders}:{self.plain(texts[0])}}}"

    def value(self, pointer: Pointer, examples: Sequence[Json] = ("",)) -> str:
        """Write the value at a pointer as a choice of listed values, or as an example."""
        schema = schema_at(pointer)
        if schema.get("type") == "array":
            return f"[{self.value((*pointer, 0), schema.get('examples', [['']])[0])}]"
        if schema.get("type") == "object":
            keys = (f"{self.key(it)}: {self.value((*pointer, it))}" for it in schema["properties"])
            return "{" + ", ".join(keys) + self.plain("}")
        listed = [value for value, _ in _listed(schema)]
        return self.placeholder(listed or schema.get("examples", examples)[:1])

    def block_item(self, pointer: Pointer) -> str:
        """Write the first item of an array as a YAML block."""
        properties = schema_at((*pointer, 0)).get("properties", ())
        keys = (f"{self.key(it)}: {self.value((*pointer, 0, it))}" for it in properties)
        return "- " + ("\n  ".join(keys) or self.value(pointer)[1:-1])


#: The order of keys: required ones, needed ones, others, those without effect, the editor's own.
_REQUIRED, _NEEDED, _OTHER, _WITHOUT_EFFECT, _EDITORS = range(5)

#: The label of a whole request.
_REQUEST = "sampling request"


def completions(
    document: OpenDocument,
    offset: int,
    rules: Iterable[Rule],
    client: types.ClientCompletionItemOptions,
) -> list[types.CompletionItem]:
    """Return what can be written at an offset of a document, the likeliest first.

    `client` is what the client supports in completion items.
    """
    before, after = document.row_around(offset)
    found_list = _find_list(before) if document.format_ == YAML else None
    if found_list:
        # The word that the cursor is in.
        end = offset + len(after) - len(after.lstrip(_WORD))
        span = Span(offset - len(found_list[2]), end)
        context = CursorContext(Target.VALUE, (), span)
        listed = _words_in(f"{found_list[1]},{after[span.end - offset :].partition(']')[0]}")
        return list(_ItemMaker(document, context, rules, client).rules(listed))
    found = cursor_context(document, offset)
    if found is None:
        return []
    schema = schema_at(found.pointer)
    context = _with_keys(document, found, schema)
    maker = _ItemMaker(document, context, rules, client)
    if context.target is Target.DOCUMENT:
        return [maker.request(schema)]
    has_keys = context.target in (Target.MEMBER, Target.KEY) and schema.get("type") != "array"
    items = maker.keys(schema) if has_keys else maker.values(schema)
    return sorted(items, key=lambda item: item.sort_text or "")


def _with_keys(document: OpenDocument, context: CursorContext, schema: Schema) -> CursorContext:
    """Return the context of a key, where an object can begin with one."""
    if schema.get("type") != "object":
        return context
    if context.target is Target.BLOCK_VALUE:
        return replace(context, target=Target.MEMBER)
    if context.target is not Target.VALUE or document.text.slice(context.replaced):
        return context
    context = replace(context, target=Target.MEMBER, siblings=())
    if context.separator == "\n":
        return replace(context, separator="\n  ", prefix="\n  ")
    prefix, suffix = f"{context.prefix}{{", f"}}{context.suffix}"
    return replace(context, separator=", ", prefix=prefix, suffix=suffix)


class _RelatedKeys:
    """What rules say about the keys of one object: which need, exclude and affect each other.

    `present` are the keys of the object with their values.
    """

    def __init__(
        self, rules: Iterable[Rule], pointer: Pointer, present: Mapping[str, Json]
    ) -> None:
        self._present = present
        kinds = [rule.kind for rule in rules if isinstance(rule.kind, RelationKind)]
        self._kinds = [kind for kind in kinds if pointer in kind.patterns]

    def partners(self, key: str) -> list[str]:
        """Return the keys that a key needs."""
        kinds = (kind for kind in self._kinds if isinstance(kind, PartnerKind))
        return [needed for kind in kinds for each, needed in kind.partners() if each == key]

    def needed_by(self, key: str | int, value: Json) -> list[str]:
        """Return the keys that a value of a key needs."""
        kinds = (kind for kind in self._kinds if isinstance(kind, RequiredWhen))
        return [kind.key for kind in kinds if kind.by == key and value in kind.values]

    def needing(self, key: str) -> str:
        """Return a present key that needs another key, "" if none does."""
        for other, value in self._present.items():
            if key in self.partners(other) or key in self.needed_by(other, value):
                return other
        return ""

    def is_excluded(self, key: str) -> bool:
        """Whether a present key excludes a key."""
        kinds = (kind for kind in self._kinds if isinstance(kind, Exclusive))
        groups = (set(kind.keys) for kind in kinds if key in kind.keys)
        return any(self._present.keys() & (group - {key}) for group in groups)

    def needed_for_effect(self, key: str) -> str:
        """Describe what a key would be ignored without, "" if it would have an effect."""
        for kind in [kind for kind in self._kinds if isinstance(kind, IgnoredUnless)]:
            values = kind.settings.get(key, ())
            if values and self._present.get(kind.by) not in values:
                return f"{kind.by} {' or '.join(map(json_text, values))}"
        return ""


def _value_of(member: Place, pointer: Pointer) -> Json:
    """Return the value of a scalar: a listed one, a whole number, or its text."""
    text = member.text
    listed = listed_entry(schema_at((*pointer, member.name)), text)
    if listed:
        return listed["const"]
    return number_of(text) if text.isdecimal() and text.isascii() else text


class _ItemMaker:
    def __init__(
        self,
        document: OpenDocument,
        context: CursorContext,
        rules: Iterable[Rule],
        client: types.ClientCompletionItemOptions,
    ) -> None:
        self._document = document
        self._context = context
        self._client = client
        self._has_snippets = bool(client.snippet_support)
        self._is_yaml = document.format_ == YAML
        has_value = context.target in (Target.VALUE, Target.BLOCK_VALUE)
        #: The pointer of the object that keys are written in.
        self._object = context.pointer[:-1] if has_value else context.pointer
        self._present = {it.name: _value_of(it, self._object) for it in context.siblings}
        self._rules = tuple(rules)
        self._related = _RelatedKeys(self._rules, self._object, self._present)

    def _writer(self) -> SnippetWriter:
        return SnippetWriter(is_yaml=self._is_yaml, is_snippet=self._has_snippets)

    def request(self, schema: Schema) -> types.CompletionItem:
        """Return a request with its required keys."""
        writer = self._writer()
        first, *others = schema["required"]
        content = self._separated(self._member(writer, first) + self._members(writer, others))
        names = (_REQUEST, "required keys", schema["description"])
        return self._item(
            types.CompletionItemKind.Snippet, names, f"{_REQUIRED}99", _REQUEST, content
        )

    def keys(self, schema: Schema) -> Iterator[types.CompletionItem]:
        """Yield the keys that are not present."""
        has_colon = self._context.target is Target.KEY
        if not self._object and not self._present and not has_colon:
            yield self.request(schema)
        for number, key in enumerate(schema.get("properties", ())):
            if key in self._present or self._related.is_excluded(key):
                continue
            rank, detail = self._rank(key, schema)
            order = f"{rank}{number:02}"
            yield self._key(key, detail, order)
            if not has_colon:
                yield from self._key_with_values(key, order)

    def _rank(self, key: str, schema: Schema) -> tuple[int, str]:
        title = schema["properties"][key]["title"]
        if key in schema.get("required", ()):
            return _REQUIRED, f"{title} (required)"
        needing = self._related.needing(key)
        if needing:
            return _NEEDED, f"{title} (needed by {needing})"
        if key == EDITOR_KEY:
            return _EDITORS, title
        needed = self._related.needed_for_effect(key)
        if needed:
            return _WITHOUT_EFFECT, f"{title} (no effect without {needed})"
        return _OTHER, title

    def _key(self, key: str, detail: str, order: str) -> types.CompletionItem:
        writer = self._writer()
        if self._context.target is Target.KEY:
            content = writer.key(key)
        else:
            partners = self._members(writer, self._related.partners(key))
            content = self._separated(self._member(writer, key) + partners)
        names = (key, detail, about_place((*self._object, key)))
        return self._item(
            types.CompletionItemKind.Property, names, order, self._compared(key), content
        )

    def _key_with_values(self, key: str, order: str) -> Iterator[types.CompletionItem]:
        """Yield a key with each value that needs other keys, together with these."""
        pointer = (*self._object, key)
        for value, name in _listed(schema_at(pointer)):
            needed = self._related.needed_by(key, value)
            if needed:
                writer = self._writer()
                member = f"{writer.key(key)}: {writer.scalar(value)}"
                text = json_text(value)
                yield self._item(
                    types.CompletionItemKind.Snippet,
                    (f"{key}: {text}", name, about_value(pointer, text)),
                    f"{order}{value}",
                    self._compared(key),
                    self._separated(member + self._members(writer, needed)),
                )

    def values(self, schema: Schema) -> Iterator[types.CompletionItem]:
        """Yield the listed values, each with the keys that it needs, or else an example."""
        pointer, kind = self._context.pointer, types.CompletionItemKind.Value
        is_item = bool(pointer) and isinstance(pointer[-1], int)
        listed = _listed(schema)
        written = {it.text for it in self._context.siblings} if is_item else ()
        for number, (value, name) in enumerate(listed):
            word = value if isinstance(value, str) else json_text(value)
            if word in written:
                continue
            writer = self._writer()
            text = writer.plain(writer.scalar(value))
            # Keys cannot follow a value in a line of its own.
            has_keys = pointer and self._context.target is Target.VALUE
            needed = self._related.needed_by(pointer[-1], value) if has_keys else []
            # What is typed may be the start of the name, and a client compares only one text.
            is_named = name != word and self._is_typed(name)
            names = (f"{word} ({name})" if is_named else word, name, about_value(pointer, word))
            content = self._separated(text + self._members(writer, needed))
            compared = name if is_named else word
            yield self._item(kind, names, f"{number:02}", self._compared(compared), content)
        if not listed and "examples" in schema and schema.get("type") != "object":
            example = SnippetWriter(is_yaml=self._is_yaml, is_snippet=False).value(pointer)
            names = (example, "example", about_place(pointer))
            if self._context.target is not Target.MEMBER:
                content = self._separated(self._writer().value(pointer))
                yield self._item(kind, names, "99", self._compared(unquoted(example)), content)
            if schema.get("type") == "array" and self._context.separator == "\n":
                content = self._writer().block_item(pointer)
                line_end = "" if self._context.target is Target.MEMBER else "\n"
                names = (f"- {example.strip('[{}]')}", "example", about_place(pointer))
                yield self._item(kind, names, "991", names[0], f"{line_end}{content}")

    def _is_typed(self, name: str) -> bool:
        """Whether the text that is replaced is the start of a name."""
        typed = unquoted(self._document.text.slice(self._context.replaced))
        return bool(typed) and name.lower().startswith(typed.lower())

    def rules(self, listed: Collection[str]) -> Iterator[types.CompletionItem]:
        """Yield the rules that a comment can suppress, except those that are listed."""
        for rule in self._rules:
            if rule.code not in ALWAYS and not {rule.code, rule.name} & {*listed}:
                names = (rule.code, rule.name, rule.why)
                compared = f"{rule.code} {rule.name}"
                kind = types.CompletionItemKind.EnumMember
                yield self._item(kind, names, rule.code, compared, rule.code)

    def _separated(self, content: str) -> str:
        return f"{self._context.prefix}{content}{self._writer().plain(self._context.suffix)}"

    def _member(self, writer: SnippetWriter, key: str) -> str:
        pointer = (*self._object, key)
        if schema_at(pointer).get("type") != "object":
            return f"{writer.key(key)}: {writer.value(pointer)}"
        stop = "$1" if self._has_snippets else ""
        if self._context.separator == "\n":
            return f"{writer.key(key)}:\n  {stop}"
        return f"{writer.key(key)}: {{{stop}{writer.plain('}')}"

    def _members(self, writer: SnippetWriter, keys: Iterable[str]) -> str:
        """Write the keys that are not present, each after a separator."""
        missing = [key for key in keys if key not in self._present]
        return "".join(self._context.separator + self._member(writer, key) for key in missing)

    def _compared(self, key: str) -> str:
        """Return what a client compares with the text that is replaced, which may have quotes."""
        quote = self._document.text.slice(self._context.replaced)[:1]
        return f"{quote}{key}{quote}" if quote in ('"', "'") else key

    def _item(
        self,
        kind: types.CompletionItemKind,
        names: tuple[str, str, str],
        order: str,
        compared: str,
        content: str,
    ) -> types.CompletionItem:
        """Return an item; `names` are its label, its detail and its documentation in Markdown."""
        label, detail, markdown = names
        modes = self._client.insert_text_mode_support
        can_indent = modes and types.InsertTextMode.AdjustIndentation in modes.value_set
        has_markdown = types.MarkupKind.Markdown in (self._client.documentation_format or ())
        documentation: types.MarkupContent | str | None = without_markdown(markdown) or None
        if has_markdown and markdown:
            documentation = types.MarkupContent(types.MarkupKind.Markdown, markdown)
        comma = self._context.missing_comma
        range_of = self._document.range_of
        commas = [] if comma is None else [types.TextEdit(range_of(Span(comma, comma)), ",")]
        return types.CompletionItem(
            label,
            kind=kind,
            detail=detail or None,
            documentation=documentation,
            sort_text=order,
            filter_text=compared,
            insert_text_format=types.InsertTextFormat.Snippet
            if self._has_snippets
            else types.InsertTextFormat.PlainText,
            insert_text_mode=types.InsertTextMode.AdjustIndentation if can_indent else None,
            text_edit=types.TextEdit(range_of(self._context.replaced), content),
            additional_text_edits=commas or None,
        )


def _listed(schema: Schema) -> list[tuple[Json, str]]:
    """Return the listed values of a schema, each with its name."""
    return [(entry["const"], entry["title"]) for entry in schema.get("anyOf", ())]
