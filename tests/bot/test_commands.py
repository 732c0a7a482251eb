"""What each command says, above all when it cannot do what was asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import registry
from bot.model import Discovery
from tests.fakes import ANNA, ANNAS, BORIS, HALL, entry
from tests.house import House, open_store


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("memory", tmp_path)
    yield House(store)
    store.close()


@pytest.mark.parametrize("name", registry.names("bot.commands"))
async def test_every_command_answers_and_its_examples_do_too(house: House, name: str) -> None:
    module = registry.module("bot.commands", name)
    assert str(module.USAGE).startswith(name)
    assert module.SUMMARY
    for line in (name, *module.EXAMPLES):
        assert await house.say(line), line


async def test_an_unknown_command_names_the_nearest(house: House) -> None:
    answer = await house.say("/wacth troops AND x")
    assert "no command “wacth”" in answer
    assert "Did you mean watch troops AND x?" in answer
    assert 'watch "troops"' in await house.say('"troops"')


async def test_a_wrong_rule_is_answered_with_its_place_and_a_cure(house: House) -> None:
    answer = await house.say("watch (troops AND Ukraine")
    assert "^" in answer
    assert "Try: " in answer
    cure = answer.rpartition("Try: ")[2].splitlines()[0]
    assert "Watching: rule 1" in await house.say(f"watch {cure}")


async def test_watch_echoes_the_reading_and_offers_the_other(house: House) -> None:
    answer = await house.say("watch troops AND Ukraine OR Moldova")
    assert "(troops AND Ukraine) OR Moldova" in answer
    labels = [button.label for button in house.chat.posts[-1].message.buttons]
    assert labels == ["Other reading", "Undo"]
    changed = await house.say("edit 1 other")
    assert "troops AND (" in changed


async def test_watching_the_same_twice_is_said(house: House) -> None:
    await house.say("watch troops  AND Ukraine topic:x")
    assert "watches that already: rule 1 “x”" in await house.say("watch troops AND Ukraine")


async def test_rules_are_paged_and_undone(house: House) -> None:
    for number in range(10):
        await house.say(f"watch word{number}")
    assert "Rules (1 of 2)" in await house.say("rules")
    assert "word9" in await house.say("rules 2")
    assert "Removed: rule 3" in await house.say("unwatch 3")
    (undo,) = house.chat.posts[-1].message.buttons
    assert "Taken back: Removed: rule 3 “word2”" in await house.say(undo.command)
    assert "no rule “99”" in await house.say("unwatch 99")


async def test_mutes_are_listed_with_their_end_in_absolute_time(house: House) -> None:
    await house.say("watch troops topic:troops")
    assert "until Mon 02 Mar 2026, 14:00 UTC" in await house.say("mute troops for 2h", to=ANNAS)
    house.clock.forward(seconds=1)
    assert "whatever matches" in await house.say("mute football NOT cup", to=ANNAS)
    listed = await house.say("mutes", to=ANNAS)
    assert "rule “troops” until Mon 02 Mar 2026, 14:00 UTC" in listed
    assert "rule “football NOT cup” until unmuted" in listed
    assert "Unmuted" in await house.say("unmute 1", to=ANNAS)
    assert "troops" not in await house.say("mutes", to=ANNAS)
    assert "Nothing called “cricket” is muted" in await house.say("unmute cricket", to=ANNAS)


async def test_a_mute_that_cannot_be_read_is_refused(house: House) -> None:
    assert "“2 parsecs” is no length or time" in await house.say("mute troops for 2 parsecs")
    assert "What shall I mute?" in await house.say("mute")
    assert "Which story?" in await house.say("mute this story")


async def test_only_admins_change_what_the_chat_shares(house: House) -> None:
    for line in ("mute everyone troops", "publish world"):
        assert "Only this chat's admins" in await house.say(line, user=BORIS, admin=False)
    assert "for everyone here" in await house.say("mute everyone troops")
    assert "Only this chat's admins" in await house.say("unmute troops", user=BORIS, admin=False)
    assert "(everyone here)" in await house.say("mutes", user=BORIS)


async def test_channels(house: House) -> None:
    assert "No channel is published yet" in await house.say("channels")
    await house.say("watch troops")
    assert "Published: world" in await house.say("publish world")
    assert "another" in (await house.say("publish WORLD", to=HALL)).lower()
    assert "2 to 30" in await house.say("publish !", to=HALL)
    assert "Did you mean: subscribe world?" in await house.say("subscribe wrold", to=HALL)
    assert "Subscribed to world: 1 rule" in await house.say("subscribe world", to=HALL)
    assert "gets world already" in await house.say("subscribe world", to=HALL)
    assert "world: 0 sources, 1 rule - subscribed" in await house.say("channels", to=HALL)
    assert "Unsubscribed from world" in await house.say("unsubscribe world", to=HALL)
    assert "does not get “world”" in await house.say("unsubscribe world", to=HALL)
    assert "No longer published" in await house.say("publish off")
    assert "no published channel “world”" in await house.say("subscribe world", to=HALL)


async def test_sources(house: House) -> None:
    house.source.found["fake:one"] = (Discovery(kind="fake", url="fake:one", title="One", newest_title="Latest"),)
    answer = await house.say("source add fake:one")
    assert "Added: One" in answer
    assert "Newest: Latest" in answer
    assert "Now say what to watch for" in answer
    assert "reads One already" in await house.say("source add fake:one")
    assert "1 One - healthy" in await house.say("sources")
    assert "no source “7”" in await house.say("source remove 7")
    assert "Removed: One" in await house.say("source remove 1")
    assert "no sources yet" in await house.say("sources")


async def test_following(house: House) -> None:
    await house.say("watch troops topic:troops")
    assert "You follow “troops”" in await house.say("follow TROOPS")
    assert "already" in await house.say("follow troops")
    assert "no longer follow" in await house.say("unfollow troops")
    assert "You follow: nothing" in await house.say("unfollow troops")
    assert "Topics: troops" in await house.say("follow tanks")


async def test_start_offers_the_channel_that_a_link_names(house: House) -> None:
    await house.say("publish world")
    await house.say("start world", to=HALL)
    assert house.chat.posts[-1].message.buttons[0].command == "subscribe world"


async def test_help_on_one_command(house: House) -> None:
    assert "watch <rule>" in await house.say("help watch")
    assert "Did you mean help rules?" in await house.say("help ruels")


async def test_why_names_the_parts_and_their_words(house: House) -> None:
    assert "no alert here yet" in await house.say("why")
    await house.add_feed()
    await house.say("watch troop AND Ukraine")
    await house.publish([entry(1, "Troop news", "A troop came from Ukraine.")])
    answer = await house.say("why")
    assert "Why: Troop news" in answer
    assert "Ukraine" in answer
    await house.say("unwatch 1")
    assert "removed since" in await house.say("why")


async def test_a_bug_in_a_command_is_told_and_does_not_stop_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(registry.module("bot.commands", "rules"), "run", broken)
    assert "internal error (ZeroDivisionError)" in await house.say("rules")
    assert "What do you want to do?" in await house.say("help")


async def test_buttons_fit_every_platform(house: House) -> None:
    long = "x" * 300
    for line in (f"watch {long}", f"edit 1 {long}y", "unwatch 1", f"mute {long}", "mutes", "publish " + "n" * 30):
        await house.say(line)
    await house.say("channels", to=HALL, user=ANNA)
    for post in house.chat.posts:
        for button in post.message.buttons:
            assert len(button.command.encode()) <= 64, button
