"""The JUnit report: a test suite for each file with findings, and a failed test for each finding.

There is no standard; this is what Jenkins, GitLab and Azure read. They identify a test by class and
name, so the name contains what distinguishes two findings of a file.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters.outputs import Spool
from rosetta_spec.reporters.style import Style, safe

#: What XML 1.0 cannot hold in an attribute as it is, or not at all and `safe` leaves alone.
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\ufffe": "\ufffd", "\uffff": "\ufffd"}
)

#: The test of a run without findings.
_ALL_FINE = '<testcase classname="rosetta-spec" name="nothing found"/>\n'


def report(diagnostics: Iterable[Diagnostic], _tally: Tally, _style: Style) -> Iterator[str]:
    """Yield a suite for each file; without findings, one with a test that has passed."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="rosetta-spec">\n'
    is_clean = True
    for filename, found in groupby(diagnostics, key=lambda each: _escaped(each.filename)):
        is_clean = False
        # The start of a suite counts its tests.
        with Spool[str]() as tests:
            for diagnostic in found:
                tests.write(_test(diagnostic, filename))
            yield _suite(filename, len(tests), failures=len(tests))
            yield from tests.read()
        yield "</testsuite>\n"
    if is_clean:
        yield _suite("rosetta-spec", 1, failures=0) + _ALL_FINE + "</testsuite>\n"
    yield "</testsuites>\n"


def _test(diagnostic: Diagnostic, filename: str) -> str:
    row, column = diagnostic.location
    severity, message = diagnostic.severity, _escaped(diagnostic.message)
    name = " ".join(filter(None, (diagnostic.code, diagnostic.name, diagnostic.pointer)))
    return (
        f'<testcase classname="{filename}" name="{_escaped(name)} ({row}:{column})">\n'
        f'<failure type="{severity}" message="{message}">{severity} at {filename}:{row}:{column}\n'
        f"{message}\n{_escaped(diagnostic.url)}</failure>\n</testcase>\n"
    )


def _suite(name: str, tests: int, failures: int) -> str:
    return f'<testsuite name="{name}" tests="{tests}" failures="{failures}" errors="0">\n'


def _escaped(text: str) -> str:
    return safe(text).translate(_ESCAPES)
