"""The server and a client in one process."""

import gc
import os
import threading
from pkgutil import resolve_name
from types import SimpleNamespace

import pytest
from editor import PATIENCE, Editor
from edits import at, between, spliced
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosetta_spec.api import check
from rosetta_spec.config.settings import Overrides
from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.lsp.server import Server
from rosetta_spec.lsp.session import Session, diagnostics_of

FILE = "file:///nowhere/a.sampling.yaml"
LINES = "file:///nowhere/a.sampling.jsonl"
WRONG = "annotationRequestId: r\npoolName: p\nsamplingRatio: '0.5'\nsamplingQuantity: 5\n"
PULLS = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}
VERSIONS = {"workspace": {"workspaceEdit": {"documentChanges": True}}}


def pulled(editor, uri=FILE):
    report = editor.ask("textDocument/diagnostic", textDocument={"uri": uri})
    assert report["kind"] == "full"
    return [each["code"] for each in report["items"]]


def test_a_client_that_pulls_diagnostics_is_sent_no_more(connect):
    editor = connect(PULLS)
    editor.open(FILE, WRONG)
    assert editor.codes(FILE) == ["RS103", "RS201"]
    assert pulled(editor) == ["RS103", "RS201"]
    assert editor.wait("textDocument/publishDiagnostics")["diagnostics"] == []
    editor.write(FILE, "poolName: p\n")
    assert pulled(editor) == ["RS101"]
    assert editor.received == []
    assert pulled(editor, "file:///nowhere/else.yaml") == []


def test_diagnostics_that_are_pulled_again_without_a_change_are_not_sent(connect):
    editor = connect(PULLS)
    editor.open(FILE, WRONG)

    def pull(before):
        document = {"textDocument": {"uri": FILE}, "previousResultId": before}
        return editor.ask("textDocument/diagnostic", **document)

    first = pull(None)
    assert pull(first["resultId"]) == {"kind": "unchanged", "resultId": first["resultId"]}
    editor.write(FILE, f"{WRONG}# a comment\n")
    assert pull(first["resultId"])["kind"] == "unchanged"
    editor.write(FILE, f"# a comment\n{WRONG}")
    second = pull(first["resultId"])
    assert (second["kind"], len(second["items"])) == ("full", 2)
    assert second["resultId"] != first["resultId"]
    assert pull(first["resultId"])["kind"] == "full"
    editor.close(FILE)
    editor.open(FILE, WRONG)
    assert pull(first["resultId"])["kind"] == "full"


def test_the_files_of_the_workspace_are_checked_and_again_when_they_change(meet, folder, write):
    bad = write("a.sampling.yaml", WRONG)
    write("b.sampling.json", '{"annotationRequestId": "a", "poolName": "p"}')
    write("c.yaml", WRONG)
    (folder / "d.sampling.yaml").write_bytes(b"a: \xff\n")
    editor = meet()
    workspace = [{"uri": folder.as_uri(), "name": "w"}]
    capabilities = editor.initialize(PULLS, workspaceFolders=workspace)
    assert capabilities["diagnosticProvider"]["workspaceDiagnostics"]
    known = {}

    def start():
        previous = [{"uri": uri, "value": value} for uri, value in known.items()]
        return editor.start("workspace/diagnostic", previousResultIds=previous)

    def codes(number):
        reports = editor.answer(number)["result"]["items"]
        known.update({each["uri"]: each["resultId"] for each in reports})
        return {
            each["uri"].rpartition("/")[2]: [it["code"] for it in each["items"]]
            for each in reports
            if each["kind"] == "full"
        }

    opened = folder / "d.sampling.yaml"
    assert codes(start()) == {
        "a.sampling.yaml": ["RS103", "RS201"],
        "b.sampling.json": [],
        "d.sampling.yaml": ["RS005"],
    }
    waiting = start()
    editor.open(opened.as_uri(), WRONG)
    assert pulled(editor, opened.as_uri()) == ["RS103", "RS201"]
    # The server may be reading it, and must not find it empty.
    write("new", "poolName: p\n").replace(bad)
    editor.notify("workspace/didChangeWatchedFiles", changes=[])
    assert codes(waiting) == {"a.sampling.yaml": ["RS101"]}
    bad.unlink()
    editor.notify("workspace/didChangeWatchedFiles", changes=[])
    assert codes(start()) == {"a.sampling.yaml": []}
    waiting = start()
    editor.close(opened.as_uri())
    assert codes(waiting) == {"d.sampling.yaml": ["RS005"]}
    # What has no news waits, and the next request does not wait for it.
    start()
    known.clear()
    assert codes(start()) == {"b.sampling.json": [], "d.sampling.yaml": ["RS005"]}


def test_the_folders_of_the_workspace_may_change(meet, folder, write):
    files = [write("c#/a.sampling.yaml", WRONG), write("100%25/b.sampling.yaml", WRONG)]
    first, second = ({"uri": each.parent.as_uri(), "name": "w"} for each in files)
    editor = meet()
    editor.initialize(PULLS, workspaceFolders=[first])
    known = {}

    def change(added, removed):
        previous = [{"uri": uri, "value": value} for uri, value in known.items()]
        number = editor.start("workspace/diagnostic", previousResultIds=previous)
        if known:
            event = {"added": added, "removed": removed}
            editor.notify("workspace/didChangeWorkspaceFolders", event=event)
        reports = editor.answer(number)["result"]["items"]
        known.update({each["uri"]: each["resultId"] for each in reports})
        return {each["uri"]: len(each["items"]) for each in reports if each["kind"] == "full"}

    one, two = (each.as_uri() for each in files)
    assert change([], []) == {one: 2}
    assert change([second], []) == {two: 2}
    # Renaming a folder removes it and adds it.
    assert change([{**second, "name": "renamed"}], [first, second]) == {one: 0}


def checked_folder(editor, folder, encoding="utf-16"):
    """The findings in each file of a folder, by its name."""
    workspace = [{"uri": folder.as_uri(), "name": "w"}]
    editor.initialize({"general": {"positionEncodings": [encoding]}}, workspaceFolders=workspace)
    reports = editor.ask("workspace/diagnostic", previousResultIds=[])["items"]
    return {each["uri"].rpartition("/")[2]: each["items"] for each in reports}


@pytest.mark.parametrize(("encoding", "start"), [("utf-8", 34), ("utf-16", 32), ("utf-32", 31)])
def test_the_files_of_the_workspace_have_the_positions_that_the_client_counts(
    meet, folder, write, encoding, start
):
    write("a.sampling.yaml", 'subCondition: {"taskId": ["\U0001f600", 7]}\n')
    *_, found = checked_folder(meet(), folder, encoding)["a.sampling.yaml"]
    assert (found["code"], found["range"]["start"]) == ("RS104", at(0, start))


@pytest.mark.parametrize("data", [b"a: \xe9\n", b"\xff\xfea\0:\0", b"a\0:\0"])
def test_the_files_of_the_workspace_have_the_messages_of_the_command(meet, folder, data):
    (folder / "a.sampling.yaml").write_bytes(data)
    (found,) = checked_folder(meet(), folder)["a.sampling.yaml"]
    (wanted,) = check(data, filename="a.sampling.yaml").diagnostics
    assert (found["code"], found["message"]) == (wanted.code, wanted.message)


def test_a_file_of_the_workspace_in_which_a_check_fails_affects_no_other(
    meet, folder, write, monkeypatch
):
    write("a.sampling.yaml", "a: 1\n")
    write("b.sampling.yaml", "poolName: p\n")
    find = Session._settings_of
    monkeypatch.setattr(
        Session,
        "_settings_of",
        lambda session, it: 1 / 0 if "a: 1" in it.source else find(session, it),
    )
    found = checked_folder(meet(), folder)
    (failure,) = found["a.sampling.yaml"]
    assert failure["message"].startswith("this is a bug in rosetta-spec: division by zero; ")
    assert [each["code"] for each in found["b.sampling.yaml"]] == ["RS101"]


def test_a_client_that_pulls_without_the_capability_is_sent_them_as_well(connect):
    editor = connect()
    editor.open(FILE, WRONG)
    assert pulled(editor) == editor.codes(FILE)


@pytest.mark.parametrize("capabilities", [PULLS, {"textDocument": {"diagnostic": {}}}, {}])
def test_documents_are_checked_again_when_files_change(connect, write, capabilities):
    editor = connect(capabilities)
    uri = (write("a.sampling.yaml").parent / "a.sampling.yaml").as_uri()
    editor.open(uri, WRONG)
    assert editor.codes(uri) == ["RS103", "RS201"]
    if capabilities:
        pulled(editor, uri)
    write(".rosetta-spec.toml", 'ignore = ["RS103"]')
    editor.notify("workspace/didChangeWatchedFiles", changes=[])
    if "workspace" in capabilities:
        editor.wait("workspace/diagnostic/refresh")
    if capabilities:
        assert pulled(editor, uri) == ["RS201"]
    else:
        assert editor.codes(uri) == ["RS201"]


def test_a_saved_configuration_applies(connect, write):
    editor = connect()
    uri = write("a.sampling.yaml").as_uri()
    editor.open(uri, WRONG)
    assert editor.codes(uri) == ["RS103", "RS201"]
    settings_file = write("rosetta-spec.toml", 'ignore = ["RS201"]')
    editor.notify("textDocument/didSave", textDocument={"uri": settings_file.as_uri()})
    assert editor.codes(uri) == ["RS103"]


def test_the_client_is_asked_to_watch_files(connect):
    watching = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
    editor = connect({"workspace": watching})
    (registration,) = editor.wait("client/registerCapability")["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"


def test_actions_are_for_the_open_version(connect):
    editor = connect(VERSIONS)
    editor.open(FILE, WRONG)
    editor.write(FILE, f"{WRONG}\n")
    for action in editor.actions(FILE, at(2, 16), at(2, 16), "quickfix"):
        for change in action.get("edit", {}).get("documentChanges", ()):
            assert change["textDocument"] == {"uri": FILE, "version": 2}
    assert editor.actions("file:///nowhere/else.yaml", at(0, 0), at(0, 0)) == []


def explain(editor, code):
    editor.ask("workspace/executeCommand", command="rosetta-spec.explain", arguments=[code])


def test_a_rule_is_explained_by_its_page_or_as_text(connect):
    editor = connect()
    editor.open(FILE, WRONG)
    explain(editor, "RS201")
    assert editor.wait("window/showMessage")["message"].startswith("RS201 ratio-with-quantity")
    explain(editor, "RS999")
    explain(editor, None)
    editor.ask("workspace/executeCommand", command="rosetta-spec.explain")
    browsing = connect({"window": {"showDocument": {"support": True}}})
    browsing.open(FILE, WRONG)
    explain(browsing, "RS201")
    shown = browsing.wait("window/showDocument")
    assert shown["external"]
    assert shown["uri"].endswith("/ratio-with-quantity/")


def test_a_client_that_shows_explanations_gets_their_text(meet):
    editor = meet()
    editor.initialize(initializationOptions={"showsExplanations": True})
    editor.open(FILE, WRONG)
    texts = [
        editor.ask("workspace/executeCommand", command=f"rosetta-spec.{command}", arguments=given)
        for command, *given in (
            ("explain", "RS201"),
            ("explain", "RS999"),
            ("explainRequest", FILE, 0),
            ("explainRequest", FILE, 1),
        )
    ]
    assert texts[0].startswith("RS201 ratio-with-quantity")
    assert texts[2].startswith("Pool")
    assert (texts[1], texts[3]) == (None, None)


def test_completion_hover_and_symbols_use_the_newest_version(connect):
    item = {"snippetSupport": True, "insertTextModeSupport": {"valueSet": [1, 2]}}
    editor = connect({"textDocument": {"completion": {"completionItem": item}}})
    editor.open(FILE, "interceptionMode: \n")
    offered = editor.at("textDocument/completion", FILE, 0, 18)
    assert offered[4]["textEdit"]["newText"].startswith("5\ninterceptionFrame: ${1:10}\n")
    assert offered[4]["insertTextMode"] == 2
    assert editor.at("textDocument/hover", FILE, 0, 3)["contents"]["kind"] == "markdown"
    assert editor.at("textDocument/hover", FILE, 0, 17) is None
    symbols = editor.ask("textDocument/documentSymbol", textDocument={"uri": FILE})
    assert [each["name"] for each in symbols] == ["interceptionMode"]


@pytest.mark.parametrize("formats", [["markdown", "plaintext"], ["plaintext"], None])
def test_a_client_without_markdown_gets_plain_text(connect, formats):
    item = {"documentationFormat": formats} if formats else {}
    hover = {"contentFormat": formats} if formats else {}
    editor = connect({"textDocument": {"completion": {"completionItem": item}, "hover": hover}})
    editor.open(FILE, "poolName: p # rosetta-spec: ignore[RS101]\n")
    shown = editor.at("textDocument/hover", FILE, 0, 36)["contents"]
    about = editor.at("textDocument/completion", FILE, 1, 0)[0]["documentation"]
    plain_rule = "RS101 missing-property (error)\n"
    if formats == ["plaintext"]:
        assert shown["kind"] == "plaintext"
        assert shown["value"].startswith(plain_rule)
        assert shown["value"].endswith(
            "\n<https://rosetta-spec.github.io/rosetta-spec/rules/missing-property/>"
        )
    else:
        assert shown["kind"] == "markdown"
        assert shown["value"].startswith(f"**{plain_rule[:20]}")
    if formats and "markdown" in formats:
        assert about["kind"] == "markdown"
    else:
        assert about.startswith("Annotation request id\n\nThe Helix")


@pytest.mark.parametrize("uri", ["file:///nowhere/else.yaml", "file:///nowhere/compose.yaml"])
def test_documents_that_are_not_open_or_no_request_have_no_answers(connect, uri):
    editor = connect()
    editor.open("file:///nowhere/compose.yaml", "services: {}\n")
    assert editor.codes("file:///nowhere/compose.yaml") == []
    editor.versions[uri] = 1
    editor.change("file:///nowhere/else.yaml", {"text": "x"}) if "else" in uri else None
    assert editor.at("textDocument/completion", uri, 0, 0) == []
    assert editor.at("textDocument/hover", uri, 0, 0) is None
    assert editor.ask("textDocument/documentSymbol", textDocument={"uri": uri}) == []


def test_a_message_without_jsonrpc_is_skipped(connect):
    editor = connect()
    editor.send_bytes(b'{"method": "textDocument/didOpen", "params": {}}')
    editor.open(FILE, WRONG)
    assert editor.codes(FILE) == ["RS103", "RS201"]


def test_a_request_with_invalid_parameters_is_an_error(connect):
    editor = connect()
    number = editor.start("textDocument/hover", textDocument={"uri": FILE}, position=at(-1, 0))
    assert editor.answer(number)["error"]["code"] == -32602


def test_a_request_before_initialize_is_an_error_and_a_notification_is_ignored(meet):
    editor = meet()
    position = {"textDocument": {"uri": FILE}, "position": at(0, 0)}
    editor.open(FILE, WRONG)
    assert editor.answer(editor.start("textDocument/hover", **position))["error"]["code"] == -32002
    editor.initialize(processId=os.getpid())
    assert editor.at("textDocument/hover", FILE, 0, 0) is None
    editor.open(FILE, WRONG)
    assert editor.codes(FILE) == ["RS103", "RS201"]


def test_shutdown_is_clean_while_requests_are_pending(connect, monkeypatch):
    release = threading.Event()
    find_ruleset = Session.ruleset_of

    def wait(*arguments):
        release.wait(PATIENCE)
        return find_ruleset(*arguments)

    monkeypatch.setattr(Session, "ruleset_of", wait)
    editor = connect()
    editor.open(FILE, WRONG)
    position = {"textDocument": {"uri": FILE}, "position": at(0, 0)}
    hover = editor.start("textDocument/hover", **position)
    command = {"command": "rosetta-spec.explain", "arguments": ["RS201"]}
    explain = editor.start("workspace/executeCommand", **command)
    assert editor.ask("shutdown") is None
    late = editor.answer(editor.start("textDocument/hover", **position))
    assert late["error"]["code"] == -32600
    release.set()
    assert editor.answer(hover)["result"]
    assert editor.answer(explain)["result"] is None


def test_the_server_ends_when_the_process_of_its_client_is_gone():
    """Linux has no process with this number."""
    from_editor, to_server = map(os.fdopen, os.pipe(), ("rb", "wb"))
    from_server, to_editor = map(os.fdopen, os.pipe(), ("rb", "wb"))
    server = Server(Overrides(), lambda: "2026-06-01", client=2**22)
    thread = threading.Thread(target=server.serve, args=(from_editor, to_editor), daemon=True)
    thread.start()
    editor = Editor(to_server, from_server)
    editor.start("initialize", processId=None, capabilities={})
    thread.join(60)
    assert not thread.is_alive()
    # Two threads are reading until then.
    to_server.close()
    to_editor.close()
    assert editor.has_ended(60)
    from_editor.close()
    from_server.close()


def test_a_server_that_was_not_started_can_be_shut_down():
    Server(Overrides(), lambda: "2026-06-01").shutdown()


def test_an_unexpected_exception_is_answered_and_logged(connect, monkeypatch, caplog):
    editor = connect()

    def fail(*_, **__):
        message = "a failure"
        raise ZeroDivisionError(message)

    editor.open(FILE, WRONG)
    monkeypatch.setattr("rosetta_spec.lsp.views.hover_at", fail)
    params = {"textDocument": {"uri": FILE}, "position": at(0, 0)}
    assert editor.answer(editor.start("textDocument/hover", **params))["error"]
    monkeypatch.undo()
    assert editor.at("textDocument/hover", FILE, 0, 0)
    assert "a failure" in caplog.text


def test_an_unexpected_exception_affects_only_one_document(connect, monkeypatch, caplog):
    editor = connect()
    with monkeypatch.context() as patch:
        patch.setattr(Session, "_settings_of", lambda *_: 1 / 0)
        editor.open(FILE, WRONG)
        (shown,) = editor.findings(FILE)
    assert shown["message"].startswith("this is a bug in rosetta-spec: division by zero; ")
    assert "ZeroDivisionError" in caplog.text
    editor.open(LINES, "{}\n", "jsonl")
    assert editor.codes(LINES) == ["RS101", "RS101"]


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "untitled:/nowhere/a.sampling.yaml",
        "file:///nowhere/my%20requests/%C3%A9.sampling.yaml",
        "file:///c%3A/requests/a.sampling.yaml",
        f"file:///{'long' * 2000}/a.sampling.yaml",
        "",
    ],
)
def test_documents_with_any_uri_are_checked(connect, uri):
    editor = connect()
    editor.open(uri, WRONG)
    assert editor.codes(uri) == ["RS103", "RS201"]
    assert editor.actions(uri, at(0, 0), at(3, 0))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(0, 10), at(2**31 - 1, 0)),
        (at(0, 10), at(7, 7)),
        (at(0, 2**31 - 1), at(1, 2**31 - 1)),
    ],
)
def test_a_position_outside_of_the_document_is_moved_into_it(connect, start, end):
    editor = connect()
    editor.open(FILE, "poolName: \nsampleType: '1'")
    assert editor.codes(FILE) == ["RS101", "RS101", "RS103"]
    editor.change(FILE, between(start, end, "p"))
    (required,) = editor.findings(FILE)
    assert "annotationRequestId" in required["message"]


def test_a_document_can_be_closed_and_opened_again(connect):
    editor = connect()
    for text, code in [("poolName: p", "RS101"), ("[", "RS002"), ("", "RS004")]:
        editor.open(FILE, text)
        assert editor.codes(FILE) == [code]
        editor.close(FILE)
        assert editor.wait("textDocument/publishDiagnostics")["diagnostics"] == []
    editor.change(FILE, {"text": "x"})
    assert editor.at("textDocument/hover", FILE, 0, 0) is None
    assert editor.received == []


@pytest.fixture
def held_check(monkeypatch):
    """The end of each check waits until this is released."""
    check = SimpleNamespace(started=threading.Event(), release=threading.Event())

    def wait(*arguments):
        check.started.set()
        check.release.wait(PATIENCE)
        return diagnostics_of(*arguments)

    monkeypatch.setattr("rosetta_spec.lsp.session.diagnostics_of", wait)
    yield check
    check.release.set()


def wait_until_read(editor):
    """Wait until the server has read all that was sent to it."""
    editor.ask("textDocument/foldingRange", textDocument={"uri": "file:///nowhere/b.sampling.yaml"})


def test_only_the_newest_version_is_published(connect, held_check):
    editor = connect()
    editor.open(LINES, "{}\n" * 50, "jsonl")
    assert held_check.started.wait(PATIENCE)
    for number in range(20):
        editor.write(LINES, "{}\n" * (number + 1))
    wait_until_read(editor)
    held_check.release.set()
    assert len(editor.findings(LINES)) == 40
    shown = [each["params"]["version"] for each in editor.received]
    assert len(shown) < 20
    assert shown == sorted(shown)


# Sockets of other tests may be among the garbage.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_versions_that_are_no_longer_open_are_not_kept(connect, held_check):
    editor = connect()
    editor.open(LINES, "{}\n", "jsonl")
    assert held_check.started.wait(PATIENCE)
    for _ in range(20):
        editor.write(LINES, "{}\n")
    wait_until_read(editor)
    gc.collect()
    documents = [each for each in gc.get_objects() if isinstance(each, OpenDocument)]
    held_check.release.set()
    # The one that is checked, the newest one, and what another thread is about to forget.
    assert sum(each.uri == LINES for each in documents) < 5


def test_changes_of_files_while_a_document_waits_lead_to_one_check(connect, held_check):
    editor = connect()
    editor.open(LINES, "{}\n", "jsonl")
    assert held_check.started.wait(PATIENCE)
    for _ in range(20):
        editor.notify("workspace/didChangeWatchedFiles", changes=[])
    wait_until_read(editor)
    held_check.release.set()
    editor.open(FILE, WRONG)
    assert editor.codes(FILE) == ["RS103", "RS201"]
    published = [each["params"]["uri"] for each in editor.received]
    assert published.count(LINES) <= 2


@pytest.mark.parametrize(
    ("name", "is_large"),
    [
        ("lsp.session.diagnostics_of", lambda document, _: document.uri == LINES),
        ("lsp.document.outline", lambda text, _: len(text.content) > 20_000),
        ("text._row_ends_in", lambda content: len(content) > 20_000),
    ],
)
def test_a_large_document_does_not_delay_others(connect, monkeypatch, name, is_large):
    started, release, is_released = threading.Event(), threading.Event(), []
    function = resolve_name(f"rosetta_spec.{name}")

    def wait_for_large(*arguments):
        if is_large(*arguments):
            started.set()
            is_released.append(release.wait(PATIENCE))
        return function(*arguments)

    monkeypatch.setattr(f"rosetta_spec.{name}", wait_for_large)
    editor = connect()
    editor.open(LINES, f"{' ' * 20_000}{{}}\n", "jsonl")
    symbols = editor.start("textDocument/documentSymbol", textDocument={"uri": LINES})
    assert started.wait(PATIENCE)
    editor.open(FILE, "poolName: p\n")
    assert editor.codes(FILE) == ["RS101"]
    assert editor.at("textDocument/hover", FILE, 0, 2)
    release.set()
    assert editor.codes(LINES) == ["RS101", "RS101"]
    assert editor.answer(symbols)["result"] == []
    assert all(is_released)


def test_an_unchanged_document_is_checked_only_one_time(connect, monkeypatch, write):
    checks = []
    check_document = Session._check
    monkeypatch.setattr(
        Session,
        "_check",
        lambda session, text, *rest, **options: (
            checks.append(text.version) or check_document(session, text, *rest, **options)
        ),
    )
    editor = connect()
    uri = write("a.sampling.yaml").as_uri()
    editor.open(uri, WRONG)
    assert editor.codes(uri) == ["RS103", "RS201"]
    for _ in range(3):
        editor.actions(uri, at(2, 16), at(2, 16))
        assert pulled(editor, uri) == ["RS103", "RS201"]
    assert checks == [1, 1]
    write("rosetta-spec.toml", 'ignore = ["RS201"]')
    assert pulled(editor, uri) == ["RS103"]
    assert checks == [1, 1, 1]


def test_a_request_that_is_cancelled_is_answered(connect, held_check):
    editor = connect(PULLS)
    editor.open(LINES, "{}\n", "jsonl")
    number = editor.start("textDocument/diagnostic", textDocument={"uri": LINES})
    assert held_check.started.wait(PATIENCE)
    editor.notify("$/cancelRequest", id=number)
    assert editor.answer(number)["error"]["code"] == -32800
    held_check.release.set()
    editor.open(FILE, WRONG)
    assert pulled(editor) == ["RS103", "RS201"]


def test_a_document_that_is_closed_while_it_is_checked_is_not_published(connect, held_check):
    editor = connect(PULLS)
    editor.open(LINES, "{}\n", "jsonl")
    number = editor.start("textDocument/diagnostic", textDocument={"uri": LINES})
    assert held_check.started.wait(PATIENCE)
    editor.close(LINES)
    wait_until_read(editor)
    held_check.release.set()
    assert editor.answer(number)["result"]["items"] == []
    assert all(not each["params"]["diagnostics"] for each in editor.received)


def test_a_document_that_changes_while_it_is_checked_is_checked_again(connect, held_check):
    editor = connect(PULLS)
    editor.open(FILE, WRONG)
    number = editor.start("textDocument/diagnostic", textDocument={"uri": FILE})
    assert held_check.started.wait(PATIENCE)
    editor.write(FILE, "{}")
    wait_until_read(editor)
    held_check.release.set()
    items = editor.answer(number)["result"]["items"]
    assert [each["code"] for each in items] == ["RS101", "RS101"]


PIECES = st.sampled_from(
    [
        *("poolName: p\n", "sampleType", ": ", "'1'", "\n", "\r\n", "\r", "  ", "- ", *'{}[]",'),
        *("# rosetta-spec: ignore[RS101]\n", "---\n", "\U0001f600", "\u0301", "\u2028", "&a "),
    ]
)


@st.composite
def edits(draw):
    """A change between two positions, or of the whole document."""
    inserted = "".join(draw(st.lists(PIECES, max_size=5)))
    if draw(st.integers(0, 9)) == 0:
        return {"text": inserted}
    places = [at(draw(st.integers(0, 8)), draw(st.integers(0, 20))) for _ in range(2)]
    start, end = sorted(places, key=lambda place: (place["line"], place["character"]))
    return between(start, end, inserted)


@settings(
    max_examples=int(os.environ.get("EXAMPLES", "15")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    batches=st.lists(st.lists(edits(), min_size=1, max_size=3), min_size=1, max_size=15),
    name=st.sampled_from(["a.sampling.yaml", "a.sampling.json", "a.sampling.jsonl"]),
    encoding=st.sampled_from(["utf-16", "utf-32"]),
)
@example(
    batches=[[{"text": "poolName: p\n\U0001f600"}, between(at(0, 0), at(1, 1), "")]],
    name="a.sampling.yaml",
    encoding="utf-16",
)
def test_edits_lead_to_the_diagnostics_of_a_fresh_check(connect, batches, name, encoding):
    editor = connect({"general": {"positionEncodings": [encoding]}}, is_isolated=True)
    uri = f"file:///nowhere/{name}"
    source = "poolName: p\n"
    editor.open(uri, source)
    for number, batch in enumerate(batches):
        editor.change(uri, *batch)
        for change in batch:
            source = spliced(source, change, encoding)
        if number % 4 == 0:
            editor.start("textDocument/hover", textDocument={"uri": uri}, position=at(0, 3))
            editor.actions(uri, at(0, 0), at(20, 0))
            editor.at("textDocument/completion", uri, 1, 2)
    document = OpenDocument(uri, 1, None, source, encoding)
    wanted = [
        (each.code, each.message, document.position(each.location).character)
        for each in check(source, filename=name).diagnostics
    ]
    found = [
        (each["code"], each["message"], each["range"]["start"]["character"])
        for each in editor.findings(uri)
    ]
    assert sorted(found) == sorted(wanted)
