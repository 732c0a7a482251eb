"""Slack's window for a rule: shortcuts open it, typing shows a preview, sending it is a command like a typed one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.chats._slack_draft import Draft, draft_of, proposed, rule_view
from bot.chats._slack_rule_window import NEW_RULE, WATCH_FOR_THIS
from bot.model import Destination
from tests import slack_rules
from tests.bot.slack_house import SlackHouse, slack_house, texts
from tests.bot.slack_talk import IN_ROOM
from tests.fake_slack import ANNA, BORIS, ROOM, TEAM
from tests.waiting import eventually

ANNAS_CHAT = Destination(platform="slack", workspace=TEAM, chat_id=ANNA, user_id=ANNA)


async def window(at: SlackHouse, payload: dict[str, Any], ready: Callable[[dict[str, Any]], bool]) -> str:
    """The window that a press opens, once it is `ready`; its id."""
    before = set(at.slack.modals)
    assert "payload" not in await at.hear("interactive", payload)
    await eventually(lambda: any(ready(at.slack.modals[new]) for new in set(at.slack.modals) - before), "the window")
    return next(iter(set(at.slack.modals) - before))


async def new_rule(at: SlackHouse, user: str = ANNA) -> str:
    return await window(at, at.slack.shortcut(NEW_RULE, user=user), bool)


def rules(at: SlackHouse, where: Destination) -> list[tuple[str, str]]:
    channels = at.house.store.subscriptions(where)
    return [(rule.topic, rule.text) for channel in channels for rule in at.house.store.rules(channel.id)]


async def test_a_message_is_proposed_as_a_rule_with_its_preview(tmp_path: Path) -> None:
    async with slack_house(tmp_path) as at:
        message = "Drought &amp; floods: (C++?) in <https://spain.example|Spain>\nmore below"
        press = at.slack.shortcut(WATCH_FOR_THIS, message=message, channel=ROOM)
        view_id = await window(at, press, lambda view: len(view["blocks"]) > 3)
        view = at.slack.modals[view_id]
        assert view["blocks"][0]["element"]["initial_value"] == "Drought floods C++ in Spain"
        assert [text for text in texts(view) if text.startswith("This chat has nothing to read yet")]


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_typing_shows_the_reading_or_the_place_of_the_fault(tmp_path: Path, kind: str) -> None:
    async with slack_house(tmp_path, kind) as at:
        view_id = await new_rule(at)
        assert at.slack.modals[view_id]["title"]["text"] == "New watch rule"
        await at.hear("interactive", at.slack.typing(view_id, "(drought AND", where=ROOM))
        await eventually(lambda: any("^" in text for text in texts(at.slack.modals[view_id])), "the caret")
        await at.hear("interactive", at.slack.typing(view_id, "drought AND Spain OR Italy", where=ROOM))
        reading = "(drought AND Spain) OR Italy"
        await eventually(lambda: any(reading in text for text in texts(at.slack.modals[view_id])), "the reading")
        await at.hear("interactive", at.slack.typing(view_id, "  "))
        await eventually(lambda: len(at.slack.modals[view_id]["blocks"]) == 3, "no preview")
        assert at.slack.said() == []
        assert rules(at, IN_ROOM) == []


async def test_a_right_window_is_the_command_and_its_answer_is_for_the_asker(tmp_path: Path) -> None:
    async with slack_house(tmp_path) as at:
        view_id = await new_rule(at)
        sent = at.slack.submit(view_id, "drought AND\nSpain", topic="dry land", where=ROOM)
        for _ in range(2):  # what Slack sends again is the same command
            assert "payload" not in await at.hear("interactive", sent)
        assert rules(at, IN_ROOM) == [("dry land", "drought AND Spain")]
        assert [one["text"].splitlines()[0] for one in at.slack.responses] == ["Watching: rule 1 “dry land”"]
        assert at.slack.said() == []


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"rule": "(drought AND", "where": ROOM}, "rule", "Try: "),
        ({"rule": " \n", "where": ROOM}, "rule", "What shall I watch for?"),
        ({"rule": "drought", "topic": "x" * 41, "where": ROOM}, "topic", "1 to 40 characters"),
        ({"rule": "drought", "where": "C0OTHER"}, "where", "/invite @watchword"),
        ({"rule": "drought", "where": "C0GONE"}, "where", "/invite @watchword"),
        ({"rule": "drought", "where": ROOM, "user": BORIS}, "rule", "Only this chat's admins"),
    ],
)
async def test_a_wrong_window_stays_open_and_says_so_beside_the_field(
    tmp_path: Path, fields: dict[str, str], field: str, says: str
) -> None:
    async with slack_house(tmp_path) as at:
        at.slack.rooms["C0OTHER"] = type(at.slack.rooms[ROOM])(members={ANNA})
        view_id = await new_rule(at)
        reply = await at.hear("interactive", at.slack.submit(view_id, **fields))
        assert reply["payload"]["response_action"] == "errors"
        assert list(reply["payload"]["errors"]) == [field]
        assert says in reply["payload"]["errors"][field]
        assert at.slack.said() == at.slack.responses == []
        assert rules(at, IN_ROOM) == []


async def test_a_rule_is_edited_from_home(tmp_path: Path) -> None:
    async with slack_house(tmp_path) as at:
        await at.hear("slash_commands", at.slack.slash("watch troops topic:war"))
        await at.home()
        view_id = await window(at, at.slack.press_at_home("Edit"), lambda view: "callback_id" in view)
        view = at.slack.modals[view_id]
        assert view["title"]["text"] == "Edit rule 1"
        assert [block["element"].get("initial_value") for block in view["blocks"]] == ["troops", "war"]
        wrong = await at.hear("interactive", at.slack.submit(view_id, "troops AND (", topic="war"))
        assert list(wrong["payload"]["errors"]) == ["rule"]
        await at.hear("interactive", at.slack.submit(view_id, "troops OR soldiers", topic="war"))
        assert rules(at, IN_ROOM) == [("war", "troops OR soldiers")]
        await eventually(lambda: any("soldiers" in text for text in texts(at.slack.homes[ANNA])), "the Home anew")


async def test_another_persons_rule_cannot_be_edited_through_a_window(tmp_path: Path) -> None:
    async with slack_house(tmp_path) as at:
        await at.hear("slash_commands", at.slack.slash("watch troops topic:war"))
        await at.home()
        view_id = await window(at, at.slack.press_at_home("Edit"), lambda view: "callback_id" in view)
        await at.hear("interactive", at.slack.submit(view_id, "nothing", user=BORIS))
        assert rules(at, IN_ROOM) == [("war", "troops")]


async def test_the_acknowledgement_does_not_wait_for_windows(tmp_path: Path) -> None:
    async with slack_house(tmp_path) as at:
        at.slack.fail("views.open", status=500)
        assert "payload" not in await at.hear("interactive", at.slack.shortcut(NEW_RULE))
        await eventually(lambda: at.slack.said("views.open (failed)"), "the refusal")
        await new_rule(at)


def test_a_window_of_any_content_is_one_that_slack_takes() -> None:
    for draft in (
        Draft(text="x" * 5_000, topic="y" * 90),
        Draft(number=10**8, text="a", chat_id=ROOM, thread_id="1.2"),
    ):
        assert slack_rules.view_faults(rule_view(draft)) == []
    assert proposed("\n <@U1> <https://x.example> " + "word " * 200).startswith("word word")
    assert len(proposed("word " * 200)) <= 300
    assert proposed(" \n") == ""


@pytest.mark.parametrize("view", [None, {}, {"private_metadata": "[1"}, {"private_metadata": "[]", "state": 3}])
def test_nonsense_is_an_empty_form(view: object) -> None:
    assert draft_of(view) == Draft()


def test_a_rule_that_reads_like_an_option_of_edit_stays_a_rule() -> None:
    assert Draft(number=3, text="other").command == "edit 3 (other)"
    assert Draft(number=3, text="troops", topic="a b").command == 'edit 3 troops topic:"a b"'
    assert Draft(text="other").command == "watch other"
