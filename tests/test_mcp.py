"""An assistant finds, explains and fixes mistakes through the MCP server, with the SDK's client."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from rosetta_spec import check
from rosetta_spec.fast.formats import MAX_BYTES
from rosetta_spec.mcp_server import make_server
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.version import __version__, install_command

EXAMPLES = Path(__file__).parents[1] / "examples"
VENDOR = (EXAMPLES / "bad" / "vendor-example.sampling.json").read_text("utf-8")

GOOD = "annotationRequestId: a\npoolName: b\nsamplingRatio: 0.2\n"
BAD = "annotationRequestId: a\npoolName: b\nsamplingRatio: 20\n"


@pytest.fixture
def call():
    """Call a tool of a server in this process; return what it answers, and its text if it fails."""

    def call_tool(tool, /, **arguments):
        async def answer():
            async with Client(make_server()) as client:
                return await client.call_tool(tool, arguments)

        result = asyncio.run(answer())
        if result.is_error:
            return result.content[0].text
        structured = result.structured_content
        return structured["result"] if structured.keys() == {"result"} else structured

    return call_tool


def found_in(answer):
    return [(each["code"], each["pointer"]) for each in answer["diagnostics"]]


def with_edits(text, edits):
    """Apply the edits of a fix to one line, as an assistant would."""
    for edit in reversed(edits):
        start, end = edit["location"]["column"] - 1, edit["end_location"]["column"] - 1
        text = text[:start] + edit["content"] + text[end:]
    return text


def test_the_mistakes_of_the_vendors_body_are_found_explained_and_fixed(call):
    found = call("check", text=VENDOR)
    assert found_in(found) == [(each.code, each.pointer) for each in check(VENDOR).diagnostics]
    assert len(found_in(found)) == 11

    for code, _ in found_in(found):
        page = call("rule", name=code)
        assert page.startswith(code)
        assert "\nWhy\n" in page

    fixed = call("fix", text=VENDOR)
    assert fixed["fixed"] == 7
    fixed = call("fix", text=fixed["text"], unsafe_fixes=True)
    (left,) = fixed["left"]["diagnostics"]
    assert left["code"] == "RS201"

    (choice, _) = left["fixes"]
    assert choice["applicability"] == "choice"
    text = with_edits(fixed["text"], choice["edits"])
    assert call("check", text=text)["summary"]["errors"] == 0
    (paragraph,) = call("explain", text=text)
    assert "Wrong" not in paragraph


def test_an_answer_is_the_json_report(call):
    answer = call("check", text=BAD, input_format="yaml")
    (diagnostic,) = answer["diagnostics"]
    assert answer["version"] == 1
    assert diagnostic["location"] == {"row": 3, "column": 16}
    assert answer["summary"]["errors"] == 1


def test_many_findings_are_counted_and_the_first_ones_listed(call):
    text = json.dumps({"annotationRequestId": "a", **{f"unknown{n}": 1 for n in range(200)}})
    answer = call("check", text=text)
    assert answer["summary"]["errors"] == 201
    assert len(answer["diagnostics"]) == 100


def test_each_line_of_json_lines_is_a_request(call):
    line = '{"annotationRequestId": "a", "poolName": "b", "sampleType": "1"}\n'
    assert call("check", text=line * 2, input_format="jsonl")["summary"]["documents"] == 2
    assert call("fix", text=line * 2, input_format="jsonl")["text"] == line.replace('"1"', "1") * 2
    assert len(call("explain", text=line * 2, input_format="jsonl")) == 2
    long = f'{{"poolName": "{"a" * MAX_BYTES}"}}'
    assert call("fix", text=long, input_format="jsonl")["fixed"] == 0


def test_a_fix_keeps_comments(call):
    text = 'annotationRequestId: a # keep\npoolName: b\nsampleType: "1" # this\n'
    answer = call("fix", text=text)
    assert answer["text"] == text.replace('"1"', "1")
    assert answer["left"]["diagnostics"] == []


def test_the_rules_are_listed(call):
    text = call("rule")
    assert all(rule.code in text for rule in builtin_ruleset().rules)


def test_an_unknown_rule_is_answered_with_the_nearest(call):
    assert "there is no rule RS299; the nearest are" in call("rule", name="RS299")


def test_a_new_request_has_the_given_values_and_placeholders(call):
    values = {"poolName": "p", "subCondition": {"taskId": ["1"]}, "samplingQuantity": 5}
    text = call("new", values=values)
    assert "poolName: p\n" in text
    # What was not given is a placeholder.
    errors = [each for each in check(text).diagnostics if each.severity == "error"]
    assert [(each.code, each.pointer) for each in errors] == [("RS408", "/annotationRequestId")]
    assert "annotationRequestId: " in call("new")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"samplingRatio": 20}, "samplingRatio 20 is above 1; a ratio of 20 % is 0.2"),
        ({"sampleRatio": 0.2}, "sampleRatio is not a key of the request"),
    ],
)
def test_a_new_request_with_a_mistake_is_rejected(call, values, message):
    assert message in call("new", values=values)


def test_a_text_is_no_file_name(call, tmp_path):
    path = tmp_path / "a.sampling.yaml"
    path.write_text(BAD)
    assert found_in(call("check", text=str(path))) == [("RS004", "")]


WATCHED = """
import sys
from pathlib import Path
from rosetta_spec import mcp_server

ALLOWED = (sys.prefix, sys.base_prefix, sys.argv[1], "/usr/lib")

def watch(event, arguments):
    if event == "open" and str(arguments[0]).startswith(ALLOWED) and not arguments[2] & 3:
        return
    if event in ("open", "subprocess.Popen", "os.system", "os.exec", "os.remove", "os.rename"):
        raise SystemExit(f"{event}: {arguments}")
    if event.startswith("socket."):
        raise SystemExit(f"{event}: {arguments}")

text = sys.argv[2]
sys.addaudithook(watch)
mcp_server.check(text)
mcp_server.fix(text, unsafe_fixes=True)
mcp_server.explain(text)
mcp_server.rule("RS201")
mcp_server.new({})
print("nothing was used")
"""


@pytest.mark.parametrize("text", [VENDOR, BAD, "/etc/passwd", "!!python/name:os.system x"])
def test_no_tool_uses_files_or_the_network(text):
    """Only Python and the package itself are read."""
    root = str(Path(__file__).parents[1])
    ended = subprocess.run(
        [sys.executable, "-c", WATCHED, root, text],
        capture_output=True, check=False, encoding="utf-8", cwd=root,
    )  # fmt: skip
    assert ended.stdout == "nothing was used\n", ended.stderr


def test_the_command_of_the_docs_serves_on_its_standard_streams():
    page = (EXAMPLES.parent / "docs" / "assistants.md").read_text("utf-8")
    shown = json.loads(page.split("```json\n")[1].split("```")[0])["mcpServers"]["rosetta-spec"]
    assert shown["command"] == "rosetta-spec"

    async def answers():
        args = ["-m", "rosetta_spec", *shown["args"]]
        command = StdioServerParameters(command=sys.executable, args=args)
        async with Client(stdio_client(command)) as client:
            tools = await client.list_tools()
            found = await client.call_tool("check", {"text": BAD})
            return client.server_info, tools.tools, found

    server, tools, found = asyncio.run(answers())
    assert (server.name, server.version) == ("rosetta-spec", __version__)
    assert [tool.name for tool in tools] == ["check", "fix", "explain", "rule", "new"]
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        assert all("description" in each for each in tool.input_schema["properties"].values())
    assert found_in(found.structured_content) == [("RS107", "/samplingRatio")]


@pytest.fixture
def server():
    command = [sys.executable, "-m", "rosetta_spec", "mcp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def initialized(server):
    """Send the first message, and wait for the answer."""
    client = {"name": "test", "version": "1"}
    params = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    server.stdin.write(json.dumps(message).encode() + b"\n")
    server.stdin.flush()
    return json.loads(server.stdout.readline())["result"]


def test_the_server_ends_with_its_input_whatever_was_in_it(server):
    assert initialized(server)["serverInfo"]["name"] == "rosetta-spec"
    server.stdin.write(b"nonsense\n\xff\n{}\n[1]\n")
    server.stdin.close()
    assert server.wait(60) == 0


def test_ctrl_c_ends_the_server(server):
    initialized(server)
    server.send_signal(signal.SIGINT)
    assert server.wait(60) == 130


def test_without_the_sdk_the_command_says_what_to_install(rosetta, monkeypatch):
    monkeypatch.delitem(sys.modules, "rosetta_spec.mcp_server")
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    message = f"error: the MCP server needs mcp; install it with: {install_command('mcp')}\n"
    assert rosetta("mcp") == (2, "", message)
