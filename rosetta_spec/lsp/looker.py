"""A thread that looks at texts, so that the editor's messages are read meanwhile."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from rosetta_spec.lsp.desk import Desk, Look, defect_look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from rosetta_spec.config.settings import Overrides
    from rosetta_spec.lsp.open_text import OpenText

    Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)


class Looker:
    """Does one thing after the other, at a desk of its own.

    `due` are the URIs of texts that it is to look at, and `telling` goes through them.
    """

    def __init__(self, overrides: Overrides, today: Callable[[], str]) -> None:
        self._desk = Desk(overrides, today)
        self._thread = ThreadPoolExecutor(1)
        self.due: set[str] = set()
        self.telling: asyncio.Task[None] | None = None

    async def do(self, work: Callable[..., Answer], text: OpenText, *arguments: object) -> Answer:
        """Return what `work` gives for its desk, a text and more."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, work, self._desk, text, *arguments)

    async def look(self, text: OpenText) -> Look:
        """Look at a text; a slip of ours is told in the log and in the text, and stops nothing."""
        (look,) = await asyncio.gather(self.do(Desk.look, text), return_exceptions=True)
        if isinstance(look, Look):
            return look
        _log.error("%s cannot be looked at", text.uri, exc_info=look)
        return defect_look(look)

    def stop(self) -> None:
        """Do nothing more, and wait for nothing."""
        self._thread.shutdown(wait=False, cancel_futures=True)
