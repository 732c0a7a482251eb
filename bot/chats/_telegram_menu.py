"""Telling Telegram what can be typed, and what the bot is: its menus, its button, its descriptions.

The bot's name is its owner's, as is a description that is not in our words: both stay as they are.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
    MenuButtonCommands,
)
from telegram.constants import MenuButtonType
from telegram.error import RetryAfter, TelegramError

from bot import registry
from bot.chats import _telegram_words as words
from bot.chats._telegram_errors import translated

log = structlog.get_logger(__name__)

# A narrower list that another program left behind would hide ours: each is set.
SCOPES: tuple[BotCommandScope, ...] = (
    BotCommandScopeDefault(),
    BotCommandScopeAllPrivateChats(),
    BotCommandScopeAllGroupChats(),
    BotCommandScopeAllChatAdministrators(),
)
MOST_COMMANDS = 100
MOST_PAUSES = 3
LONGEST_PAUSE = timedelta(minutes=10)
_VERB = re.compile(r"[a-z0-9_]{1,32}")

Step = Callable[[], Awaitable[object]]


async def announce(bot: Bot, token: str) -> None:
    """Set what differs. Without it everything works all the same: what Telegram refuses is logged."""
    pauses = 0
    for step in _steps(bot):
        while True:
            try:
                await step()
                break
            except RetryAfter as error:
                pause = error.retry_after
                pause = pause if isinstance(pause, timedelta) else timedelta(seconds=pause)
                pauses += 1
                if pauses > MOST_PAUSES or pause > LONGEST_PAUSE:
                    log.warning("Telegram's menu is set at the next start", error=str(translated(error, token)))
                    return
                await asyncio.sleep(pause.total_seconds())
            except TelegramError as error:
                log.warning("a part of Telegram's menu was not set", error=str(translated(error, token)))
                break


def _steps(bot: Bot) -> list[Step]:
    """The menus come first: Telegram takes few changes of descriptions."""
    steps: list[Step] = [
        lambda scope=scope, language=language: _menu(bot, scope, language)  # type: ignore[misc]
        for language in words.LANGUAGES
        for scope in SCOPES
    ]
    steps.append(lambda: _button(bot))
    for language in words.LANGUAGES:
        steps.append(lambda language=language: _description(bot, language))  # type: ignore[misc]
        steps.append(lambda language=language: _short_description(bot, language))  # type: ignore[misc]
    return steps


def menu(scope: BotCommandScope, language: str) -> tuple[BotCommand, ...]:
    """The commands that Telegram shows there, in that language."""
    known = {
        name: str(summary)
        for name, module in registry.modules("bot.commands")
        if (summary := getattr(module, "SUMMARY", "")) and _VERB.fullmatch(name)
    }
    listed = [name for name in words.MENU if name in known]
    if not language:
        listed += [name for name in known if name not in words.MENU]
    if isinstance(scope, BotCommandScopeAllGroupChats):
        listed = [name for name in listed if name not in words.FOR_ADMINS]
    at = words.LANGUAGES.index(language)
    said = {name: (words.MENU[name][at] if name in words.MENU else "") or known[name] for name in listed}
    return tuple(BotCommand(name, text[:256]) for name, text in list(said.items())[:MOST_COMMANDS])


async def _menu(bot: Bot, scope: BotCommandScope, language: str) -> None:
    ours = menu(scope, language)
    if await bot.get_my_commands(scope=scope, language_code=language or None) != ours:
        await bot.set_my_commands(ours, scope=scope, language_code=language or None)


async def _button(bot: Bot) -> None:
    """The button that opens the menu, unless the owner made one that opens something else."""
    if (await bot.get_chat_menu_button()).type == MenuButtonType.DEFAULT:
        await bot.set_chat_menu_button(menu_button=MenuButtonCommands())


async def _description(bot: Bot, language: str) -> None:
    there = (await bot.get_my_description(language_code=language or None)).description
    if _may_replace(there, words.DESCRIPTION, language):
        await bot.set_my_description(words.DESCRIPTION[language], language_code=language or None)


async def _short_description(bot: Bot, language: str) -> None:
    there = (await bot.get_my_short_description(language_code=language or None)).short_description
    if _may_replace(there, words.SHORT, language):
        await bot.set_my_short_description(words.SHORT[language], language_code=language or None)


def _may_replace(there: str, ours: Mapping[str, str], language: str) -> bool:
    """Whether it is to be set: it is empty, or in other words of ours. Where a language has none, Telegram gives the
    English ones.
    """
    return there != ours[language] and (not there or there in ours.values() or there in words.FORMER)
