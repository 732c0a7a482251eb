"""The Slack adapter against somebody else's idea of Slack: the emulator `emulate`, strict about permissions.

It has no Socket Mode, slash commands or buttons, and takes any token; those are tested against tests/fake_slack.py.
What it adds is a second opinion on the Web API's arguments, and that manifest.yaml's permissions suffice for them.
"""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import say
from bot.chats._slack_chat import SocketChat
from bot.chats._slack_web import Web
from bot.errors import PermanentError
from bot.model import Delivery, Destination
from tests.bot.slack_talk import CALM, HELLO, delivery
from tests.fakes import FakeClock
from tests.servers import free_port
from tests.waiting import LONG

pytestmark = pytest.mark.needs("emulate")

OURS, READER = "xoxb-canary-emulated", "xoxp-canary-reader"


def scopes(root: Path) -> list[str]:
    """The bot's scopes in manifest.yaml."""
    text = (root / "manifest.yaml").read_text(encoding="utf-8").partition("    bot:\n")[2].partition("settings:")[0]
    return re.findall(r"^ +- ([\w:.]+)", text, re.MULTILINE)


class Emulated:
    """The emulator, asked as a person who may read everything."""

    def __init__(self, api: str, session: aiohttp.ClientSession) -> None:
        self.api = api
        self._session = session

    async def ask(self, method: str, **arguments: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {READER}"}
        async with self._session.post(self.api + method, data=arguments, headers=headers) as answer:
            found: dict[str, Any] = await answer.json()
            assert found["ok"], found
            return found

    async def room(self) -> Destination:
        """The channel that everybody is in."""
        channels = (await self.ask("conversations.list"))["channels"]
        chat_id = next(one["id"] for one in channels if one["name"] == "newsroom")
        return Destination(platform="slack", chat_id=chat_id)

    async def person(self, name: str) -> str:
        return next(str(one["id"]) for one in (await self.ask("users.list"))["members"] if one["name"] == name)

    async def message(self, chat_id: str, ts: str) -> dict[str, Any]:
        messages = (await self.ask("conversations.history", channel=chat_id))["messages"]
        return next(one for one in messages if one["ts"] == ts)


@asynccontextmanager
async def emulator(root: Path, folder: Path) -> AsyncIterator[tuple[Emulated, SocketChat]]:
    seed = {
        "strict_scopes": True,
        "users": [{"name": "watchword"}, {"name": "boris"}],
        "channels": [{"name": "newsroom"}],
        "tokens": [
            {"token": OURS, "user": "watchword", "scopes": scopes(root)},
            {"token": READER, "user": "watchword"},
        ],
    }
    (folder / "seed.json").write_text(json.dumps({"slack": seed}), encoding="utf-8")
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        os.environ["WATCHWORD_TEST_EMULATE"],
        *("start", "--service", "slack", "--port", str(port), "--seed", str(folder / "seed.json")),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    web = Web(base_url=f"http://127.0.0.1:{port}/api/", bot_token=OURS)
    chat = SocketChat(web, FakeClock(), app_token="xapp-none", timing=CALM)
    try:
        async with aiohttp.ClientSession() as session:
            await answers(session, port)
            yield Emulated(f"http://127.0.0.1:{port}/api/", session), chat
    finally:
        await chat.close()
        process.kill()
        await process.wait()


async def answers(session: aiohttp.ClientSession, port: int) -> None:
    """Until the port does."""
    async with asyncio.timeout(LONG):
        while True:
            try:
                await session.get(f"http://127.0.0.1:{port}/")
                return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.1)


async def test_all_that_we_ask_is_allowed_and_understood(root: Path, tmp_path: Path) -> None:
    async with emulator(root, tmp_path) as (server, chat):
        room, boris = await server.room(), await server.person("boris")
        assert (await chat._web.who()).user_id == await server.person("watchword")
        assert not await chat._people.is_admin(boris, room.chat_id)

        ts = await chat.send(delivery(destination=room))
        posted = await server.message(room.chat_id, ts)
        assert posted["text"] == "Hello"
        assert [block["type"] for block in posted["blocks"]] == ["rich_text", "actions"]
        assert posted["metadata"]["event_payload"] == {"id": "d1"}

        reply = await chat.send(delivery(destination=replace(room, thread_id=ts)))
        replies = (await server.ask("conversations.replies", channel=room.chat_id, ts=ts))["messages"]
        assert [one["ts"] for one in replies] == [ts, reply]

        edit = delivery(say.message(say.text("Hello, +1 & <more>")), destination=room, kind="edit", message_id=ts)
        await chat.edit(edit)
        await chat.edit(edit)
        assert (await server.message(room.chat_id, ts))["text"] == "Hello, +1 &amp; &lt;more&gt;"


async def test_a_persons_direct_chat_is_found_again(root: Path, tmp_path: Path) -> None:
    async with emulator(root, tmp_path) as (server, chat):
        boris = await server.person("boris")
        direct = await chat._web.direct_chat(boris)
        ts = await chat.send(delivery(destination=Destination(platform="slack", chat_id=direct, user_id=boris)))
        edit: Delivery = delivery(
            say.message(say.text("New")), Destination(platform="slack", chat_id=boris), kind="edit", message_id=ts
        )
        await chat.edit(edit)
        assert (await server.message(direct, ts))["text"] == "New"


async def test_refusals_are_told_in_words(root: Path, tmp_path: Path) -> None:
    async with emulator(root, tmp_path) as (server, chat):
        room = await server.room()
        with pytest.raises(PermanentError, match="invite me") as told:
            await chat.send(delivery(destination=replace(room, chat_id="C0NOWHERE")))
        assert told.value.gone
        with pytest.raises(PermanentError, match="deleted"):
            await chat.edit(delivery(HELLO, destination=room, kind="edit", message_id="1700000000.000001"))
