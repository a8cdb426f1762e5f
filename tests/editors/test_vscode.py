"""The extension in VS Code itself: code-server in Chromium, as a user works with it.

It needs code-server and playwright-core in the folder of npm packages, and Chromium.
VSCODE_SCREENSHOTS names a folder for the screenshots, by default that of the test.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("vscode.mjs")
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))

#: It takes a minute, so that CI has to ask for it.
WANTED = "VSCODE_TESTS"


@pytest.fixture
def folder(tmp_path):
    """A workspace with our server in its own environment."""
    folder = tmp_path / "workspace"
    commands = folder / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "rosetta-spec").symlink_to(Path(sys.executable).with_name("rosetta-spec"))
    vendor = CHECKOUT / "examples" / "bad" / "vendor-example.sampling.json"
    (folder / vendor.name).write_bytes(vendor.read_bytes())
    (folder / "new.sampling.yaml").write_text("annotationRequestId: a\npoolName: p\n")
    # A request that only the configuration includes, with one finding.
    (folder / "rosetta-spec.toml").write_text('include = ["*.sampling.*", "nightly.yaml"]\n')
    (folder / "nightly.yaml").write_text("annotationRequestId: a\npoolName: ''\n")
    return folder


@pytest.fixture
def vscode(request, node_modules, tmp_path):
    """Start VS Code with our extension; return its address."""
    if os.environ.get("CI") and WANTED not in os.environ:
        pytest.skip(f"runs if {WANTED} is set")
    entry = node_modules / "code-server" / "out" / "node" / "entry.js"
    needed = entry, node_modules / "playwright-core", CHROMIUM
    for each in needed:
        if not each.exists():
            pytest.skip(f"needs {each}")
    package = request.getfixturevalue("extension_package")
    folders = ["--extensions-dir", tmp_path / "extensions", "--user-data-dir", tmp_path / "data"]
    command = ["node", entry, *folders]
    subprocess.run([*command, "--install-extension", package], check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    options = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"]
    command += ["--auth", "none", "--bind-addr", address, *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://{address}/healthz")
            yield f"http://{address}"
        finally:
            process.terminate()


def wait_for(url):
    for _ in range(100):
        try:
            urllib.request.urlopen(url).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"nothing answers at {url}")


def test_a_user_finds_fixes_and_completes(vscode, folder, node_modules, tmp_path):
    screenshots = os.environ.get("VSCODE_SCREENSHOTS", tmp_path)
    command = ["node", DRIVER, node_modules, vscode, folder, screenshots]
    saw = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert "error" not in saw, saw
    # Eleven of the vendor's body, and one of the file that the configuration includes.
    assert (saw["problems"], saw["afterFix"], saw["afterRestart"]) == (12, 11, 11)
    assert saw["withUnsaved"] == 12
    assert "remove the quotes" in saw["actions"]
    assert saw["hover"].count("The Rosetta pool to sample from") == 1
    assert [each[0] for each in saw["completions"]] == ["1", "2"]
    assert "sampleType: 1" in saw["completed"].replace("\xa0", " ")
    assert saw["explained"].startswith("RS103")
