"""Slack over days: links that end, break and go deaf, tokens that are revoked, and what is never logged."""

import asyncio
import logging
import re

import pytest

from bot.errors import PermanentError
from tests.bot.slack_talk import BRISK, Ear, delivery, listening, peer
from tests.waiting import LONG


async def test_a_link_that_slack_takes_down_is_replaced_at_once() -> None:
    async with listening() as (server, _, ear):
        await server.disconnect()
        await server.acked(await server.push("slash_commands", server.slash("rules")))
        assert server.links == 2
        assert [command.text for command in ear.commands] == ["rules"]


async def test_what_is_under_way_is_acknowledged_before_the_link_is_given_up() -> None:
    async with listening() as (server, _, ear):
        ear.free.clear()
        envelope = await server.push("slash_commands", server.slash("rules"))
        await server.disconnect()
        ear.free.set()
        await server.acked(envelope)


async def test_a_link_that_breaks_is_made_again() -> None:
    async with listening() as (server, _, _ear):
        await server.cut()
        await server.acked(await server.push("slash_commands", server.slash("rules")))
        assert server.links == 2


@pytest.mark.parametrize("habit", ["answers_pings", "says_hello"])
async def test_a_deaf_link_is_noticed_and_rebuilt(habit: str) -> None:
    async with peer(timing=BRISK) as (server, chat):
        setattr(server, habit, False)
        task = asyncio.create_task(chat.listen(Ear()))
        await server.linked(1)
        setattr(server, habit, True)
        await server.linked(2)
        await server.heard()
        await server.acked(await server.push("slash_commands", server.slash("rules")))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_token_that_is_revoked_later_ends_listening_in_words() -> None:
    async with peer(timing=BRISK) as (server, chat):
        task = asyncio.create_task(chat.listen(Ear()))
        await server.heard()
        server.fail("auth.test", status=500)  # a bad moment is no reason
        await asyncio.sleep(0.5)
        assert not task.done()
        server.fail("auth.test", error="token_revoked")
        with pytest.raises(PermanentError, match="WATCHWORD_SLACK_BOT_TOKEN"):
            await asyncio.wait_for(task, LONG)


async def test_a_refused_send_has_the_token_looked_at_at_once() -> None:
    async with peer() as (server, chat):
        task = asyncio.create_task(chat.listen(Ear()))
        await server.heard()
        server.bot_token = "another"
        with pytest.raises(PermanentError, match="invalid_auth"):
            await chat.send(delivery())
        with pytest.raises(PermanentError, match="invalid_auth"):
            await asyncio.wait_for(task, LONG)


async def test_no_secret_is_logged_at_debug(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with listening() as (server, chat, _):
        payload = server.slash("rules")
        await server.acked(await server.push("slash_commands", payload))
        await chat.send(delivery(reply_handle=payload["response_url"]))
        await chat.edit(delivery(kind="edit", message_id=await chat.send(delivery())))
        server.fail("chat.postMessage", error="invalid_blocks")
        with pytest.raises(PermanentError):
            await chat.send(delivery())
        await server.cut()
        server.fail("apps.connections.open", status=500)
        await server.heard()
        assert "canary" not in repr(chat)
    logged = "\n".join([*(record.getMessage() for record in caplog.records), *capsys.readouterr()])
    assert "the Slack socket broke" in logged
    assert re.findall(r"canary[\w-]*", logged) == []
