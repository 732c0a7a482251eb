"""What Telegram's refusals mean to us, and keeping the bot's token out of words and logs."""

import logging
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

WRONG_TOKEN = "Telegram refuses the token. Get the right one from @BotFather (/token) and set WATCHWORD_TELEGRAM_TOKEN."
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
_GONE = (
    "chat not found", "user is deactivated", "bot was kicked", "bot was blocked", "group chat was deleted",
    "group chat was deactivated", "not enough rights to send", "have no rights to send", "need administrator rights",
    "chat_write_forbidden", "chat_restricted", "chat_admin_required", "channel_private", "peer_id_invalid",
    "bot is not a member",
)  # fmt: skip
_MISSING = ("message to edit not found", "message can't be edited", ": message_id_invalid")  # no form of it will do
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid", "topic closed")
_LOGGERS = ("httpx", "httpcore", "telegram.Bot", "telegram.request.BaseRequest", "telegram.request.HTTPXRequest")


def translated(error: TelegramError, token: str) -> WatchwordError:
    """The same as one of ours, without the token, which is in the addresses that httpx names."""
    words = str(error).replace(token, "[secret]")
    if isinstance(error, RetryAfter):
        pause = error.retry_after
        return TransientError(words, retry_after=pause if isinstance(pause, timedelta) else timedelta(seconds=pause))
    if isinstance(error, ChatMigrated):
        return TransientError("the group became a supergroup with another id")
    if _is_not_json(error):  # a proxy, a gateway, a sign-in page
        return TransientError(f"something that is not Telegram answers at its address: {words[:200]}")
    if isinstance(error, InvalidToken):
        return PermanentError(WRONG_TOKEN)
    if isinstance(error, Forbidden):
        return PermanentError(f"Telegram says: {words}", gone=True)
    if isinstance(error, BadRequest):
        return PermanentError(f"Telegram says: {words}", gone=_has(words, _GONE), missing=_has(words, _MISSING))
    if isinstance(error, Conflict):
        return TransientError(f"another program uses this bot's token: {words}")
    return _broken(error, words)


def _has(words: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in words.lower() for phrase in phrases)


def _is_not_json(error: BaseException | None) -> bool:
    """Whether an answer of 4xx or 5xx was in a form that Telegram does not use."""
    cause = error.__cause__ if error is not None else None
    return type(cause) is TelegramError or (isinstance(cause, InvalidToken) and _is_not_json(cause))


def _broken(error: TelegramError, words: str) -> WatchwordError:
    """The link's fault: did the request leave?"""
    if not isinstance(error, NetworkError):  # an answer of 200 that nobody can read: the message may well be there
        return UnknownOutcome(f"Telegram's answer cannot be read: {words}")
    if error.__cause__ is None:  # an answer of 5xx, in Telegram's own form
        return TransientError(f"Telegram has a fault: {words}")
    if isinstance(error.__cause__, _NEVER_LEFT):
        return TransientError(f"Telegram cannot be reached: {words}")
    return UnknownOutcome(f"the connection to Telegram broke: {words}")


def is_unchanged(error: TelegramError) -> bool:
    """Whether an edit was refused because the message reads so already."""
    return "message is not modified" in str(error).lower()


def has_no_topic(error: WatchwordError) -> bool:
    """Whether a message was refused because its topic is closed or gone."""
    return _has(str(error), _NO_TOPIC)


def is_about_reply(error: str) -> bool:
    """Whether a message was refused because of the one that it answers."""
    return _has(error, ("repl", "quote_text"))


class Discreet(logging.Filter):
    """Takes the token out of what the libraries log, whoever handles it; `watch` and `leave` go in pairs."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def watch(self) -> None:
        """From now on."""
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self)

    def leave(self) -> None:
        """No more."""
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """True, always: the record is kept, the token is not."""
        if self._token in (words := record.getMessage()):
            record.msg, record.args = words.replace(self._token, "[secret]"), ()
        return True
