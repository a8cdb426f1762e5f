"""Read bytes to plain values, or decline."""

from __future__ import annotations

from rosetta_spec.fast.formats import JSON, MAX_BYTES, Declined, format_of
from rosetta_spec.fast.json_value import read_json_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.fast.formats import Json


def read_values(data: bytes, format_: str | None) -> list[Json]:
    """Read the values of all documents of a JSON or YAML file; fractions are floats.

    Without a format, the text decides.

    Raises:
        Declined: the full reader has to read it.
    """
    content = _decoded(data).removeprefix("\ufeff")
    if format_of(content, format_) == JSON:
        return [read_json_value(content)]
    # JSON does not need it.
    from rosetta_spec.fast.yaml_lines import read_yaml_lines

    return read_yaml_lines(content)


def read_line_value(line: bytes) -> Json:
    """Read the value of a line of JSON Lines.

    Raises:
        Declined: the full reader has to read it.
    """
    return read_json_value(_decoded(line))


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise Declined
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Declined from None
