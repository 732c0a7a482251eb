"""Rules that were paused until a time alert again."""

from bot.pipeline.writer import Write
from bot.ports import Clock, RuleStore

AT_ONCE = 100  # rules of one transaction


class Resuming:
    """Looks at each tick for pauses that are over."""

    def __init__(self, store: RuleStore, write: Write, clock: Clock) -> None:
        self._store = store
        self._write = write
        self._clock = clock

    async def tick(self) -> None:
        """Before anything is matched."""
        while await self._write(self._store.resume_rules, self._clock(), limit=AT_ONCE) == AT_ONCE:
            pass
