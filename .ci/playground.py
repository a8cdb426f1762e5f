"""Add to a site what its playground runs: Pyodide, our package with what it needs, and a snapshot.

    npm ci --ignore-scripts --prefix .ci/npm
    python .ci/playground.py site/playground .ci/npm/node_modules/pyodide

The packages are those of this environment, and all of them are pure Python.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).parents[1]

#: What Pyodide loads when it starts.
RUNTIME = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "pyodide-lock.json",
    "python_stdlib.zip",
)

#: Packages, ours first, and the packages that these need.
PACKAGES = (
    "rosetta_spec",
    "attr",
    "attrs",
    "jsonschema",
    "jsonschema_specifications",
    "referencing",
    "ruamel.yaml",
    "typing_extensions",
    "wcwidth",
)


def build(playground: Path, pyodide: Path) -> None:
    """Write the folder `runtime` of the playground."""
    runtime = playground / "runtime"
    runtime.mkdir(exist_ok=True)
    for name in RUNTIME:
        shutil.copy(pyodide / name, runtime)
    with ZipFile(runtime / "packages.zip", "w", ZIP_DEFLATED) as archive:
        for module in (playground / "playground.py", playground / "rpds.py"):
            archive.write(module, module.name)
        for package in PACKAGES:
            add(archive, package)
        # An installed package has them, one in this folder does not.
        for path in sorted((ROOT / "schema").iterdir()):
            name = f"rosetta_spec/schema/{path.name}"
            if name not in archive.NameToInfo:
                archive.write(path, name)
    subprocess.run(["node", ROOT / ".ci" / "snapshot.mjs", runtime.resolve()], check=True)  # noqa: S607 - Pyodide was installed with it


def add(archive: ZipFile, package: str) -> None:
    """Add the files of a package or module, except its tests."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        message = f"{package} is not installed"
        raise ModuleNotFoundError(message)
    origin = Path(found.origin)
    if origin.name != "__init__.py":
        archive.write(origin, origin.name)
        return
    folder, name = origin.parent, package.replace(".", "/")
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and path.suffix not in (".pyc", ".so") and "tests" not in inner.parts:
            archive.write(path, f"{name}/{inner.as_posix()}")


if __name__ == "__main__":
    build(*map(Path, sys.argv[1:]))
