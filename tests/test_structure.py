"""The structure of the package: layers, no import cycles, and few late imports.

Every import counts, also one inside a function and one that only types need.
"""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import rosetta_spec
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.kind import Kind

PACKAGE = Path(rosetta_spec.__file__).parent
ROOT = PACKAGE.parent
FILES = sorted(PACKAGE.rglob("*.py"))

#: From the bottom up; a file belongs to the layer that names it, or its folder.
LAYERS = (
    ("text", "pointer", "regex", "version", "diagnostic", "errors"),
    ("fast",),
    ("document",),
    ("files",),
    ("request",),
    ("kinds",),
    ("spec",),
    ("fixes",),
    ("engine",),
    ("api", "config"),
    ("reporters", "strategies", "spark"),
    ("verify", "testing"),
    ("runner",),
    ("submit", "lsp", "mcp_server"),
    ("cli", "__main__", ""),
)


def module_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {module_of(path) for path in FILES}


def layer_of(module):
    names = (module, module.split(".")[0], "")
    return next(rank for name in names for rank, layer in enumerate(LAYERS) if name in layer)


def imports_in(node):
    """Yield the names of all modules that are imported anywhere inside a node."""
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            yield from (name.name for name in each.names)
        elif isinstance(each, ast.ImportFrom):
            for name in each.names:
                module = f"{each.module}.{name.name}"
                is_ours = module.removeprefix("rosetta_spec.") in MODULES
                yield module if is_ours else str(each.module)


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def our_imports_of(path):
    module = module_of(path)
    imported = set(imports_in(tree_of(path)))
    ours = {name.removeprefix("rosetta_spec.") for name in imported if "rosetta_spec." in name}
    return ours - {module}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_lower_layer_never_imports_a_higher_one(path):
    own = layer_of(module_of(path))
    assert [name for name in our_imports_of(path) if layer_of(name) > own] == []


def test_no_file_imports_itself_by_a_detour():
    TopologicalSorter({module_of(path): our_imports_of(path) for path in FILES}).prepare()


def test_no_folder_imports_itself_by_a_detour():
    graph = {}
    for path in FILES:
        folder = module_of(path).split(".")[0]
        others = {name.split(".")[0] for name in our_imports_of(path)}
        graph.setdefault(folder, set()).update(others - {folder})
    TopologicalSorter(graph).prepare()


def subclasses_of(kind):
    for each in kind.__subclasses__():
        yield each
        yield from subclasses_of(each)


def test_every_kind_is_in_the_table():
    defined = {each.__name__ for each in subclasses_of(Kind) if "name" in vars(each)}
    assert defined == {kind.__name__ for kind in KINDS.values()}


def late_imports():
    """Return each file with each module that one of its functions imports."""
    found = set()
    for path in FILES:
        tree = tree_of(path)
        functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]
        names = {name for function in functions for name in imports_in(function)}
        found |= {(path.relative_to(ROOT).as_posix(), name) for name in names}
    return found


def test_every_late_import_is_listed_in_the_contributing_guide():
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = guide.split("## Late imports")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \|", section, re.MULTILINE)
    listed = {(path, name) for path, names in rows for name in re.findall(r"`([^`]+)`", names)}
    assert listed == late_imports()


def test_every_path_in_the_contributing_guide_exists():
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = re.findall(
        r"`((?:rosetta_spec|tests|schema|docs|benchmarks|examples)/[\w./-]*)`", guide
    )
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_the_fast_path_imports_only_builtins_and_itself(path):
    if module_of(path).split(".")[0] != "fast":
        return
    allowed = {"__future__", "_json", "errno", "marshal", "os", "stat", "sys", "time"}
    tree = tree_of(path)
    top = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    names = {name for each in top for name in imports_in(each)}
    others = {name for name in names if not name.startswith("rosetta_spec.fast")}
    assert others <= allowed | {"rosetta_spec.version"}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_below_the_command_line_nothing_prints_or_asks_the_environment_or_the_clock(path):
    module = module_of(path)
    exempt = {"fast.config_cache", "fast.entry", "fast.git", "files.discovery"}
    if layer_of(module) >= layer_of("cli") or module in exempt:
        return
    tree = tree_of(path)
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute))
    used = {ast.unparse(node) for node in names}
    assert used.isdisjoint({"print", "os.environ", "sys.stdout", "sys.stderr", "time.time"})


def test_each_attack_on_the_page_about_security_names_tests_that_exist():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    defined = set(re.findall(r"^ *def (test_\w+)", tests, re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named
    assert named - defined == set()
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert [
        row for row in rows if "`test_" not in row and row != "| attack | what happens | test |"
    ] == []
