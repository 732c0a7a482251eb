"""A workspace that had the app installed, and has it no longer."""

import asyncio
from pathlib import Path

import pytest

from bot.errors import PermanentError
from tests.bot.slack_many import ONE, TWO, many, of_team, place
from tests.bot.slack_talk import delivery
from tests.fake_slack import BOT_USER
from tests.house import House
from tests.waiting import eventually


async def test_an_uninstalled_workspace_is_heard_once_and_let_go(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        await here.install("T1", ONE)
        await here.install("T2", TWO)
        del here.slack.tokens[ONE]
        for kind, more in (("tokens_revoked", {"tokens": {"bot": [BOT_USER]}}), ("app_uninstalled", {})):
            assert await here.send(of_team("T1", here.slack.event(kind, **more))) == 200
        assert [(one.text, one.destination.workspace) for one in here.ear.commands] == [("uninstalled", "T1")]
        with pytest.raises(PermanentError, match="not installed"):
            await here.chat.send(delivery(destination=place("T1")))
        await here.chat.send(delivery(destination=place("T2")))


async def test_through_the_inbox_the_token_goes_with_the_rest(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        await here.install("T1", ONE)
        await here.install("T2", TWO)
        house = House(here.store, here.clock, chat=here.chat)  # type: ignore[arg-type]
        for team in ("T1", "T2"):
            await here.send(here.slack.slash("watch troops", team_id=team), form=True)
        del here.slack.tokens[ONE]
        await here.send(of_team("T1", here.slack.event("app_uninstalled")))
        for command in here.ear.commands:
            await house.pipeline.answer.receive(command)
        await house.settle()
        assert [rule.owner.workspace for rule in here.store.rules()] == ["T2"]
        assert here.store.sealed("slack").keys() == {"T2"}


async def test_what_was_being_sent_does_not_bring_a_workspace_back(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        await here.install("T1", ONE)
        house = House(here.store, here.clock, chat=here.chat)  # type: ignore[arg-type]
        here.store.put(delivery(destination=place("T1")))
        del here.slack.tokens[ONE]
        here.slack.holds_up = "chat.postMessage"
        sending = asyncio.create_task(house.pipeline.deliver.slots.idle())
        await eventually(lambda: here.slack.held_up, "a message under way")
        here.store.forget_workspace("slack", "T1")
        here.slack.go_on.set()
        await sending
        assert here.store.paused(place("T1")) == ""
        assert here.store.counts() == {}


async def test_an_old_event_does_not_delete_what_was_installed_since(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        await here.install("T1", "xoxb-canary-before")
        del here.slack.tokens["xoxb-canary-before"]
        await here.install("T1", ONE)
        assert await here.send(of_team("T1", here.slack.event("app_uninstalled"))) == 200
        here.slack.fail("auth.test", drop="before")
        assert await here.send(of_team("T1", here.slack.event("app_uninstalled"))) == 503  # Slack asks again
        assert here.ear.commands == []
        await here.chat.send(delivery(destination=place("T1")))
        assert here.slack.bearers[-1] == ONE


async def test_a_refused_token_pauses_its_chats_alone(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        await here.install("T1", ONE)
        await here.install("T2", TWO)
        del here.slack.tokens[ONE]
        with pytest.raises(PermanentError, match="install the app there again") as gone:
            await here.chat.send(delivery(destination=place("T1")))
        assert gone.value.gone
        await here.chat.send(delivery(destination=place("T2")))
