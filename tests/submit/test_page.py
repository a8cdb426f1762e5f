"""The documentation of `submit` shows real output, from a fake API."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fake_api import FakeApi

from rosetta_spec.cli.submit import command
from rosetta_spec.request.schema import endpoint_data

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "submit.md"

#: A command and its output. Blocks of type `console` need no API and are run elsewhere.
SHOWN = re.compile(r"```shell-session\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)

#: What the API does with the requests of the page.
FAILURES = [None, 55005, "drop-after"]

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")


@pytest.fixture
def work(tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def test_the_output_on_the_page_is_current(work, refresh_or_compare):
    with FakeApi() as server:
        server.failures.extend(FAILURES)
        environment = {
            **os.environ,
            **server.environment,
            "HOME": str(work),
            "NO_COLOR": "1",
            "PYTHONPATH": str(ROOT),
        }

        def printed(match):
            program, *arguments = shlex.split(match["command"])
            assert program == "rosetta-spec"
            ended = subprocess.run(
                [sys.executable, "-m", "rosetta_spec", *arguments],
                cwd=work,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            output = TIME.sub("2025-03-13 20:00:00 UTC", ended.stderr + ended.stdout)
            return f"```shell-session\n$ {match['command']}\n{output}```"

        refresh_or_compare(PAGE, SHOWN.sub(printed, PAGE.read_text(encoding="utf-8")))
        assert not server.failures
    assert len(server.received) == len(FAILURES)


def test_the_page_explains_every_code_and_every_option():
    page = PAGE.read_text(encoding="utf-8")
    codes = [code for each in endpoint_data()["responses"] for code in each["code"].split("|")]
    listed = [code for code in codes if code.isdecimal()]
    assert all(re.search(rf"^\| .*\b{code}\b.* \|", page, re.MULTILINE) for code in listed)
    named = set(re.findall(r"`(--?[a-z-]+)", page))
    shared = {"--input-format", "--stdin-filename", "--config", "--isolated", "--color"}
    options = {name for each in command.params for name in each.opts if name.startswith("-")}
    assert options - named - shared == set()
