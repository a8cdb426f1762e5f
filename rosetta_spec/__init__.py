"""Check Rosetta sampling requests before anyone sends them.

>>> from rosetta_spec import check
>>> report = check({"annotationRequestId": "a3f8b6e4", "poolName": "p", "samplingRatio": 20})
>>> for diagnostic in report.diagnostics:
...     print(diagnostic.code, diagnostic.pointer, diagnostic.message)
RS107 /samplingRatio samplingRatio 20 is above 1; a ratio of 20 % is 0.2
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.api import check, check_documents, check_file
    from rosetta_spec.config.settings import Settings, settings_of
    from rosetta_spec.diagnostic import Diagnostic, Report, Severity
    from rosetta_spec.engine.diagnostics import DocumentReport
    from rosetta_spec.errors import WrongFileError
    from rosetta_spec.version import __version__

__all__ = [
    "Diagnostic",
    "DocumentReport",
    "Report",
    "Settings",
    "Severity",
    "WrongFileError",
    "__version__",
    "check",
    "check_documents",
    "check_file",
    "settings_of",
]

_HOMES = {
    "rosetta_spec.api": ("check", "check_documents", "check_file"),
    "rosetta_spec.config.settings": ("Settings", "settings_of"),
    "rosetta_spec.diagnostic": ("Diagnostic", "Report", "Severity"),
    "rosetta_spec.engine.diagnostics": ("DocumentReport",),
    "rosetta_spec.errors": ("WrongFileError",),
    "rosetta_spec.version": ("__version__",),
}


def __getattr__(name: str) -> object:
    """Import a name when it is used, so that importing the package takes no time."""
    for home, names in _HOMES.items():
        if name in names:
            value: object = getattr(__import__(home, fromlist=[name]), name)
            return value
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
