"""The examples for editors are valid, name the same files, and are shown in the docs."""

import json
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft7Validator

from rosetta_spec.fast.formats import REQUEST_ENDINGS
from rosetta_spec.version import __version__, install_command

CHECKOUT = Path(__file__).parents[2]
EDITORS = CHECKOUT / "examples" / "editors"
DOCS = CHECKOUT / "docs"
PAGE = DOCS / "editors.md"
EXTENSION = EDITORS / "vscode"
ADDRESS = "https://rosetta-spec.github.io/rosetta-spec/sampling-create.schema.json"

#: A schema is of a whole file, so it is for no JSON Lines.
INCLUDE = tuple(f"*{ending}" for ending in REQUEST_ENDINGS)
WITH_SCHEMA = {each for each in INCLUDE if not each.endswith(("jsonl", "ndjson"))}
OF_JSON = {each for each in WITH_SCHEMA if each.endswith("json")}
OF_YAML = WITH_SCHEMA - OF_JSON

#: What an entry of SchemaStore's catalogue has to be.
ENTRY = {
    "type": "object",
    "required": ["name", "description", "fileMatch", "url"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "not": {"pattern": "[Ss]chema"}},
        "description": {"type": "string", "minLength": 1, "not": {"pattern": "[Ss]chema|\\.$"}},
        "fileMatch": {"type": "array", "minItems": 1, "uniqueItems": True},
        "url": {"const": ADDRESS},
    },
}


def json_of(name):
    return json.loads((EDITORS / name).read_text(encoding="utf-8"))


def test_the_entry_for_the_catalogue_of_schemastore_is_ready():
    (entry,) = json_of("schemastore/catalog.json")["schemas"]
    Draft7Validator(ENTRY).validate(entry)
    assert set(entry["fileMatch"]) == WITH_SCHEMA
    assert (DOCS / ADDRESS.rpartition("/")[2]).exists()


def test_editors_with_a_schema_use_it_for_the_same_files():
    code = json_of("vscode/.vscode/settings.json")
    servers = json_of("zed/settings.json")["lsp"]
    for schemas in (
        code["json.schemas"],
        servers["json-language-server"]["settings"]["json"]["schemas"],
    ):
        assert [(set(each["fileMatch"]), each["url"]) for each in schemas] == [(OF_JSON, ADDRESS)]
    for schemas in (
        code["yaml.schemas"],
        servers["yaml-language-server"]["settings"]["yaml"]["schemas"],
    ):
        assert {url: set(files) for url, files in schemas.items()} == {ADDRESS: OF_YAML}


def test_jetbrains_maps_the_same_files_to_the_schema():
    root = ET.parse(EDITORS / "jetbrains" / ".idea" / "jsonSchemas.xml").getroot()  # noqa: S314 - ours
    options = [(each.get("name"), each.get("value")) for each in root.iter("option")]
    assert ("relativePathToSchema", ADDRESS) in options
    assert {value for name, value in options if name == "path"} == WITH_SCHEMA


def test_helix_starts_the_server_for_all_files():
    settings = tomllib.loads((EDITORS / "helix" / "languages.toml").read_text(encoding="utf-8"))
    server = settings["language-server"]["rosetta-spec"]
    assert [server["command"], *server["args"]] == ["rosetta-spec", "lsp"]
    files = {each["glob"] for language in settings["language"] for each in language["file-types"]}
    assert files == set(INCLUDE)
    assert all(each["language-servers"] == ["rosetta-spec"] for each in settings["language"])


def test_kate_starts_the_server():
    servers = json_of("kate/settings.json")["servers"]
    assert {tuple(each["command"]) for each in servers.values()} == {("rosetta-spec", "lsp")}


@pytest.mark.parametrize(
    "name",
    [
        "neovim/rosetta_spec.lua",
        "neovim/fix_on_save.lua",
        "emacs/rosetta-spec.el",
        "helix/languages.toml",
        "vscode/.vscode/settings.json",
        "kate/settings.json",
        "zed/settings.json",
        "schemastore/catalog.json",
    ],
)
def test_the_page_shows_each_example_as_it_is(name):
    page = PAGE.read_text(encoding="utf-8")
    assert f"\n{(EDITORS / name).read_text(encoding='utf-8')}```\n" in page


# The extension of VS Code


def test_the_extension_brings_the_schema_for_the_same_files():
    manifest = json_of("vscode/package.json")
    assert manifest["version"] == __version__
    brought = manifest["contributes"]
    for kind, files in (("jsonValidation", OF_JSON), ("yamlValidation", OF_YAML)):
        ((found, url),) = [(set(each["fileMatch"]), each["url"]) for each in brought[kind]]
        assert (found, url) == (files, "./sampling-create.schema.json")
    patterns = [each for language in brought["languages"] for each in language["filenamePatterns"]]
    assert set(patterns) == set(INCLUDE)


#: Runs the extension with stand-ins of VS Code and of its client, and prints what it did.
RUN = """
const calls = [];
class LanguageClient {
  constructor(id, name, server, client) { calls.push([server, client]); }
  async start() { if (SETTINGS.fails) throw new Error("ENOENT"); calls.push("started"); }
  async stop() { calls.push("stopped"); }
}
const standIns = {
  "vscode": {
    workspace: { getConfiguration: () => ({ get: (key) => SETTINGS[key] }) },
    window: { async showInformationMessage(text, button) { calls.push(text); return button; } },
    env: { clipboard: { async writeText(text) { calls.push(text); } } },
  },
  "vscode-languageclient/node": { LanguageClient, TransportKind: { stdio: "stdio" } },
};
const Module = require("module");
const load = Module._load;
Module._load = (name, ...rest) => standIns[name] ?? load(name, ...rest);
const { activate, deactivate } = require(process.argv[1]);
activate({ subscriptions: [] }).then(deactivate).then(() => console.log(JSON.stringify(calls)));
"""


@pytest.fixture
def run_extension():
    if shutil.which("node") is None:
        pytest.skip("needs node")

    def call(**settings):
        settings = {"server": True, "command": "rosetta-spec", **settings}
        script = f"const SETTINGS = {json.dumps(settings)};{RUN}"
        command = ["node", "-e", script, EXTENSION / "src" / "extension.js"]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    return call


def test_the_extension_starts_and_stops_the_server(run_extension):
    (server, client), *rest = run_extension(command="/venv/bin/rosetta-spec")
    assert (server["command"], server["args"]) == ("/venv/bin/rosetta-spec", ["lsp"])
    (selector,) = client["documentSelector"]
    assert selector["pattern"] == "**/*.sampling.{json,jsonl,ndjson,yaml,yml}"
    assert rest == ["started", "stopped"]


def test_the_extension_says_how_to_install_a_server_that_does_not_start(run_extension):
    _, *rest = run_extension(fails=True)
    install = install_command("lsp")
    assert rest == [f'"rosetta-spec lsp" does not start. Install it with: {install}', install]


def test_the_extension_leaves_everything_to_the_schema_if_configured(run_extension):
    assert run_extension(server=False) == []


def test_the_extension_builds_to_a_package_that_contains_all_it_needs(node_modules, tmp_path):
    for name in ("esbuild", "vsce"):
        if not (node_modules / ".bin" / name).exists():
            pytest.skip(f"{name} is not in {node_modules}")
    copy = tmp_path / "vscode"
    shutil.copytree(EXTENSION, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
    for path in (DOCS / "sampling-create.schema.json", CHECKOUT / "LICENSE"):
        shutil.copy(path, copy)
    (copy / "node_modules").symlink_to(node_modules)
    subprocess.run(["npm", "run", "package"], cwd=copy, check=True, capture_output=True)
    with zipfile.ZipFile(copy / f"rosetta-spec-{__version__}.vsix") as package:
        inside = {name.removeprefix("extension/") for name in package.namelist()}
        schema = package.read("extension/sampling-create.schema.json")
    assert inside >= {"package.json", "dist/extension.js", "sampling-create.schema.json"}
    assert not any(name.startswith(("node_modules", "src", ".vscode")) for name in inside)
    assert schema == (DOCS / "sampling-create.schema.json").read_bytes()
