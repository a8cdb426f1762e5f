"""Compressed files: the findings are those of their content."""

import gzip
import json
import zlib
from pathlib import Path

import pytest

from rosetta_spec import check
from rosetta_spec.fast.formats import MAX_BYTES
from rosetta_spec.files import content
from rosetta_spec.files.content import open_file
from rosetta_spec.version import install_command

try:
    from compression import zstd
except ImportError:
    from backports import zstd

GOOD = b'{"annotationRequestId": "r-1", "poolName": "p"}\n'
BOTH = (
    b'{"annotationRequestId": "r-1", "poolName": "p", "samplingRatio": 1, "samplingQuantity": 5}\n'
)

CONTENTS = {
    "a.jsonl": GOOD + BOTH + b"\n{\n" + BOTH,
    "a.json": BOTH,
    "a.yaml": b"poolName: p\n---\nsamplingRatio: 20\n",
    "a": b"poolName: p\n",
}


def in_members(pack):
    """Compress the halves of some data, one after the other."""
    return lambda data: pack(data[: len(data) // 2]) + pack(data[len(data) // 2 :])


PACKERS = [
    (".gz", gzip.compress),
    (".GZ", gzip.compress),
    (".gz", in_members(gzip.compress)),
    (".zst", zstd.compress),
    (".Zst", zstd.compress),
    (".zst", in_members(zstd.compress)),
]


def findings(outcome, name):
    return [{**each, "filename": name, "fingerprint": ""} for each in outcome.diagnostics]


@pytest.mark.parametrize(("ending", "pack"), PACKERS)
@pytest.mark.parametrize("name", CONTENTS)
def test_findings_are_those_of_the_uncompressed_file_except_its_name(
    rosetta, write, name, ending, pack
):
    packed = name + ending
    write(name, CONTENTS[name])
    write(packed, pack(CONTENTS[name]))
    plain = rosetta("check", name, "--format", "json")
    outcome = rosetta("check", packed, "--format", "json")
    assert {each["filename"] for each in outcome.diagnostics} == {packed}
    assert findings(outcome, name) == findings(plain, name)
    assert (outcome.status, outcome.summary) == (plain.status, plain.summary)
    # Standard input and the Python API decide by the name in the same way.
    options = ("--format", "json", "--stdin-filename", packed)
    assert rosetta("check", "-", *options, stdin=pack(CONTENTS[name])) == outcome
    found = [
        (each.document, each.code, each.fingerprint) for each in check(Path(packed)).diagnostics
    ]
    wanted = [(each["document"], each["code"], each["fingerprint"]) for each in outcome.diagnostics]
    assert found == wanted


def damaged(data):
    """Change the last byte of the check sum."""
    return data[:-1] + bytes([data[-1] ^ 1])


def with_check_sum(data):
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})


#: The endings and contents of files that were damaged on their way.
DAMAGED = {
    "a wrong check sum": (".gz", damaged(gzip.compress(GOOD)[:-4]) + gzip.compress(GOOD)[-4:]),
    "no more than the data": (".gz", gzip.compress(GOOD)[:-12]),
    "half of a header": (".gz", gzip.compress(GOOD)[:5]),
    "no data after the header": (".gz", gzip.compress(GOOD)[:10] + b"\xff" * 20),
    "something after the end": (".gz", gzip.compress(GOOD) + b"more"),
    "not compressed": (".gz", GOOD),
    "compressed in another way": (".gz", zstd.compress(GOOD)),
    "Zstandard, a wrong check sum": (".zst", damaged(with_check_sum(GOOD))),
    "Zstandard, cut off": (".zst", zstd.compress(GOOD)[:-5]),
    "Zstandard, something after the end": (".zst", zstd.compress(GOOD) + b"more"),
    "Zstandard, not compressed": (".zst", GOOD),
    "Zstandard, nothing at all": (".zst", b""),
}


@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("between", [".json", ".jsonl"])
def test_a_damaged_file_cannot_be_read(rosetta, write, damage, between):
    ending, data = DAMAGED[damage]
    name = f"a{between}{ending}"
    write(name, data)
    outcome = rosetta("check", name, "--format", "json")
    assert outcome.status == 2
    assert outcome.found == [(name, "RS001")]
    assert outcome.diagnostics[0]["message"] == (
        "this file cannot be read: the compressed data is damaged or incomplete;"
        " download or compress it again"
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_compressed_empty_file_is_an_empty_file(rosetta, write, pack):
    write("a.jsonl.gz", pack(b""))
    assert rosetta("check", "a.jsonl.gz", "--format", "json").found == [("a.jsonl.gz", "RS004")]


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zstd.compress)])
def test_documents_before_the_damage_are_checked(rosetta, write, ending, pack):
    """The finding about the rest has the number of the document that could not be read."""
    name = f"a.jsonl{ending}"
    whole = pack(BOTH * 3 + GOOD)
    write(name, whole + pack(BOTH)[:20])
    outcome = rosetta("check", name, "--format", "json")
    codes = [(each["document"], each["code"]) for each in outcome.diagnostics]
    assert codes == [(0, "RS201"), (1, "RS201"), (2, "RS201"), (4, "RS001")]
    assert (outcome.status, outcome.summary["documents"], outcome.summary["files"]) == (2, 5, 1)
    report = check(Path(name))
    assert [(each.document, each.code) for each in report.diagnostics] == codes
    assert report.summary.documents == 5
    fingerprints = [each["fingerprint"] for each in outcome.diagnostics]
    assert [each.fingerprint for each in report.diagnostics] == fingerprints


def bomb(size):
    """A gzip of `size` blanks and a request, without having them in memory."""
    packer = zlib.compressobj(wbits=31)
    blanks = b" " * 1024 * 1024
    parts = [packer.compress(blanks) for _ in range(size // len(blanks))]
    return b"".join([*parts, packer.compress(BOTH), packer.flush()])


def test_a_file_that_unpacks_to_more_than_a_file_may_have_is_too_large(process, write):
    path = write("a.json.gz", bomb(8 * MAX_BYTES))
    assert path.stat().st_size < MAX_BYTES
    ended = process("check", "a.json.gz", "--format", "json")
    (found,) = json.loads(ended.stdout)["diagnostics"]
    assert (ended.returncode, found["code"]) == (1, "RS007")


def test_a_line_that_unpacks_to_more_than_a_line_may_have_is_too_large(rosetta, write):
    write("a.jsonl.gz", gzip.compress(BOTH) + bomb(3 * MAX_BYTES) + gzip.compress(BOTH))
    outcome = rosetta("check", "a.jsonl.gz", "--format", "json")
    found = [(each["document"], each["code"]) for each in outcome.diagnostics]
    assert found == [(0, "RS201"), (1, "RS007"), (2, "RS201")]
    assert [each["location"]["row"] for each in outcome.diagnostics] == [1, 2, 3]


def test_without_the_package_the_finding_names_what_to_install(rosetta, write, monkeypatch):
    def missing(name):
        raise ImportError(name)

    write("a.json", BOTH)
    write("a.json.zst", zstd.compress(BOTH))
    write("b.jsonl.zst", zstd.compress(BOTH))
    monkeypatch.setattr(content, "import_module", missing)
    outcome = rosetta("check", "a.json", "a.json.zst", "b.jsonl.zst", "--format", "json")
    assert outcome.status == 2
    assert outcome.found == [
        ("a.json", "RS201"),
        ("a.json.zst", "RS001"),
        ("b.jsonl.zst", "RS001"),
    ]
    assert outcome.diagnostics[1]["message"] == (
        "this file cannot be read: no library for zstandard is installed; "
        f"install it with: {install_command('zstd')}"
    )


@pytest.mark.parametrize("name", ["compression.zstd", "backports.zstd"])
def test_either_package_is_enough(write, monkeypatch, name):
    def only(asked):
        if asked != name:
            raise ImportError(asked)
        return zstd

    path = write("a.zst", zstd.compress(GOOD))
    monkeypatch.setattr(content, "import_module", only)
    with open_file(str(path)) as stream:
        assert stream.read() == GOOD


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zstd.compress)])
def test_a_stream_that_is_closed_closes_its_file(write, ending, pack):
    path = write(f"a{ending}", pack(GOOD))
    with open_file(str(path)) as stream:
        assert stream.read() == GOOD
    # Warnings are errors in tests, and a file that is left open is one.
    assert stream.closed
