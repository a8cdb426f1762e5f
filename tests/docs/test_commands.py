"""Each command of another program on a page can run, as far as this machine has the program.

`test_examples.py` runs those of rosetta-spec. Here, a program that is installed parses the options
of its commands; names of files, extras, images and scripts are compared with what they refer to.
"""

import functools
import itertools
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from test_examples import PAGES, ROOT, blocks_of, name_of, parse

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
INSTALLED = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
ADDRESS = re.search(r"^ROSETTA_SPEC=(\S+)$", INSTALLED, re.MULTILINE)[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")

#: A command inside a sentence, with a program that is not rosetta-spec.
INLINE = re.compile(r"`((?:REFRESH=1 |EXAMPLES=\d+ )?(?:\.venv/bin/)?[\w-]+ [^`\n]+)`")


def words_of(command):
    """Split a command; what a shell would set before it is left out."""
    words = shlex.split(command.replace("$ROSETTA_SPEC", ADDRESS))
    while words and re.match(r"[A-Z_]+=", words[0]):
        del words[0]
    return words


def commands():
    """Yield the commands on all pages, and whether a block shows them."""
    for page in PAGES:
        for language in ("sh", "shell", "bash", "fish"):
            for line in "\n".join(blocks_of(page, language)).splitlines():
                for part in line.split(" && "):
                    yield page, part, True
        for text in INLINE.findall(page.read_text(encoding="utf-8")):
            for part in text.split(" && "):
                yield page, part, False


@functools.cache
def parsed(program, *words):
    """Return what `program WORDS --help` prints, if it accepts the words and is installed."""
    found = Path(sys.executable).with_name(program)
    command = [sys.executable, "-m", "pip"] if program == "pip" else [found]
    if program != "pip" and not found.exists():
        command = [shutil.which(program)]
    if command == [None]:
        return None
    run = subprocess.run(
        [*command, *words, "--help"], capture_output=True, check=False, cwd=ROOT, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def installs_what_is_there(words):
    """A requirement of ours has extras that exist; files of options exist."""
    for option, value in itertools.pairwise(words):
        if option in ("-c", "--constraint"):
            assert (ROOT / value).is_file()
    for word in words:
        if match := re.fullmatch(r"\.\[(.+)\]", word):
            assert set(match[1].split(",")) <= EXTRAS.keys()
        elif word.startswith("rosetta-spec"):
            requirement = Requirement(word)
            assert (requirement.url, requirement.extras - EXTRAS.keys()) == (ADDRESS, set())


def pip(page, *words):
    installs_what_is_there(words)
    parsed("pip", *(word for word in words if not word.startswith("rosetta-spec")))


def pipx(page, command, *words):
    assert command in ("install", "inject")
    installs_what_is_there(words)


def uv(page, *words):
    if parsed("uv", *words) is None:
        pytest.skip("needs uv")
    installs_what_is_there(words)
    if words[:2] == ("pip", "compile"):
        lock = ROOT / words[words.index("--output-file") + 1]
        written = " ".join(word for word in ("uv", *words) if word != "--upgrade")
        assert lock.read_text(encoding="utf-8").splitlines()[1] == f"#    {written}"
        for option, names in (("--extra", EXTRAS), ("--group", PROJECT["dependency-groups"])):
            if option in words:
                assert words[words.index(option) + 1] in names


def npm(page, command, *words):
    folder = page.parent
    if "--prefix" in words:
        folder = ROOT / words[words.index("--prefix") + 1]
    if command == "ci":
        manifest = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
        for kind in ("dependencies", "devDependencies"):
            assert manifest.get(kind) == locked["packages"][""].get(kind)
    elif command == "run":
        (script,) = words
        scripts = json.loads((folder / "package.json").read_text(encoding="utf-8"))["scripts"]
        (name,) = re.findall(r"node (\S+)", scripts[script])
        assert (folder / name).is_file()
    else:
        assert command == "install"
        used = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
        used += (ROOT / "examples/editors/vscode/package.json").read_text(encoding="utf-8")
        assert [word for word in words if word not in used] == []


def docker(page, command, *words):
    """The image has the name that it is built with, and passes its arguments to rosetta-spec."""
    (built,) = re.findall(r"docker build -t (\S+)", page.read_text(encoding="utf-8"))
    if command == "build":
        assert words[:2] == ("-t", built)
        repository, tag = re.fullmatch(r"(https://\S+\.git)#(\S+)", words[2]).groups()
        assert f"git+{repository.removesuffix('.git')}@{tag}" == ADDRESS
    else:
        assert command == "run"
        at = words.index(built)
        options, call = words[:at], words[at + 1 :]
        assert options[:2] == ("--rm", "--volume")
        assert len(options) == 3
        folder = re.fullmatch(r"\$PWD:([^:]+):ro", options[2])[1]
        assert re.findall(r"^WORKDIR (.+)$", DOCKERFILE, re.MULTILINE)[-1] == folder
        assert 'ENTRYPOINT ["rosetta-spec"]' in DOCKERFILE
        parse(*call)
    if shutil.which("docker"):
        parsed("docker", command, *(words[:2] if command == "build" else options))


def gh(page, *words):
    """What is verified is what the workflow of a release attests, in the same repository."""
    *command, files, option, repository = words
    assert (command, option) == (["attestation", "verify"], "--repo")
    assert ADDRESS.startswith(f"git+https://github.com/{repository}@")
    built = (ROOT / ".ci" / "release").read_text(encoding="utf-8")
    assert "wheel#dist/" + files.partition("*")[0] in built
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    assert re.search(r"uses: actions/attest@.+\n +with:\n +subject-path: dist/\*\n", workflow)


def python(page, *words):
    if words[0] == "-m":
        assert words[1] == "venv" or parsed(Path(sys.executable).name, *words[:2])
    elif words[0] != "-c":
        script, *options = words
        assert (ROOT / script).is_file()
        shown = (ROOT / script).read_text(encoding="utf-8")
        assert all(f'"{each}"' in shown for each in options if each.startswith("--"))


def bash(page, script, part=None):
    text = (ROOT / script).read_text(encoding="utf-8")
    assert part is None or f"\n{part})\n" in text


def pytest_(page, *words):
    paths = [word for word in words if word.startswith("tests/")]
    assert all((ROOT / path).exists() for path in paths)
    if "-k" in words:
        named = words[words.index("-k") + 1]
        assert (ROOT / "tests" / "corpus" / named).is_dir()


def pre_commit(page, command, *words):
    parsed("pre-commit", command)
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    for word in words:
        assert word == "--all-files" or f"- id: {word}\n" in hooks


def spark_submit(page, *words):
    script, *arguments = words[-3:]
    assert (page.parent / script).is_file()
    assert len(arguments) == 2


def ajv(page, command, *words):
    if command != "script":  # the name of a peer in the benchmarks
        tried = (ROOT / "tests/integrations/test_validators.py").read_text(encoding="utf-8")
        assert command == "validate"
        assert all(f'"{word}"' in tried for word in words if word.startswith("-"))


def installed(program):
    def check(page, *words):
        parsed(program, words[0] if words and words[0].isalpha() else "--version")

    return check


CHECKS = {
    "ajv": ajv,
    "bash": bash,
    "docker": docker,
    "gh": gh,
    "mypy": installed("mypy"),
    "npm": npm,
    "pip": pip,
    "pipx": pipx,
    "pre-commit": pre_commit,
    "pytest": pytest_,
    "python": python,
    "python3": python,
    "ruff": installed("ruff"),
    "spark-submit": spark_submit,
    "uv": uv,
    "zensical": installed("zensical"),
}

#: Tested by `test_examples.py` and `tests/cli/test_completion.py`.
CHECKED_ELSEWHERE = {"rosetta-spec", "eval", "_ROSETTA_SPEC_COMPLETE"}


def cases():
    for page, command, is_block in commands():
        words = words_of(command)
        if not words:
            continue
        program = words[0].removeprefix(".venv/bin/")
        if program not in CHECKED_ELSEWHERE and (is_block or program in CHECKS):
            yield pytest.param(page, program, words[1:], id=f"{name_of(page)}: {command}")


@pytest.mark.parametrize(("page", "program", "words"), list(cases()))
def test_a_command_of_another_program_can_run(page, program, words):
    CHECKS[program](page, *words)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_a_shell_can_read_what_completes_commands(shell, rosetta, monkeypatch):
    """`tests/cli/test_completion.py` runs the line for bash in a shell."""
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert f"{shell}_source" in page
    monkeypatch.setenv("_ROSETTA_SPEC_COMPLETE", f"{shell}_source")
    assert f"_ROSETTA_SPEC_COMPLETE={shell}_complete" in rosetta().stdout
