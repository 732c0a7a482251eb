"""Telegram, through python-telegram-bot: polling, with every update on disk before it is confirmed."""

import os
import re

from bot.errors import PermanentError
from bot.ports import Chat, Kit

HOW = "off. To connect: get a token from @BotFather and set WATCHWORD_TELEGRAM_TOKEN (docs/connect-telegram.md)."
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")


def connect(kit: Kit) -> Chat | str:
    """The adapter; how to turn it on when there is no token. Raises PermanentError for what cannot be a token."""
    if kit.settings.telegram_token is None:
        return HOW
    token = kit.settings.telegram_token.get_secret_value()
    if not _TOKEN.fullmatch(token):
        raise PermanentError(
            "WATCHWORD_TELEGRAM_TOKEN is not a bot's token: digits, a colon, letters. @BotFather shows it on /token."
        )
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # its durations as timedelta; read at each use
    from bot.chats._telegram_chat import Telegram  # the SDK takes 0.5 s to import

    return Telegram(token, kit.settings.telegram_base_url, kit.clock)
