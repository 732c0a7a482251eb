"""Telegram, through python-telegram-bot: polling, with every update on disk before it is confirmed."""

import os

from bot.ports import Chat, Kit

HOW = "off. To connect: get a token from @BotFather and set WATCHWORD_TELEGRAM_TOKEN (docs/connect-telegram.md)."


def connect(kit: Kit) -> Chat | str:
    """The adapter; how to turn it on when there is no token."""
    if kit.settings.telegram_token is None:
        return HOW
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # its durations as timedelta; read at each use
    from bot.chats._telegram_chat import Telegram  # the SDK takes 0.5 s to import

    return Telegram(kit.settings.telegram_token.get_secret_value(), kit.settings.telegram_base_url, kit.clock)
