"""What is known of the endpoint is data in `schema/`, and no code names a field of the request."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import rosetta_spec
from rosetta_spec.request.schema import places, request_schema

PACKAGE = Path(rosetta_spec.__file__).parent
SCHEMA = PACKAGE.parent / "schema"

ENDPOINT = json.loads((SCHEMA / "sampling-create.endpoint.json").read_text("utf-8"))
FORM = json.loads((SCHEMA / "endpoint.schema.json").read_text("utf-8"))

#: The keys of a request that are no ordinary words, which `start` and `end` are.
KEYS = {token for place in places() for token in place if re.search("[a-z][A-Z]", token)}

#: Codes of four and five digits; round numbers such as 5000 occur for other reasons.
CODES = {
    each["code"]
    for each in ENDPOINT["responses"]
    if re.fullmatch("[0-9]{4,5}(?<!000)", each["code"])
}

#: Written by a program from `schema/`.
GENERATED = {"fast/acceptor.py"}


def test_the_data_has_the_form_that_its_schema_describes():
    Draft7Validator.check_schema(FORM)
    Draft7Validator(FORM).validate(ENDPOINT)


def test_the_data_names_keys_of_the_request():
    new = ENDPOINT["new"]
    named = {
        *ENDPOINT["identifiedBy"],
        *ENDPOINT["commonKeys"],
        *(key for each in ENDPOINT["responses"] for key in each.get("keys", ())),
        *(each["key"] for each in new["options"]),
        *(each[kind] for each in new["questions"] for kind in ("share", "number")),
    }
    assert named <= request_schema()["properties"].keys()


def constants_in(tree):
    """Yield every string and number of a module's code with its row, except docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in docstrings:
            yield node.lineno, str(node.value)


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_no_code_names_a_key_or_code_or_path_of_the_endpoint(path):
    if path.relative_to(PACKAGE).as_posix() in GENERATED:
        return
    words = re.compile(rf"\b(?:{'|'.join(sorted(KEYS | CODES))})\b|{ENDPOINT['path']}|X-STARDUST")
    constants = constants_in(ast.parse(path.read_text("utf-8")))
    assert [(row, text) for row, text in constants if words.search(text)] == []


ANOTHER = {
    **ENDPOINT,
    "path": "/another/create",
    "signature": {
        "keyHeader": "X-Key",
        "timeHeader": "X-Time",
        "signHeader": "X-Signature",
        "text": "{key}.{time}.{secret}",
        "hash": "sha256",
    },
    "new": {
        "options": [
            {
                "option": "--name",
                "metavar": "NAME",
                "help": "The name.",
                "key": "poolName",
                "type": "string",
            }
        ],
        "questions": [],
    },
}

#: Runs the command with other data about the endpoint.
COMMAND = """
import sys
from rosetta_spec.request import schema
schema.ENDPOINT = sys.argv.pop(1)
from rosetta_spec.cli.main import main
sys.exit(main())
"""


def test_another_endpoint_needs_only_data(write):
    data = os.path.relpath(write("another.json", json.dumps(ANOTHER)), SCHEMA)

    def output(*arguments):
        command = [sys.executable, "-c", COMMAND, data, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    new = output("new", "--name", "b")
    assert "\npoolName: b\n" in new
    write("a.sampling.yaml", new.replace("<", "").replace(">", ""))
    shown = output("submit", "--dry-run", "--base-url", "https://example.com", "a.sampling.yaml")
    assert "POST https://example.com/another/create\n" in shown
    assert "\nX-Signature: [hidden]\n" in shown
    assert (
        '--header "X-Signature: $(printf \'%s.%s.%s\' "$ROSETTA_ACCESS_KEY" "$TS"'
        ' "$ROSETTA_SECRET_KEY" | openssl sha256 -r'
    ) in shown
