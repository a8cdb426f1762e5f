"""The server survives any messages, valid or not."""

import os

from edits import at
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lsprotocol.types import METHOD_TO_TYPES

FILE = "file:///nowhere/a.sampling.yaml"

#: Without those that end the server.
METHODS = sorted(set(METHOD_TO_TYPES) - {"exit", "shutdown", "initialize"})
KEYS = st.sampled_from(
    [
        *("textDocument", "uri", "version", "languageId", "text", "contentChanges", "range"),
        *("start", "end", "position", "line", "character", "context", "only", "diagnostics"),
        *(
            "command",
            "arguments",
            "id",
            "changes",
            "settings",
            "event",
            "added",
            "removed",
            "value",
        ),
        *("method", "cellTextDocuments", "notebookDocument", "token"),
    ]
)
SCALARS = st.one_of(
    st.sampled_from([None, True, 0, 1, -1, 1.5, 2**31, 2**70, "", "2.0", "x", "poolName: p\n"]),
    st.sampled_from([FILE, "untitled:a", "rosetta-spec.explain", "RS101", "quickfix", "yaml"]),
)
VALUES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4)
)
#: Parameters that are nearly valid, so that more of them is read.
FORMED = st.fixed_dictionaries(
    {"textDocument": st.fixed_dictionaries({"uri": st.just(FILE), "version": VALUES})},
    optional={
        "position": st.fixed_dictionaries({"line": SCALARS, "character": SCALARS}),
        "range": VALUES,
        "context": VALUES,
        "contentChanges": st.lists(st.fixed_dictionaries({"text": SCALARS, "range": VALUES})),
        "command": st.just("rosetta-spec.explain"),
        "arguments": VALUES,
    },
)


@settings(
    max_examples=int(os.environ.get("EXAMPLES", "15")),
    # A server that has stopped is waited for too long to make the example shorter.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    sent=st.lists(
        st.tuples(st.booleans(), st.sampled_from(METHODS) | VALUES, VALUES | FORMED), max_size=12
    )
)
def test_after_any_messages_the_next_document_is_checked(connect, sent):
    editor = connect(is_isolated=True)
    editor.open(FILE, "poolName: p\n")
    for number, (is_request, method, params) in enumerate(sent):
        identifier = {"id": f"asked-{number}"} if is_request else {}
        editor.send({"method": method, "params": params, **identifier})
    editor.open(FILE, "sampleType: '1'\n")
    assert editor.at("textDocument/hover", FILE, 0, 2)
    symbols = editor.ask("textDocument/documentSymbol", textDocument={"uri": FILE})
    assert [each["name"] for each in symbols] == ["sampleType"]
    assert editor.actions(FILE, at(0, 12), at(0, 12))
