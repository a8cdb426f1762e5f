"""Read YAML as most requests are written: blocks with values of one line.

A text that is read here has no problem, and the full reader gives the same values. Every other text
is declined.
"""

from __future__ import annotations

from rosetta_spec.fast.formats import MAX_INT_DIGITS, Declined, may_suppress, short_fraction
from rosetta_spec.fast.json_value import has_surrogate, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.fast.formats import Json

_MAX_NESTING = 20
_MAX_KEY = 1000

#: Words that YAML does not read as strings.
WORDS = {
    **dict.fromkeys(("~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
_LETTERS = frozenset(_ALPHABET)

#: The characters of numbers, except those of base 8 and 16, NaN and infinity.
_NUMERIC = "0123456789+-.eE"
_NUMBER_STARTS = frozenset("0123456789+-.")

#: Characters without a meaning after a letter, also in flow collections.
_SAFE = _ALPHABET + "0123456789-./+ "
#: Those without a meaning in a flow scalar; a colon must not be followed by a blank or the end.
_SAFE_IN_FLOW = _SAFE + ":~"

#: Characters that cannot, or not always, start a plain scalar.
_INDICATORS = frozenset("?:,[]{}#&*!|>'\"%@`")

#: How the rest of a line without content starts.
_NOTHING = frozenset(("", "#", "\r"))
#: Characters after the dash of an item and the colon of a key.
_BLANKS = frozenset(("", " ", "\r"))
#: Characters between the tokens of a flow collection; NUL ends the text.
_GAPS = frozenset(" \r\n#\0")
_BREAKS = frozenset(" \r\n")
_COLON_ENDS = frozenset(" \r\n\0")

_QUOTES = frozenset("'\"")


def read_yaml_lines(content: str) -> list[Json]:
    """Read the plain values of all documents of a text that has no byte order mark.

    Raises:
        Declined: one is not an object, has a problem, or is written in another way.
    """
    rest = content.replace("\r\n", "").replace("\n", "")
    if may_suppress(rest) or not (rest.isprintable() or _are_ordinary(set(rest))):
        raise Declined
    return _Lines(content).read()


def _are_ordinary(chars: set[str]) -> bool:
    """Whether characters may be everywhere: no controls, surrogates, and breaks of YAML 1.1."""
    special = "\u2028\u2029\ufeff\ufffe\uffff"
    return not any(
        char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff" or char in special
        for char in chars
    )


class _UnclosedError(Declined):
    """The text ends in a flow collection; more lines may complete it."""


class _Lines:
    __slots__ = ("has_more", "is_marked", "levels", "lines", "rows")

    def __init__(self, content: str) -> None:
        self.lines = content.split("\n")
        self.rows = enumerate(self.lines)
        #: Whether there was a `---`, and whether there may be another document.
        self.is_marked = False
        self.has_more = True
        #: The block collections around the line, each with its column, the innermost last.
        self.levels: list[tuple[int, Json]] = []

    def read(self) -> list[Json]:
        """Read all documents."""
        documents = [self._document()]
        while self.has_more:
            documents.append(self._document())
        return documents

    def _document(self) -> Json:
        holder: list[Json] = [None]
        #: The collection of the previous line, and its column.
        block: Json = holder
        indent = -1
        self.levels = [(indent, block)]
        #: The key or index in `block` whose value may be on the next lines.
        slot: str | int | None = -1
        for number, line in self.rows:
            body = line.lstrip(" ")
            if body[:1] in _NOTHING:
                continue
            column = len(line) - len(body)
            is_item = body[0] == "-"
            is_empty = block is holder and slot is not None
            if is_item and body[1:2] not in _BLANKS:
                if self._is_end(line, is_empty=is_empty):
                    return holder[0]
                continue
            is_whole = is_empty and body[0] == "{"
            # Most lines are in the block of the line before.
            if not is_whole and (is_item or column != indent or type(block) is list):
                block, indent = self._block_at(column, slot, is_item=is_item), column
            if is_item:
                block.append(None)
                body = body[1:].lstrip(" ")
            split = _split_key(body)
            if is_item and split:
                indent = len(line) - len(body)
                block = self._open({}, indent, -1)
            if not (split or is_item or is_whole) or (split and split[0] in block):
                raise Declined
            key, rest = split or (-1, body)
            slot = key if rest.lstrip(" ")[:1] in _NOTHING else None
            block[key] = self._value(rest, number) if slot is None else None
        self.has_more = False
        if holder[0] is None:
            raise Declined
        return holder[0]

    def _is_end(self, line: str, *, is_empty: bool) -> bool:
        """Whether a line like `---` ends a document; it may also begin the first one."""
        if line.rstrip(" \r") != "---" or (is_empty and self.is_marked):
            raise Declined
        self.is_marked = True
        return not is_empty

    def _block_at(self, column: int, slot: str | int | None, *, is_item: bool) -> Json:
        """Find or open the block collection of a line that starts in `column`."""
        levels = self.levels
        indent, block = levels[-1]
        if slot is not None and (
            column > indent or (is_item and column == indent and type(block) is dict)
        ):
            return self._open([] if is_item else {}, column, slot)
        while column < indent:
            levels.pop()
            indent, block = levels[-1]
        if column == indent and type(block) is list and not is_item:
            # A list may be in the column of its key.
            levels.pop()
            indent, block = levels[-1]
        if column != indent or is_item != (type(block) is list):
            raise Declined
        return block

    def _open(self, block: Json, column: int, slot: str | int) -> Json:
        """Put a new block collection into the innermost one; a document must be an object."""
        around = self.levels[-1][1]
        is_root = len(self.levels) == 1
        if len(self.levels) > _MAX_NESTING or (is_root and type(block) is list):
            raise Declined
        around[slot] = block
        self.levels.append((column, block))
        return block

    def _value(self, text: str, number: int) -> Json:
        """Read the value that begins in the rest of a line."""
        text = text.lstrip(" ")
        if text[0] in "[{":
            return self._flow_lines(text, number)
        if text[0] in _QUOTES:
            value, length = _quoted(text, 0)
            _check_rest(text, length)
            return value
        return _plain(_before_comment(text))

    def _flow_lines(self, text: str, number: int) -> Json:
        """Read the flow collection that begins in the rest of a line, and skip its other lines.

        How many these are is not known before: more and more are tried.
        """
        ahead = 1
        while True:
            flow = _Flow(text)
            try:
                value, end = flow.collection(0, 1)
                break
            except _UnclosedError:
                more = self.lines[number + ahead : number + 2 * ahead]
                if not more:
                    raise
                text = "\n".join((text, *more))
                ahead *= 2
        _check_rest(text, end)
        text = text[:end]
        if "\n---" in text or "\n..." in text:
            raise Declined
        for _ in range(text.count("\n")):
            next(self.rows)
        return value


class _Flow:
    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text + "\0"

    def collection(self, start: int, depth: int) -> tuple[Json, int]:
        """Read the collection at `start`, at nesting `depth`; return it and its end."""
        if depth > _MAX_NESTING:
            raise Declined
        text = self.text
        close = "}" if text[start] == "{" else "]"
        members: dict[str, Json] = {}
        items: list[Json] = []
        at = self._next(start + 1)
        while text[at] != close:
            if close == "}":
                key, at = self._key(at)
                if key in members:
                    raise Declined
                members[key], at = self._item(at, close, depth)
            else:
                item, at = self._item(at, close, depth)
                items.append(item)
            at = self._next(at)
            if text[at] == ",":
                at = self._next(at + 1)
            elif text[at] != close:
                raise Declined
        return members if close == "}" else items, at + 1

    def _next(self, at: int) -> int:
        """Skip blanks, line breaks and comments."""
        text = self.text
        while (char := text[at]) in _GAPS:
            if char in _BREAKS:
                at += 1
                continue
            if char == "#" and text[at - 1] not in _BREAKS:
                raise Declined
            at = text.find("\n", at) if char == "#" else -1
            if at < 0:
                raise _UnclosedError
        return at

    def _key(self, start: int) -> tuple[str, int]:
        """Read a key and its colon; return it and the start of the value."""
        text = self.text
        if text[start] in _QUOTES:
            key, end = _quoted(text, start)
            colon = end
            while text[colon] == " ":
                colon += 1
            if text[colon] != ":" or end - start > _MAX_KEY:
                raise Declined
        else:
            colon = text.find(":", start)
            key = text[start : max(start, colon)].rstrip(" ")
            end = start + len(key)
            if not _is_key(key) or text[colon + 1] not in _COLON_ENDS:
                raise Declined
        return key, self._next(colon + 1)

    def _item(self, start: int, close: str, depth: int) -> tuple[Json, int]:
        text = self.text
        if text[start] in "[{":
            return self.collection(start, depth + 1)
        if text[start] in _QUOTES:
            return _quoted(text, start)
        token = self._token(start, close)
        return _plain(token), start + len(token)

    def _token(self, start: int, close: str) -> str:
        """Return the text of the plain scalar at `start`, on one line."""
        text = self.text
        comma = text.find(",", start)
        end = text.find(close, start, comma if comma >= 0 else len(text))
        end = end if end >= 0 else comma
        if end < 0:
            raise _UnclosedError
        token = text[start:end].partition(" #")[0].rstrip(" \r\n")
        if not token or token[-1] == ":" or ": " in token:
            raise Declined
        rest = token.strip(_SAFE_IN_FLOW)
        if rest and not rest.isalnum():
            raise Declined
        return token


def _check_rest(text: str, end: int) -> None:
    """Decline a line with more than a comment after the value that ends at `end`."""
    rest = text[end:].partition("\n")[0]
    if rest[:1] not in _BLANKS or rest.lstrip(" ")[:1] not in _NOTHING:
        raise Declined


def _split_key(body: str) -> tuple[str, str] | None:
    """Split a line into its key and the rest after the colon; None if there is no plain key."""
    if body[:1] in _NOTHING:
        return None
    if body[0] in _QUOTES:
        key, end = _quoted(body, 0)
        rest = body[end:].lstrip(" ")
        is_key = rest[:1] == ":" and rest[1:2] in _BLANKS and end <= _MAX_KEY
        return (key, rest[1:]) if is_key else None
    key, colon, rest = body.partition(": ")
    if not colon:
        key = body.rstrip(" \r")
        if key[-1] != ":":
            return None
        key = key[:-1]
    key = key.rstrip(" ")
    return (key, rest) if _is_key(key) else None


def _is_key(text: str) -> bool:
    """Whether a text without quotes is a key, and a string."""
    is_word = text.isidentifier() or (text[:1] in _LETTERS and not text.strip(_SAFE))
    return is_word and text not in WORDS and len(text) <= _MAX_KEY


def _before_comment(text: str) -> str:
    """Return the plain scalar of a line, which must not contain another key."""
    text = text.partition(" #")[0].rstrip(" \r")
    if text[-1] == ":" or ": " in text:
        raise Declined
    return text


def _plain(text: str) -> Json:
    if text in WORDS:
        return WORDS[text]
    if text[0] in _NUMBER_STARTS:
        return _number(text)
    if text[0] in _INDICATORS:
        raise Declined
    return text


def _number(text: str) -> Json:
    """Read a scalar that starts like a number; it may be a string."""
    if text.isdigit() and text.isascii() and len(text) <= MAX_INT_DIGITS:
        return int(text)
    if text == "-" or text[:2] in ("- ", "0x", "0o"):
        raise Declined
    if text.strip(_NUMERIC):
        if text.lstrip("+-")[:1] == ".":
            raise Declined
        return text
    try:
        float(text)
    except ValueError:
        return text
    if not text.lstrip("+-").isdigit():
        return short_fraction(text)
    if len(text) > MAX_INT_DIGITS:
        raise Declined
    return int(text)


def _quoted(text: str, start: int) -> tuple[str, int]:
    """Read the quoted string at `start`, on one line; return it and its end."""
    if text[start] == '"':
        return _double_quoted(text, start)
    end = text.find("'", start + 1)
    while end >= 0 and text[end + 1 : end + 2] == "'":
        end = text.find("'", end + 2)
    body = text[start + 1 : end]
    if end < 0 or "\n" in body:
        raise Declined
    return body.replace("''", "'"), end + 1


def _double_quoted(text: str, start: int) -> tuple[str, int]:
    """Read a string that means the same in JSON."""
    try:
        value, end = scan(text, start)
    # See `read_json_value`.
    except (ValueError, StopIteration, SystemError):
        raise Declined from None
    if has_surrogate(value):
        raise Declined
    return value, end
