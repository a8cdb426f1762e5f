"""The examples for editors are valid, name the same files, and are shown in the docs."""

import json
import os
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft7Validator

from rosetta_spec.fast.formats import REQUEST_ENDINGS
from rosetta_spec.version import __version__

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
    named, others = settings["language"][:2], settings["language"][2:]
    files = {each["glob"] for language in named for each in language["file-types"]}
    assert files == set(INCLUDE)
    assert all(each["language-servers"] == ["rosetta-spec"] for each in named)
    assert {each["name"] for each in others} == {"json", "toml", "yaml"}
    assert all(each["language-servers"][0] == "rosetta-spec" for each in others)


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


def test_the_extension_uses_the_schema_for_the_same_files():
    manifest = json_of("vscode/package.json")
    lock = json_of("vscode/package-lock.json")
    assert manifest["version"] == lock["version"] == __version__
    assert manifest["devDependencies"] == lock["packages"][""]["devDependencies"]
    assert "dependencies" not in manifest
    brought = manifest["contributes"]
    (found,) = brought["jsonValidation"]
    assert set(found["fileMatch"]) == OF_JSON
    scheme, _, path = found["url"].partition(":")
    files = (EXTENSION / "src" / "files.js").read_text(encoding="utf-8")
    assert f'SCHEME = "{scheme}"' in files
    assert f"${{SCHEME}}:{path}`" in files
    *languages, explanation = brought["languages"]
    patterns = [each for language in languages for each in language["filenamePatterns"]]
    assert set(patterns) == set(INCLUDE)
    assert list(brought["configurationDefaults"]) == [f"[{explanation['id']}]"]


#: Runs the extension with stand-ins of VS Code and of its client, and prints what it did.
RUN = (Path(__file__).parent / "extension.js").read_text(encoding="utf-8")


@pytest.fixture
def run_extension(tmp_path):
    if shutil.which("node") is None:
        pytest.skip("needs node")

    def call(*steps, path="", **settings):
        given = {"settings": settings, "steps": steps, "folder": str(tmp_path)}
        command = ["node", "-e", RUN, EXTENSION / "src" / "extension.js", json.dumps(given)]
        environment = {**os.environ, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(command, check=True, capture_output=True, env=environment)
        return json.loads(done.stdout)

    return call


def executable(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


REQUEST = {"fileName": "/w/a.sampling.yaml", "languageId": "yaml"}
OTHER = {"fileName": "/w/package.json", "languageId": "json"}
UNSAVED = {"fileName": "Untitled-1", "languageId": "yaml", "isUntitled": True}


@pytest.mark.parametrize(
    ("document", "configurations", "starts"),
    [
        (REQUEST, {}, True),
        (OTHER, {}, False),
        (OTHER, {"/w/rosetta-spec.toml": ""}, True),
        (OTHER, {"/w/pyproject.toml": "[tool.ruff]"}, False),
        (OTHER, {"/w/pyproject.toml": "[tool.rosetta-spec]"}, True),
        (UNSAVED, {}, True),
        ({**OTHER, "languageId": "python"}, {"/w/rosetta-spec.toml": ""}, False),
    ],
)
def test_the_server_starts_at_the_first_document_that_may_be_ours(
    run_extension, document, configurations, starts
):
    calls = run_extension(["open", document], command="/x", files=configurations)
    assert ("started /x lsp" in calls) is starts


@pytest.mark.skipif(os.name == "nt", reason="the folders have other names on Windows")
def test_the_server_is_found_by_setting_python_venv_and_path(run_extension, tmp_path):
    on_path = executable(tmp_path / "path" / "rosetta-spec")
    opened = ["open", REQUEST]
    path = str(tmp_path / "path")
    assert f"started {on_path} lsp" in run_extension(opened, path=path)
    in_folder = executable(tmp_path / ".venv" / "bin" / "rosetta-spec")
    assert f"started {in_folder} lsp" in run_extension(opened, path=path)
    beside = executable(tmp_path / "conda" / "rosetta-spec")
    python = str(tmp_path / "conda" / "python")
    assert f"started {beside} lsp" in run_extension(opened, path=path, python=python)
    command = "${workspaceFolder}/x"
    calls = run_extension(opened, path=path, command=command, args=["--config", "~/c.toml"])
    assert f"started {tmp_path}/x lsp --config {Path.home()}/c.toml" in calls


def test_the_schema_is_empty_exactly_while_the_server_runs(run_extension):
    steps = ["schema"], ["open", REQUEST], ["schema"], ["restart"], ["schema"], ["stop"], ["schema"]
    calls = run_extension(*steps, command="/x")
    assert [each for each in calls if each.startswith("schema")] == [
        "schema full",
        "schema empty",
        "schema empty",
        "schema full",
    ]
    assert calls.count("started /x lsp") == 2


@pytest.mark.parametrize("problem", [{"fails": True, "command": "/x"}, {"python": "/none/python"}])
def test_a_server_that_does_not_start_is_reported_once(run_extension, problem):
    steps = ["open", REQUEST], ["open", REQUEST], ["restart"], ["schema"]
    calls = run_extension(*steps, **problem, onlyPath=True)
    (warning,) = [each for each in calls if each.startswith("warning")]
    assert "only checked with the JSON Schema" in warning
    assert calls[-1] == "schema full"
    assert (
        "opened https://rosetta-spec.github.io/rosetta-spec/editors/#the-language-server" in calls
    )


@pytest.mark.parametrize("settings", [{"server": False}, {"isUntrusted": True}])
def test_no_server_starts_if_not_wanted_or_not_trusted(run_extension, settings):
    calls = run_extension(["open", REQUEST], ["schema"], command="/x", **settings)
    assert calls == ["schema full"]


def test_explanations_are_shown_as_documents(run_extension):
    calls = run_extension(
        ["open", REQUEST],
        ["execute", "rosetta-spec.explain", ["RS107"], "why"],
        ["execute", "rosetta-spec.explainRequest", ["file:///w/a.sampling.yaml", 1], "what"],
        ["execute", "other", [], None],
        command="/x",
    )
    assert [each for each in calls if each.startswith("shown")] == [
        "shown /RS107.explanation why",
        "shown /a.sampling.yaml 2.explanation what",
    ]


def test_yaml_has_the_schema_while_no_server_runs(run_extension):
    steps = ["yaml", "file:///w/a.sampling.yaml"], ["yaml", "file:///w/b.yaml"]
    opened = ["open", REQUEST]
    calls = run_extension(*steps, opened, steps[0], command="/x", hasYaml=True)
    assert [each for each in calls if each.startswith("yaml")] == ["yaml full", "yaml", "yaml"]


def test_the_package_contains_what_the_extension_needs(extension_package):
    with zipfile.ZipFile(extension_package) as package:
        inside = {name.removeprefix("extension/") for name in package.namelist()}
        times = {each.date_time for each in package.infolist()}
        schema = package.read("extension/sampling-create.schema.json")
    assert inside == {
        *("[Content_Types].xml", "extension.vsixmanifest", "package.json", "dist/extension.js"),
        *("icon.png", "changelog.md", "readme.md", "LICENSE.txt", "sampling-create.schema.json"),
    }
    # The same files must be the same package.
    assert len(times) == 1
    assert schema == (DOCS / "sampling-create.schema.json").read_bytes()
