"""What several tests of documents need."""

import pytest


@pytest.fixture
def short_parts(monkeypatch):
    """Make parts so short that a text of many parts is read soon."""
    monkeypatch.setattr("rosetta_spec.document.tree._PART", 100)
    monkeypatch.setattr("rosetta_spec.document.yaml_parser._MANY", 100)
    monkeypatch.setattr("rosetta_spec.document.yaml_parser._RECENT", 2)
