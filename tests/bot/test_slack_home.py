"""Slack's App Home: what is shown to whom, what its buttons do, that nobody waits for it."""

from pathlib import Path

import pytest

from bot import say
from bot.chats._slack_views import MOST_BLOCKS, home_view
from bot.model import Button, Destination, HomeLine, HomePart
from tests import slack_rules
from tests.bot.slack_house import HOME_OPENED, slack_house, texts
from tests.fake_slack import ANNA, ANNAS, BORIS, ROOM, TEAM
from tests.waiting import eventually

ANNAS_CHAT = Destination(platform="slack", workspace=TEAM, chat_id=ANNA, user_id=ANNA)


async def test_a_home_shows_what_is_its_persons_and_nothing_of_others(tmp_path: Path) -> None:
    async with slack_house(tmp_path) as at:
        assert 'None yet. For example: watch "troop deployment" AND Ukraine' in await at.home()
        await at.hear("events_api", at.slack.direct("watch drought topic:dry"))
        await at.hear("events_api", at.slack.direct("mute dry for 2h"))
        await at.hear("slash_commands", at.slack.slash("watch troops topic:war", user_id=ANNA))
        await at.hear("slash_commands", at.slack.slash("settings members on", user_id=ANNA))
        await at.hear("slash_commands", at.slack.slash("watch secret topic:plan", user_id=BORIS))
        shown = await at.home()
        assert "1 “dry”: drought" in shown
        assert "1 “war”: troops" in shown
        assert [text for text in shown if text.startswith("topic “dry” until Mon 02 Mar 2026, 14:00 UTC")]
        assert not [text for text in shown if "secret" in text]
        rich = [block for block in at.slack.homes[ANNA]["blocks"] if block["type"] == "rich_text"]
        assert [block["elements"][0]["elements"][1] for block in rich] == [{"type": "channel", "channel_id": ROOM}]


async def test_a_press_acts_in_the_direct_chat_and_the_home_is_shown_anew(tmp_path: Path) -> None:
    async with slack_house(tmp_path) as at:
        await at.hear("events_api", at.slack.direct("watch drought topic:dry"))
        await at.hear("events_api", at.slack.direct("mute dry for 2h"))
        await at.home()
        before = len(at.slack.said())
        await at.hear("interactive", at.slack.press_at_home("Unmute"))
        assert [(one["channel"], one["text"].splitlines()[0]) for one in at.slack.said()[before:]] == [
            (ANNA, "Unmuted: topic “dry”. You hear of it from the next report on.")
        ]
        await eventually(lambda: "Nothing is muted." in texts(at.slack.homes[ANNA]), "the Home anew")


async def test_a_home_is_acknowledged_before_it_is_made_and_a_refused_one_harms_nothing(tmp_path: Path) -> None:
    async with slack_house(tmp_path) as at:
        at.slack.fail("views.publish", error="not_enabled")
        await at.hear("events_api", at.slack.event("app_home_opened", user=ANNA, **HOME_OPENED))
        await eventually(lambda: at.slack.said("views.publish (failed)"), "the refusal")
        await at.hear("events_api", at.slack.event("app_home_opened", user=ANNA, tab="messages", channel=ANNAS))
        assert "Watchword" in await at.home()
        assert len(at.slack.said("views.publish")) == 1  # not for the tab of messages


@pytest.mark.parametrize("mark", ["", "in::", "out:C0ROOM::1", "in"])
async def test_a_press_without_a_place_is_no_command(tmp_path: Path, mark: str) -> None:
    async with slack_house(tmp_path) as at:
        await at.home()
        press = at.slack.press_at_home("Help")
        press["actions"][0]["block_id"] = mark
        await at.hear("interactive", press)
        assert at.slack.said() == []


def test_the_fullest_home_is_one_that_slack_takes() -> None:
    text = say.item("<!channel> " + "x" * 5_000)
    rooms = [Destination(platform="slack", workspace=TEAM, chat_id=f"C{number}") for number in range(60)]
    lines = tuple(HomeLine(block=text, here=room, button=Button(label="y" * 90, command="edit 1")) for room in rooms)
    view = home_view([HomePart(title="z" * 200, lines=lines, note=text)] * 2, ANNAS_CHAT)
    assert slack_rules.view_faults(view) == []
    assert len(view["blocks"]) == MOST_BLOCKS
