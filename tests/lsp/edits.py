"""Changes of a document as a client sends them, and a simple implementation of them."""


def at(line, character):
    return {"line": line, "character": character}


def between(start, end, text=""):
    """The change that replaces the text between two positions."""
    return {"range": {"start": start, "end": end}, "text": text}


def spliced(source, change, encoding="utf-16"):
    """The text after a change."""
    if "range" not in change:
        return change["text"]
    start, end = (offset_of(source, change["range"][edge], encoding) for edge in ("start", "end"))
    return source[:start] + change["text"] + source[end:]


def offset_of(source, position, encoding):
    line, units = position["line"], position["character"]
    starts = [0]
    for index, character in enumerate(source):
        is_end = character == "\n" or (character == "\r" and source[index + 1 : index + 2] != "\n")
        starts += [index + 1] if is_end else []
    if line >= len(starts):
        return len(source)
    offset = starts[line]
    while offset < len(source) and source[offset] not in "\r\n":
        size = len(source[offset].encode(f"{encoding}-le")) // {"utf-16": 2, "utf-32": 4}[encoding]
        if units < size:
            break
        units -= size
        offset += 1
    return offset
