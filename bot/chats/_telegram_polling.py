"""Asking Telegram for updates."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError

from bot.chats._telegram_errors import translated
from bot.chats._telegram_lanes import Lanes
from bot.errors import PermanentError, TransientError

log = structlog.get_logger(__name__)

WAIT = timedelta(seconds=10)  # Telegram holds the question for so long
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(seconds=30)
UPDATES = [Update.MESSAGE, Update.CHANNEL_POST, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]


async def poll(bot: Bot, token: str, take: Callable[[Update], Awaitable[None]]) -> None:
    """Until cancelled. Only what `take` has returned from is confirmed.

    `telegram.ext.Updater` is not used: it confirms whole batches, closes the bot that others send with, and when the
    token is revoked its task ends and tells nobody. Raises PermanentError when the token is refused.
    """
    lanes = Lanes(take)
    try:
        await _poll(bot, token, lanes)
    finally:
        await lanes.stop()


async def _poll(bot: Bot, token: str, lanes: Lanes) -> None:
    pause = FIRST_PAUSE
    may_ask = False
    while True:
        try:
            may_ask = may_ask or await bot.delete_webhook()  # Telegram answers no questions while there is one
            wait = timedelta() if lanes.is_busy else WAIT
            await lanes.add(await bot.get_updates(offset=lanes.offset(), timeout=wait, allowed_updates=UPDATES))
            await lanes.wait()
            pause = FIRST_PAUSE
            continue
        except TelegramError as error:
            meant = translated(error, token)
            if isinstance(error, InvalidToken) and isinstance(meant, PermanentError):
                raise meant from None
            log.warning("asking Telegram for updates failed", error=str(meant))
            asked = meant.retry_after if isinstance(meant, TransientError) else None
        except Exception as error:
            log.exception("an update could not be kept; it is fetched again", error=type(error).__name__)
            asked = None
        await asyncio.sleep((asked or pause).total_seconds())
        pause = min(2 * pause, LONGEST_PAUSE)
