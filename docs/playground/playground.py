"""What the playground asks of rosetta-spec; it runs in the browser, in Pyodide."""

import json
from datetime import UTC, datetime

from rosetta_spec import check as check_request
from rosetta_spec.diagnostic import Applicability
from rosetta_spec.document.reader import read_documents
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.explanation import explain
from rosetta_spec.engine.fixer import Fixer, TooLongLineError
from rosetta_spec.reporters.json import diagnostic_object

#: The most findings that the page shows.
MOST = 200


def check(text: str) -> str:
    """Return the findings and explanations of a text, as JSON."""
    report = check_request(text, today=datetime.now(UTC).date())
    data = text.encode(errors="surrogatepass")
    answer = {
        "summary": report.summary._asdict(),
        "findings": [
            {**diagnostic_object(each), "cause": each.cause, "remedy": each.remedy}
            for each in report.diagnostics[:MOST]
        ],
        "explanations": [explain(each) for each in read_documents(data, None)],
    }
    return json.dumps(answer, default=float)


def fix(text: str, is_unsafe: bool) -> str:  # noqa: FBT001 - JavaScript has no keywords
    """Return a text with its safe fixes, and perhaps its unsafe ones, as JSON."""
    wanted = [Applicability.SAFE, *([Applicability.UNSAFE] if is_unsafe else [])]
    data = text.encode(errors="surrogatepass")
    try:
        fixed = Fixer(Checker(), wanted).fix_file(data, "-", None)
    except TooLongLineError:
        fixed = data
    return json.dumps({"text": fixed.decode(errors="surrogatepass")})
