"""Many workspaces at a fake Slack."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.chats._slack_install import INSTALL, REDIRECT
from bot.chats._slack_many import Workspaces
from bot.model import Destination
from bot.ports import Store
from bot.vault import Vault, new_key
from tests.bot.slack_talk import CALM, Ear
from tests.fake_slack import BOT_USER, ROOM, FakeSlack, form_of
from tests.fakes import FakeClock
from tests.house import open_store, write_here
from tests.talk import Talk
from tests.waiting import LONG

KEY = new_key()
ONE, TWO = "xoxb-canary-token-of-one", "xoxb-canary-token-of-two"
STATE = re.compile(r"state=([0-9a-f-]+)")


@dataclass
class Many:
    """Many workspaces at a fake Slack, with the pages on a port."""

    slack: FakeSlack
    chat: Workspaces
    clock: FakeClock
    store: Store
    ear: Ear
    address: str
    browser: aiohttp.ClientSession

    async def begin(self) -> tuple[str, str]:
        """(state, cookie) of a browser that opened the page."""
        async with self.browser.get(self.address + INSTALL) as answer:
            assert answer.status == 200
            page, cookie = await answer.text(), answer.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "Secure" in cookie
        found = STATE.search(page)
        assert found
        return found[1], cookie.partition(";")[0]

    async def come_back(self, *, cookie: str = "", **query: str) -> tuple[int, str]:
        """What the browser sees where Slack sends it back to."""
        headers = {"Cookie": cookie} if cookie else {}
        async with self.browser.get(self.address + REDIRECT, params=query, headers=headers) as answer:
            return answer.status, await answer.text()

    async def install(self, team: str, token: str) -> tuple[int, str]:
        state, cookie = await self.begin()
        return await self.come_back(state=state, cookie=cookie, code=self.slack.code_for(team, token))

    async def send(self, payload: dict[str, object], *, form: bool = False) -> int:
        body = form_of(payload) if form else json.dumps(payload).encode()
        headers = self.slack.signed(body, self.clock().timestamp(), form=form)
        return (await self.chat.receive(headers, body))[0]


def chat_at(slack: FakeSlack, clock: FakeClock, store: Store, key: str = KEY) -> Workspaces:
    return Workspaces(
        base_url=slack.api,
        client_id=slack.client[0],
        client_secret=slack.client[1],
        signing_secret=slack.signing_secret,
        public_url="https://watchword.example",
        vault=Vault("slack", key, store, write_here),
        clock=clock,
        timing=CALM,
    )


@asynccontextmanager
async def listening(chat: Workspaces, ear: Ear) -> AsyncIterator[None]:
    task = asyncio.create_task(chat.listen(ear))
    try:
        await asyncio.wait_for(chat.ready.wait(), LONG)
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await chat.close()


@asynccontextmanager
async def many(folder: Path) -> AsyncIterator[Many]:
    store, clock, ear = open_store("sqlite", folder), FakeClock(), Ear()
    async with FakeSlack() as slack, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        chat = chat_at(slack, clock, store)
        async with listening(chat, ear), Talk().page(receivers=[chat], token="a password of the page") as address:
            yield Many(slack, chat, clock, store, ear, address, browser)
    store.close()


def place(team: str) -> Destination:
    return Destination(platform="slack", workspace=team, chat_id=ROOM)


def of_team(team: str, event: dict[str, object]) -> dict[str, object]:
    """As it came from another workspace."""
    return {**event, "team_id": team, "authorizations": [{"team_id": team, "user_id": BOT_USER, "is_bot": True}]}
