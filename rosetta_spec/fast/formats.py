"""What the fast path shares with all other code: formats, limits, and the wording of counts."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    #: JSON as Python has it.
    Json: TypeAlias = Any

JSON = "json"
YAML = "yaml"
JSONL = "jsonl"

FORMATS = (JSON, YAML, JSONL)

ENDINGS = {
    ".json": JSON,
    ".yaml": YAML,
    ".yml": YAML,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
}

#: Endings of the files that are read in a folder, in any case, unless a configuration says
#: otherwise.
REQUEST_ENDINGS = tuple(f".sampling{ending}" for ending in ENDINGS)

#: Characters of globs.
GLOB = frozenset("*?[")

# How large a document may be (rule RS007).

#: Containers inside each other, the outermost counted as 1, every alias written out.
MAX_NESTING = 100

#: Bytes of a file; in JSON Lines, of one line without its line break.
MAX_BYTES = 16 * 1024 * 1024

#: Values (containers and scalars, not keys) that aliases and merges stand for, written out.
MAX_ALIAS_NODES = 10_000

#: Digits of the longest integer literal that becomes an `int`, a longer one a `Decimal`. Python
#: reads and writes as many whatever limit on digits it was started with.
MAX_INT_DIGITS = 640

#: Different decimals of at most this many characters are different floats: a binary64
#: distinguishes 15 digits. Source: IEEE 754, and `sys.float_info.dig`.
MAX_EXACT = 16

#: The word with which a comment that suppresses findings begins.
SUPPRESSION = "rosetta-spec"

#: What may follow it, or is written there by mistake; the first two are right.
SUPPRESSION_VERBS = ("ignore-file", "ignore", "disable", "noqa", "suppress")


class Declined(Exception):  # noqa: N818 - not an error: another reader takes over
    """A text that a quick reader may not understand."""


def short_fraction(text: str) -> float:
    """Read a fraction whose float compares with other short ones as its decimal does.

    Raises:
        Declined: it has more digits than a float keeps apart, or an exponent.
    """
    if len(text) > MAX_EXACT or "e" in text or "E" in text:
        raise Declined
    return float(text)


def may_suppress(text: str) -> bool:
    """Whether a text may have a comment that suppresses findings, or is meant to."""
    _, *others = text.lower().split(SUPPRESSION)
    return any(rest.lstrip().startswith((":", "\uff1a", *SUPPRESSION_VERBS)) for rest in others)


def format_by_name(filename: str) -> str | None:
    """Return the format that the ending of a file name, in any case, stands for."""
    _, dot, ending = filename.rpartition(".")
    return ENDINGS.get(f"{dot}{ending}".lower())


def format_of(content: str, named: str | None) -> str:
    """Return the format of a text that is JSON or YAML: the named one, or the one it looks like.

    A text looks like JSON if its first character that is not blank is `{` or `[`.
    """
    return named or (JSON if content.lstrip()[:1] in ("{", "[") else YAML)


def no_findings(files: int, documents: int) -> str:
    """Return the sentence for a run without findings."""
    return f"Checked {counted_files(files, documents)}, all fine." if files else "Checked no file."


def counted_files(files: int, documents: int, touched: int = 0) -> str:
    """Count the files and documents that were checked, and the `touched` files with findings."""
    total = counted(files, "file")
    shown = f"{touched} of {total}" if 0 < touched < files else total
    return shown if documents == files else f"{shown} ({counted(documents, 'document')})"


def counted(count: float, word: str) -> str:
    """Write a count with its word, in the plural unless it is one."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
