"""A whole Watchword in memory, at a fake Slack over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.chats._slack_chat import SocketChat
from bot.chats._slack_web import Web
from tests import slack_rules
from tests.bot.slack_talk import CALM
from tests.fake_slack import ANNA, ANNAS, FakeSlack
from tests.fakes import FakeClock
from tests.house import House, open_store
from tests.waiting import eventually

HOME_OPENED = {"tab": "home", "channel": ANNAS}


@dataclass
class SlackHouse:
    """A whole Watchword at a fake Slack."""

    slack: FakeSlack
    house: House

    async def hear(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send it, and let everything settle; what it was acknowledged with."""
        reply = await self.slack.acked(await self.slack.push(kind, payload))
        await self.house.settle()
        return reply

    async def home(self, user: str = ANNA) -> list[str]:
        """The person's App Home, opened anew, as its texts."""
        self.slack.homes.pop(user, None)
        await self.hear("events_api", self.slack.event("app_home_opened", user=user, **HOME_OPENED))
        await eventually(lambda: user in self.slack.homes, "a Home")
        return texts(self.slack.homes[user])


def texts(view: dict[str, Any]) -> list[str]:
    return [*slack_rules.texts(view["blocks"])]


@asynccontextmanager
async def slack_house(folder: Path, kind: str = "memory") -> AsyncIterator[SlackHouse]:
    store, clock = open_store(kind, folder), FakeClock()
    async with FakeSlack() as slack:
        web = Web(base_url=slack.api, bot_token=slack.bot_token)
        chat = SocketChat(web, clock, app_token=slack.app_token, timing=CALM)
        house = House(store, clock, chat=chat)  # type: ignore[arg-type]
        listening = asyncio.create_task(chat.listen(house.pipeline.answer.receive))
        await slack.heard()
        try:
            yield SlackHouse(slack, house)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await chat.close()
            store.close()
