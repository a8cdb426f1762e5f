"""The JUnit report: a test suite for each file with findings, and a failed test for each of them.

There is no standard; it is what Jenkins, GitLab and Azure read. They know a test again by its class
and name, which is why a name has all that tells two findings of a file apart.
"""

from __future__ import annotations

from itertools import groupby

from rosetta_spec.reporters.spool import Spool
from rosetta_spec.reporters.style import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.engine.tally import Tally
    from rosetta_spec.reporters.style import Style

#: What XML 1.0 cannot hold in an attribute as it is, or not at all and `safe` leaves alone.
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\ufffe": "\ufffd", "\uffff": "\ufffd"}
)

#: The test of a run that has found nothing.
_ALL_FINE = '<testcase classname="rosetta-spec" name="nothing found"/>\n'


def render(diagnostic: Diagnostic, _style: Style) -> str:
    """Write one failed test, the name of its file first."""
    row, column = diagnostic.location
    severity, message = diagnostic.severity.value, _escaped(diagnostic.message)
    filename = _escaped(diagnostic.filename)
    name = " ".join(filter(None, (diagnostic.code, diagnostic.name, diagnostic.pointer)))
    return (
        f'<testcase classname="{filename}" name="{_escaped(name)} ({row}:{column})">\n'
        f'<failure type="{severity}" message="{message}">{severity} at {filename}:{row}:{column}\n'
        f"{message}\n{_escaped(diagnostic.url)}</failure>\n</testcase>\n"
    )


def assemble(findings: Iterable[str], _tally: Tally, _style: Style) -> Iterator[str]:
    """Write a suite for each file; without findings, one with a test that has passed."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="rosetta-spec">\n'
    is_clean = True
    for filename, tests in groupby(findings, key=_filename):
        is_clean = False
        with Spool() as spool:
            for test in tests:
                spool.write(test)
            yield _suite(filename, len(spool), failures=len(spool))
            yield from spool.read()
        yield "</testsuite>\n"
    if is_clean:
        yield _suite("rosetta-spec", 1, failures=0) + _ALL_FINE + "</testsuite>\n"
    yield "</testsuites>\n"


def _filename(test: str) -> str:
    """Return the name of the file of a rendered finding, with its escapes."""
    return test.split('"', 2)[1]


def _suite(name: str, tests: int, failures: int) -> str:
    return f'<testsuite name="{name}" tests="{tests}" failures="{failures}" errors="0">\n'


def _escaped(text: str) -> str:
    return safe(text).translate(_ESCAPES)
