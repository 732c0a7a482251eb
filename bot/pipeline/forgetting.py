"""Forgets workspaces that uninstalled the app, and chats that removed the bot, once they had time to take it back."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.core.archive.keeping import forget_before
from bot.model import Destination
from bot.pipeline.writer import Write
from bot.ports import Store
from bot.ports.farewell import tell_subscribers

log = structlog.get_logger(__name__)

REMOVED_AFTER = timedelta(days=30)


async def forget_removed(store: Store, write: Write, now: datetime, after: timedelta) -> None:
    """All that belongs to chats that have been without the bot for so long. By what the archive has seen pass, not by
    the clock alone: one that is set months ahead must not empty the chats that were left yesterday.
    """
    days = await write(store.days_seen)
    for chat in await write(store.removed_before, forget_before(now, after, days)):
        await write(_forget, store, chat, now)


def forget_workspace(store: Store, platform: str, workspace: str, now: datetime) -> None:
    """All that belongs to a workspace. Inside a transaction."""
    tell_subscribers(store, lambda place: (place.platform, place.workspace) == (platform, workspace), now)
    store.forget_workspace(platform, workspace)


def _forget(store: Store, chat: Destination, now: datetime) -> None:
    """One chat, with a line in the log that says what went. In the writer thread."""
    with store.atomic():
        tell_subscribers(store, lambda place: replace(place, thread_id="").key == chat.key, now)
        counts = store.forget_destination(chat)
    what = ", ".join(f"{number:,} {words}" for words, number in sorted(counts.items())) or "nothing was kept of it"
    log.warning("a chat that removed the bot was forgotten", platform=chat.platform, deleted=what)
