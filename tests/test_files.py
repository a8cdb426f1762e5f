"""Which files a run reads, in real folders and real git repositories."""

import ntpath
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from rosetta_spec.config.settings import Configuration, Overrides
from rosetta_spec.files import content, discovery
from rosetta_spec.files.content import name_inside, open_file, read_whole, without_waiting
from rosetta_spec.files.discovery import STDIN, Source, find_sources, shown_name

#: The choice of files where there is no configuration file.
ANY = Configuration(Overrides(is_isolated=True))

ENDINGS = ("json", "yaml", "yml", "jsonl", "ndjson")


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def names(warnings):
    """Names of the sources that paths select."""

    def names(*paths: str) -> list[str]:
        return [source.name for source in find_sources(paths, warnings.append, ANY)]

    return names


def refuse(name: str, call):
    """Make a call that is refused where the last part of its path is `name`, as a system would."""

    def refusing(path, *arguments, **options):
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return call(path, *arguments, **options)

    return refusing


class TestNamedFiles:
    @pytest.mark.parametrize("name", ["a.json", "notes.txt", "a.sampling.yaml", "missing"])
    def test_a_named_file_is_read_with_any_name(self, names, name):
        assert names(name) == [name]

    def test_standard_input_has_no_path(self, warnings):
        assert find_sources(["-", "-"], warnings.append, ANY) == [Source(STDIN, None)]

    def test_standard_input_and_a_file_of_its_name_are_two(self, write, names):
        write("-", "{}")
        assert names("./-", "-") == ["-", "-"]

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("a", "a"),
            ("./a", "a"),
            (".//a", "a"),
            ("././a", "a"),
            ("../a", "../a"),
            (".a", ".a"),
            ("a/./b", "a/./b"),
            ("a//b", "a//b"),
            ("/a", "/a"),
            ("你好 👋", "你好 👋"),
            (os.fsdecode(b"a\xff"), "a\N{REPLACEMENT CHARACTER}"),
        ],
    )
    def test_a_name_is_shown_as_given_without_leading_dots(self, given, shown):
        assert shown_name(given) == shown

    def test_backslashes_of_windows_become_slashes(self, monkeypatch):
        monkeypatch.setattr(os, "sep", "\\")
        assert shown_name(".\\a\\b") == "a/b"

    @pytest.mark.parametrize(
        ("given", "folder"),
        [
            (".\\a\\.\\b\\", "a/b"),
            (".", "."),
            ("\\a", "/a"),
            ("C:\\", "C:/"),
            ("C:\\a\\\\b", "C:/a/b"),
            ("C:a", "C:a"),
            ("\\\\server\\share\\a", "//server/share/a"),
        ],
    )
    def test_folders_of_windows_keep_their_drive(self, given, folder, monkeypatch):
        monkeypatch.setattr(discovery, "os", SimpleNamespace(path=ntpath, sep="\\"))
        assert discovery._normal(given) == folder

    def test_macos_takes_all_ways_to_compose_an_accent_for_one(self, write, names, monkeypatch):
        monkeypatch.setattr(sys, "platform", "darwin")
        assert shown_name("a/cafe\N{COMBINING ACUTE ACCENT}") == "a/café"
        # Here they are two files, and there one.
        for name in ("cafe\N{COMBINING ACUTE ACCENT}", "café"):
            write(f"{name}.sampling.json")
        assert names(".") == ["café.sampling.json"]

    def test_windows_takes_all_cases_for_one(self, write, names, monkeypatch):
        monkeypatch.setattr(os.path, "normcase", str.lower)
        for name in ("A", "a"):
            write(f"{name}.sampling.json")
        assert names(".") == ["A.sampling.json"]

    def test_names_are_sorted_by_code_points_in_any_order_of_arguments(self, write, names):
        written = [
            "B",
            "a",
            "a-b",
            "a/b",
            "é",
            "\N{PILE OF POO}",
            "\N{FULLWIDTH LATIN SMALL LETTER A}",
        ]
        for name in written:
            write(f"{name}.sampling.json")
        expected = sorted(f"{name}.sampling.json" for name in written)
        assert names(*expected) == names(*reversed(expected)) == names(".") == expected


class TestOpening:
    @pytest.mark.parametrize(
        ("name", "inside"),
        [
            ("a.json", "a.json"),
            ("a.jsonl.gz", "a.jsonl"),
            ("a.JSONL.GZ", "a.JSONL"),
            ("a.yaml.Zst", "a.yaml"),
            ("a.gz.gz", "a.gz"),
            ("a.gz/b", "a.gz/b"),
            (".gz", ""),
            ("gz", "gz"),
            ("a.xgz", "a.xgz"),
        ],
    )
    def test_a_compressed_file_has_the_name_of_what_is_in_it(self, name, inside):
        assert name_inside(name) == inside

    @pytest.mark.parametrize("name", ["agz", "azst", "a.gz.json", "xgz"])
    def test_what_is_not_named_so_is_read_as_it_is(self, write, name):
        with open_file(str(write(name, "{}"))) as stream:
            assert stream.read() == b"{}"

    @pytest.mark.parametrize("size", [0, 1, 8, 9, 20, 21, 30])
    def test_a_file_is_read_whole_or_to_one_byte_too_many(self, write, monkeypatch, size):
        monkeypatch.setattr(content, "_PIECE", 8)
        monkeypatch.setattr(content, "MAX_BYTES", 20)
        with open_file(str(write("a", "x" * size))) as stream:
            assert read_whole(stream) == b"x" * min(size, 21)


class TestReadOnce:
    @pytest.mark.parametrize(
        "spellings",
        [
            ["a.sampling.json", "./a.sampling.json"],
            ["a.sampling.json", "."],
            [".", "./sub/../a.sampling.json", "sub/.."],
            ["link.sampling.json", "a.sampling.json"],
            ["link.sampling.json", "."],
        ],
    )
    def test_a_file_named_twice_is_read_once(self, write, names, spellings):
        write("a.sampling.json").with_name("sub").mkdir()
        Path("link.sampling.json").symlink_to("a.sampling.json")
        assert names(*spellings) == names(*reversed(spellings))
        assert len(names(*spellings)) == 1

    @pytest.mark.parametrize(
        "spellings",
        [
            ["z", "a"],
            [".", "a"],
            ["z/x.sampling.json", "a/x.sampling.json"],
            ["z", "a/x.sampling.json"],
            ["z/x.sampling.json", "a", "b.sampling.json"],
        ],
    )
    def test_the_name_of_the_file_itself_wins(self, write, names, spellings):
        write("z/x.sampling.json")
        Path("a").symlink_to("z", target_is_directory=True)
        Path("b.sampling.json").symlink_to("a/x.sampling.json")
        assert names(*spellings) == names(*reversed(spellings)) == ["z/x.sampling.json"]

    def test_a_name_of_dots_is_a_folder_above_or_a_file(self, write, names):
        write("sub/...", "{}")
        assert names("sub/...", "sub/../sub/...") == ["sub/..."]
        assert names("missing/..") == ["missing/.."]

    @pytest.mark.usefixtures("folder")
    def test_a_file_at_the_root_is_the_one_that_a_link_leads_to(self, names):
        Path("link").symlink_to("/missing.json")
        assert names("link", "/missing.json") == ["/missing.json"]

    def test_its_absolute_path_is_the_same_file(self, write, names):
        path = write("a.sampling.json")
        assert names(str(path), "a.sampling.json") == [path.as_posix()]


class TestFolders:
    def test_a_folder_means_the_files_that_match_anywhere_below(self, write, names, warnings):
        for ending in ENDINGS:
            write(f"a.sampling.{ending}")
            write(f"deep/er/b.sampling.{ending}")
        for other in ("a.json", "sampling.json", "a.sampling.json.bak", "a.sampling.toml"):
            write(other)
        expected = [f"{stem}.sampling.{end}" for stem in ("a", "deep/er/b") for end in ENDINGS]
        assert names(".") == sorted(expected)
        assert not warnings

    def test_endings_match_in_any_case(self, write, names):
        written = {"A.SAMPLING.JSON", "b.Sampling.Yaml", "c.sampling.NDJSON"}
        for name in written:
            write(name)
        assert set(names(".")) == written

    def test_a_name_that_is_only_the_ending_matches(self, write, names):
        write(".sampling.json")
        assert names(".") == [".sampling.json"]

    @pytest.mark.parametrize("given", ["sub", "./sub", "sub/", "sub/."])
    def test_files_are_called_after_the_folder_as_given(self, write, names, given):
        write("sub/a.sampling.json")
        assert names(given) == ["sub/a.sampling.json"]

    def test_a_folder_without_any_is_warned_of(self, write, names, warnings):
        write("sub/a.json")
        assert names("sub") == []
        endings = ", ".join(f".sampling.{ending}" for ending in ENDINGS)
        words = f"their names end in {endings}, and files ignored by git are skipped"
        assert warnings == [f"no sampling request in sub: {words}"]

    @pytest.mark.parametrize("in_git", [False, True])
    def test_a_folder_that_is_named_like_a_file_is_a_folder(self, write, names, git, in_git):
        if in_git:
            git("init", "-q")
        write("a.sampling.json/b.sampling.json")
        assert names(".") == names("a.sampling.json") == ["a.sampling.json/b.sampling.json"]

    @pytest.mark.parametrize("in_git", [False, True])
    def test_pipes_marks_of_editors_and_linked_folders_are_left(self, write, names, git, in_git):
        if in_git:
            git("init", "-q")
        os.mkfifo("pipe.sampling.json")
        Path(".#a.sampling.json").symlink_to("somebody@somewhere")
        write("real/b.sampling.json")
        Path("linked.sampling.json").symlink_to("real", target_is_directory=True)
        Path("linked").symlink_to("real", target_is_directory=True)
        assert names(".") == ["real/b.sampling.json"]

    @pytest.mark.parametrize("in_git", [False, True])
    def test_a_link_to_nowhere_is_skipped_with_a_warning(self, names, git, warnings, in_git):
        if in_git:
            git("init", "-q")
        Path("a.sampling.json").symlink_to("nowhere")
        Path("b.sampling.json").symlink_to("b.sampling.json")
        assert names(".") == []
        assert sorted(warnings)[:2] == [
            f"{name}.sampling.json is skipped: this link leads nowhere" for name in "ab"
        ]

    @pytest.mark.parametrize("folders", ["ab", "ba", "aba"])
    def test_warnings_are_sorted_in_any_order_of_folders(self, write, names, warnings, folders):
        expected = []
        for folder in "ab":
            write(f"{folder}/x.sampling.json")
            for link in "kabzcy":
                Path(folder, f"{link}.sampling.json").symlink_to("nowhere")
                name = f"{folder}/{link}.sampling.json"
                expected.append(f"{name} is skipped: this link leads nowhere")
        assert names(*folders) == ["a/x.sampling.json", "b/x.sampling.json"]
        assert warnings == sorted(expected)

    def test_a_folder_that_cannot_be_read_is_listed_so_that_reading_reports_it(
        self, write, names, monkeypatch
    ):
        write("shut/a.sampling.json")
        write("b.sampling.json")
        monkeypatch.setattr(os, "scandir", refuse("shut", os.scandir))
        assert names(".") == ["b.sampling.json", "shut"]

    @pytest.mark.parametrize("in_git", [False, True])
    def test_a_file_that_cannot_be_looked_at_is_named_too(
        self, write, names, git, monkeypatch, in_git
    ):
        if in_git:
            git("init", "-q")
        write("a.sampling.json")
        monkeypatch.setattr(os, "lstat", refuse("a.sampling.json", os.lstat))
        assert names(".") == ["a.sampling.json"]

    def test_a_repository_below_is_read_by_its_own_rules(self, write, names, git):
        write("deep/inner/.gitignore", "b.*\n")
        git("init", "-q", "deep/inner")
        for stem in ("deep/inner/a", "deep/inner/b", "deep/inner/.git/a", "deep/b"):
            write(f"{stem}.sampling.json")
        assert names(".") == ["deep/b.sampling.json", "deep/inner/a.sampling.json"]


@pytest.mark.usefixtures("repository")
class TestInRepository:
    def test_what_git_ignores_is_skipped_nested_ignore_files_too(self, write, names):
        write(".gitignore", "build/\n/top.sampling.json\n")
        write("sub/.gitignore", "secret.*\n!build/\n")
        for ignored in ("build/a", "top", "sub/secret", "sub/deep/secret", "deep/build/a"):
            write(f"{ignored}.sampling.json")
        for kept in ("a", "sub/top", "sub/a", "sub/build/a", "secret"):
            write(f"{kept}.sampling.json")
        expected = ["a", "secret", "sub/a", "sub/build/a", "sub/top"]
        assert names(".") == [f"{name}.sampling.json" for name in expected]
        assert names("sub") == [f"{name}.sampling.json" for name in expected[2:]]

    def test_exclude_of_the_repository_and_excludes_file_of_the_user_count(
        self, write, names, monkeypatch
    ):
        write(".git/info/exclude", "a.*\n")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(write("ignored-by-me", "b.*\n")))
        for stem in "abc":
            write(f"{stem}.sampling.json")
        assert names(".") == ["c.sampling.json"]

    @pytest.mark.parametrize("path", [".", "sub", "sub/deep"])
    def test_a_configuration_file_counts_even_if_it_is_ignored(self, write, warnings, path):
        write(".gitignore", "rosetta-spec.toml\n")
        write("sub/rosetta-spec.toml", "include = ['*.req']\n")
        write("sub/deep/a.req")
        found = find_sources([path], warnings.append, Configuration(Overrides()))
        assert [source.name for source in found] == ["sub/deep/a.req"]

    def test_a_tracked_file_is_read_even_if_it_is_ignored(self, write, names, git):
        write("a.sampling.json")
        git("add", "a.sampling.json")
        write(".gitignore", "*.json\n")
        write("b.sampling.json")
        assert names(".") == ["a.sampling.json"]

    def test_a_deleted_file_is_not_read(self, write, names, git):
        path = write("a.sampling.json")
        git("add", ".")
        path.unlink()
        write("b.sampling.json")
        assert names(".") == ["b.sampling.json"]

    @pytest.mark.parametrize("where", [".git", "sub"])
    def test_no_program_of_a_repository_is_run(self, repository, write, names, git, where):
        """A clone may contain a whole repository as files; its configuration is not used."""
        write("sub/a.sampling.json")
        trap = write("trap", "#!/bin/sh\ntouch sprung\n")
        trap.chmod(0o755)
        write(f"{where}/HEAD", "ref: refs/heads/main\n")
        for folder in ("objects", "refs"):
            (repository / where / folder).mkdir(exist_ok=True)
        worktree = repository if where == ".git" else repository / where
        settings = f"bare = false\nworktree = {worktree}\nfsmonitor = {trap}\n"
        write(f"{where}/config", f"[core]\nrepositoryformatversion = 0\n{settings}")
        # What git does for its owner is another thing.
        git("add", "sub/a.sampling.json")
        (repository / "sprung").unlink(missing_ok=True)
        assert names("sub") == ["sub/a.sampling.json"]
        assert not list(repository.rglob("sprung"))

    def test_a_named_file_is_read_even_if_it_is_ignored(self, write, names):
        write(".gitignore", "*\n")
        write("a.sampling.json")
        assert names("a.sampling.json") == ["a.sampling.json"]

    def test_an_ignored_folder_has_no_files(self, write, names, warnings):
        write(".gitignore", "out/\n")
        write("out/a.sampling.json")
        assert names("out") == []
        assert "files ignored by git are skipped" in warnings[0]

    def test_names_need_no_quotes(self, write, names):
        for stem in ('"', "tab\t", "line\nbreak", "é", "👋"):
            write(f"{stem}.sampling.json")
        assert len(names(".")) == 5

    @pytest.mark.parametrize("has_commit", [False, True])
    def test_a_repository_inside_another_is_read_by_its_own_rules(
        self, repository, write, names, git, has_commit
    ):
        write("inner/.gitignore", "b.*\n")
        git("init", "-q", "inner")
        if has_commit:
            git("commit", "-q", "--allow-empty", "-m", "x", cwd=repository / "inner")
        write("inner/a.sampling.json")
        write("inner/b.sampling.json")
        write("c.sampling.json")
        assert names(".") == ["c.sampling.json", "inner/a.sampling.json"]

    def test_a_submodule_is_read(self, repository, write, names, git):
        write("library/a.sampling.json")
        library = repository / "library"
        git("init", "-q", cwd=library)
        git("add", ".", cwd=library)
        git("commit", "-q", "-m", "x", cwd=library)
        git("init", "-q", "app")
        git("submodule", "--quiet", "add", str(library), "sub", cwd=repository / "app")
        assert names("app") == names("app/sub") == ["app/sub/a.sampling.json"]

    def test_a_submodule_that_was_never_fetched_is_a_folder(
        self, repository, write, names, git, warnings
    ):
        git("commit", "-q", "--allow-empty", "-m", "x")
        commit = git("rev-parse", "HEAD").strip()
        git("update-index", "--add", "--cacheinfo", f"160000,{commit},sub")
        (repository / "sub").mkdir()
        assert names(".") == []
        assert len(warnings) == 1
        write("sub/a.sampling.json")
        assert names(".") == names("sub") == ["sub/a.sampling.json"]

    def test_a_work_tree_of_its_own_is_a_repository(self, repository, write, names, git):
        write("a/.gitignore", "b.*\n")
        git("-C", "a", "init", "-q")
        git("-C", "a", "add", ".")
        git("-C", "a", "commit", "-q", "-m", "x")
        git("-C", "a", "worktree", "add", "-q", "--detach", str(repository / "tree"))
        write("tree/a.sampling.json")
        write("tree/b.sampling.json")
        assert names("tree") == ["tree/a.sampling.json"]

    def test_without_git_everything_is_read_with_a_warning(
        self, repository, write, names, warnings, monkeypatch
    ):
        write(".gitignore", "a.*\n")
        write("a.sampling.json")
        monkeypatch.setenv("PATH", str(repository))
        assert names(".") == ["a.sampling.json"]
        assert warnings == ["git's ignore rules are not applied in .: git is not installed"]

    def test_a_git_that_fails_without_a_message_is_reported_with_its_status(
        self, repository, write, names, warnings, monkeypatch
    ):
        write("a.sampling.json")
        write("bin/git", "#!/bin/sh\nexit 7\n").chmod(0o755)
        monkeypatch.setenv("PATH", f"{repository / 'bin'}{os.pathsep}{os.environ['PATH']}")
        assert names(".") == ["a.sampling.json"]
        assert warnings == ["git's ignore rules are not applied in .: git ended with status 7"]

    def test_a_git_that_cannot_start_in_the_folder_is_reported(
        self, write, names, warnings, monkeypatch
    ):
        def refused(*_arguments, **_options):
            raise PermissionError(13, "Permission denied", "sub")

        write("sub/a.sampling.json")
        monkeypatch.setattr(subprocess, "run", refused)
        assert names("sub") == ["sub/a.sampling.json"]
        assert warnings == ["git's ignore rules are not applied in sub: permission denied"]

    def test_what_git_could_not_look_into_is_passed_on(
        self, repository, write, names, warnings, monkeypatch
    ):
        real = shutil.which("git")
        script = (
            f'#!/bin/sh\necho "warning: could not open directory \'shut/\'" >&2\nexec {real} "$@"\n'
        )
        write("bin/git", script).chmod(0o755)
        write("a.sampling.json")
        monkeypatch.setenv("PATH", f"{repository / 'bin'}{os.pathsep}{os.environ['PATH']}")
        assert names(".") == ["a.sampling.json"]
        assert warnings == ["git in .: could not open directory 'shut/'"]

    def test_a_tracked_folder_that_may_not_be_read_is_not_passed_over(
        self, write, names, git, shut
    ):
        folder = write("shut/a.sampling.json").parent
        git("add", ".")
        shut(folder)
        assert names(".") == ["shut/a.sampling.json"]

    def test_a_folder_that_may_not_be_read_is_reported_by_git(self, write, names, warnings, shut):
        shut(write("shut/a.sampling.json").parent)
        write("b.sampling.json")
        assert names(".") == ["b.sampling.json"]
        assert warnings == ["git in .: could not open directory 'shut/': Permission denied"]


class TestAroundRepositories:
    def test_the_inside_of_git_is_not_searched(self, write, names, git):
        git("init", "-q", "a")
        write("a/.git/b.sampling.json")
        write("a/c.sampling.json")
        assert names(".") == names("a") == ["a/c.sampling.json"]

    def test_outside_of_repositories_git_is_not_missed(
        self, folder, write, names, warnings, monkeypatch
    ):
        write("a.sampling.json")
        monkeypatch.setenv("PATH", str(folder))
        assert names(".") == ["a.sampling.json"]
        assert not warnings

    def test_a_link_into_a_repository_keeps_to_its_rules(self, write, names, git):
        git("init", "-q", "there")
        write("there/.gitignore", "b.*\n")
        write("there/sub/a.sampling.json")
        write("there/sub/b.sampling.json")
        Path("here").symlink_to("there/sub", target_is_directory=True)
        assert names("here") == ["here/a.sampling.json"]

    def test_a_folder_that_names_itself_a_repository_and_is_none_is_walked(
        self, folder, write, names, warnings
    ):
        write(".git", "gitdir: nowhere\n")
        write("a.sampling.json")
        assert names(".") == ["a.sampling.json"]
        # Which repository it means, newer versions of git do not know to say.
        (warning,) = warnings
        reason = "git's ignore rules are not applied in .: fatal: not a git repository: "
        assert warning in {f"{reason}{folder / 'nowhere'}", f"{reason}(null)"}

    def test_a_hook_of_another_repository_does_not_change_the_answer(
        self, folder, write, names, git, monkeypatch
    ):
        for name in ("here", "there"):
            git("init", "-q", name)
            write(f"{name}/{name}.sampling.json")
        write("here/.gitignore", "ignored.*\n")
        write("here/ignored.sampling.json")
        monkeypatch.setenv("GIT_DIR", str(folder / "there" / ".git"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(folder / "there" / ".git" / "index"))
        monkeypatch.setenv("GIT_WORK_TREE", str(folder / "there"))
        monkeypatch.setenv("GIT_PREFIX", "sub/")
        assert names("here") == ["here/here.sampling.json"]


def test_where_nothing_blocks_a_file_is_opened_as_usual(write, monkeypatch):
    """Windows has no pipes among its files."""
    path = write("a.json", b"{}")
    monkeypatch.setattr(sys, "platform", "win32")
    with open(path, "rb", opener=without_waiting) as stream:
        assert stream.read() == b"{}"
