"""Editors that have never heard of us: the real language servers for JSON and YAML, and our schema.

They need node and the npm packages vscode-langservers-extracted and yaml-language-server; name the
folder node_modules that has them in NODE_MODULES_OF_TESTS.
"""

import json
import re
from pathlib import Path

import pytest

from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import indented_json
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import EDITOR_KEY, places, request_schema, schema_at
from rosetta_spec.spec.ruleset import builtin_ruleset

CHECKOUT = Path(__file__).parents[2]
ADDRESS = "https://rosetta-spec.github.io/rosetta-spec/sampling-create.schema.json"
SCHEMA = (CHECKOUT / "docs" / "sampling-create.schema.json").as_uri()
CORPUS = CHECKOUT / "tests" / "corpus"
EXPRESSIBLE = [rule for rule in builtin_ruleset().rules if rule.kind.is_expressible()]
CODES = {rule.code for rule in EXPRESSIBLE}

#: Files of the corpus in which the servers read other values than we do.
READ_OTHERWISE = {
    # The server looks for a schema where the file says that there is one.
    "json": {
        "wrong-type/good/schema-is-a-string.json",
        "wrong-type/good/schema-is-an-empty-string.json",
    },
    "yaml": {
        # JavaScript's numbers are not exact.
        "fractional-number/bad/samplecount-is-a-huge-number-and-a-half.yaml",
        "fractional-number/bad/samplecount-is-slightly-less-than-one.yaml",
        "fractional-number/good/five-thousand-digits.yaml",
        "fractional-number/good/sample-count-is-too-large-for-a-float.yaml",
        "out-of-range/bad/ratio-is-above-one-beyond-a-float-s-digits.yaml",
        "out-of-range/good/a-ratio-with-a-tiny-exponent.yaml",
        "out-of-range/good/ratio-is-too-small-for-a-float.yaml",
        "unknown-choice/bad/sample-type-is-slightly-more-than-one.yaml",
        # It leaves alone what cannot be merged.
        "unknown-property/bad/a-merge-of-a-word.yaml",
        "unknown-property/bad/a-merge-of-nothing.yaml",
        # A key without a colon, in braces, is no key to it.
        "missing-property/bad/a-boundary-start-written-as-a-key-alone.yaml",
    },
}


@pytest.fixture(scope="session")
def servers(node_modules, language_client):
    """Both servers by the ending of what they read; the schema is theirs by the name of a file."""
    json_server = node_modules / "vscode-langservers-extracted/bin/vscode-json-language-server"
    yaml_server = node_modules / "yaml-language-server/bin/yaml-language-server"
    for server in (json_server, yaml_server):
        if not server.exists():
            pytest.skip(f"{server} is not installed")
    for_json, for_yaml = (
        settings_of(name) for name in ("json-language-server", "yaml-language-server")
    )
    for_json["json"]["validate"] = {"enable": True}
    for_yaml["yaml"]["schemaStore"] = {"enable": False}
    return {
        "json": language_client(
            ["node", json_server, "--stdio"], for_json, handledSchemaProtocols=["file"]
        ),
        "yaml": language_client(["node", yaml_server, "--stdio"], for_yaml),
    }


def settings_of(server):
    """Take a server's settings from the example for Zed, with the schema of this checkout."""
    text = (CHECKOUT / "examples/editors/zed/settings.json").read_text(encoding="utf-8")
    return json.loads(text.replace(ADDRESS, SCHEMA))["lsp"][server]["settings"]


@pytest.fixture
def show(servers):
    """Open a text, and give what its server says of it."""

    def call(name, text, ending):
        uri = f"file:///requests/{name}.sampling.{ending}"
        servers[ending].open(uri, text, ending)
        return servers[ending].diagnostics(uri)

    return call


@pytest.fixture
def edit(servers):
    """Ask a server about a place in a text, which `|` marks."""

    def call(method, name, text, ending):
        before, _, after = text.partition("|")
        uri = f"file:///edited/{name}.sampling.{ending}"
        servers[ending].open(uri, before + after, ending)
        servers[ending].diagnostics(uri)
        *rows, last = before.split("\n")
        return servers[ending].at(f"textDocument/{method}", uri, len(rows), len(last))

    return call


def value_of(text):
    (document,) = read_documents(text.encode(), None)
    return document.value


both = pytest.mark.parametrize("ending", ["json", "yaml"])


@both
@pytest.mark.parametrize("rule", EXPRESSIBLE, ids=lambda rule: rule.code)
def test_a_rule_reports_its_bad_example_in_its_own_words_and_accepts_the_good_one(
    show, rule, ending
):
    bad, good = (
        indented_json(value_of(example.text)) if ending == "json" else example.text
        for example in (rule.bad, rule.good)
    )
    messages = [each["message"] for each in show(f"{rule.code}-bad", bad, ending)]
    # For some keywords the servers have words of their own, and take no others.
    if (rule.name, ending) == ("missing-property", "json"):
        assert messages == ['Missing property "poolName".']
    elif rule.name == "out-of-range":
        assert messages == ["Value is above the maximum of 1."]
    else:
        assert messages
        assert all(each.startswith(f"{rule.code} {rule.name}: ") for each in messages)
    assert show(f"{rule.code}-good", good, ending) == []


def expected_codes(folder):
    """The codes that the corpus expects of each file of a folder, by its name there."""
    codes = {}
    for line in (folder / "EXPECTED").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"(\w+/[\w.-]+?)(?:\[\d+\])?(?: ok|:\S+ (\w+) )", line):
            codes.setdefault(match[1], set()).update(filter(None, [match[2]]))
    return codes


@both
def test_the_corpus_is_reported_and_accepted_as_by_us(servers, ending):
    uris, expected = {}, {}
    for rule in EXPRESSIBLE:
        for name, codes in expected_codes(CORPUS / rule.name).items():
            path = CORPUS / rule.name / name
            if path.suffix == f".{ending}" and codes <= CODES:
                expected[path] = bool(codes)
                uris[path] = f"file:///corpus/{rule.name}/{path.stem}.sampling.{ending}"
                servers[ending].open(uris[path], path.read_text(encoding="utf-8"), ending)
    others = set()
    for path, uri in uris.items():
        if bool(servers[ending].diagnostics(uri)) != expected[path]:
            others.add(path.relative_to(CORPUS).as_posix())
    assert others == READ_OTHERWISE[ending]
    assert len(uris) > 30


# What is offered, and what is explained

#: A request with every key, regardless of the rules.
EVERYTHING = {
    **{key: 1 for key in request_schema()["properties"] if key != "$schema"},
    "subCondition": dict.fromkeys(schema_at(("subCondition",))["properties"], 1),
    "interceptionBoundary": [{"start": 0, "end": 9}],
}


def written(ending):
    """The request with one key on each line."""
    if ending == "json":
        return indented_json(EVERYTHING)
    rows = []
    for key, value in EVERYTHING.items():
        below = value[0] if isinstance(value, list) else value
        rows += [f"{key}:" if isinstance(below, dict) else f"{key}: 1"]
        if isinstance(below, dict):
            members = [f"    {name}: 1" for name in below]
            members[0] = members[0].replace("    ", "  - " if value is not below else "    ", 1)
            rows += members
    return "\n".join(rows) + "\n"


@both
def test_every_key_is_explained(servers, ending):
    text = written(ending)
    uri = f"file:///everything/a.sampling.{ending}"
    servers[ending].open(uri, text, ending)
    servers[ending].diagnostics(uri)
    explained = {}
    for row, line in enumerate(text.splitlines()):
        for match in re.finditer(r"(\w+)\"?:", line):
            hover = servers[ending].at("textDocument/hover", uri, row, match.start() + 1)
            contents = hover["contents"]
            explained[match[1]] = contents["value"] if ending == "yaml" else "".join(contents)
    patterns = [it for it in places() if it and it[-1] not in (EVERY_ITEM, EDITOR_KEY)]
    assert explained.keys() == {pattern[-1] for pattern in patterns}
    for pattern in patterns:
        about = schema_at(pattern)["description"].partition(".")[0]
        assert about in explained[pattern[-1]], pattern


HALF = {
    "json": '{"annotationRequestId": "a", "poolName": "b", %s}',
    "yaml": "annotationRequestId: a\npoolName: b\n%s\n",
}


@both
@pytest.mark.parametrize(
    ("text", "place", "present"),
    [
        ({"json": "|", "yaml": "|"}, (), {"annotationRequestId", "poolName"}),
        (
            {"json": '"subCondition": {|}', "yaml": "subCondition:\n  haveIssue: true\n  |"},
            ("subCondition",),
            {"haveIssue"},
        ),
        (
            {
                "json": '"interceptionBoundary": [{|}]',
                "yaml": "interceptionBoundary:\n  - start: 0\n    |",
            },
            ("interceptionBoundary", 0),
            {"start"},
        ),
    ],
    ids=["request", "conditions", "boundary"],
)
def test_every_key_is_offered(edit, ending, text, place, present):
    offered = edit("completion", f"keys-{len(place)}", HALF[ending] % text[ending], ending)
    keys = schema_at(place)["properties"].keys() - present - {EDITOR_KEY}
    assert keys <= {each["label"] for each in offered["items"]}


@both
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ({"json": '"sampling|Ratio": 0.2', "yaml": "sampling|Ratio: 0.2"}, "20 % is 0.2"),
        (
            {"json": '"interceptionMode": |5', "yaml": "interceptionMode: |5"},
            "custom. Frames from your own ranges",
        ),
        (
            {
                "json": '"subCondition": {"noNeed|Annotate": true}',
                "yaml": "subCondition:\n  noNeed|Annotate: true",
            },
            "The name is misleading",
        ),
    ],
    ids=["key", "value", "key-below"],
)
def test_keys_and_listed_values_are_explained(edit, ending, text, shown):
    hover = edit("hover", f"hover-{len(shown)}", HALF[ending] % text[ending], ending)
    contents = hover["contents"]
    assert shown in (contents["value"] if ending == "yaml" else "\n".join(contents))


@both
@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ({"json": "|", "yaml": "|"}, {"samplingRatio", "subCondition", "interceptionMode"}),
        ({"json": '"interceptionMode": |', "yaml": "interceptionMode: |"}, {"5 (custom)"}),
        (
            {
                "json": '"subCondition": {"conditionJoinType": |}',
                "yaml": "subCondition:\n  conditionJoinType: |",
            },
            {"and", "or"},
        ),
        (
            {"json": '"subCondition": |', "yaml": "subCondition:\n  |"},
            {"workPoolFilter with workPoolFilterType"},
        ),
    ],
    ids=["keys", "values", "values-below", "companions"],
)
def test_keys_listed_values_and_what_belongs_together_are_offered(edit, ending, text, labels):
    offered = edit(
        "completion",
        f"offer-{len(labels)}-{len(text[ending])}",
        HALF[ending] % text[ending],
        ending,
    )
    items = {each["label"]: each for each in offered["items"]}
    assert items.keys() >= labels
    assert all(items[label]["documentation"] for label in labels)


@both
def test_a_request_to_fill_in_is_offered_in_an_empty_file(edit, ending):
    offered = edit("completion", "empty", "|", ending)
    assert "sampling request" in {each["label"] for each in offered["items"]}
