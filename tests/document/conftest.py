"""What several tests of documents need."""

import pytest


@pytest.fixture
def short_parts(monkeypatch):
    """Make parts so short that a text of many parts is read soon."""
    monkeypatch.setattr("rosetta_spec.document.packed.Packed.part_size", 100)
    monkeypatch.setattr("rosetta_spec.document.packed._RECENT", 2)
