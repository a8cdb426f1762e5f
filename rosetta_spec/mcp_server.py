"""The MCP server: tools with which an assistant checks, fixes, explains and writes requests.

All tools take and return text. None reads a file, uses the network or runs a program.
"""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, TypeAlias

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from rosetta_spec import api
from rosetta_spec.diagnostic import Applicability, Detail, Severity
from rosetta_spec.document.reader import read_documents
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.explanation import explain as explanation_of
from rosetta_spec.engine.fixer import MAX_FIXED, Fixer, TooLongLineError
from rosetta_spec.reporters.json import VERSION, diagnostic_object
from rosetta_spec.spec.pages import text_list, text_page
from rosetta_spec.spec.ruleset import builtin_ruleset, no_such_rule
from rosetta_spec.spec.starter import starter, starting_values
from rosetta_spec.version import __version__

_INSTRUCTIONS = """\
Sampling requests are JSON or YAML bodies that create a sampling package on the Rosetta annotation
platform. The server ignores unknown keys, and a package cannot be undone. Therefore check every
request that you write, and fix all findings before you show it. To write a request, start with the
tool new. If a finding has several possible fixes, ask the user to choose."""

#: The most findings in one answer.
_MAX_FINDINGS = 100

Text: TypeAlias = Annotated[
    str, Field(description="The request itself in JSON, YAML or JSON Lines; not a file name.")
]
Format: TypeAlias = Annotated[
    Literal["json", "yaml", "jsonl"] | None,
    Field(description="By default JSON if the text starts with { or [, else YAML."),
]


def make_server() -> MCPServer[Any]:
    """Return the server, which is not running yet."""
    server: MCPServer[Any] = MCPServer(
        "rosetta-spec", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    annotations = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for tool in (check, fix, explain, rule, new):
        server.tool(annotations=annotations)(tool)
    return server


def check(text: Text, input_format: Format = None) -> dict[str, Any]:
    """Find the mistakes in sampling requests.

    Each finding has its rule, its place, a message with the cause and the remedy, and possible
    fixes. The summary counts all findings; the first 100 are listed.
    """
    report = api.check(text, input_format=input_format, today=_today())
    return {
        "version": VERSION,
        "summary": report.summary._asdict(),
        "diagnostics": [diagnostic_object(each) for each in report.diagnostics[:_MAX_FINDINGS]],
    }


def fix(
    text: Text,
    input_format: Format = None,
    *,
    unsafe_fixes: Annotated[
        bool,
        Field(description="Also apply fixes that may change what the request means; review them."),
    ] = False,
) -> dict[str, Any]:
    """Apply fixes to sampling requests; return the fixed text and the remaining findings.

    Nothing else in the text changes. Fixes that a person has to choose are not applied.
    """
    wanted = [Applicability.SAFE, *([Applicability.UNSAFE] if unsafe_fixes else [])]
    detail = Detail(fixes=frozenset(wanted), max_findings=MAX_FIXED, has_fixes_first=True)
    fixer = Fixer(Checker(detail=detail, today=_today().isoformat()), wanted)
    result = text
    with suppress(TooLongLineError):
        fixed = fixer.fix_file(_bytes(text), api.NO_FILE, input_format)
        result = fixed.decode(errors="surrogatepass")
    return {"text": result, "fixed": fixer.applied, "left": check(result, input_format)}


def explain(text: Text, input_format: Format = None) -> list[str]:
    """Describe in plain words what each request asks for, so that a user can confirm it."""
    return [explanation_of(each) for each in read_documents(_bytes(text), input_format)]


def rule(
    name: Annotated[str, Field(description="A code or name; without it, all are listed.")] = "",
) -> str:
    """Explain a rule: why it exists, with an invalid and a valid request."""
    ruleset = builtin_ruleset()
    if not name:
        return text_list(ruleset.rules)
    found = ruleset.find(name)
    if found is None:
        raise ToolError(str(no_such_rule(ruleset, name)))
    return text_page(found)


def new(
    values: Annotated[
        dict[str, Any] | None, Field(description="The known values of the request, by key.")
    ] = None,
) -> str:
    """Write a sampling request in YAML that explains every key; other keys are comments."""
    report = api.check(starting_values(values or {}), today=_today())
    errors = [each.message for each in report.diagnostics if each.severity is Severity.ERROR]
    if errors:
        raise ToolError("; ".join(errors[:_MAX_FINDINGS]))
    return starter(values or {})


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _today() -> date:
    return datetime.now(UTC).date()
