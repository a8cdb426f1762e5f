"""A link in a checked folder stands for a file inside the repository, or for nothing."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosetta_spec.config.settings import Configuration, Overrides
from rosetta_spec.fast.entry import answer
from rosetta_spec.files.discovery import find_sources

#: One finding with a safe fix.
FIXABLE = '{"annotationRequestId": "a", "poolName": "b", "sampleCount": "10"}'
FIXED = FIXABLE.replace('"10"', "10")

GOOD = FIXED

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----"


@pytest.fixture
def root(folder, monkeypatch):
    """A folder that is checked, with another one beside it."""
    (folder / "root").mkdir()
    (folder / "out").mkdir()
    monkeypatch.chdir(folder / "root")
    return folder / "root"


@pytest.fixture(params=[False, True], ids=["folder", "repository"])
def in_git(request, root, git):
    if request.param:
        git("init", "-q", cwd=root)
    return request.param


@pytest.fixture
def put(root):
    """Write a file, or a link if the content is a path."""

    def put(name: str, content: str | Path = FIXABLE) -> Path:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            path.symlink_to(content)
        else:
            path.write_text(content)
        return path

    return put


def files_of(outcome) -> set[str]:
    return {name for name, _ in outcome.found}


@pytest.fixture
def checked(rosetta):
    """Check paths, and return the names of the files with findings."""

    def call(*arguments: str) -> set[str]:
        return files_of(rosetta("check", "--format", "json", *arguments))

    return call


@pytest.mark.usefixtures("in_git")
class TestOutside:
    @pytest.mark.parametrize("given", [".", "sub", "-abs"])
    @pytest.mark.parametrize("flags", [[], ["--fix"], ["--diff"], ["--format", "json"]])
    def test_a_link_that_leads_outside_is_not_read(self, rosetta, put, root, in_git, given, flags):
        key = root.parent / "out/id_rsa"
        key.write_text(KEY)
        put("sub/b.sampling.yaml", GOOD)
        put("sub/a.sampling.yaml", Path("../../out/id_rsa"))
        outcome = rosetta("check", str(root) if given == "-abs" else given, *flags)
        assert outcome.status == 0
        assert "PRIVATE" not in outcome.stdout + outcome.stderr
        where = "repository" if in_git else "folder"
        assert f"a.sampling.yaml is skipped: this link leads outside the {where}" in outcome.stderr
        assert key.read_text() == KEY

    @pytest.mark.parametrize(
        "target",
        [
            "/etc/passwd",
            "/dev/zero",
            "/proc/self/environ",
            "../out/x",
            "../root-2/x",
            "chain",
            "..",
        ],
    )
    def test_so_is_one_that_leads_there_by_any_way(self, checked, put, root, target):
        (root.parent / "out/x").write_text(FIXABLE)
        (root.parent / "root-2").mkdir()
        (root.parent / "root-2/x").write_text(FIXABLE)
        put("chain", Path("deep/../chain-2"))
        put("deep/x", "")
        put("chain-2", root.parent / "out/x")
        put("a.sampling.json", Path(target))
        assert not answer(["check"])
        assert checked(".") == set()

    def test_a_link_to_a_folder_is_not_followed(self, checked, put, root):
        (root.parent / "out/x.sampling.json").write_text(FIXABLE)
        put("real/x.sampling.json")
        put("out", root.parent / "out")
        put("other", Path("real"))
        put("other.sampling.json", Path("real"))
        assert checked(".") == {"real/x.sampling.json"}

    def test_a_named_link_is_read_wherever_it_leads(self, checked, put, root):
        (root.parent / "out/x").write_text(FIXABLE)
        put("a.json", Path("../out/x"))
        assert checked("a.json") == {"a.json"}


class TestGit:
    @pytest.fixture(autouse=True)
    def _repository(self, git, root):
        git("init", "-q", cwd=root)

    def test_a_tracked_file_in_a_folder_that_became_a_link_is_not_read(
        self, checked, put, root, git
    ):
        put("d/x.sampling.json")
        put("d/rosetta-spec.toml", "")
        git("add", ".", cwd=root)
        shutil.move(root / "d", root.parent / "out/d")
        (root.parent / "out/d/rosetta-spec.toml").write_text("wrong = 1")
        put("d", root.parent / "out/d")
        assert not answer(["check"])
        assert checked(".") == checked("--fix", ".") == set()
        assert (root.parent / "out/d/x.sampling.json").read_text() == FIXABLE

    def test_an_index_cannot_name_files_above(self, checked, put, root, git):
        (root.parent / "x.sampling.json").write_text(FIXABLE)
        put("zz/x.sampling.json")
        git("add", ".", cwd=root)
        index = root / ".git/index"
        index.write_bytes(index.read_bytes().replace(b"zz/x", b"../x"))
        shutil.rmtree(root / "zz")
        assert b"../x" in git("ls-files", "-z", cwd=root).encode()
        assert not answer(["check"])
        assert checked(".") == checked("--fix", ".") == set()

    def test_the_rules_of_git_are_asked_about_the_file(self, checked, put):
        put(".gitignore", "build/\nb.sampling.json\n")
        put("build/x.sampling.json")
        put("sub/a.sampling.json", Path("../build/x.sampling.json"))
        put("sub/c.sampling.json", Path("../.git/config"))
        put("real/y.sampling.json")
        put("sub/b.sampling.json", Path("../real/y.sampling.json"))
        assert checked("sub") == set()
        put(".gitignore", "")
        assert checked("sub") == {"build/x.sampling.json", "real/y.sampling.json"}

    def test_a_file_beside_the_folder_is_read_under_its_own_name(self, checked, put, root):
        put("other/b.sampling.json")
        put("other/rosetta-spec.toml", "exclude = ['c.*']\nseverity.RS103 = 'info'")
        put("other/c.sampling.json")
        for name, target in {"1.sampling.json": "b", "2.sampling.json": "c", "3": "b"}.items():
            put(f"sub/{name}", Path(f"../other/{target}.sampling.json"))
        put("sub/rosetta-spec.toml", "exclude = ['1.*']\nignore = ['RS103']")
        assert checked("sub") == {"other/b.sampling.json"}
        assert checked(str(root / "sub")) == {f"{root.as_posix()}/other/b.sampling.json"}
        put("deep/entry", Path("../sub"))
        assert checked("deep/entry") == {f"{root.as_posix()}/other/b.sampling.json"}

    @pytest.mark.parametrize("flag", ["--fix", "--diff"])
    def test_nothing_is_written_through_a_link_that_was_found(self, rosetta, put, flag):
        target = put("other/b.sampling.json")
        put("sub/a.sampling.json", Path("../other/b.sampling.json"))
        outcome = rosetta("check", flag, "sub")
        assert target.read_text() == FIXABLE
        words = "other/b.sampling.json is not changed: it was found only through a link; to"
        assert words in outcome.stderr
        assert "Fixed" not in outcome.stderr
        rosetta("check", "--fix", "sub", "other/b.sampling.json")
        assert target.read_text() == FIXED

    def test_a_link_in_a_repository_inside_does_not_lead_out_of_it(self, checked, put, git, root):
        git("init", "-q", "inner", cwd=root)
        put("x.sampling.yaml")
        put("inner/a.sampling.json", Path("../x.sampling.yaml"))
        put("inner/y.json")
        put("b.sampling.json", Path("inner/y.json"))
        put("inner/c.sampling.json")
        put("z/c.sampling.json", Path("../inner/c.sampling.json"))
        assert checked(".") == {"inner/c.sampling.json", "x.sampling.yaml"}
        assert checked("inner") == checked("z") == {"inner/c.sampling.json"}


@pytest.mark.usefixtures("in_git")
class TestInside:
    def test_a_file_is_read_once_under_its_own_name(self, checked, put):
        put("a.sampling.json", Path("z.sampling.json"))
        put("b.sampling.yaml", Path("a.sampling.json"))
        put("z.sampling.json")
        assert checked(".") == {"z.sampling.json"}

    def test_its_name_decides_whether_it_is_read(self, checked, put):
        put("a.sampling.json", Path("notes.txt"))
        put("notes.txt")
        put("notes", Path("z.sampling.json"))
        put("z.sampling.json")
        assert checked(".") == {"z.sampling.json"}
        put("rosetta-spec.toml", "exclude = ['z.*']\ninclude = ['*']")
        assert "z.sampling.json" not in checked(".")
        put("rosetta-spec.toml", "exclude = ['a.*', 'notes']\ninclude = ['z.*', 'notes.*']")
        assert checked(".") == {"z.sampling.json", "notes.txt"}

    def test_its_settings_are_those_of_the_file(self, checked, put):
        put("hiding/rosetta-spec.toml", "ignore = ['RS103']")
        put("hiding/a.sampling.json", Path("../real/a.sampling.json"))
        put("real/a.sampling.json")
        assert checked(".") == {"real/a.sampling.json"}
        assert checked("hiding/a.sampling.json") == {"hiding/a.sampling.json"}
        put("real/rosetta-spec.toml", "ignore = ['RS103']")
        put("hiding/rosetta-spec.toml", "")
        assert checked(".") == checked("hiding/a.sampling.json") == set()

    @pytest.mark.parametrize("flags", [[], ["--force-exclude"]])
    def test_the_fast_path_gives_no_other_settings(self, put, checked, flags):
        put("a/x.sampling.json", Path("../b/x.sampling.json"))
        put("b/x.sampling.json", FIXABLE)
        put("good.json", GOOD)
        put("a/rosetta-spec.toml", "exclude = ['*']\nignore = ['RS103']")
        expected = {"a/x.sampling.json"}
        assert checked(*flags, "a/x.sampling.json") == expected
        assert not answer(["check", *flags, "a/x.sampling.json", "good.json"])

    @pytest.mark.parametrize("given", [("a.json", "z.json"), ("z.json", "a.json"), (".", "a.json")])
    def test_the_real_name_wins(self, checked, put, given):
        put("a.json", Path("z.json"))
        put("z.json")
        put("rosetta-spec.toml", "include = ['z.json']")
        assert checked(*given) == {"z.json"}
        assert checked("a.json") == {"a.json"}

    def test_a_named_link_is_fixed_where_it_leads(self, rosetta, put):
        link = put("a.json", Path("sub/z.json"))
        real = put("sub/z.json")
        assert rosetta("check", "--fix", "a.json").status == 0
        assert real.read_text() == FIXED
        assert link.is_symlink()

    def test_the_settings_of_a_link_are_shown_as_those_of_the_file(self, rosetta, put):
        put("a.json", Path("sub/z.json"))
        put("sub/z.json")
        put("sub/rosetta-spec.toml", "fail-on = 'info'")
        page = rosetta("check", "--show-settings", "a.json").stdout
        assert page.startswith("a.json\nconfiguration: sub/rosetta-spec.toml\n")


#: Places of files and links, and what links lead to.
PLACES = [
    "a",
    "b.sampling.json",
    "c.sampling.yaml",
    "d/a.sampling.json",
    "d/b",
    "d/e/c.sampling.json",
]
TARGETS = [*PLACES, "d", "d/e", "..", "../out/x.sampling.json", "../out", "nowhere", "/etc/passwd"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from([*PLACES, "d", "d/e"]), st.sampled_from(["", *TARGETS])),
    st.sampled_from([".", "d", "d/e"]),
)
def test_every_file_of_a_folder_is_inside_and_no_link(in_git, root, git, tree, given):
    """Whatever links there are: what is read is a file of its own, below the root, once."""
    for each in root.iterdir():
        if each.name != ".git":
            shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
    (root.parent / "out/x.sampling.json").write_text(FIXABLE)
    for name, target in sorted(tree.items()):
        path = root / name
        if _is_plain(path.parent) and not os.path.lexists(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if target:
                path.symlink_to(target if target.startswith(("/", ".")) else root / target)
            elif name not in ("d", "d/e"):
                path.write_text(FIXABLE)
    if not (root / given).is_dir() or not _is_plain(root / given):
        return
    selection = Configuration(Overrides())
    found = find_sources([given], lambda _: None, selection)
    files = [Path(os.path.abspath(source.path)) for source in found]  # noqa: PTH100
    assert all(_is_plain(path) and path.is_file() for path in files)
    assert all(path.is_relative_to(root if in_git else root / given) for path in files)
    assert len(set(files)) == len(files)
    own = (path for path in (root / given).rglob("*.sampling.*") if _is_plain(path))
    assert {path for path in own if path.is_file()} <= set(files)


def _is_plain(path: Path) -> bool:
    """Whether no part of a path is a link."""
    return not any(each.is_symlink() for each in (path, *path.parents))


#: Files that the user can read, as other programs write them.
PRIVATE = [
    "API_TOKEN=s3cr3t",
    "[default]\nkey = s3cr3t",
    "password: s3cr3t",
    "s3cr3t: 1",
    "rules:\n - code: s3cr3t",
    "include = ['s3cr3t{}']",
    "s3cr3t = 1",
    "ignore = ['s3cr3t']",
    "machine a login b password s3cr3t",
    '{"auths": {"a": "s3cr3t"}, "a": 1, "a": 2}',
    "[tool.rosetta-spec]\ns3cr3t = 1",
    "rulesets = ['s3cr3t']",
]

#: Ways in which a repository can make a file outside its configuration, ruleset or baseline.
WAYS = {
    "link": ["rosetta-spec.toml", Path("../out/private")],
    "table": ["pyproject.toml", Path("../out/private")],
    "chain": ["rosetta-spec.toml", "extend = 'base.toml'"],
    "extend": ["rosetta-spec.toml", "extend = '../out/private'"],
    "ruleset": ["rosetta-spec.toml", "rulesets = ['../out/private']"],
    "linked ruleset": ["rosetta-spec.toml", "rulesets = ['linked']"],
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", PRIVATE)
def test_no_message_shows_text_of_a_file_outside(rosetta, put, root, git, way, text):
    git("init", "-q", cwd=root)
    put("a.json")
    put("base.toml", Path("../out/private"))
    put("linked", Path("../out/private"))
    put("../out/private", f"{text}\n# rosetta-spec")
    put(*WAYS[way])
    for call in (
        ["check", "."],
        ["check", "a.json"],
        ["explain", "a.json"],
        ["schema", "--bundle"],
    ):
        outcome = rosetta(*call)
        assert "s3cr3t" not in outcome.stdout + outcome.stderr
    if outcome.status == 2:
        assert "is outside the repository and cannot be used" in outcome.stderr


@pytest.mark.parametrize("text", PRIVATE)
def test_nor_does_one_about_a_baseline(rosetta, put, root, git, text):
    git("init", "-q", cwd=root)
    put("a.json")
    put("../out/private", text)
    put("baseline", Path("../out/private"))
    outcome = rosetta("check", "--baseline", "baseline", ".")
    assert outcome.status == 2
    assert "s3cr3t" not in outcome.stdout + outcome.stderr


def test_a_shared_configuration_outside_may_be_used(checked, put, root, git):
    git("init", "-q", cwd=root)
    put("../out/shared.toml", "ignore = ['RS103']")
    put("rosetta-spec.toml", "extend = '../out/shared.toml'")
    put("a.json")
    assert checked("a.json") == set()
