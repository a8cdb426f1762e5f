"""Every file within the limits takes bounded memory and time, and one beyond them a clear error."""

import subprocess
import sys

import pytest

GOOD = '{"annotationRequestId": "a", "poolName": "b"}'

#: Configurations that once took minutes, gigabytes or a traceback, and what is said of them.
CONFIGS = {
    "a long key": (f"{'a.' * 100_000}a = 1", "this key has more than 100 parts"),
    "a long header": (f"[{'a . ' * 50_000}a]", "this key has more than 100 parts"),
    "a long quoted key": ('"a\\"".' * 30_000 + "a = 1", "this key has more than 100 parts"),
    "a long key in braces": (f"a = {{{'a.' * 50_000}a = 1}}", "this key has more than 100 parts"),
    "many escaped quotes": ('a = 1 # "' + '\\"' * 125_000, "there is no key a"),
    "a large file": ("#" * 300_000, "this configuration file is larger than 256 KiB"),
    "many patterns": (
        "exclude = [" + ", ".join(f"'{n}'" for n in range(20_000)) + "]",
        "exclude has more than 1,000 patterns",
    ),
    "many ignored files": (
        "[per-file-ignores]\n" + "\n".join(f"a{n} = ['RS401']" for n in range(10_000)),
        "per-file-ignores has more than 1,000 patterns",
    ),
    "a large number": (f"fail-on = 0x{'f' * 100_000}", "fail-on is the number 9223372036854775808"),
    "a large decimal number": (f"fail-on = {'9' * 100_000}", "this is not valid TOML"),
    "deep tables": ("a = " + "{a = " * 5_000 + "1" + "}" * 5_000, "nested too deeply"),
    "deep lists": (f"exclude = {'[' * 9_000}{']' * 9_000}", "nested too deeply"),
    "many tables": ("\n".join(f"[a{n}]" for n in range(25_000)), "there is no key a0 in a"),
}
#: A process that runs the command, and then reports the peak of its memory in KiB.
MEASURED = """
import resource, sys
from pathlib import Path
from rosetta_spec.__main__ import main
status = main()
if sys.platform == "linux":  # ru_maxrss is at least that of the process that started this one
    peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak, file=sys.stderr)
sys.exit(status)
"""


@pytest.fixture
def measured(folder):
    """Run the command; return its status, its outputs, and its peak of memory in MiB."""

    def call(*arguments: str):
        ended = subprocess.run(
            [sys.executable, "-c", MEASURED, *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        *words, peak = ended.stderr.split("\n")[:-1]
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        return ended.returncode, ended.stdout + "\n".join(words), int(peak) / unit

    return call


@pytest.mark.parametrize("name", CONFIGS)
def test_a_configuration_is_read_in_seconds_or_is_rejected(measured, write, name):
    text, message = CONFIGS[name]
    write("rosetta-spec.toml", text)
    write("a.json", GOOD)
    status, output, peak = measured("check", "a.json")
    assert (status, message in output) == (2, True), output[:300]
    assert peak < 150


def test_a_chain_of_configurations_has_an_end(measured, write):
    for number in range(150):
        write(f"{number}.toml", f"extend = '{number + 1}.toml'")
    write("150.toml")
    write("a.json", GOOD)
    status, output, _ = measured("check", "--config", "0.toml", "a.json")
    assert (status, "more than 100 files" in output) == (2, True)


def test_a_large_ruleset_is_rejected(measured, write):
    write("policy.yaml", "#" * 1_100_000)
    write("rosetta-spec.toml", "rulesets = ['policy.yaml']")
    write("a.json", GOOD)
    status, output, peak = measured("check", "a.json")
    assert (status, "this ruleset is larger than 1024 KiB" in output) == (2, True)
    assert peak < 100


def test_aliases_of_a_ruleset_do_not_multiply(measured, write):
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    write("policy.yaml", "\n".join(rows))
    write("rosetta-spec.toml", "rulesets = ['policy.yaml']")
    write("a.json", GOOD)
    status, output, peak = measured("check", "a.json")
    assert (status, "policy.yaml:" in output) == (2, True)
    assert peak < 150


@pytest.mark.parametrize(
    "pattern",
    ["**/*a*/**/a*b", "*[ab]" * 100 + "c", "*a/" * 10 + "*a*b", "**/a*a/" * 100 + "b", "*a" * 9999],
)
@pytest.mark.parametrize("key", ["include", "exclude", "per-file-ignores"])
def test_a_pattern_is_matched_in_seconds(measured, write, key, pattern):
    name = "a" * 240 + ".json"
    deep = "/".join(["a" * 100] * 10)
    rest = f"[per-file-ignores]\n'{pattern}' = ['RS401']"
    write("rosetta-spec.toml", rest if key == "per-file-ignores" else f"{key} = ['{pattern}']")
    write(name, GOOD)
    write(f"{deep}/{name}", GOOD)
    status, _, _ = measured("check", ".", name)
    assert status == 0


def test_a_baseline_of_ten_megabytes_takes_little_memory(measured, write):
    entry = '{"filename": "x", "code": "RS103", "pointer": "/sampleCount", "fingerprint": "%032x"}'
    entries = ",\n".join(entry % number for number in range(100_000))
    write("baseline.json", f'{{"version": 1, "findings": [{entries}]}}')
    write("x", GOOD)
    status, _, peak = measured("check", "--baseline", "baseline.json", "x")
    assert status == 0
    assert peak < 300


def test_a_baseline_beyond_the_limit_is_rejected(measured, write):
    write("baseline.json", " " * 17_000_000)
    write("x", GOOD)
    status, output, peak = measured("check", "--baseline", "baseline.json", "x")
    assert (status, "larger than 16 MiB" in output) == (2, True)
    assert peak < 250
