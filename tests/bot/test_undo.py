"""Taking changes back: all of it, by whoever made it or an admin, and never what somebody else changed since."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import registry
from bot.model import Message, Preferences
from tests.fakes import ANNA, ANNAS, BORIS, ROOM, text_of
from tests.house import House, open_store


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


def _last(house: House) -> Message:
    return house.chat.posts[-1].message


async def _press_undo(house: House, *, user=ANNA, admin: bool = True) -> str:  # type: ignore[no-untyped-def]
    undo = next(button.command for button in _last(house).buttons if button.label == "Undo")
    assert len(undo) < 12, "a short number, never a machine's id"
    return await house.say(undo, user=user, admin=admin)


async def test_a_removed_rule_comes_back_with_number_topic_and_author(house: House) -> None:
    await house.say("watch drills")
    await house.say('watch "troop deployment" AND (Ukraine OR Moldova) topic:"the border"')
    before = house.store.rules()
    await house.say("unwatch 2")
    assert "Taken back: Removed: rule 2 “the border”" in await _press_undo(house)
    assert house.store.rules() == before
    assert "1 “drills”" in await house.say("rules")


async def test_a_new_rule_goes_again_and_the_sources_stay(house: House) -> None:
    await house.say("watch troops")
    await house.add_feed()
    await house.say("undo 1")
    assert house.store.rules() == []
    assert "fake:news" in await house.say("sources")
    assert "Watching: rule 2" in await house.say("watch drills"), "a number is never used again"
    assert await house.publish([]) == []


async def test_a_long_rule_and_its_topic_come_back_after_an_edit(house: House) -> None:
    words = " OR ".join(f"word{number}" for number in range(120))
    await house.say(f"watch {words} topic:many")
    before = house.store.rules()
    await house.say("edit 1 topic:few")
    await house.say("edit 1 drill")
    assert "Taken back" in await house.say("undo")
    assert "Taken back" in await house.say("undo"), "one further back"
    assert house.store.rules() == before


async def test_undo_of_a_source_removes_that_source_and_no_other(house: House) -> None:
    await house.add_feed("fake:first")
    await house.add_feed("fake:second")
    undo = next(button.command for button in _last(house).buttons if button.label == "Undo")
    await house.say("source remove 1")
    await house.say(undo)
    assert "no sources" in await house.say("sources")
    await house.say("undo 3")
    assert "fake:first" in await house.say("sources")


async def test_mutes_follows_lists_and_subscriptions(house: House) -> None:
    await house.say("watch troops topic:troops")
    await house.say("publish newsroom")
    await house.say("list arms = tanks, guns")
    for change, listed in (
        ("mute troops for 2h", "mutes"),
        ("follow troops", "mutes"),
        ("list arms + drones", "list arms"),
        ("publish off", "channels"),
    ):
        before = await house.say(listed)
        await house.say(change)
        assert "Taken back" in await _press_undo(house), change
        assert await house.say(listed) == before, change
    await house.say("subscribe newsroom", to=ANNAS)
    await house.say("unsubscribe newsroom", to=ANNAS)
    await house.say("undo", to=ANNAS)
    assert "subscribed" in await house.say("channels", to=ANNAS)


async def test_what_was_taken_back_can_be_had_again(house: House) -> None:
    await house.say("watch troops")
    await house.say("unwatch 1")
    await _press_undo(house)
    assert len(house.store.rules()) == 1
    await _press_undo(house)
    assert "taken back already, by you" in await house.say("undo 2")
    assert house.store.rules() == []


async def test_somebody_elses_change_since_then_is_not_undone(house: House) -> None:
    await house.say("watch troops topic:troops")
    await house.say("edit 1 drills", user=BORIS)
    answer = await house.say("undo 1")
    assert "changed again since, by Boris: Changed: rule 1 “troops”" in answer
    assert "undo 2" in answer
    assert house.store.rules()[0].text == "drills"


async def test_only_its_author_or_an_admin_takes_it_back(house: House) -> None:
    await house.say("watch troops topic:troops")
    await house.say("mute troops for 2h", admin=False)
    assert "Only Anna or an admin" in await house.say("undo 1", user=BORIS, admin=False)
    assert "Only Anna or an admin" in await house.say("undo 2", user=BORIS), "what is Anna's own is nobody else's"
    assert "nothing of yours" in await house.say("undo", user=BORIS)
    assert "no change “77”" in await house.say("undo 77")
    assert "Taken back" in await house.say("undo 1", user=BORIS)


async def test_changes_name_who_when_and_what(house: House) -> None:
    assert "Nothing was changed" in await house.say("changes")
    await house.say("watch troops topic:troops")
    await house.say("mute troops for 2h")
    await house.say("unwatch 1", user=BORIS)
    answer = await house.say("changes", user=BORIS)
    assert "3 Removed: rule 1 “troops” - you" in answer
    assert "1 Watching: rule 1 “troops” - Anna" in answer
    assert "Muted" not in answer, "what people do for themselves is theirs"
    assert "Muted" in await house.say("changes")


async def test_a_chat_that_moves_keeps_its_log(house: House) -> None:
    await house.say("watch troops topic:troops")
    moved = type(ROOM)(platform=ROOM.platform, workspace=ROOM.workspace, chat_id="moved")
    house.store.move_destination(ROOM, moved)
    await house.say("unwatch 1", to=moved)
    answer = await house.say("changes", to=moved)
    assert "1 Watching" in answer
    assert "2 Removed" in answer


async def test_what_changes_nothing_leaves_no_trace(house: House) -> None:
    await house.add_feed()
    count = len(house.store.audit_entries(ROOM, limit=9))
    for words in ("rules", "sources", "help", "test troops", "why", "undo 9"):
        await house.say(words)
    assert len(house.store.audit_entries(ROOM, limit=9)) == count


async def test_a_used_button_goes_and_says_who_used_it(house: House) -> None:
    await house.say("watch troops topic:troops")
    post = house.chat.posts[-1]
    place = f"m{len(house.chat.posts)}"
    (undo,) = [button.command for button in post.message.buttons if button.label == "Undo"]
    await house.say(undo, user=BORIS, message_id="", reply_to=place)
    (edit,) = house.chat.edits
    assert edit.message_id == place
    assert not edit.message.buttons
    assert text_of(edit.message).endswith("Undo: Boris")
    await house.say("rules", message_id="", reply_to=place)
    assert len(house.chat.edits) == 1, "what changed nothing uses nothing up"


async def test_a_button_that_is_used_in_a_thread_goes_there(house: House) -> None:
    thread = replace(ROOM, thread_id="7")
    await house.say("watch troops topic:troops", to=thread)
    place = f"m{len(house.chat.posts)}"
    (undo,) = [button.command for button in _last(house).buttons if button.label == "Undo"]
    await house.say(undo, to=thread, reply_to=place)
    (edit,) = house.chat.edits
    assert (edit.destination, edit.message_id) == (thread, place)


async def test_whoever_brought_the_bot_may_take_back_what_others_changed(house: House) -> None:
    house.store.save_preferences(ROOM, Preferences(owner=BORIS))
    await house.say("watch troops topic:troops")
    assert "Taken back" in await house.say("undo 1", user=BORIS, admin=False)
