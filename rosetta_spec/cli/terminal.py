"""What standard output can show: colours, links, a width."""

from __future__ import annotations

import os
import sys

from rosetta_spec.reporters.style import Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: Environment variables that only terminals with hyperlinks (OSC 8) set.
_LINKING = ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "VTE_VERSION", "FORCE_HYPERLINK")

#: Terminals with hyperlinks that name themselves in TERM_PROGRAM.
_LINKING_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby")


def style_of_stdout(color: str) -> Style:
    """Return the style for standard output; `color` is `auto`, `always` or `never`.

    With `auto`, NO_COLOR forbids colours and FORCE_COLOR asks for them (an empty value is none);
    else a terminal has them and anything else has not.
    """
    is_terminal = sys.stdout.isatty()
    has_color = wants_color(color, is_terminal=is_terminal, environment=os.environ)
    width = _width_of_terminal() if is_terminal else Style().width
    has_links = is_terminal and has_color and _has_links(os.environ)
    return Style(color=has_color, links=has_links, width=width)


def _width_of_terminal() -> int:
    import shutil  # noqa: PLC0415 - a slow import, and hooks and CI have no terminal

    return shutil.get_terminal_size(fallback=(Style().width, 24)).columns


def wants_color(color: str, *, is_terminal: bool, environment: Mapping[str, str]) -> bool:
    """Decide on colours: what was asked for beats the environment, and that beats the terminal."""
    if color != "auto":
        return color == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return is_terminal and environment.get("TERM") != "dumb"


def _has_links(environment: Mapping[str, str]) -> bool:
    return any(environment.get(name) for name in _LINKING) or (
        environment.get("TERM_PROGRAM") in _LINKING_PROGRAMS
    )
