"""Compile configuration files for the fast path, into the user's cache folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import CodeType

from rosetta_spec.config.config import Config
from rosetta_spec.fast.cache import load, store
from rosetta_spec.spec.acceptor_generator import acceptor_source
from rosetta_spec.spec.ruleset import is_ours

#: What the fast path would have to translate.
_WILDCARDS = frozenset("*?[]\\#")


def store_compiled(configs: Mapping[str, Config], others: Mapping[str, bytes]) -> None:
    """Store what is not stored yet: configs by path, and files of others that look like ours."""
    for path, config in configs.items():
        if load(path) is None:
            compiled = {
                "is_ours": True,
                "has_include": config.include is not None,
                "exclude": _simple_exclude(path, config),
                "acceptor": _acceptor(config),
            }
            store(path, config.inputs, compiled)
    for path, content in others.items():
        if load(path) is None:
            store(path, {path: content}, {"is_ours": False})


def _simple_exclude(path: str, config: Config) -> tuple[str, ...] | None:
    """Return patterns that are names or paths from the folder of the configuration file."""
    if config.exclude is None:
        return ()
    patterns = config.exclude.patterns
    is_here = patterns.folder == os.path.dirname(path)
    return patterns.patterns if is_here and all(map(_is_simple, patterns.patterns)) else None


def _is_simple(pattern: str) -> bool:
    return (
        _WILDCARDS.isdisjoint(pattern)
        and pattern == pattern.strip()
        and not {"", ".", ".."} & set(pattern.strip("/").split("/"))
        and "//" not in pattern
    )


def _acceptor(config: Config) -> CodeType | None:
    if all(is_ours(rule.code) for rule in config.ruleset.rules):
        return None
    return compile(acceptor_source(config.ruleset.rules), "<acceptor>", "exec")
