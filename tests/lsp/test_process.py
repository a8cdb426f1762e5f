"""The server as editors run it: a process that speaks on its standard streams."""

import pytest

FILE = "file:///nowhere/a.sampling.yaml"
WRONG = """\
annotationRequestId: r-1
poolName: p
samplingRatio: '0.5'
samplingQuantity: 5
sequenceLength: 5
"""


def test_findings_are_told_with_related_places_tags_and_links(editor):
    editor.open(FILE, WRONG)
    quoted, both, ignored = editor.findings(FILE)
    assert quoted["code"] == "RS103"
    assert quoted["range"] == {
        "start": {"line": 2, "character": 15},
        "end": {"line": 2, "character": 20},
    }
    assert quoted["codeDescription"]["href"].endswith("/rules/quoted-scalar/")
    assert both["relatedInformation"][0]["location"]["range"]["start"]["line"] == 2
    assert (ignored["severity"], ignored["tags"]) == (2, [1])


def test_what_is_mended_is_told_no_more(editor):
    editor.open(FILE, WRONG)
    assert editor.codes(FILE) == ["RS103", "RS201", "RS401"]
    quotes = {"start": {"line": 2, "character": 15}, "end": {"line": 2, "character": 20}}
    editor.change(FILE, {"range": quotes, "text": "0.5"})
    assert editor.codes(FILE) == ["RS201", "RS401"]
    editor.close(FILE)
    assert editor.wait("textDocument/publishDiagnostics")["diagnostics"] == []


def test_an_editor_that_says_goodbye_leaves_with_0_and_any_other_with_1(editor_of_process):
    polite, rude = editor_of_process(), editor_of_process()
    polite.initialize()
    rude.initialize()
    polite.leave()
    rude.send({"method": "exit"})
    assert (polite.process.wait(60), rude.process.wait(60)) == (0, 1)


def test_a_server_whose_editor_dies_ends(editor):
    editor.open(FILE, WRONG)
    editor.process.stdin.close()
    assert editor.process.wait(60) == 1


def test_without_pygls_it_is_said_what_to_install(rosetta, monkeypatch):
    monkeypatch.setattr("rosetta_spec.cli.lsp.find_spec", lambda _: None)
    ended = rosetta("lsp")
    assert ended.status == 2
    assert "pip install 'rosetta-spec[lsp]'" in ended.stderr


@pytest.mark.parametrize("method", ["textDocument/nonsense", "nonsense"])
def test_an_unknown_method_is_refused_and_the_server_goes_on(editor, method):
    assert editor.answer(editor.start(method))["error"]["code"] == -32601
    editor.notify(method)
    editor.open(FILE, "poolName: p\n")
    assert editor.codes(FILE) == ["RS101"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b"\xff\xfe",
        b'{"jsonrpc": "2.0", "method": 1}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen"}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": []}',
        b'{"jsonrpc": "1.0", "method": "textDocument/didOpen", "params": {}}',
        b'{"jsonrpc": "2.0", "id": 77, "result": "nobody has asked"}',
    ],
)
def test_a_message_that_is_none_is_passed_over(editor_of_process, body):
    editor = editor_of_process()
    editor.initialize()
    editor.send_bytes(body)
    editor.open(FILE, "poolName: p\n")
    assert editor.codes(FILE) == ["RS101"]
