"""The fast path loads no more than it needs: most of a short run's time is imports."""

import json
import subprocess
import sys

import pytest

JSON = '{"annotationRequestId": "r-1", "poolName": "p", "samplingRatio": 0.5}'
YAML = "annotationRequestId: r-1\npoolName: p # why\nsubCondition:\n  taskId: ['1']\n"
BAD = '{"annotationRequestId": "r-1", "poolName": 7, "samplingRatio": 50, "sampleRatio": 1}'

#: What a whole run loads beside what Python itself has loaded before it.
SCRIPT = """
import sys
before = set(sys.modules)
from rosetta_spec.__main__ import main
status = main()
loaded = set(sys.modules) - before
import json
sys.stderr.write(json.dumps([status, sorted(loaded)]))
"""

#: What every Python that runs `site` has loaded anyway, and a name that costs nothing.
FREE = {
    *("os", "os.path", "posixpath", "genericpath", "stat", "_collections_abc", "abc"),
    "__future__",
}


@pytest.fixture
def loaded(write):
    """The exit status of a call of `check`, and the modules that it has loaded."""

    def call(*arguments):
        # Without `site`, since an environment may load other modules there.
        command = [sys.executable, "-S", "-c", SCRIPT, "check", *arguments]
        path = {"PYTHONPATH": ":".join(filter(None, sys.path))}
        ended = subprocess.run(command, capture_output=True, check=True, text=True, env=path)
        status, modules = json.loads(ended.stderr)
        return status, set(modules)

    write("good.json", JSON)
    write("good.yaml", YAML)
    write("bad.json", BAD)
    return call


@pytest.mark.parametrize("name", ["good.json", "good.yaml"])
def test_what_is_accepted_loads_nothing_of_the_library_but_what_is_written_in_c(loaded, name):
    status, modules = loaded(name)
    assert status == 0
    others = {module for module in modules if module.split(".")[0] != "rosetta_spec"}
    assert others - FREE - set(sys.builtin_module_names) <= {"_json"}
    ours = {".".join(module.split(".")[1:3]) for module in modules - others}
    assert ours.isdisjoint({"engine", "shape", "subject", "diagnostic", "spec.rule", "kinds.kind"})


def test_the_file_of_another_program_is_no_settings(loaded, write):
    write("pyproject.toml", "[project]\nname = 'other'")
    assert "tomllib" not in loaded("good.json")[1]
