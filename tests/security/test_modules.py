"""A module in the current folder is not imported, also not by the processes of a run."""

import subprocess
import sys
import textwrap

import pytest

#: Starts processes as on this system, or on the others.
SCRIPT = """
    import sys
    from multiprocessing import get_context
    from rosetta_spec.__main__ import main
    from rosetta_spec.runner import processes

    if __name__ == "__main__":
        method = sys.argv.pop(1)
        processes._context = lambda: get_context(method)
        sys.exit(main())
"""

#: Modules of Python, of our dependencies, and our own.
MODULES = (
    *("multiprocessing", "pickle", "struct", "random", "signal", "re", "json", "runpy"),
    *("sitecustomize", "click", "ruamel", "jsonschema", "fnmatch", "wcwidth", "rosetta_spec"),
)

METHODS = ["fork", "spawn"] if sys.platform == "linux" else ["spawn"]


@pytest.mark.parametrize("method", METHODS)
def test_no_module_of_the_current_folder_is_imported(folder, write, monkeypatch, method):
    write("bin/script.py", textwrap.dedent(SCRIPT))
    for module in MODULES:
        write(f"repository/{module}.py", f"open('sprung-{module}', 'w').close()\n")
    for number in range(300):
        write(f"repository/{number}.sampling.yaml", "annotationRequestId: a\n")
    monkeypatch.chdir(folder / "repository")
    ended = subprocess.run(
        [sys.executable, folder / "bin" / "script.py", method, "check", "--jobs", "2", "."],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert b"Found 300 errors in 300 files" in ended.stdout, ended.stderr
    assert ended.returncode == 1
    assert list(folder.rglob("sprung-*")) == []
