"""How large a document may be; one limit each, said in the docs and by rule RS007."""

from __future__ import annotations

#: Containers inside each other, the outermost counted as 1, every alias written out.
MAX_NESTING = 100

#: Bytes of a file; in JSON Lines, of one line without its line break.
MAX_BYTES = 16 * 1024 * 1024

#: Values (containers and scalars, not keys) that aliases and merges stand for, written out.
MAX_ALIAS_NODES = 10_000

#: Digits of the longest integer literal that becomes an `int`, a longer one a `Decimal`.
MAX_INT_DIGITS = 4300
