"""Hypothesis strategies for your own tests: valid requests, broken ones, and ways to write them.

They need the package `hypothesis`. A document is plain data (`dict`, `list`, `str`, `int`,
`decimal.Decimal`, `bool`), which `json_texts`, `block_yaml_texts` and `flow_yaml_texts`
write as text.
"""

from rosetta_spec.kinds.kind import Breakage
from rosetta_spec.strategies.maker import Maker, broken_requests, messy_requests, requests
from rosetta_spec.strategies.texts import block_yaml_texts, flow_yaml_texts, json_texts

__all__ = [
    "Breakage",
    "Maker",
    "block_yaml_texts",
    "broken_requests",
    "flow_yaml_texts",
    "json_texts",
    "messy_requests",
    "requests",
]
