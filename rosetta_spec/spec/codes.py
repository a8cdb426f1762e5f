"""Codes of rules: capital letters and three digits, of which some letters are ours."""

from __future__ import annotations

#: The letters of the rules of rosetta-spec. Others may begin with them, as in RSX001.
_OURS = "RS"
_DIGITS = 3


def is_ours(code: str) -> bool:
    """Whether a code is one that no other ruleset may have."""
    return code[:-_DIGITS] == _OURS
