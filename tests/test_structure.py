"""The layers of the design: data flows one way, and a lower layer never imports a higher one."""

import ast
from pathlib import Path

import pytest

import rosetta_spec
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.kind import Kind

PACKAGE = Path(rosetta_spec.__file__).parent

#: From the ground up; a module belongs to the layer with the longest name that it starts with.
LAYERS = (
    ("text", "pointer", "version", "diagnostic", "errors"),
    ("fast",),
    ("document",),
    ("files",),
    ("request",),
    ("kinds",),
    ("spec",),
    ("fixes",),
    ("engine",),
    ("api",),
    ("config",),
    ("reporters", "strategies", "spark"),
    ("verify", "testing"),
    ("runner",),
    ("submit", "lsp"),
    ("cli", "__main__", ""),
)


def layer_of(module):
    ranked = [
        (len(name), rank)
        for rank, names in enumerate(LAYERS)
        for name in names
        if module == name or module.startswith(f"{name}.") or not name
    ]
    return max(ranked)[1]


def imports_of(path):
    """Every module of ours that a file imports when it runs; what only types need is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rosetta_spec."):
            yield node.module.removeprefix("rosetta_spec.")


def module_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=module_of)
def test_a_lower_layer_never_imports_a_higher_one(path):
    module = module_of(path)
    above = [name for name in imports_of(path) if layer_of(name) > layer_of(module)]
    assert above == []


def test_every_kind_is_in_the_table():
    defined = {each.__name__ for each in [*_subclasses(Kind)] if "name" in vars(each)}
    assert defined == {kind.__name__ for kind in KINDS.values()}


def _subclasses(kind):
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=module_of)
def test_below_the_command_line_nothing_prints_or_asks_the_environment_or_the_clock(path):
    module = module_of(path)
    if layer_of(module) >= layer_of("cli") or module in {
        "files.sources",
        "files.folders",
        "files.git_listing",
        "fast.cache",
        "fast.entry",
        "fast.git",
        "spec.compile",
    }:
        return
    used = {ast.unparse(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))}
    assert used.isdisjoint({"print", "os.environ", "sys.stdout", "sys.stderr", "time.time"})
