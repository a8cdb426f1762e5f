"""The options of every command that reads configuration files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--config` and `--isolated` to a command."""
    for option in reversed((_CONFIG, _ISOLATED)):
        command = option(command)
    return command


def _only_one(
    context: click.Context,
    parameter: click.Parameter,
    value: Any,  # noqa: ANN401 - a path or a flag
) -> Any:  # noqa: ANN401
    """Refuse the second of the two options."""
    given: list[str] = context.meta.setdefault(__name__, [])
    if value:
        given.append(parameter.opts[0])
    if len(given) > 1:
        message = "--config and --isolated exclude each other; remove one of them"
        raise click.UsageError(message)
    return value


_CONFIG = click.option(
    "--config",
    metavar="FILE",
    callback=_only_one,
    help="Use this configuration file for every file, instead of the closest one.",
)
_ISOLATED = click.option(
    "--isolated",
    "is_isolated",
    is_flag=True,
    callback=_only_one,
    help="Use no configuration file.",
)
