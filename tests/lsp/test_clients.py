"""Clients with the capabilities of real editors."""

import sys

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

FILE = "file:///nowhere/a.sampling.yaml"
WRONG = """\
annotationRequestId: r-1
poolName: "\U0001f600 p"
samplingRatio: '0.5'
samplingQuantity: 5
"""
CLIENTS = ["emacs", "neovim", "visual-studio-code"]


@pytest_lsp.fixture(
    config=ClientServerConfig([sys.executable, "-m", "rosetta_spec", "lsp", "--isolated"]),
    params=CLIENTS,
)
async def client(request, client: LanguageClient):
    client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda _: None)
    capabilities = client_capabilities(request.param)
    await client.initialize_session(types.InitializeParams(capabilities=capabilities))
    yield
    await client.shutdown_session()


def place(line, character):
    return types.Position(line, character)


@pytest.mark.asyncio
async def test_diagnostics_fixes_completion_and_hover_suit_the_client(client):
    """pytest-lsp warns about what a client does not support, and warnings are errors here."""
    item = types.TextDocumentItem(FILE, "yaml", 1, WRONG)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    quoted, both = client.diagnostics[FILE]
    assert (quoted.code, both.code) == ("RS103", "RS201")
    assert both.related_information[0].location.range.start.line == 2

    document = types.TextDocumentIdentifier(FILE)
    range_ = types.Range(place(2, 16), place(2, 16))
    asked = types.CodeActionParams(document, range_, types.CodeActionContext([quoted]))
    fix = (await client.text_document_code_action_async(asked))[0]
    assert (fix.title, fix.is_preferred) == ("remove the quotes", True)
    changes = fix.edit.document_changes
    (edit,) = changes[0].edits if changes else fix.edit.changes[FILE]
    assert (edit.range.start, edit.new_text) == (place(2, 15), "0.5")

    asked = types.CompletionParams(document, place(4, 0))
    offered = {it.label: it for it in await client.text_document_completion_async(asked)}
    assert offered["sampleType"].documentation
    hover = await client.text_document_hover_async(types.HoverParams(document, place(2, 3)))
    assert "20 % is 0.2" in hover.contents.value
