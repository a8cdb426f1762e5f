"""A finding has one identity, and a CI host finds its file, from any folder and by any path."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosetta_spec import check, check_documents
from rosetta_spec.files.names import Host, identities

REQUEST = "annotationRequestId: a\npoolName: b\n"
UNKNOWN = f"{REQUEST}x: 1\n"
NAME = "a.sampling.yaml"
ALL = ("sarif", "github", "gitlab")


@pytest.fixture
def project(repository, write):
    """A repository with the same finding at its root and in a folder."""
    write(NAME, UNKNOWN)
    write(f"svc/{NAME}", UNKNOWN)
    return repository


def prints_of(ran):
    return [each["fingerprint"] for each in ran.diagnostics]


def gitlab_paths(ran):
    return [each["location"]["path"] for each in json.loads(ran.stdout)]


def github_files(ran):
    return re.findall(r"^::error file=([^,]*),", ran.stdout, re.MULTILINE)


def artifact_of(result):
    return result["locations"][0]["physicalLocation"]["artifactLocation"]


def sarif_run(ran):
    (run,) = json.loads(ran.stdout)["runs"]
    return run


def from_each_format(rosetta, *arguments):
    """Return the names of the files with findings, as each format for CI hosts has them."""
    sarif, github, gitlab = (rosetta("check", *arguments, "--format", each) for each in ALL)
    artifacts = map(artifact_of, sarif_run(sarif)["results"])
    return [each["uri"] for each in artifacts], github_files(github), gitlab_paths(gitlab)


class TestFingerprints:
    def test_they_are_the_same_from_any_folder_and_by_any_path(
        self, rosetta, project, write, monkeypatch
    ):
        (project / "link").symlink_to("svc")
        (project / "named").symlink_to(f"svc/{NAME}")
        first = prints_of(rosetta("check", f"svc/{NAME}", "--format", "json"))
        assert prints_of(rosetta("check", NAME, "--format", "json")) != first
        write("d/x")
        for folder in (".", "svc", "d", ".git"):
            monkeypatch.chdir(project / folder)
            up = os.path.relpath(project)
            for path in (
                f"{project}/svc/{NAME}",
                f"{up}/svc/{NAME}",
                f"{up}/svc",
                f"{up}//./d/../svc/{NAME}",
                f"{up}/link/{NAME}",
                f"{up}/named",
            ):
                assert prints_of(rosetta("check", path, "--format", "json")) == first, path
            named = ("check", "-", "--format", "json", "--stdin-filename", f"{up}/svc/{NAME}")
            assert prints_of(rosetta(*named, stdin=UNKNOWN.encode())) == first
            assert [
                each.fingerprint for each in check(Path(f"{up}/svc/{NAME}")).diagnostics
            ] == first
        monkeypatch.chdir(project / "svc")
        assert prints_of(rosetta("check", "--format", "json")) == first
        assert [each.fingerprint for each in check(UNKNOWN, filename=NAME).diagnostics] == first

    def test_at_the_root_they_are_those_of_earlier_versions(self, rosetta, project):
        found = rosetta("check", f"svc/{NAME}", "--format", "json")
        (report,) = check_documents(UNKNOWN, filename=NAME, identity=f"svc/{NAME}")
        assert prints_of(found) == [each.fingerprint for each in report.diagnostics]
        assert found.found == [(f"svc/{NAME}", "RS109")]

    def test_in_every_format(self, rosetta, project, monkeypatch):
        monkeypatch.chdir(project / "svc")
        (first,) = prints_of(rosetta("check", "--format", "json"))
        (line,) = rosetta("check", "--format", "jsonl").stdout.splitlines()
        assert json.loads(line)["fingerprint"] == first
        (issue,) = json.loads(rosetta("check", "--format", "gitlab").stdout)
        assert issue["fingerprint"] == first
        (result,) = sarif_run(rosetta("check", "--format", "sarif"))["results"]
        assert result["partialFingerprints"] == {"primaryLocationLineHash": first}

    def test_several_processes_have_the_same(self, rosetta, project, write, monkeypatch):
        for number in range(300):
            write(f"svc/n/{number}.sampling.yaml", UNKNOWN)
        monkeypatch.chdir(project / "svc")
        one, two = (
            prints_of(rosetta("check", "n", "--format", "json", "--jobs", jobs)) for jobs in "12"
        )
        monkeypatch.chdir(project)
        assert one == two == prints_of(rosetta("check", "svc/n", "--format", "json"))

    def test_standard_input_without_a_name_is_the_same_everywhere(
        self, rosetta, project, monkeypatch
    ):
        first = prints_of(rosetta("check", "-", "--format", "json", stdin=UNKNOWN.encode()))
        monkeypatch.chdir(project / "svc")
        second = prints_of(rosetta("check", "-", "--format", "json", stdin=UNKNOWN.encode()))
        assert first == second
        assert [each.fingerprint for each in check(UNKNOWN).diagnostics] == first

    def test_without_git_the_path_from_the_current_folder_counts(self, rosetta, write, monkeypatch):
        path = write(f"svc/{NAME}", UNKNOWN)
        first = prints_of(rosetta("check", f"svc/{NAME}", "--format", "json"))
        assert prints_of(rosetta("check", path, "--format", "json")) == first
        monkeypatch.chdir("svc")
        assert prints_of(rosetta("check", NAME, "--format", "json")) != first
        write("svc/.git/HEAD")
        in_repository = prints_of(rosetta("check", path, "--format", "json"))
        assert prints_of(rosetta("check", NAME, "--format", "json")) == in_repository

    def test_in_a_submodule_its_own_root_counts(self, rosetta, project, git, monkeypatch):
        other = project.with_name(f"{project.name}-other")
        other.mkdir()
        git("init", "-q", cwd=other)
        (other / NAME).write_text(UNKNOWN)
        git("add", ".", cwd=other)
        git("commit", "-qm", "x", cwd=other)
        git("submodule", "--quiet", "add", str(other), "sub")
        inside = prints_of(rosetta("check", f"sub/{NAME}", "--format", "json"))
        assert inside == prints_of(rosetta("check", other / NAME, "--format", "json"))
        expected = [f"sub/{NAME}"]
        assert from_each_format(rosetta, "sub") == (expected, expected, expected)
        monkeypatch.chdir("sub")
        assert inside == prints_of(rosetta("check", "--format", "json"))
        # A host names files from the root that it has checked out.
        monkeypatch.setenv("GITHUB_WORKSPACE", str(project))
        assert from_each_format(rosetta) == (expected, expected, expected)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A repository, with links, whose path is real."""
    root = Path(os.path.realpath(tmp_path_factory.mktemp("tree")))
    for folder in (".git", "a/b", "c"):
        (root / folder).mkdir(parents=True)
    (root / "l").symlink_to("a/b")
    for name in ("f", "a/f", "a/b/f", "c/f"):
        (root / name).write_text(UNKNOWN)
    return root


FOLDERS = st.sampled_from([".", "a", "a/b", "c", "l"])
STEPS = st.lists(st.sampled_from([".", "", "a/..", "c/..", "c/../a/..", "../{root}"]), max_size=4)


@given(FOLDERS, FOLDERS, STEPS, st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_file_has_the_same_fingerprints_by_any_path_from_any_folder(
    tree, folder, above, steps, is_absolute
):
    before = Path.cwd()
    os.chdir(tree / folder)
    try:
        start = str(tree) if is_absolute else os.path.relpath(tree, os.path.realpath("."))
        detours = [step.format(root=tree.name) for step in steps]
        path = "/".join([start, *detours, above, "f"])
        expected = os.path.normpath(f"{above}/f".replace("l/", "a/b/"))
        assert identities()(path) == expected
        (report,) = check_documents(UNKNOWN, identity=expected)
        prints = [each.fingerprint for each in report.diagnostics]
        assert [each.fingerprint for each in check(Path(path)).diagnostics] == prints
        assert [each.fingerprint for each in check(UNKNOWN, filename=path).diagnostics] == prints
        assert Host(str(tree)).name_of(path) == expected
        assert Host(str(tree / "c")).name_of(path) == ("f" if above == "c" else None)
    finally:
        os.chdir(before)


def test_a_name_that_is_no_path_is_kept(folder):
    assert identities()("a\0b") == "a\0b"
    assert identities()("d/../é.yaml") == "é.yaml"
    assert identities()("../x.yaml") == "../x.yaml"


def test_without_a_current_folder_an_absolute_path_still_has_an_identity(
    project, write, monkeypatch
):
    lost = write("lost/x").parent
    monkeypatch.chdir(lost)
    (lost / "x").unlink()
    lost.rmdir()
    try:
        assert identities()(f"{project}/svc/{NAME}") == f"svc/{NAME}"
        assert identities()("/x.yaml") == "/x.yaml"
    finally:
        os.chdir(project)


class TestHosts:
    def test_a_job_with_a_working_directory(self, rosetta, project, monkeypatch):
        monkeypatch.chdir(project / "svc")
        for path in (".", NAME, f"{project}/svc", "../svc"):
            expected = [f"svc/{NAME}"]
            assert from_each_format(rosetta, path) == (expected, expected, expected)
        # People see the name that they gave.
        assert rosetta("check", "--format", "concise").stdout.startswith(f"{NAME}:3:1: ")

    @pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
    def test_the_host_says_where_its_root_is(
        self, rosetta, project, monkeypatch, tmp_path_factory, variable
    ):
        link = tmp_path_factory.mktemp("work") / "checkout"
        link.symlink_to(project.parent)
        monkeypatch.setenv(variable, str(link))
        expected = [f"{project.name}/{NAME}", f"{project.name}/svc/{NAME}"]
        assert from_each_format(rosetta) == (expected, expected, expected)

    def test_a_root_of_windows_has_slashes(self, monkeypatch):
        monkeypatch.setattr("os.sep", "\\")
        assert Host("C:\\b\\a").root == "C:/b/a"

    @pytest.mark.parametrize("value", ["", "svc", "/no/such/folder", "a\udcff"])
    def test_a_root_that_is_not_there_is_none(self, rosetta, project, monkeypatch, value):
        monkeypatch.setenv("GITHUB_WORKSPACE", value)
        expected = [NAME, f"svc/{NAME}"]
        assert from_each_format(rosetta) == (expected, expected, expected)

    def test_github_comes_before_gitlab(self, rosetta, project, monkeypatch):
        monkeypatch.setenv("GITHUB_WORKSPACE", str(project / "svc"))
        monkeypatch.setenv("CI_PROJECT_DIR", str(project.parent))
        assert gitlab_paths(rosetta("check", "svc", "--format", "gitlab")) == [NAME]

    def test_without_git_the_root_is_the_current_folder(self, rosetta, write, monkeypatch):
        path = write(f"svc/{NAME}", UNKNOWN)
        expected = [f"svc/{NAME}"]
        assert from_each_format(rosetta, path) == (expected, expected, expected)
        monkeypatch.chdir("svc")
        assert from_each_format(rosetta, path) == ([NAME], [NAME], [NAME])

    def test_sarif_names_the_root(self, rosetta, project, monkeypatch):
        monkeypatch.chdir(project / "svc")
        run = sarif_run(rosetta("check", "--format", "sarif"))
        assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": f"{project.as_uri()}/"}}
        assert artifact_of(run["results"][0]) == {"uri": f"svc/{NAME}", "uriBaseId": "%SRCROOT%"}

    def test_a_related_place_in_another_file(self, rosetta, project, write, monkeypatch):
        write(NAME, REQUEST)
        write(f"svc/{NAME}", REQUEST)
        monkeypatch.chdir(project / "svc")
        (result,) = sarif_run(rosetta("check", "..", "--format", "sarif"))["results"]
        (related,) = result["relatedLocations"]
        places = artifact_of(result), related["physicalLocation"]["artifactLocation"]
        assert {each["uri"] for each in places} == {NAME, f"svc/{NAME}"}
        assert {each["uriBaseId"] for each in places} == {"%SRCROOT%"}

    def test_the_annotations_of_a_job_too(self, rosetta, project, monkeypatch):
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("GITHUB_WORKSPACE", str(project))
        monkeypatch.chdir(project / "svc")
        assert github_files(rosetta("check")) == [f"svc/{NAME}"]

    def test_a_file_outside_of_the_root(self, rosetta, project, read_outside):
        other, name = read_outside
        sarif, github, gitlab = (rosetta("check", name, NAME, "--format", each) for each in ALL)
        outside, inside = sarif_run(sarif)["results"]
        assert artifact_of(outside) == {"uri": other.as_uri()}
        assert unquote(artifact_of(outside)["uri"]) == f"file://{other}"
        assert artifact_of(inside)["uri"] == NAME
        first, second = github.stdout.splitlines()
        assert first.startswith(f"::error title=RS109 unknown-property::{name}:3:1: x is not")
        assert second.startswith(f"::error file={NAME},line=3,")
        assert gitlab_paths(gitlab) == [NAME]
        assert gitlab.stderr == (
            f"warning: {name} is left out of the gitlab report: it is outside {project}\n"
        )
        assert (sarif.stderr, github.stderr, gitlab.status) == ("", "", 1)

    @pytest.fixture
    def read_outside(self, project, tmp_path_factory):
        other = tmp_path_factory.mktemp("out side") / "é.sampling.yaml"
        other.write_text(UNKNOWN)
        return other, os.path.relpath(other)


class TestBaselines:
    def test_an_entry_is_about_one_file(self, rosetta, project, monkeypatch):
        rosetta("check", NAME, "--baseline", "base.json", "--write-baseline")
        monkeypatch.chdir(project / "svc")
        ran = rosetta("check", "--baseline", "../base.json", ".", "--format", "json")
        assert (ran.status, ran.found, ran.stderr) == (1, [(NAME, "RS109")], "")

    @pytest.mark.parametrize("path", [".", "..", NAME, "../svc", "{root}", "{root}/svc"])
    def test_it_suppresses_from_any_folder(self, rosetta, project, monkeypatch, path):
        rosetta("check", "--baseline", "base.json", "--write-baseline")
        entries = json.loads((project / "base.json").read_text())["findings"]
        assert [each["filename"] for each in entries] == [NAME, f"svc/{NAME}"]
        monkeypatch.chdir(project / "svc")
        ran = rosetta("check", path.format(root=project), "--baseline", f"{project}/base.json")
        assert (ran.status, ran.stderr) == (0, "")

    def test_it_is_written_the_same_from_any_folder(self, rosetta, project, monkeypatch):
        rosetta("check", "--baseline", "base.json", "--write-baseline")
        first = (project / "base.json").read_bytes()
        monkeypatch.chdir(project / "svc")
        for path in ("..", str(project), ".", NAME):
            call = ("check", path, "--baseline", "../base.json", "--write-baseline")
            assert rosetta(*call).stderr == "Wrote 2 findings to ../base.json: 0 new, 2 kept.\n"
            assert (project / "base.json").read_bytes() == first

    def test_a_file_that_was_deleted_is_gone_if_its_folder_was_searched(
        self, rosetta, project, monkeypatch
    ):
        rosetta("check", "--baseline", "base.json", "--write-baseline")
        (project / "svc" / NAME).unlink()
        monkeypatch.chdir(project / "svc")
        call = ("check", "--baseline", "../base.json")
        assert rosetta(*call, f"../{NAME}").stderr == ""
        ran = rosetta(*call, ".")
        assert ran.stderr.splitlines()[-1] == (
            f"warning: gone: RS109 at /x in svc/{NAME};"
            " --write-baseline removes it from ../base.json"
        )

    def test_entries_of_another_repository_stay(self, rosetta, project, write, git):
        rosetta("check", f"svc/{NAME}", "--baseline", "base.json", "--write-baseline")
        write(f"other/{NAME}", REQUEST)
        git("init", "-q", "other")
        (project / "svc" / NAME).unlink()
        call = ("check", "other", "--baseline", "base.json", "--write-baseline")
        assert rosetta(*call).stderr == "Wrote 1 finding to base.json: 0 new, 1 kept.\n"

    def test_nor_is_an_entry_gone_whose_file_another_repository_has(
        self, rosetta, project, write, git
    ):
        write("other/svc/b.sampling.yaml", UNKNOWN)
        write("other/svc/c.sampling.yaml", UNKNOWN)
        git("init", "-q", "other")
        call = ("check", "--baseline", "base.json", "--write-baseline", "svc")
        assert ": 3 new, 0 kept." in rosetta(*call, "other").stderr
        ran = rosetta(*call, "other/svc/b.sampling.yaml")
        assert ran.stderr == "Wrote 3 findings to base.json: 0 new, 3 kept.\n"

    def test_what_needs_other_files_is_not_gone_without_them(self, rosetta, project, write):
        write(NAME, REQUEST)
        write(f"svc/{NAME}", REQUEST)
        call = ("check", "--baseline", "base.json")
        assert ": 1 new, 0 kept." in rosetta(*call, "--write-baseline").stderr
        for path in ("svc", f"svc/{NAME}"):
            assert rosetta(*call, path).stderr == ""
            assert ": 0 new, 1 kept." in rosetta(*call, path, "--write-baseline").stderr
        write(NAME, f"{REQUEST}sampleCount: 5\n")
        assert "gone: RS501 in svc" in rosetta(*call).stderr

    def test_a_fix_leaves_alone_what_is_in_it(self, rosetta, project, write, monkeypatch):
        text = f"{REQUEST}sampleCount: '5'\n"
        path = write(f"svc/{NAME}", text)
        rosetta("check", "--baseline", "base.json", "--write-baseline")
        monkeypatch.chdir(project / "svc")
        rosetta("check", "--fix", ".", "--baseline", "../base.json")
        assert path.read_text() == text
        rosetta("check", "--fix", ".")
        assert path.read_text() != text
