"""After thousands of edits the diagnostics are those of a fresh check, and memory has not grown.

A long run, which prints what it needed: `EDITS=10000 pytest -n 0 -s tests/lsp/test_endurance.py`.
"""

import gc
import os
import random
from itertools import pairwise
from pathlib import Path

import pytest
from edits import at, between, spliced

from rosetta_spec.api import check
from rosetta_spec.lsp.document import OpenDocument

EDITS = int(os.environ.get("EDITS", "120"))

#: After so many edits other requests are sent, and the diagnostics are compared.
PAUSE = 10

#: The memory that may be added by many edits: allocators keep some for reuse.
MOST_KIB = 4096

REQUESTS = {
    "a.sampling.yaml": """\
annotationRequestId: a3f8b6e4-9c1d # the nightly one
poolName: '\U0001f600 street-scenes'
samplingRatio: "0.2"
samplingQuantity: 5
subCondition:
  startTime: 2025-03-13T20:00
  endTime: 2025-03-01 00:00:00
  taskId:
"""
    + "".join(f"    - task-{number:04}\n" for number in range(100)),
    "a.sampling.json": """\
{
  "annotationRequestId": "a3f8b6e4-9c1d",
  "poolName": "\U0001f600 street-scenes",
  "samplingRatio": "0.2",
  "samplingQuantity": 5,
  "subCondition": {"startTime": "2025-03-13T20:00", "endTime": "2025-03-01 00:00:00"},
  "interceptionMode": 5,
  "interceptionBoundary": [
"""
    + ",\n".join(f'    {{"start": {number}0, "end": {number}9}}' for number in range(60))
    + "\n  ]\n}\n",
}
PIECES = [
    *"abz019 \"':,-#{}[]\n",
    "\n  ",
    ": ",
    "poolName: p\n",
    '"sampleType": "1",\n',
    "# rosetta-spec: ignore[RS101]\n",
    "\U0001f600",
    "\u0301",
    "\r\n",
    "---\n",
]


def written(draw, source, whole):
    """The changes of one edit: one or some."""
    changes = []
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        lines = source.count("\n")
        # Many go through a text, and few write behind its end.
        start = at(draw.randint(0, lines + 1), draw.randint(0, 30))
        end = at(start["line"], start["character"] + draw.choice([0, 0, 0, 1, 1, 5]))
        change = between(start, end, draw.choice(["", draw.choice(PIECES)]))
        # What was broken is whole again, now and then.
        change = {"text": whole} if draw.random() < 0.03 else change
        changes.append(change)
        source = spliced(source, change)
    return changes, source


def shown(shown):
    return sorted((each["code"], each["message"], *places(each["range"])) for each in shown)


def places(range_):
    return [(range_[edge]["line"], range_[edge]["character"]) for edge in ("start", "end")]


def wanted(source, name):
    document = OpenDocument(name, 1, None, source)
    found = check(source, filename=name).diagnostics
    return sorted(
        (each.code, each.message, *edges_of(document, each.location, each.end_location))
        for each in found
    )


def edges_of(document, *locations):
    """Line and character of places."""
    found = map(document.position, locations)
    return [(each.line, each.character) for each in found]


def edit(editor, uri, seed, count):
    """Edit a document, send requests meanwhile, and compare its diagnostics."""
    name = uri.rpartition("/")[2]
    draw, source = random.Random(seed), REQUESTS[name]  # noqa: S311 - nothing is secret
    editor.write(uri, source)
    for number in range(count):
        changes, source = written(draw, source, REQUESTS[name])
        editor.change(uri, *changes)
        if number % PAUSE == PAUSE - 1:
            line = draw.randint(0, 12)
            editor.at("textDocument/completion", uri, line, draw.randint(0, 20))
            editor.at("textDocument/hover", uri, line, 3)
            editor.actions(uri, at(line, 0), at(line, 30))
            assert shown(editor.findings(uri)) == wanted(source, name)
            editor.received.clear()


def resident_kib(process):
    """The resident memory of a process, in KiB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0])


@pytest.mark.no_cover
@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the system does not report memory"
)
@pytest.mark.parametrize("name", REQUESTS)
def test_many_edits_leave_right_diagnostics_and_the_same_memory(editor_of_process, name):
    editor = editor_of_process("--isolated")
    editor.initialize()
    uri = f"file:///nowhere/{name}"
    editor.open(uri, "")
    memory = []
    for _ in range(4):
        edit(editor, uri, seed=1, count=EDITS)
        memory.append(resident_kib(editor.process))
    print(f"{name}: {EDITS} edits in each round, and then {memory} KiB")  # noqa: T201
    # The heap grows until it is as large as the edits need, but not in each round.
    assert min(after - before for before, after in pairwise(memory)) < MOST_KIB


@pytest.mark.no_cover
def test_the_same_edits_again_keep_no_objects(connect):
    editor = connect(is_isolated=True)
    uri = "file:///nowhere/a.sampling.yaml"
    editor.open(uri, "")
    counts = []
    for _ in range(4):
        edit(editor, uri, seed=2, count=50)
        gc.collect()
        counts.append(len(gc.get_objects()))
    # Not each version is checked each time, so caches may grow later, but not in each round.
    assert min(after - before for before, after in pairwise(counts)) < 10
