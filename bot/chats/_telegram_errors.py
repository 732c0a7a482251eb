"""What Telegram's refusals mean to us."""

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import PermanentError, TransientError, UnknownOutcome, WatchwordError

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_GONE = (
    "chat not found", "user is deactivated", "bot was kicked", "bot was blocked", "group chat was deleted",
    "not enough rights to send", "have no rights to send", "need administrator rights", "chat_write_forbidden",
    "bot is not a member",
)  # fmt: skip
WRONG_TOKEN = "Telegram refuses the token. Get the right one from @BotFather (/token) and set WATCHWORD_TELEGRAM_TOKEN."


def told(error: TelegramError, token: str) -> WatchwordError:
    """The same as one of ours. The token is in the addresses that httpx names: it is cut out."""
    words = str(error).replace(token, "[secret]")
    if isinstance(error, RetryAfter):
        pause = error.retry_after
        return TransientError(words, retry_after=pause if isinstance(pause, timedelta) else timedelta(seconds=pause))
    if isinstance(error, InvalidToken):
        return PermanentError(WRONG_TOKEN)
    if isinstance(error, ChatMigrated):
        return TransientError("the group became a supergroup with another id")
    if isinstance(error, Forbidden):
        return PermanentError(f"Telegram says: {words}", gone=True)
    if isinstance(error, BadRequest):
        return PermanentError(f"Telegram says: {words}", gone=any(one in words.lower() for one in _GONE))
    if isinstance(error, Conflict):
        return TransientError(f"another program uses this bot's token: {words}")
    if isinstance(error, NetworkError):
        cause = error.__cause__
        if cause is None or isinstance(cause, _NEVER_LEFT):  # without a cause it is an answer: Telegram's own fault
            return TransientError(f"Telegram cannot be reached: {words}")
        return UnknownOutcome(f"the connection to Telegram broke: {words}")
    return PermanentError(f"Telegram says: {words}")
