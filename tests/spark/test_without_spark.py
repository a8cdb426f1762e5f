"""Where there is no Spark, the module says what to install."""

import importlib
import re
import sys
from pathlib import Path
from textwrap import dedent
from unittest.mock import MagicMock, create_autospec

import pytest

from rosetta_spec.version import install_command

README = Path(__file__).parents[2] / "examples" / "spark" / "README.md"


def test_what_is_missing_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "rosetta_spec.spark", raising=False)
    with pytest.raises(ModuleNotFoundError, match=re.escape(install_command("spark"))) as caught:
        importlib.import_module("rosetta_spec.spark")
    assert caught.value.name == "pyarrow"


def test_the_calls_of_the_readme_fit_the_functions(monkeypatch):
    for name in ("pyarrow", "pyspark", "pyspark.sql", "pyspark.sql.types"):
        monkeypatch.setitem(sys.modules, name, MagicMock())
    monkeypatch.delitem(sys.modules, "rosetta_spec.spark", raising=False)
    module = importlib.import_module("rosetta_spec.spark")
    for name in ("findings_of_files", "findings_of_table"):
        monkeypatch.setattr(module, name, create_autospec(vars(module)[name]))
    names = {"spark": MagicMock()}
    page = README.read_text(encoding="utf-8")
    for code in re.findall(r"^ *```python\n(.*?)^ *```", page, re.DOTALL | re.MULTILINE):
        exec(dedent(code), names)  # noqa: S102 - it is our own
    assert module.findings_of_files.call_count == 1
    assert module.findings_of_table.call_count == 2
