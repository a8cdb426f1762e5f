"""Fixes of comments: gone with the comment is nothing else."""

from rosetta_spec.diagnostic import Applicability
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.fast.formats import YAML

HEAD = "annotationRequestId: r\n"


def fixed(text):
    return Fixer(Checker(), [Applicability.SAFE]).fix_file(text.encode(), "-", YAML).decode()


def test_a_comment_that_ends_a_block_scalar_stays():
    """Without it the blank row below would be a part of the string."""
    text = f"{HEAD}poolName: p\nother: |+\n  p\n# rosetta-spec: ignore[RS106]\n\nsampleCount: 1\n"
    assert "ignore[RS106]" in fixed(text)


def test_a_comment_behind_the_end_of_a_document_goes():
    text = f"{HEAD}poolName: p\n...\n"
    assert fixed(f"{text}# rosetta-spec: ignore[RS106]\n") == text
