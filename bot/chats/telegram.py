"""Telegram, through python-telegram-bot: polling, with every update on disk before it is confirmed."""

import os
import re

from pydantic import Field, SecretStr

from bot.config import AdapterSettings
from bot.errors import PermanentError
from bot.ports import Chat, Kit
from bot.proxies import proxy_for

HOW = "off. To connect: get a token from @BotFather and set WATCHWORD_TELEGRAM_TOKEN (docs/connect-telegram.md)."
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")


class TelegramSettings(AdapterSettings):
    """What the operator can set."""

    telegram_token: SecretStr | None = Field(None, description="Token of the Telegram bot, from @BotFather.")
    telegram_base_url: str = Field("https://api.telegram.org", description="Another Bot API server.")


def connect(kit: Kit) -> Chat | str:
    """The adapter; how to turn it on when there is no token. Raises PermanentError for what cannot be a token."""
    settings = kit.settings.of(TelegramSettings)
    if settings.telegram_token is None:
        return HOW
    token = settings.telegram_token.get_secret_value()
    if not _TOKEN.fullmatch(token):
        raise PermanentError(
            "WATCHWORD_TELEGRAM_TOKEN is not a bot's token: digits, a colon, letters. @BotFather shows it on /token."
        )
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # its durations as timedelta; read at each use
    from bot.chats._telegram_chat import Telegram  # the SDK takes 0.5 s to import

    return Telegram(
        token,
        settings.telegram_base_url,
        kit.clock,
        proxy=proxy_for(kit.settings, settings.telegram_base_url),
    )
