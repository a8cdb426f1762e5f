"""The hook as users have it: a real git repository, and a real pre-commit that knows this one."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from rosetta_spec.config.settings import is_request_name
from rosetta_spec.version import __version__

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "pre-commit" / ".pre-commit-config.yaml"

GOOD = "annotationRequestId: r-1\npoolName: p\nsamplingRatio: 0.2\n"
BAD = "annotationRequestId: r-1\npoolName: p\nsamplingRatio: 20\n"
#: It has a safe fix.
QUOTED = 'annotationRequestId: r-1\npoolName: p\nsampleCount: "20" # why\n'
#: Only a warning, RS401.
IGNORED = "annotationRequestId: r-1\npoolName: p\nsequenceLength: 5\n"

ADDRESS = "https://github.com/rosetta-spec/rosetta-spec"
CONFIG = """\
repos:
  - repo: {repo}
    rev: {rev}
    hooks:
      - id: {hook}
        args: [{args}]
"""

#: A configuration that a page shows, or a hook of one.
SHOWN = re.compile(r"```yaml\n( *(?:repos|- id):.*?)```", re.DOTALL)


def read_yaml(path: Path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


HOOKS = read_yaml(ROOT / ".pre-commit-hooks.yaml")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A folder that all processes of the test run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="module")
def published(shared, tmp_path_factory, copy_of_checkout):
    """This checkout as a repository with the tag of this version."""
    path = tmp_path_factory.mktemp("published") / "rosetta-spec"
    shutil.copytree(copy_of_checkout, path)
    tag = ["tag", f"v{__version__}"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "everything"], tag):
        subprocess.run(["git", *command], cwd=path, check=True)
    # The first process that is ready publishes it for all.
    with suppress(OSError):
        path.parent.rename(shared / "published")
    return shared / "published" / path.name


@pytest.fixture
def user_repository(repository, shared, published, monkeypatch):
    """A repository from which the address and the tag of this version lead to this checkout."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", "4")
    monkeypatch.setenv("GIT_CONFIG_KEY_3", f"url.{published.as_uri()}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_3", ADDRESS)
    # Where pre-commit keeps the environments that it has installed; it locks the folder.
    monkeypatch.setenv("PRE_COMMIT_HOME", str(shared / "pre-commit"))
    monkeypatch.setenv("PRE_COMMIT_COLOR", "never")
    # The hook has an environment of its own, and finds nothing of ours.
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return repository


@pytest.fixture
def pre_commit(user_repository, git):
    """Install this checkout's hook into the current repository, with the given arguments."""

    def configure(args: str = "", hook: str = "rosetta-spec") -> None:
        text = CONFIG.format(repo=ADDRESS, rev=f"v{__version__}", args=args, hook=hook)
        (user_repository / ".pre-commit-config.yaml").write_text(text)
        command = [sys.executable, "-m", "pre_commit", "install"]
        subprocess.run(command, check=True, capture_output=True)

    def commit() -> subprocess.CompletedProcess[str]:
        git("add", ".")
        command = ["git", "commit", "-m", "requests"]
        return subprocess.run(command, check=False, capture_output=True, encoding="utf-8")

    configure()
    return configure, commit


def test_a_good_request_is_committed_and_a_bad_one_rejected(pre_commit, write):
    configure, commit = pre_commit

    write("good.sampling.yaml", GOOD)
    write("notes.yaml", BAD)
    passed = commit()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert re.search(r"check Rosetta sampling requests\.+Passed", passed.stderr)

    write("deep/Bad.SAMPLING.YAML", BAD)
    write("deep/worse.sampling.ndjson", "{]\n")
    refused = commit()
    assert refused.returncode == 1
    assert re.search(r"check Rosetta sampling requests\.+Failed", refused.stderr)
    assert "error[RS107] out-of-range: samplingRatio 20 is above 1" in refused.stderr
    assert "--> deep/Bad.SAMPLING.YAML:3:16" in refused.stderr
    assert "error[RS002] syntax-error" in refused.stderr
    # One process read both.
    assert "Found 2 errors in 2 files." in refused.stderr

    write("deep/Bad.SAMPLING.YAML", IGNORED)
    Path("deep/worse.sampling.ndjson").unlink()
    configure("--fail-on, warning, --format, concise")
    refused = commit()
    assert refused.returncode == 1
    assert "deep/Bad.SAMPLING.YAML:3:1: " in refused.stderr

    write("rosetta-spec.toml", "exclude = ['deep']\nfail-on = 'warning'")
    configure()
    passed = commit()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    Path("rosetta-spec.toml").unlink()
    Path("deep/Bad.SAMPLING.YAML").write_text(f"{IGNORED}# once more\n", encoding="utf-8")

    configure("--ignore, ignored-setting, --fail-on, warning")
    passed = commit()
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_what_can_be_fixed_is_and_what_is_left_is_rejected(pre_commit, write):
    configure, commit = pre_commit
    configure(hook="rosetta-spec-fix")
    path = write("a.sampling.yaml", QUOTED)

    refused = commit()
    assert refused.returncode == 1
    assert re.search(r"fix Rosetta sampling requests\.+Failed", refused.stderr)
    assert "files were modified by this hook" in refused.stderr
    assert path.read_text("utf-8") == QUOTED.replace('"20"', "20")

    passed = commit()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert re.search(r"fix Rosetta sampling requests\.+Passed", passed.stderr)

    path = write("b.sampling.yaml", BAD)
    refused = commit()
    assert refused.returncode == 1
    assert "error[RS107] out-of-range: samplingRatio 20 is above 1" in refused.stderr
    assert path.read_text("utf-8") == BAD


@pytest.mark.parametrize(
    "name",
    [
        *(f"deep/a.sampling.{ending}" for ending in ("json", "yaml", "yml", "jsonl", "ndjson")),
        "A.Sampling.JSON",
        ".sampling.yaml",
        "a.json",
        "a.sampling.json.bak",
        "a.sampling.toml",
        "sampling.json",
        "a.sampling.json/b.txt",
        "._a.sampling.json",
        "a/._a.sampling.yaml",
    ],
)
@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_takes_the_names_that_a_folder_is_searched_for(name, hook):
    assert bool(re.search(hook["files"], name)) == is_request_name(name)


def test_the_manifest_is_what_pre_commit_wants():
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    subprocess.run(command, cwd=ROOT, check=True)


def test_examples_are_configs_of_this_version(tmp_path):
    """The one in the repository, and what pages show; a block that starts with a hook is a part."""
    paths = [EXAMPLE]
    for page in (ROOT / "README.md", ROOT / "docs" / "pre-commit.md"):
        for block in SHOWN.findall(page.read_text("utf-8")):
            head = "repos:\n  - repo: https://example.com\n    rev: v1\n    hooks:\n"
            text = block if block.startswith("repos") else head + block
            paths.append(tmp_path / f"{len(paths)}.yaml")
            paths[-1].write_text(text, encoding="utf-8")
    assert len(paths) == 4
    command = [sys.executable, "-m", "pre_commit", "validate-config", *paths]
    subprocess.run(command, cwd=ROOT, check=True)
    (repo,) = read_yaml(EXAMPLE)["repos"]
    assert repo["rev"] == f"v{__version__}"
    assert [hook["id"] for hook in repo["hooks"]] == ["rosetta-spec"]
    assert all(hook["id"] in EXAMPLE.read_text("utf-8") for hook in HOOKS)


@pytest.mark.usefixtures("user_repository")
def test_after_init_a_commit_runs_the_hook(git, rosetta):
    assert rosetta("init").status == 0
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], check=True, capture_output=True)
    Path("good.sampling.yaml").write_text(GOOD, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "requests")

    Path("bad.sampling.yaml").write_text(BAD, encoding="utf-8")
    git("add", ".")
    rejected = subprocess.run(
        ["git", "commit", "-m", "more"], check=False, capture_output=True, encoding="utf-8"
    )
    assert rejected.returncode == 1
    assert "error[RS107] out-of-range" in rejected.stderr
    assert "Found 1 error in 1 file." in rejected.stderr

    scripts = Path(sysconfig.get_path("scripts"))
    for command in (
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
        ["zizmor", "--offline", "--persona", "pedantic"],
        *([[shutil.which("actionlint")]] if shutil.which("actionlint") else []),
    ):
        workflow = ".github/workflows/sampling-requests.yml"
        accepted = subprocess.run(
            [scripts / command[0], *command[1:], workflow], check=False, capture_output=True
        )
        assert accepted.returncode == 0, accepted.stdout + accepted.stderr
