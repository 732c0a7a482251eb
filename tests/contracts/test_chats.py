"""What every chat must do, run on each one that is found in bot/chats, unasked.

A platform that needs credentials has its peer in PEERS; one without an entry is judged as it is without any: it says in
one line how to turn it on, or it works.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot import registry, say
from bot.chats.slack import SlackSettings
from bot.chats.telegram import TelegramSettings
from bot.config import AdapterSettings, Settings
from bot.model import Button, Delivery, Destination
from bot.ports import Chat, Kit
from tests import fake_slack
from tests.fake_slack import FakeSlack
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.fakes import NOON

Peer = Callable[[], AbstractAsyncContextManager[tuple[AdapterSettings | None, str]]]


@asynccontextmanager
async def telegram() -> AsyncIterator[tuple[AdapterSettings | None, str]]:
    async with TestServer(FakeTelegram().application()) as server:
        base = str(server.make_url("/"))
        yield TelegramSettings(telegram_token=SecretStr(TOKEN), telegram_base_url=base), "42"


@asynccontextmanager
async def slack() -> AsyncIterator[tuple[AdapterSettings | None, str]]:
    async with FakeSlack() as server:
        settings = SlackSettings(
            slack_bot_token=SecretStr(server.bot_token),
            slack_app_token=SecretStr(server.app_token),
            slack_base_url=server.api,
        )
        yield settings, fake_slack.ROOM


PEERS: dict[str, Peer] = {"slack": slack, "telegram": telegram}


@pytest.mark.parametrize("name", registry.names("bot.chats"))
def test_without_credentials_it_works_or_says_in_one_line_how_to_connect(name: str, tmp_path: Path) -> None:
    found = registry.module("bot.chats", name).connect(Kit(settings=Settings(data=tmp_path), clock=lambda: NOON))
    if isinstance(found, str):
        assert found
        assert "\n" not in found
        assert len(found) < 160
    else:
        assert found.platform == name


@pytest.fixture(params=registry.names("bot.chats"))
async def chat(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Chat, Destination]]:
    peer = PEERS.get(request.param)
    async with peer() if peer else nobody() as (settings, chat_id):
        kit = Kit(settings=Settings(data=tmp_path).having(*([settings] if settings else [])), clock=lambda: NOON)
        made = registry.module("bot.chats", request.param).connect(kit)
        if isinstance(made, str):
            pytest.skip(f"{request.param} needs credentials, and PEERS has no peer for it")
        here = getattr(made, "here", Destination(platform=request.param, chat_id=chat_id))
        yield made, here
        await made.close()


@asynccontextmanager
async def nobody() -> AsyncIterator[tuple[AdapterSettings | None, str]]:
    yield None, "somewhere"


def delivery(to: Destination, number: int = 1) -> Delivery:
    message = say.message(
        say.title(say.Run(text="A headline", url="https://a.example/")),
        say.meta("Daily Courier · ", say.moment(NOON)),
        say.quote("The ", say.Run(text="hit", styles=("hit",)), " is marked. 🪖 <b>&amp; @everyone"),
        say.item("one"),
        say.code("a  b\n ^"),
        buttons=(
            Button(label="Why", command="why alert:0123456789abcdef"),
            Button(label="Open", url="https://a.example/"),
        ),
    )
    return Delivery(id=f"d{number}", destination=to, message=message, created_at=NOON)


async def test_each_message_has_an_id_of_its_own(chat: tuple[Chat, Destination]) -> None:
    made, here = chat
    ids = [await made.send(delivery(here, number)) for number in range(3)]
    assert all(ids)
    assert len(set(ids)) == 3


async def test_what_may_have_arrived_is_not_mistaken_for_another_message(chat: tuple[Chat, Destination]) -> None:
    made, here = chat
    first = delivery(here)
    message_id = await made.send(first)
    assert await made.lookup(first) in (message_id, "", None)
    assert not await made.lookup(delivery(here, 2))


async def test_a_plain_form_is_taken_too(chat: tuple[Chat, Destination]) -> None:
    made, here = chat
    assert await made.send(replace(delivery(here), plain=True))


async def test_a_message_can_be_changed_and_a_change_of_nothing_succeeds(chat: tuple[Chat, Destination]) -> None:
    made, here = chat
    first = delivery(here)
    edit = replace(first, kind="edit", message_id=await made.send(first))
    await made.edit(edit)
    await made.edit(replace(edit, message=say.message(say.text("changed"))))


async def test_listening_can_be_cancelled_and_begun_again(chat: tuple[Chat, Destination]) -> None:
    made, _ = chat

    async def handle(_: object) -> None:
        return

    for _ in range(2):
        task = asyncio.create_task(made.listen(handle))
        await asyncio.sleep(0.3)
        assert not task.done() or task.exception() is None
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_the_limits_are_real(chat: tuple[Chat, Destination]) -> None:
    made, _ = chat
    assert made.limits.per_second > 0
