"""YAML that mixes every notation, with comments wherever one is allowed."""

import json
from itertools import count
from typing import NamedTuple

from hypothesis import strategies as st

from rosetta_spec.document.values import Json, json_string, json_text
from rosetta_spec.fixes.entries import is_plain_safe


class MixedYaml(NamedTuple):
    """A text, and its comments in their order."""

    text: str
    comments: list[str]


@st.composite
def mixed_yaml_texts(draw: st.DrawFn, value: Json) -> MixedYaml:
    """Write `value`, an object, as YAML in which all that may be mixed is mixed."""
    pen = _Pen(draw)
    pen.root(value)
    ending = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    last = "\n" if pen.ends_in_scalar else draw(st.sampled_from(["", "\n"]))
    return MixedYaml(("\n".join(pen.rows) + last).replace("\n", ending), pen.comments)


class _Pen:
    """Writes rows; `head` is the part of a row that waits for the rest of it."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.rows: list[str] = []
        self.comments: list[str] = []
        self.numbers = count(1)
        #: Whether the last row belongs to a block scalar, to which blank rows might belong too.
        self.ends_in_scalar = False

    def chance(self, of: int = 4) -> bool:
        return self.draw(st.integers(1, of)) == of

    def one_of(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def comment(self) -> str:
        text = f"# {next(self.numbers)}" + self.one_of("", " why", ": #, [x", ' "')
        self.comments.append(text)
        return text

    def tail(self) -> str:
        """Write what may be at the end of a row."""
        return self.one_of(" ", "   ", "\t") + self.comment() if self.chance() else ""

    def row(self, text: str) -> None:
        self.rows.append(text)
        self.ends_in_scalar = False

    def between(self, column: int) -> None:
        """Write comments and blank rows before an entry."""
        while self.chance():
            if self.chance(2) and not self.ends_in_scalar:
                self.row(self.one_of("", "", "  ", "\t"))
            else:
                deepest = column if self.ends_in_scalar else column + 4
                self.row(" " * self.draw(st.integers(0, deepest)) + self.comment())

    def root(self, value: Json) -> None:
        self.between(0)
        if self.chance():
            self.row("...")
            self.between(0)
        if value and not self.chance(6):
            self.block(value, self.draw(st.sampled_from([0, 0, 2])), "")
            self.between(0)
        else:
            self.row(self.flow(value, 0) + self.tail())
        if self.chance(6):
            self.row("...")

    def block(self, value: Json, column: int, head: str) -> None:
        """Write a block collection; its first row goes on after `head`, which ends in `column`."""
        entries = value.items() if isinstance(value, dict) else ((None, item) for item in value)
        for key, item in entries:
            if not head:
                self.between(column)
            lead = head or " " * column
            head = ""
            if key is None:
                self.entry(lead + "-", item, column, is_item=True)
            elif self.chance(8):
                self.row(f"{lead}? {self.key(key)}" + self.tail())
                if item is None and self.chance(2):
                    continue
                self.between(column)
                self.entry(" " * column + ":", item, column, is_item=True)
            else:
                blank = self.one_of("", "", "", " ")
                self.entry(f"{lead}{self.key(key)}{blank}:", item, column, is_item=False)

    def key(self, key: str) -> str:
        return self.one_of("", "", "", "", "&k ", "!!str ") + self.string(key)

    def entry(self, lead: str, value: Json, column: int, *, is_item: bool) -> None:
        """Write what follows a dash or a colon."""
        is_collection = isinstance(value, dict | list) and value
        if not is_collection or self.chance():
            self.one_row(lead, value, column)
            return
        property_ = self.one_of("", "", "", f" &a{next(self.numbers)}", f" !!{_kind(value)}")
        step = self.draw(st.integers(1, 4))
        if is_item and not property_ and self.chance(2):
            blanks = " " * step
            self.block(value, len(lead) + step, lead + blanks)
            return
        if property_ and self.chance():
            self.row(lead + self.tail())
            lead = " " * column + " "
        self.row(lead + property_ + self.tail())
        may_be_close = isinstance(value, list) and not is_item
        self.block(value, column if may_be_close and self.chance(2) else column + step, "")

    def one_row(self, lead: str, value: Json, column: int) -> None:
        """Write a value that may begin on the row of its dash or colon."""
        blanks = self.one_of(" ", " ", "  ", "\t")
        if isinstance(value, str) and self.chance() and _is_blockable(value):
            self.block_scalar(lead + blanks, value, column)
            return
        if value is None and self.chance(2):
            self.row(lead + self.one_of("", "", " &n", " !!null") + self.tail())
            return
        if self.chance(8):
            self.row(lead + self.tail())
            self.between(column)
            lead, blanks = " " * column, " " * self.draw(st.integers(1, 3))
        self.row(lead + blanks + self.flow(value, column + 1) + self.tail())

    def block_scalar(self, lead: str, text: str, column: int) -> None:
        body = text.rstrip("\n")
        ends = len(text) - len(body)
        chomp = {0: "-", 1: self.one_of("", "+")}.get(ends, "+")
        style = self.one_of("|", "|" if "\n" in body else ">")
        step = self.draw(st.integers(1, 3))
        digit = self.one_of("", str(step))
        self.row(lead + style + self.one_of(chomp + digit, digit + chomp) + self.tail())
        for row in body.split("\n"):
            self.row(row and " " * (column + step) + row)
        self.rows += [""] * (ends - 1)
        self.ends_in_scalar = True

    def scalar(self, value: Json, column: int) -> str:
        if isinstance(value, str):
            is_folded = " ".join(value.split()) == value and self.chance()
            text = self.folded(value, column) if is_folded else self.string(value)
            return self.one_of("", "", "", "", "&s ", "!!str ", "! ") + text
        text = json_text(value)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            text = self.one_of(text, f"0{text}", f"+{text}", f"0x{value:x}", f'!!int "{text}"')
        return self.one_of("", "", "", "&s ") + text

    def string(self, text: str) -> str:
        ways = [json_string(text), json.dumps(text)]
        if text.isprintable():
            doubled = text.replace("'", "''")
            ways.append(f"'{doubled}'")
        if is_plain_safe(text):
            ways += [text, text]
        return self.one_of(*ways)

    def folded(self, text: str, column: int) -> str:
        """Write a string on several rows, where it has blanks between words."""
        row_break = self.one_of("\n", " \n") + " " * self.draw(st.integers(column, column + 2))
        written = text if is_plain_safe(text) else json_string(text)
        return written.replace(" ", row_break)

    def flow(self, value: Json, column: int) -> str:
        """Write a value in a flow collection, on several rows that end here and there."""
        if not isinstance(value, dict | list):
            return self.scalar(value, column)
        parts = [self.gap(column)]
        items = list(value.items() if isinstance(value, dict) else value)
        for index, item in enumerate(items):
            parts += [self.flow_entry(item, column, in_list=isinstance(value, list))]
            parts += [self.gap(column)]
            is_last = index == len(items) - 1
            parts += ["," + self.gap(column)] if not is_last or self.chance() else []
        brackets = "{}" if isinstance(value, dict) else "[]"
        return brackets[0] + "".join(parts) + brackets[1]

    def flow_entry(self, item: Json, column: int, *, in_list: bool) -> str:
        if not in_list:
            key, value = item
            if value is None and self.chance():
                return self.key(key) + self.one_of("", " :", ": ")
            return f"{self.one_of('', '', '', '? ')}{self.key(key)} : {self.flow(value, column)}"
        if isinstance(item, dict) and len(item) == 1 and self.chance():
            ((key, value),) = item.items()
            return f"{self.string(key)}: {self.flow(value, column)}"
        return self.flow(item, column)

    def gap(self, column: int) -> str:
        if not self.chance(3):
            return self.one_of("", "", " ", "\t ")
        rows = [self.tail()]
        while self.chance(3):
            rows.append("" if self.chance(2) else " " * (column + 1) + self.comment())
        return "\n".join([*rows, " " * (column + self.draw(st.integers(0, 2)))])


def _kind(value: Json) -> str:
    return "map" if isinstance(value, dict) else "seq"


def _is_blockable(text: str) -> bool:
    """Whether a string can be the text of a literal block scalar, of which no row starts blank."""
    rows = text.rstrip("\n").split("\n")
    return all(row.isprintable() and row == row.strip() for row in rows) and bool(rows[0])
