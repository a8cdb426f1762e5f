"""Write a report of diagnostics that are all known."""

from __future__ import annotations

from rosetta_spec.engine.diagnostics import DocumentReport
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters import reporter_of
from rosetta_spec.reporters.style import Style


def tally_of(diagnostics, files=1, documents=1, suppressed=0, rules=()):
    tally = Tally(files, checked={(rule.code, rule.name): rule for rule in rules})
    tally.count_document(DocumentReport(0, tuple(diagnostics)))
    tally.documents = documents
    tally.suppressed["RS999", "some-rule"] += suppressed
    return tally


PLAIN = Style()


def written(name, *diagnostics, style=PLAIN, **counts):
    return "".join(reporter_of(name)(diagnostics, tally_of(diagnostics, **counts), style))
