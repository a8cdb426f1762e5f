"""A text that nobody is to see: whatever shows it shows that it is hidden."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn

#: What is shown in place of a secret.
HIDDEN = "[hidden]"


class Secret:
    """Holds a text and gives it only to whoever asks for it by `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce__(self) -> NoReturn:
        message = "a secret is not to be written anywhere"
        raise TypeError(message)


def without(text: str, hidden: Iterable[Secret]) -> str:
    """Take what nobody is to see out of a text that comes from elsewhere."""
    for secret in hidden:
        text = text.replace(secret.reveal(), HIDDEN)
    return text
