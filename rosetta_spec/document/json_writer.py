"""Write plain JSON as text: letters as they are, and every number as the decimal that it is."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.plain import Json

_WORDS = {True: "true", False: "false", None: "null"}


def json_text(value: Json) -> str:
    """Write a value on one line, with a blank after each colon and comma."""
    if isinstance(value, str):
        return json_string(value)
    if isinstance(value, dict):
        members = (f"{json_string(key)}: {json_text(item)}" for key, item in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(json_text, value))}]"
    return _WORDS[value] if value is None or isinstance(value, bool) else str(value)


def indented_json(value: Json, indent: str = "") -> str:
    """Write a value on rows of two blanks each, `indent` before all of them but the first."""
    inner = f"{indent}  "
    if isinstance(value, dict) and value:
        pairs = (f"{json_string(key)}: {indented_json(item, inner)}" for key, item in value.items())
        return "{\n" + ",\n".join(f"{inner}{pair}" for pair in pairs) + f"\n{indent}}}"
    if isinstance(value, list | tuple) and value:
        items = (f"{inner}{indented_json(item, inner)}" for item in value)
        return "[\n" + ",\n".join(items) + f"\n{indent}]"
    return json_text(value)


def json_string(text: str) -> str:
    """Write a string in quotes, with escapes only where JSON needs them."""
    try:
        # The function of the `json` package, without the rest of it, which loads slowly.
        from _json import encode_basestring  # noqa: PLC0415 - not every Python has it
    except ImportError:
        from json.encoder import encode_basestring  # noqa: PLC0415
    return encode_basestring(text)
