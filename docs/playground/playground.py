"""What the playground asks of rosetta-spec; it runs in the browser, in Pyodide."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from rosetta_spec import WrongFileError, settings_of
from rosetta_spec import check as check_request
from rosetta_spec.diagnostic import Applicability
from rosetta_spec.document.reader import read_documents
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.explanation import explain
from rosetta_spec.engine.fixer import Fixer, TooLongLineError
from rosetta_spec.reporters.json import diagnostic_object
from rosetta_spec.spec.ruleset import Rule

#: The most findings that the page shows.
MOST = 200


#: In the memory of the browser.
FOLDER = Path("/work")

#: The configuration if there is only a ruleset.
ONLY_RULESET = 'rulesets = ["policy.rules.yaml"]'


def check(text: str, ruleset: str, configuration: str) -> str:
    """Return the findings and explanations of a text, as JSON."""
    try:
        rules = _rules(ruleset, configuration)
    except WrongFileError as error:
        return json.dumps({"problem": str(error)})
    report = check_request(text, rules=rules, today=datetime.now(UTC).date())
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


def fix(text: str, ruleset: str, configuration: str, is_unsafe: bool) -> str:  # noqa: FBT001 - JavaScript has no keywords
    """Return a text with its safe fixes, and perhaps its unsafe ones, as JSON."""
    try:
        rules = _rules(ruleset, configuration)
    except WrongFileError:
        return json.dumps({"text": text})
    wanted = [Applicability.SAFE, *([Applicability.UNSAFE] if is_unsafe else [])]
    data = text.encode(errors="surrogatepass")
    try:
        fixed = Fixer(Checker(rules), wanted).fix_file(data, "-", None)
    except TooLongLineError:
        fixed = data
    return json.dumps({"text": fixed.decode(errors="surrogatepass")})


def _rules(ruleset: str, configuration: str) -> tuple[Rule, ...] | None:
    if not (ruleset.strip() or configuration.strip()):
        return None
    FOLDER.mkdir(exist_ok=True)
    os.chdir(FOLDER)  # messages name files from here
    if ruleset.strip() and not configuration.strip():
        configuration = ONLY_RULESET
    Path("policy.rules.yaml").write_text(ruleset, encoding="utf-8")
    Path("rosetta-spec.toml").write_text(configuration, encoding="utf-8")
    return settings_of("request.sampling.yaml").rules
