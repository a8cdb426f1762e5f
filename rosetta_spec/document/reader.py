"""From bytes or Python data to documents: format, encoding, size limits, and other values."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from errno import EINVAL, ENOENT, ENOTDIR
from io import BytesIO
from typing import Any, TypeAlias

from rosetta_spec.document.json_reader import in_parts, read_json
from rosetta_spec.document.lines import blocks_of
from rosetta_spec.document.syntax_errors import LONE_SURROGATE, FatalError, curl_in, not_a_request
from rosetta_spec.document.tree import (
    FATAL_PROBLEMS,
    Array,
    Document,
    Object,
    Scalar,
    SyntaxProblem,
)
from rosetta_spec.document.values import (
    UNUSABLE,
    Json,
    as_string,
    clipped,
    indented_json,
    number_of,
)
from rosetta_spec.fast.acceptor import REQUIRED_KEYS
from rosetta_spec.fast.formats import (
    GLOB,
    JSON,
    JSONL,
    MAX_BYTES,
    MAX_NESTING,
    YAML,
    Declined,
    format_of,
)
from rosetta_spec.fast.json_value import has_surrogate, read_json_value, scan
from rosetta_spec.fast.yaml_lines import read_yaml_lines
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.text import BOM, Span, Text

#: Whether the number and the plain value of a document are enough.
IsEnough: TypeAlias = Callable[[int, Json], bool]

#: Reads a whole value of JSON quickly.
_scan_json = in_parts(scan)

_MEBIBYTE = 1024 * 1024

#: The row with which the next document may start.
_find_marker = re.compile(r"[\r\n]---(?=[ \t\r\n]|\Z)").search

#: What is before the value of a YAML document that the quick reader understands.
_LEAD = r"(?:---[ \r]*\n)?(?:[ ]*(?:#[^\n]*|\r)?\n)*+[ ]*"


def read_documents(
    data: bytes, format_: str | None, is_enough: IsEnough | None = None
) -> Iterator[Document]:
    """Read every document of a file, in order; at least one, and never an exception of its own.

    Without a format, a text whose first character that is not blank is `{` or `[` is JSON, any
    other YAML. `is_enough` says which documents of JSON and YAML need not be read in full: it gets
    the number and value of those that the quick readers understand.
    """
    if format_ == JSONL:
        yield from _read_lines(data)
    elif len(data) > MAX_BYTES:
        yield _failed(Text(""), 0, _too_large("file"))
    else:
        text, problem = _decoded(data, first_row=1)
        yield from [_failed(text, 0, problem)] if problem else read_text(text, format_, is_enough)


def unreadable(cause: str, remedy: str) -> Document:
    """Return the document of a file that could not be read."""
    return _failed(Text(""), 0, _problem_of_all("unreadable", cause, remedy))


def why_unreadable(error: OSError | ValueError, what: str = "file") -> tuple[str, str]:
    """Explain why a file could not be opened or read: return a cause and a remedy.

    `what` is the name for such a file. Our own errors have the remedy as a note.
    """
    causes: dict[type[OSError | ValueError], tuple[str, str]] = {
        FileNotFoundError: (f"there is no such {what}", "check the path"),
        IsADirectoryError: (f"this is a folder, not a {what}", "name a file in it"),
        NotADirectoryError: ("a part of this path is a file, not a folder", "check the path"),
        PermissionError: (
            f"you do not have permission to read this {what}",
            "change its permissions, or run as another user",
        ),
    }
    # Windows allows no file to be named by a pattern.
    is_missing = isinstance(error, OSError) and error.errno in (ENOENT, ENOTDIR, EINVAL)
    if is_missing and not GLOB.isdisjoint(str(getattr(error, "filename", ""))):
        return f"no {what} matches this pattern", "check the path"
    reason = (error.strerror or "") if isinstance(error, OSError) else str(error)
    # The words around these depend on the way of opening the file, and on the Python version.
    if "embedded null" in reason:
        return "a path cannot contain a NUL", "check the path"
    remedies = getattr(error, "__notes__", ["check the file and the disk it is on"])
    return causes.get(type(error), (f"this {what} cannot be read: {reason.lower()}", remedies[0]))


def read_text(
    text: Text, format_: str | None, is_enough: IsEnough | None = None
) -> Iterator[Document]:
    """Read every document of a text that is JSON or YAML, as `read_documents` does."""
    empty = _failed(text, 0, _empty("file"))
    if not text.content.strip():
        yield empty
    elif format_of(text.content, format_) == JSON:
        yield _plain_json(text, is_enough) or as_request(read_json(text))
    elif curl := curl_in(text.content):
        # A header such as 'Accept: text/plain' would make it an object of YAML.
        remedy = "keep only the JSON that it sends, or pass the command to `rosetta-spec new -`"
        cause = "this is a curl command, not a request"
        yield _failed(text, 0, SyntaxProblem("syntax", ROOT, curl, cause, remedy))
    else:
        documents = map(as_request, read_yaml(text, is_enough))
        yield next(documents, empty)
        yield from documents


def _plain_json(text: Text, is_enough: IsEnough | None) -> Document | None:
    if is_enough:
        with suppress(Declined):
            value = read_json_value(text.content, _scan_json)
            if is_enough(0, value):
                start = len(text.content) - len(text.content.lstrip())
                return Document(text, 0, None, (), value, start=start)
    return None


def read_yaml(text: Text, is_enough: IsEnough | None = None) -> Iterator[Document]:
    """Read the documents of a YAML text, which need not be objects; there may be none."""
    reader = None
    at: int | None = 0
    end = number = 0
    while at is not None:
        # The YAML parser may have stopped before the next marker.
        if at >= end:
            marker = _find_marker(text.content, at)
            end = marker.start() + 1 if marker else len(text.content)
            if is_enough and (plain := _plain_yaml(text, Span(at, end), number, is_enough)):
                yield plain
                number += 1
                at = end if end < len(text.content) else None
                continue
        if reader is None:
            # The YAML parser is a slow import that most documents do not need.
            from rosetta_spec.document.yaml_reader import YamlReader  # noqa: PLC0415

            reader = YamlReader(text)
        for document in reader.read(at, number):
            yield document
            number += 1
        at = reader.next


def _plain_yaml(text: Text, span: Span, number: int, is_enough: IsEnough) -> Document | None:
    """Read a document of a stream to its value, if that can be done and is enough."""
    with suppress(Declined):
        (value,) = read_yaml_lines(text.slice(span))
        if is_enough(number, value):
            lead = re.compile(_LEAD).match(text.content, span.start)
            assert lead is not None  # noqa: S101 - it matches nothing, too
            return Document(text, number, None, (), value, YAML, lead.end())
    return None


def _read_lines(data: bytes) -> Iterator[Document]:
    number = -1
    for block in blocks_of(BytesIO(data)):
        for line, row, number in block.lines():
            yield read_line(line, row, number)
    if number < 0:
        yield without_documents()


def read_line(line: bytes, row: int, number: int) -> Document:
    """Read the document of a line of JSON Lines that is not blank, given without its end."""
    if len(line) > MAX_BYTES:
        return _failed(Text("", first_row=row), number, _too_large("line"))
    text, problem = _decoded(line, first_row=row)
    if problem:
        return _failed(text, number, problem)
    return as_request(read_json(text, number, is_line=True), is_line=True)


def without_documents() -> Document:
    """Return the document of a file that holds none and should."""
    return _failed(Text(""), 0, _empty("file"))


def _decoded(data: bytes, *, first_row: int) -> tuple[Text, SyntaxProblem | None]:
    other = _other_encoding(data)
    cause, remedy = f"this text is {other}, not UTF-8", "save the file in UTF-8"
    try:
        text = Text(data.decode(), first_row=first_row)
    except UnicodeDecodeError as error:
        text = Text(data.decode(errors="replace"), first_row=first_row)
        offset = len(Text(data[: error.start].decode(), first_row=first_row).content)
        if not other:
            cause = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return text, SyntaxProblem("not-utf8", ROOT, Span(offset, offset + 1), cause, remedy)
    if not other:
        return text, None
    # The zeros are characters of UTF-8 too, which neither JSON nor YAML allows.
    offset = text.content.index("\0")
    return text, SyntaxProblem("syntax", ROOT, Span(offset, offset + 1), cause, remedy)


def _other_encoding(data: bytes) -> str:
    """Recognize UTF-16 and UTF-32 by a byte order mark, or by characters below U+0100; else ""."""
    # Nearly no text starts with one of these.
    if not any(mark in data[:4] for mark in (b"\0", BOM_UTF16_LE, BOM_UTF16_BE)):
        return ""
    for name in ("UTF-32-LE", "UTF-32-BE", "UTF-16-LE", "UTF-16-BE"):
        start = data[:4].decode(name, "replace")
        if start.startswith(BOM) or (data[3:] and "\0" < min(start) <= max(start) < "\u0100"):
            return name[:6]
    return ""


def as_request(document: Document, *, is_line: bool = False) -> Document:
    """Replace a document that is not an object by the problem that it is not.

    Whether it is a line of JSON Lines decides what the message suggests.
    """
    root = document.root
    if root is None or isinstance(root, Object):
        return document
    if root.span.start == root.span.end:
        problem = _empty("document")._replace(span=root.span)
    elif isinstance(root, Scalar) and (found := not_a_request(document.text.content, root.span)):
        problem = found.problem._replace(name="not-an-object")
    else:
        what = "a list" if isinstance(root, Array) else "a single value"
        remedy = "write one request per document, as keys and values"
        if is_line:
            remedy = "write one request per line, as an object between { and }"
        elif what == "a list":
            remedy += "; to send several, put one on each line of a .jsonl file"
        cause = f"this document is {what}, not an object"
        problem = SyntaxProblem("not-an-object", ROOT, root.span, cause, remedy)
    return document._replace(root=None, problems=(problem,), value=UNUSABLE)


def _empty(what: str) -> SyntaxProblem:
    remedy = f"write a request with {' and '.join(REQUIRED_KEYS)}, or remove it"
    return _problem_of_all("not-an-object", f"this {what} is empty", remedy)


def _too_large(what: str) -> SyntaxProblem:
    cause = f"this {what} is larger than {MAX_BYTES // _MEBIBYTE} MiB"
    remedy = "split it; in JSON Lines, the limit applies to each line"
    return _problem_of_all("too-large", cause, remedy)


def _problem_of_all(name: str, cause: str, remedy: str) -> SyntaxProblem:
    return SyntaxProblem(name, ROOT, Span(0, 0), cause, remedy)


def _failed(text: Text, number: int, problem: SyntaxProblem) -> Document:
    assert problem.name in FATAL_PROBLEMS  # noqa: S101 - a bug, whatever the input
    return Document(text, number, None, (problem,))


def read_data(data: Any) -> Document:  # noqa: ANN401 - any data gets an answer
    """Read a request that is Python data: mappings, sequences, strings, numbers, booleans, None.

    Anything else, NaN, infinity and keys that are not strings are finding RS006.
    """
    converter = _Converter()
    try:
        value, printable = converter.convert(data, ROOT, 0)
        content = indented_json(printable)
        if len(content) > MAX_BYTES:
            raise _data_too_large()
    except FatalError as error:
        return _failed(Text(""), 0, error.problem)
    document = read_json(Text(content))
    problems = tuple(_problem(document, *each) for each in converter.rejected)
    return as_request(document._replace(value=value, problems=problems))


def _problem(document: Document, at: Pointer, key: str | None, cause: str) -> SyntaxProblem:
    locator = document.locator
    found = locator.value(at) if key is None else locator.key((*at, key))
    return SyntaxProblem("not-json", at, found.span, cause, "write a value that JSON supports")


def _data_too_large(how: str = f"larger than {MAX_BYTES} characters of JSON") -> FatalError:
    cause = f"the request is {how}"
    return FatalError(Span(0, 0), cause, "split the request", name="too-large")


class _Converter:
    """Converts data to JSON values, and to what stands for them in a text.

    `rejected` are pointer, key if it is the key that was rejected, and cause.
    """

    def __init__(self) -> None:
        self.rejected: list[tuple[Pointer, str | None, str]] = []
        self._size = 0

    def convert(self, data: object, at: Pointer, depth: int) -> tuple[Json, Json]:
        """Return the value, `UNUSABLE` where JSON has none, and the printable value."""
        if isinstance(data, Mapping):
            return self._object(data, at, self._deeper(depth))
        if isinstance(data, Sequence) and not isinstance(data, str | bytes | bytearray):
            depth = self._deeper(depth)
            items = [self.convert(item, (*at, index), depth) for index, item in enumerate(data)]
            return [value for value, _ in items], [printable for _, printable in items]
        value = _plain_scalar(data)
        if value is not UNUSABLE:
            self._count(len(value) if isinstance(value, str) else 1)
            return value, value
        text = _text(data)
        self._count(len(text))
        cause = f"the {type(data).__name__} {as_string(text)} is not a JSON value"
        self.rejected.append((at, None, _lone_surrogate(data) or cause))
        return UNUSABLE, _printable(text)

    def _object(self, data: Mapping[Any, object], at: Pointer, depth: int) -> tuple[Json, Json]:
        values: dict[str, Json] = {}
        printables: dict[str, Json] = {}
        for key, item in data.items():
            text = _text(key)
            self._count(len(text))
            if isinstance(key, str) and not has_surrogate(key):
                values[text], printables[text] = self.convert(item, (*at, text), depth)
            else:
                cause = _lone_surrogate(key) or f"the key {clipped(text)} is not a string"
                text = _printable(text)
                self.rejected.append((at, text, cause))
                printables.setdefault(text, None)
        return values, printables

    def _deeper(self, depth: int) -> int:
        self._count(1)
        if depth == MAX_NESTING:
            how = f"nested deeper than {MAX_NESTING} levels"
            raise _data_too_large(how)
        return depth + 1

    def _count(self, size: int) -> None:
        self._size += size + 1
        if self._size > MAX_BYTES:
            raise _data_too_large()


def _text(data: object) -> str:
    # `str` of a member of an enumeration is not always its value.
    return str.__str__(data) if isinstance(data, str) else str(data)


def _lone_surrogate(data: object) -> str:
    return LONE_SURROGATE.format(clipped(_text(data))) if isinstance(data, str) else ""


def _plain_scalar(data: object) -> Json:
    if data is None or isinstance(data, bool):
        return data
    if isinstance(data, str):
        return UNUSABLE if has_surrogate(data) else _text(data)
    if isinstance(data, int):
        # Python refuses to write a very long integer, which counts its digits.
        return number_of(str(Decimal(int(data))))
    # `math.isfinite` would make a float of a `Decimal`, and many a finite one is beyond any float.
    if isinstance(data, float | Decimal) and Decimal(data).is_finite():
        write = Decimal.__str__ if isinstance(data, Decimal) else float.__repr__
        return number_of(write(data))
    return UNUSABLE


def _printable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()
