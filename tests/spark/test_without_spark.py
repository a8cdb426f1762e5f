"""Where there is no Spark, the module says what to install."""

import importlib
import re
import sys

import pytest

from rosetta_spec.version import install_command


def test_what_is_missing_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "rosetta_spec.spark", raising=False)
    with pytest.raises(ModuleNotFoundError, match=re.escape(install_command("spark"))) as caught:
        importlib.import_module("rosetta_spec.spark")
    assert caught.value.name == "pyarrow"
