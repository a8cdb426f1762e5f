"""Other validators with the bundled schema: they reject what `check` calls an error, and say where.

`ajv-cli` is looked for in the folder that NODE_MODULES_OF_TESTS names, Sourcemeta's validator in
the Python package `sourcemeta-jsonschema`; without one, its test is skipped.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from rosetta_spec.api import check
from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import indented_json, json_text
from rosetta_spec.spec.bundle import bundled_schema
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset, rule_from

RULES = builtin_ruleset().rules
POLICY = load_ruleset(Path(__file__).parents[1] / "laws" / "policy.rules.yaml").rules
CORPUS = Path(__file__).parents[1] / "corpus"
AJV = Path(os.environ.get("NODE_MODULES_OF_TESTS", "")) / ".bin" / "ajv"

#: Files whose numbers only exact arithmetic distinguishes.
INEXACT = re.compile(r"huge|slightly|digits|exponent|too-large|too-small|every-spelling")


def expressible(rules):
    return [rule for rule in rules if rule.kind.is_expressible()]


def texts_of(rules):
    """Return requests as JSON texts, by name: the examples of rules, and for ours the corpus."""
    contents = {
        f"{rule.code}-{name}": example.content
        for rule in expressible(rules)
        for name, example in (("bad", rule.bad), ("good", rule.good))
    }
    for path in CORPUS.rglob("*") if rules is RULES else ():
        if path.suffix in (".json", ".yaml") and not INEXACT.search(path.name):
            contents["-".join(path.relative_to(CORPUS).parts)] = path.read_bytes()
    names = {}
    for name, content in contents.items():
        document, *others = read_documents(content, None)
        if not (document.problems or others):
            names.setdefault(indented_json(document.value), name)
    return {name: text for text, name in names.items()}


def errors_in(text, rules):
    """Return the findings that the bundled schema has to report, None if it cannot report all."""
    codes = {rule.code for rule in expressible(rules)}
    found = check(text, filename="a.json", rules=rules).diagnostics
    errors = [each for each in found if each.severity is Severity.ERROR]
    return errors if {each.code for each in errors} <= codes else None


def paths_in(value, path="$", pointer=(), above=""):
    yield path, pointer, above
    items = enumerate(value) if isinstance(value, list) else ()
    for key, member in value.items() if isinstance(value, dict) else items:
        inside = f"[{key!r}]" if isinstance(key, int) or "$" in key else f".{key}"
        yield from paths_in(member, path + inside, (*pointer, key), path)


def places_of(error, text):
    """Return the paths whose value or key starts where a finding is.

    Of an unknown key only its object has a path.
    """
    (document,) = read_documents(text.encode(), "json")
    places, start_of = document.locator, document.text.location
    for path, pointer, above in paths_in(document.value):
        spans = [places.value(pointer).span]
        if pointer and not isinstance(pointer[-1], int):
            spans.append(places.key(pointer).span)
        if any(start_of(span.start) == error.location for span in spans):
            yield above if error.code == "RS109" else path


@pytest.fixture(scope="module", params=[RULES, (*RULES, *POLICY)], ids=["ours", "policy"])
def requests(request, tmp_path_factory):
    """Write the bundled schema of some rules, and requests; return their errors by their files.

    The first call does it, and is not traced if its test is not.
    """

    @cache
    def call():
        rules, folder = request.param, tmp_path_factory.mktemp("validators")
        schema = folder / "schema" / "bundle.json"
        schema.parent.mkdir()
        schema.write_text(indented_json(bundled_schema(rules)), "utf-8")
        files = {}
        for name, text in texts_of(rules).items():
            errors = errors_in(text, rules)
            if errors is not None:
                path = folder / f"{name}.json"
                path.write_text(text, "utf-8")
                files[path] = errors
        assert len(files) > 60
        return schema, files

    return call


@pytest.mark.no_cover
def test_jsonschema_agrees_and_has_path_and_cause(requests):
    schema, files = requests()
    validator = Draft7Validator(json.loads(schema.read_text("utf-8")))
    for path, errors in files.items():
        found = list(validator.iter_errors(json.loads(path.read_text("utf-8"))))
        assert bool(found) == bool(errors), path.name
        assert all(each.validator for each in found), path.name


@pytest.mark.no_cover
def test_check_jsonschema_agrees_and_its_first_message_names_the_place(requests):
    schema, files = requests()
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", schema, "-o", "json"]
    ended = subprocess.run([*command, *files], capture_output=True, check=False)
    first = {}
    for each in json.loads(ended.stdout)["errors"]:
        first.setdefault(Path(each["filename"]), each)
    assert first.keys() == {path for path, errors in files.items() if errors}
    for path, found in first.items():
        text = path.read_text("utf-8")
        places = {place for error in files[path] for place in places_of(error, text)}
        assert found["path"] in places, (path.name, found)


@pytest.mark.skipif(not (AJV.exists() and shutil.which("node")), reason="needs node and ajv-cli")
def test_ajv_agrees(requests):
    schema, files = requests()
    command = [AJV, "validate", "--strict=false", "--errors=no", "-s", schema]
    data = [argument for path in files for argument in ("-d", path)]
    ended = subprocess.run([*command, *data], capture_output=True, text=True, check=False)
    valid = re.findall(r"^(.*) valid$", ended.stdout, re.MULTILINE)
    assert set(map(Path, valid)) == {path for path, errors in files.items() if not errors}


@pytest.mark.skipif(not find_spec("sourcemeta_jsonschema"), reason="needs sourcemeta-jsonschema")
def test_sourcemeta_agrees(requests):
    schema, files = requests()
    command = [sys.executable, "-m", "sourcemeta_jsonschema", "validate", "--continue", "--verbose"]
    ended = subprocess.run([*command, schema, *files], capture_output=True, text=True, check=False)
    answers = re.findall(r"^(ok|fail): (.*)$", ended.stdout + ended.stderr, re.MULTILINE)
    found = {Path(name).resolve(): answer == "fail" for answer, name in answers}
    assert found == {path.resolve(): bool(errors) for path, errors in files.items()}


#: Rules of teams about strings: the options of their kinds.
ABOUT_STRINGS = [
    {"kind": "written-as", "pattern": "^street-[a-z]+$", "form": "lower case"},
    {"kind": "written-as", "pattern": r"street|^\^[$^]x$", "form": "a name"},
    {"kind": "schema", "schema": {"pattern": "-scenes$"}, "wants": "ends so"},
    {"kind": "schema", "schema": {"maxLength": 13}, "wants": "is short"},
    {"kind": "schema", "schema": {"minLength": 13}, "wants": "is long"},
    {"kind": "schema", "schema": {"minLength": 1}, "wants": "is long"},
    {"kind": "schema", "schema": {"enum": ["street-scenes", "a.b", 1]}, "wants": "is listed"},
    {"kind": "schema", "schema": {"not": {"const": "street-scenes"}}, "wants": "is another"},
    {"kind": "schema", "schema": {"type": ["string", "null"]}, "wants": "is a string"},
    {"kind": "schema", "schema": {"anyOf": [{"pattern": "^a"}, {"const": 1}]}, "wants": "is a"},
    {"kind": "forbidden", "values": ["street-scenes", "a|b"]},
]
STRINGS = ["street-scenes", "street-scene", "street-Scenes", "a.b", "a-b", "^$x", "x" * 14, "a|b"]


@pytest.mark.parametrize("options", ABOUT_STRINGS, ids=json_text)
def test_white_space_around_a_string_makes_no_difference_to_rules_of_teams(options):
    entry = dict.fromkeys(("name", "why", "source", "bad", "good", "message", "help"), "x")
    entry |= {"code": "POL001", "severity": "error", "at": ["/poolName"], **options}
    rules = (*RULES, rule_from(entry, ""))
    validator = Draft7Validator(bundled_schema(rules))
    for string in STRINGS:
        for value in (string, f"{string} ", f"\t{string}\u3000"):
            request = {"annotationRequestId": "a", "poolName": value}
            errors = errors_in(json_text(request), rules)
            assert validator.is_valid(request) == (errors == []), value
