"""The package works however it is installed: in a checkout, in place, as a wheel, by an sdist.

Each is installed into an environment of its own, which borrows the libraries of this one and so
needs no network.
"""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from rosetta_spec.request.schema import REQUEST_SCHEMA, schema_folder
from rosetta_spec.version import __version__

GOOD = '{"annotationRequestId": "r-1", "poolName": "p", "sampleType": 1}'
BAD = '{"annotationRequestId": "r-1", "poolName": "p", "sampleType": 3}'

#: What the package cannot work without, or its users.
DATA = {
    "rosetta_spec/py.typed",
    "rosetta_spec/reporters/filter.html",
    "rosetta_spec/reporters/head.html",
    "rosetta_spec/reporters/report.css",
    "rosetta_spec/reporters/report.js",
    "rosetta_spec/cli/templates/config.toml",
    "rosetta_spec/cli/templates/github.yml",
    "rosetta_spec/cli/templates/gitlab.yml",
    "rosetta_spec/cli/templates/pre-commit.yaml",
    "rosetta_spec/document/json_errors.txt",
    "rosetta_spec/document/yaml_errors.txt",
    "rosetta_spec/spec/rules.json",
    "rosetta_spec/spec/suppressing.md",
    "rosetta_spec/schema/sampling-create.schema.json",
    "rosetta_spec/schema/sampling-create.rules.yaml",
    "rosetta_spec/schema/sampling-create.endpoint.json",
    "rosetta_spec/schema/sampling-create.explanation.json",
    "rosetta_spec/schema/endpoint.schema.json",
    "rosetta_spec/schema/ruleset.schema.json",
    "rosetta_spec/schema/config.schema.json",
}

WHERE = """
import json, os, rosetta_spec
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.request.schema import request_schema, schema_folder
print(json.dumps([
    rosetta_spec.__file__, str(schema_folder()), len(builtin_ruleset().rules),
    request_schema()["title"], sorted(os.listdir(schema_folder())),
]))
"""


@pytest.fixture
def checkout(copy_of_checkout, tmp_path):
    """A checkout that a build may write into."""
    copy = tmp_path / "checkout"
    subprocess.run(["cp", "-R", copy_of_checkout, copy], check=True)
    return copy


class Environment:
    """A virtual environment that borrows this one's libraries, but not its rosetta-spec."""

    def __init__(self, folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        variables = {"base": str(folder), "platbase": str(folder)}
        self.scripts = Path(sysconfig.get_path("scripts", "venv", vars=variables))
        self.packages = Path(sysconfig.get_path("purelib", "venv", vars=variables))
        self.python = self.scripts / "python"
        # After the environment's own packages, and without what .pth files in there would add.
        borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (self.packages / "zz-borrowed.pth").write_text("\n".join(sorted(borrowed)))

    def install(self, *arguments: str | Path) -> None:
        command = [sys.executable, "-m", "pip", "--python", self.python, "install", "-q"]
        options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
        # Python compiles what is used when it is used.
        run(*command, *options, "--no-compile", "--ignore-installed", *arguments)


def run(*command: str | Path, status: int = 0, **options) -> str:
    """Run a command that knows nothing of the checkout under test; return what it prints."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= options.pop("env", {})
    ended = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, **options
    )
    assert ended.returncode == status, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def built(copy_of_checkout, tmp_path_factory):
    """An sdist of the checkout, and a wheel that is built from it."""
    target = tmp_path_factory.mktemp("built")
    checkout = target / "checkout"
    subprocess.run(["cp", "-R", copy_of_checkout, checkout], check=True)
    command = [sys.executable, "-m", "build", "-q", "--no-isolation", "--outdir", target]
    run(*command, checkout, env={"PYTHONPATH": ""})
    # Nothing of the checkout is needed once it is built.
    checkout.rename(target / "gone")
    (sdist,), (wheel,) = target.glob("*.tar.gz"), target.glob("*.whl")
    return sdist, wheel


def assert_works(
    folder: Path, command: list[str | Path], python: list[str | Path], home: Path, **options
):
    """Check a bad request with an installed command, from a folder that is not the checkout."""
    (folder / "bad.sampling.json").write_text(BAD)
    assert run(*command, "--version", cwd=folder, **options) == f"rosetta-spec {__version__}\n"
    report = json.loads(run(*command, "check", "--format", "json", cwd=folder, status=1, **options))
    assert [each["code"] for each in report["diagnostics"]] == ["RS105"]
    assert "2 (random sampling)" in report["diagnostics"][0]["message"].lower()
    package, schema, rules, title, files = json.loads(
        run(*python, "-c", WHERE, cwd=folder, **options)
    )
    assert Path(package).is_relative_to(home)
    assert Path(schema).is_relative_to(home)
    assert {f"rosetta_spec/schema/{name}" for name in files} == {
        name for name in DATA if name.startswith("rosetta_spec/schema/")
    }
    assert (rules > 30, title) == (True, "Rosetta sampling request")


@pytest.fixture
def elsewhere(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def test_from_a_checkout(copy_of_checkout, elsewhere):
    command = [sys.executable, "-m", "rosetta_spec"]
    env = {"PYTHONPATH": str(copy_of_checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    assert_works(elsewhere, command, command[:1], copy_of_checkout, env=env)


@pytest.mark.parametrize("is_editable", [False, True], ids=["regular", "editable"])
def test_installed(checkout, elsewhere, tmp_path, is_editable):
    environment = Environment(tmp_path / "venv")
    home = checkout if is_editable else environment.packages
    environment.install(*(["-e"] if is_editable else []), checkout)
    if not is_editable:
        # Nothing of the checkout is needed once it is installed.
        checkout.rename(tmp_path / "gone")
    command = [environment.scripts / "rosetta-spec"]
    assert_works(elsewhere, command, [environment.python], home)


#: A path with spaces, and one that is too long for the first line of a script.
PLACES = ["a folder with spaces", f"{'long' * 20}/{'longer' * 20}"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_the_command_starts_wherever_it_is_installed(built, elsewhere, tmp_path, place, installer):
    """Each installer writes the script in its own way; pipx uses pip, and needs a network."""
    if not find_spec(installer):
        pytest.skip(f"there is no {installer}")
    _, wheel = built
    environment = Environment(tmp_path / place)
    if installer == "pip":
        environment.install(wheel)
    else:
        options = ["--no-deps", "--offline", "--python", environment.python]
        run(sys.executable, "-m", "uv", "pip", "install", "-q", *options, wheel)
    command = environment.scripts / "rosetta-spec"
    (elsewhere / "good.sampling.json").write_text(GOOD)
    report = run(command, "check", "good.sampling.json", cwd=elsewhere)
    assert report == "Checked 1 file, all fine.\n"
    (elsewhere / "good.sampling.json").unlink()
    assert_works(elsewhere, [command], [environment.python], environment.packages)


def test_what_is_in_the_sdist_and_its_wheel(built, copy_of_checkout):
    sdist, wheel = built
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = archive.read(f"rosetta_spec-{__version__}.dist-info/METADATA").decode()
    modules = {
        path.relative_to(copy_of_checkout).as_posix()
        for path in copy_of_checkout.glob("rosetta_spec/**/*.py")
    }
    assert in_wheel == modules | DATA
    assert "License-Expression: MIT" in metadata
    assert f"Version: {__version__}" in metadata
    with tarfile.open(sdist) as archive:
        in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    assert modules <= in_sdist
    assert {"schema/sampling-create.rules.yaml", "LICENSE", "README.md"} <= in_sdist
    assert ".pre-commit-hooks.yaml" in in_sdist


@pytest.mark.parametrize("inside", [True, False])
def test_the_schema_is_found_inside_the_package_or_beside_it(tmp_path, inside):
    package = tmp_path / "rosetta_spec"
    schema = (package if inside else tmp_path) / "schema"
    schema.mkdir(parents=True)
    (schema / REQUEST_SCHEMA).touch()
    assert schema_folder(str(package)) == str(schema)


def test_a_missing_schema_is_reported_as_a_broken_installation(tmp_path):
    with pytest.raises(FileNotFoundError, match="reinstall rosetta-spec"):
        schema_folder(str(tmp_path))
