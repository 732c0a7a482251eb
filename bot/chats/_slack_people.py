"""Who may change what a channel shares: the workspace's admins and owners, and whoever made the channel."""

import asyncio
from datetime import datetime, timedelta

from bot.chats._slack_web import Web
from bot.errors import WatchwordError
from bot.ports import Clock

KEPT = timedelta(seconds=60)
PATIENCE = 2.0  # seconds: the command must be acknowledged within three
MOST_KEPT = 1_000


class People:
    """Answers from memory for a minute. When Slack does not answer, nobody is an admin, and that is not remembered."""

    def __init__(self, web: Web, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[datetime, bool]] = {}

    async def is_admin(self, user_id: str, channel_id: str) -> bool:
        """Whether the person may change what everyone in the channel gets."""
        now = self._clock()
        until, admin = self._known.get((user_id, channel_id), (now, False))
        if now < until <= now + KEPT:  # later: asked while the clock was ahead
            return admin
        try:
            async with asyncio.timeout(PATIENCE):
                admin = await self._ask(user_id, channel_id)
        except (WatchwordError, TimeoutError):
            return False
        if len(self._known) >= MOST_KEPT:
            self._known = {key: known for key, known in self._known.items() if now < known[0]}
        if len(self._known) < MOST_KEPT:
            self._known[user_id, channel_id] = (now + KEPT, admin)
        return admin

    async def _ask(self, user_id: str, channel_id: str) -> bool:
        person = await self._web.user(user_id)
        if any(person.get(role) is True for role in ("is_admin", "is_owner", "is_primary_owner")):
            return True
        return (await self._web.channel(channel_id)).get("creator") == user_id
