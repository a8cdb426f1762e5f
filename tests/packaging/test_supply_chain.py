"""What is installed is what was meant: addresses, tags and locked versions."""

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from rosetta_spec.version import __version__, install_command

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = [ROOT / "constraints.txt", ROOT / ".ci" / "release.txt"]

#: Files that people copy commands from. Tests and the benchmarks' peers are none.
FILES = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, encoding="utf-8",
    ).stdout.splitlines()
    if not name.startswith(("tests/", "benchmarks/")) and (ROOT / name).is_file()
]  # fmt: skip

#: A command that installs or runs the package from an index, by its bare name.
BARE = re.compile(
    r"\b(install|inject|add|download|uvx|pipx run|tool run|--with|--spec)\b[^\n`]*?"
    r"(?<![\w./-])rosetta[-_]spec(\[[^]\n]*\])?(?![\w/@:.#[-]| @ )"
)

OURS = re.compile(r"rosetta-spec/rosetta-spec(?:\.git)?[@#]v([\d.]*\d)")
REV = re.compile(r"rosetta-spec/rosetta-spec\n\s+rev: v(\S+)")
RAW = re.compile(r"raw\.githubusercontent\.com/rosetta-spec/rosetta-spec/v([\d.]*\d)/")


def texts():
    for path in FILES:
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@pytest.mark.parametrize(
    "text",
    [
        "pip install rosetta-spec",
        "pip install 'rosetta-spec[lsp]'",
        'pip install -q "rosetta-spec[submit,zstd]" pyarrow',
        "pip install rosetta_spec==0.1.0",
        "pip install rosetta-spec>=1",
        "uvx rosetta-spec check",
        "pipx run rosetta-spec",
        "uv tool install rosetta-spec",
        "uv add --dev rosetta-spec",
    ],
)
def test_a_bare_name_is_recognized(text):
    assert BARE.search(text)


@pytest.mark.parametrize(
    "text",
    [
        'pip install "rosetta-spec[lsp] @ $ROSETTA_SPEC"',
        'pip install "rosetta-spec @ git+https://github.com/rosetta-spec/rosetta-spec@v0.1.0"',
        "uvx --from git+https://github.com/rosetta-spec/rosetta-spec@v0.1.0 x",
        "docker build -t rosetta-spec https://github.com/rosetta-spec/rosetta-spec.git#v0.1.0",
        ".venv/bin/pip install -q . && .venv/bin/rosetta-spec check examples/",
    ],
)
def test_an_address_is_no_bare_name(text):
    assert not BARE.search(text)


def test_nothing_tells_to_install_the_package_by_its_bare_name():
    """It is not on the index: a package of this name there would not be ours."""
    assert [(name, found[0]) for name, text in texts() for found in BARE.finditer(text)] == []


def test_every_address_has_the_tag_of_this_version():
    versions = {
        (name, version)
        for name, text in texts()
        for pattern in (OURS, REV, RAW)
        for version in pattern.findall(text)
    }
    assert {version for _, version in versions} == {__version__}
    assert {name for name, _ in versions} >= {
        "README.md",
        "docs/install.md",
        "docs/submit.md",
        "examples/github/.github/workflows/sampling-requests.yml",
        "examples/gitlab/.gitlab-ci.yml",
        "examples/reviewdog/.github/workflows/review.yml",
    }
    assert f"@v{__version__}'" in install_command("lsp")


def test_the_page_about_installing_explains_why():
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert "do not install it by its bare name" in " ".join(page.split())
    assert "ROSETTA_SPEC=git+https://" in page


def locked(path):
    """Return the versions of a lock file by normalized name."""
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {normalized(name): version for name, version in pins}


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("path", "requirements"),
    [
        (
            LOCKS[0],
            PROJECT["project"]["dependencies"]
            + PROJECT["project"]["optional-dependencies"]["test"],
        ),
        (LOCKS[1], PROJECT["dependency-groups"]["release"]),
    ],
    ids=["constraints", "release"],
)
def test_a_lock_file_has_what_the_project_requires(path, requirements):
    versions = locked(path)
    for requirement in map(Requirement, requirements):
        version = versions[normalized(requirement.name)]
        assert requirement.specifier.contains(version, prereleases=True), requirement


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_names_no_host(path):
    assert "://" not in path.read_text(encoding="utf-8")


def test_every_dependency_has_a_lower_bound_and_no_upper_one():
    extras = PROJECT["project"]["optional-dependencies"].values()
    for requirement in map(Requirement, [*PROJECT["project"]["dependencies"], *chain(*extras)]):
        assert [each.operator for each in requirement.specifier] == [">="], requirement


def test_the_extra_for_tests_has_the_bounds_of_the_other_extras():
    extras = PROJECT["project"]["optional-dependencies"]
    for extra, requirements in extras.items():
        if extra != "spark":  # too large for every run of the tests
            assert set(requirements) <= set(extras["test"]), extra
