"""The store for who thinks outside the writer thread: each question is a call of its own there, others go between."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from bot.core.archive.sieve import ArchiveVocabulary
from bot.pipeline.writer import Write
from bot.ports import Store

R = TypeVar("R")


def asking(store: Store, write: Write) -> Store:
    """A store to be read from another thread than the loop's. What it answers may change from one call to the next;
    what has to be one transaction is done in the writer thread itself.
    """
    return cast(Store, _Asking(store, write, asyncio.get_running_loop()))


class _Asking:
    def __init__(self, store: Store, write: Write, loop: asyncio.AbstractEventLoop) -> None:
        self._store = store
        self._write = write
        self._loop = loop

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name == "atomic":
            raise TypeError("outside the writer thread nothing is written, so there is no transaction")
        method = getattr(self._store, name)
        return lambda *args, **kwargs: self.ask(lambda: method(*args, **kwargs))

    def vocabulary(self) -> ArchiveVocabulary:
        """As the store's, and asked in the same way."""
        return _AskingVocabulary(self, self.ask(self._store.vocabulary))

    def ask(self, question: Callable[[], R]) -> R:
        """What the question is answered in the writer thread."""

        async def asked() -> R:
            return await self._write(question)

        return asyncio.run_coroutine_threadsafe(asked(), self._loop).result()


class _AskingVocabulary:
    def __init__(self, store: _Asking, vocabulary: ArchiveVocabulary) -> None:
        self._store = store
        self._vocabulary = vocabulary

    @property
    def size(self) -> int:
        return self._store.ask(lambda: self._vocabulary.size)

    def count(self, word: str) -> int:
        return self._store.ask(lambda: self._vocabulary.count(word))

    def words(self) -> Iterable[str]:
        return self._store.ask(lambda: list(self._vocabulary.words()))

    def spellings(self, *, start: str = "", inside: str = "") -> Iterable[tuple[str, str]]:
        return self._store.ask(lambda: list(self._vocabulary.spellings(start=start, inside=inside)))
