"""One document with very many findings: memory, counts, order and fixes."""

import json
import tracemalloc

import pytest

from rosetta_spec.api import check
from rosetta_spec.diagnostic import Detail
from rosetta_spec.document.values import with_floats, without_floats
from rosetta_spec.engine import fixer
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.diagnostics import FingerprintCounter
from rosetta_spec.engine.validation import Validation
from rosetta_spec.runner import tasks

ITEM = '"t"'
HEAD = '"annotationRequestId": "r-1", "poolName": "p", "samplingQuantity": 5'


def joined(template, count):
    """Return a list of texts, in which `#` is their number."""
    return ", ".join(template.replace("#", str(number)) for number in range(count))


def repeated(count):
    """Items that repeat: RS302, with a safe fix."""
    return f'{{{HEAD}, "subCondition": {{"taskId": [{joined(ITEM, count)}]}}}}'


def wrong(count):
    """Numbers that should be strings: RS104, with a safe fix."""
    return f'{{{HEAD}, "subCondition": {{"taskId": [{joined("#", count)}]}}}}'


def unknown(count):
    """Unknown keys, before the known ones: RS109."""
    return "{" + joined('"x#": {}', count) + f", {HEAD}}}"


def duplicate(count):
    """A key that repeats: RS003."""
    return f"{{{HEAD}, " + joined('"poolName": "p"', count) + "}"


def surrogates(count):
    """Keys with a lone surrogate: RS006."""
    return "{" + joined(r'"\ud800#": 1', count) + f", {HEAD}}}"


def overlapping(count):
    """Ranges that share positions with the one before: RS303."""
    ranges = ", ".join(f'{{"start": {nth}, "end": {nth + 5}}}' for nth in range(count))
    return f'{{{HEAD}, "interceptionMode": 2, "interceptionBoundary": [{ranges}]}}'


ALL = [repeated, wrong, unknown, duplicate, surrogates, overlapping]


def checked(text, most):
    checker = Checker(detail=Detail(max_findings=most))
    (report,) = checker.check_file(text.encode(), "a.json", "json")
    return report


@pytest.mark.parametrize("document_of", ALL)
def test_the_first_findings_are_the_same_and_the_others_are_counted(document_of):
    text = document_of(50)
    everything = checked(text, 1000)
    limited = checked(text, 7)
    places = [each.sort_key for each in everything.diagnostics]
    assert [each.sort_key for each in limited.diagnostics] == places[:7]
    assert sum(limited.omitted.values()) == len(places) - 7
    assert {each.code for each in limited.omitted} <= {each.code for each in everything.diagnostics}


# To compare ranges, all of them have to be known.
@pytest.mark.no_cover
@pytest.mark.parametrize("document_of", [repeated, wrong, unknown, duplicate, surrogates])
def test_what_is_not_reported_takes_little_memory(document_of):
    checked(document_of(100), 50)
    small, large = (peak_of(document_of(count)) for count in (1_000, 3_000))
    # A diagnostic takes about 3,500 bytes.
    assert (large - small) / 2_000 < 1_200


def peak_of(text):
    tracemalloc.start()
    try:
        checked(text, 50)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("document_of", [repeated, wrong])
def test_fixes_of_the_first_findings_are_offered_and_all_are_counted(
    document_of, rosetta, write, monkeypatch
):
    write("a.json", document_of(50))
    everything = rosetta("check", "a.json", "--format", "json")
    monkeypatch.setattr(tasks, "MAX_SHOWN", 7)
    limited = rosetta("check", "a.json", "--format", "json")
    count = len(everything.diagnostics)
    assert limited.summary == {**everything.summary, "omitted": count - 7}
    assert everything.summary["fixable"] == count
    assert limited.diagnostics == everything.diagnostics[:7]


@pytest.mark.parametrize("document_of", [repeated, wrong])
def test_all_fixes_are_applied_in_rounds(document_of, rosetta, write, folder, monkeypatch):
    path = folder / "a.json"
    write("a.json", document_of(50))
    rosetta("check", "a.json", "--fix")
    expected = path.read_bytes()
    write("a.json", document_of(50))
    monkeypatch.setattr("rosetta_spec.cli.fix.MAX_FIXED", 7)
    assert rosetta("check", "a.json", "--fix").status == 0
    assert path.read_bytes() == expected
    assert json.loads(expected)


@pytest.mark.parametrize("document_of", [repeated, wrong])
def test_what_a_baseline_knows_is_not_fixed_in_rounds(
    document_of, rosetta, write, folder, monkeypatch
):
    path = folder / "a.json"
    write("a.json", document_of(50))
    rosetta("check", "a.json", "--baseline", "base.json", "--write-baseline")
    baseline = json.loads((folder / "base.json").read_text("utf-8"))
    del baseline["findings"][5:35]
    write("base.json", json.dumps(baseline))
    call = ("check", "a.json", "--fix", "--baseline", "base.json")
    rosetta(*call)
    expected = path.read_bytes()
    write("a.json", document_of(50))
    monkeypatch.setattr("rosetta_spec.cli.fix.MAX_FIXED", 7)
    kept = []
    choose = fixer.Fixer._next_round
    monkeypatch.setattr(
        fixer.Fixer, "_next_round", lambda *it: kept.append(choose(*it)) or kept[-1]
    )
    rosetta(*call)
    assert path.read_bytes() == expected != document_of(50).encode()
    assert max(each.count for each in kept) <= 7
    assert len(kept) > 3


def test_fixes_are_found_behind_many_findings_without_one(rosetta, write, folder, monkeypatch):
    monkeypatch.setattr("rosetta_spec.cli.fix.MAX_FIXED", 5)
    write("a.json", "{" + joined('"x#": 1', 30) + "," + repeated(20)[1:])
    assert rosetta("check", "a.json", "--fix", "--format", "json").summary["fixable"] == 0
    assert (folder / "a.json").read_text("utf-8").count('"t"') == 1


def test_the_number_of_rounds_is_small():
    assert fixer.MAX_FIXED >= 100_000


@pytest.mark.parametrize("document_of", [repeated, wrong, unknown, overlapping])
def test_a_baseline_suppresses_all_findings(document_of, rosetta, write, folder, monkeypatch):
    monkeypatch.setattr(tasks, "MAX_SHOWN", 7)
    write("a.json", document_of(50))
    count = len(checked(document_of(50), 1000).diagnostics)
    written = rosetta("check", "a.json", "--baseline", "base.json", "--write-baseline")
    assert f"Wrote {count} findings to base.json: {count} new, 0 kept." in written.stderr
    again = rosetta("check", "a.json", "--baseline", "base.json", "--format", "json")
    assert (again.status, again.diagnostics, again.summary["suppressed"]) == (0, [], count)
    baseline = json.loads((folder / "base.json").read_text("utf-8"))
    del baseline["findings"][20:30]
    write("base.json", json.dumps(baseline))
    again = rosetta("check", "a.json", "--baseline", "base.json", "--format", "json")
    assert (len(again.diagnostics), again.summary["omitted"]) == (7, 3)
    assert again.summary["suppressed"] == count - 10


def test_a_baseline_distinguishes_findings_that_repeat(rosetta, write, monkeypatch):
    monkeypatch.setattr(tasks, "MAX_SHOWN", 7)
    write("a.yaml", f"--- {repeated(20)}\n" * 2 + f"--- {wrong(20)}\n")
    arguments = ("check", "a.yaml", "--ignore", "repeated-request", "--baseline", "base.json")
    written = rosetta(*arguments, "--write-baseline")
    again = rosetta(*arguments, "--format", "json")
    assert (again.status, again.diagnostics) == (0, [])
    count = again.summary["suppressed"]
    assert f"Wrote {count} findings to base.json: {count} new, 0 kept." in written.stderr


def test_a_baseline_that_would_be_too_large_is_not_written(rosetta, write, folder, monkeypatch):
    monkeypatch.setattr("rosetta_spec.engine.baseline.MAX_BYTES", 1000)
    write("a.json", repeated(50))
    written = rosetta("check", "a.json", "--baseline", "base.json", "--write-baseline")
    assert written.status == 2
    assert "this run has more findings than fit in a baseline" in written.stderr
    assert not (folder / "base.json").exists()


def test_a_run_ends_when_its_baseline_is_full(rosetta, write, monkeypatch):
    counted = []
    monkeypatch.setattr("rosetta_spec.engine.baseline.MAX_BYTES", 1000)
    monkeypatch.setattr(tasks, "MAX_SHOWN", 7)
    count = FingerprintCounter.count
    monkeypatch.setattr(FingerprintCounter, "count", lambda *it: counted.append(it) or count(*it))
    write("a.json", repeated(500))
    assert rosetta("check", "a.json", "--baseline", "base.json", "--write-baseline").status == 2
    assert len(counted) < 20


@pytest.mark.parametrize("name", ["interceptionBoundary", "subCondition"])
def test_empty_objects_are_not_copied(name):
    """There may be millions of them."""
    value = {name: [{}, []] if name == "interceptionBoundary" else {}}
    validation = Validation(value)
    assert list(validation.errors())
    for copy in (validation.normalized, with_floats(value), without_floats(value)):
        if isinstance(value[name], list):
            assert copy[name][0] is value[name][0]
        else:
            assert copy[name] is value[name]


@pytest.mark.parametrize("document_of", [repeated, wrong])
def test_comments_suppress_all_findings(document_of, rosetta, write, monkeypatch):
    monkeypatch.setattr(tasks, "MAX_SHOWN", 7)
    codes = {each.code for each in checked(document_of(50), 1000).diagnostics}
    text = document_of(50).replace(", ", ",\n ")
    (code,) = codes
    write("file.yaml", f"# rosetta-spec: ignore-file[{code}]\n{text}")
    write("row.yaml", text.replace(",\n", f", # rosetta-spec: ignore[{code}]\n", 30))
    found = rosetta("check", "file.yaml", "--format", "json")
    assert (found.status, found.diagnostics) == (0, [])
    total = found.summary["suppressed"]
    assert total == len(checked(document_of(50), 1000).diagnostics)
    found = rosetta("check", "row.yaml", "--format", "json")
    left = [each for each in found.diagnostics if each["code"] == code]
    suppressed = found.summary["suppressed"]
    assert 20 < suppressed < total
    assert found.summary["omitted"] + len(left) == total - suppressed


@pytest.mark.parametrize(
    "comment", ["ignore[RS301]", "ignore[RS999]", "ignore-file[RS302]", "ignored[RS301]"]
)
@pytest.mark.parametrize("first", ["", "# rosetta-spec: ignore-file[RS901, RS902]\n"])
def test_findings_about_suppressions_are_counted(comment, first, rosetta, write, monkeypatch):
    good = f"annotationRequestId: r-1\npoolName: p\n{first}"
    write("a.yaml", good + f"# rosetta-spec: {comment}\n" * 30)
    call = ("check", "a.yaml", "--format", "json")
    everything = rosetta(*call)
    monkeypatch.setattr(tasks, "MAX_SHOWN", 7)
    limited = rosetta(*call)
    omitted = max(0, len(everything.diagnostics) - 7)
    assert limited.summary == {**everything.summary, "omitted": omitted}
    assert limited.diagnostics == everything.diagnostics[:7]
    rosetta("check", "a.yaml", "--baseline", "base.json", "--write-baseline")
    known = rosetta(*call, "--baseline", "base.json")
    assert (known.diagnostics, known.summary["omitted"]) == ([], 0)
    assert known.summary["suppressed"] >= 30


@pytest.mark.no_cover
def test_findings_about_suppressions_take_little_memory():
    def peak(count):
        row = "# rosetta-spec: ignore-file[RS301]\n"
        text = f"annotationRequestId: r-1\npoolName: p\n{row * count}"
        tracemalloc.start()
        try:
            list(
                Checker(detail=Detail(max_findings=50)).check_file(text.encode(), "a.yaml", "yaml")
            )
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)
    small, large = peak(500), peak(1_500)
    # A diagnostic takes about 3,500 bytes.
    assert (large - small) / 1_000 < 2_500


def test_the_python_api_has_the_first_findings_and_counts_all(monkeypatch):
    monkeypatch.setattr("rosetta_spec.api.MAX_SHOWN", 7)
    everything = checked(repeated(50), 1000).diagnostics
    report = check(repeated(50))
    assert [each.pointer for each in report.diagnostics] == [it.pointer for it in everything[:7]]
    summary = report.summary
    assert (summary.warnings, summary.omitted) == (len(everything), len(everything) - 7)


def test_a_file_of_many_documents_is_reported_in_parts(rosetta, write, monkeypatch):
    text = "---\na: 1\n" * 20
    write("a.yaml", text)
    whole = rosetta("check", "a.yaml", "--format", "json")
    sizes = []
    parts = tasks.Worker.parts

    def measured(*it):
        for each in parts(*it):
            sizes.append(len(each.diagnostics))
            yield each

    monkeypatch.setattr(tasks.Worker, "parts", measured)
    monkeypatch.setattr(tasks, "_MANY", 7)
    cut = rosetta("check", "a.yaml", "--format", "json")
    assert (cut.status, cut.diagnostics, cut.summary) == (1, whole.diagnostics, whole.summary)
    assert len(sizes) > 5
    assert max(sizes) < 12
