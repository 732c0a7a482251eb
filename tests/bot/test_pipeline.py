"""The flow, end to end, on both stores: a source, rules by command, alerts, edits, mutes, channels, faults."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import registry
from bot.core.alerts import retry
from bot.errors import PermanentError, StoreError, TransientError
from bot.model import Destination, Discovery, Reason, State
from tests.fakes import ANNA, ANNAS, BORIS, GONE, HALL, ROOM, entry, text_of
from tests.house import House, open_store


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


STORY = entry(1, "Troop deployment to Ukraine", "A troop deployment was announced. Ukraine agreed to it at once.")


async def ready(house: House, rule: str = "troop AND Ukraine topic:troops") -> None:
    await house.add_feed()
    await house.say(f"watch {rule}")


async def test_a_match_becomes_one_alert_with_the_sources_words(house: House) -> None:
    await ready(house)
    (post,) = await house.publish([STORY, entry(2, "Weather", "It rains in Ukraine.")])
    shown = text_of(post.message)
    assert shown.startswith("[Troop] deployment to [Ukraine]\nDaily Courier · rule 1 “troops”\n")
    assert "A [troop] deployment was announced." in shown
    assert post.destination.key == ROOM.key


async def test_nothing_comes_twice_not_even_after_a_restart(house: House) -> None:
    await ready(house)
    assert len(await house.publish([STORY])) == 1
    house.restart()
    assert await house.publish([]) == []
    assert await house.publish([entry(77, STORY.title, STORY.content, url=STORY.url)]) == []


async def test_what_a_new_source_has_already_is_archived_not_alerted(house: House) -> None:
    await house.say("watch troop AND Ukraine")
    house.source.entries["fake:news"] = [STORY]
    await house.add_feed()
    assert [one for one in house.chat.posts if one.alert_key] == []
    assert house.store.count_documents() == 1
    (line,) = house.store.ledger(ROOM, since=house.clock() - timedelta(days=1))
    assert line.reason is Reason.FIRST_POLL
    assert "would have alerted 1 time in 7 days" in (await house.say("watch troop NEAR/3 deployment")).lower()


async def test_a_copy_in_another_outlet_edits_the_message(house: House) -> None:
    body = (
        "A troop deployment was announced in the capital on Monday. " * 3 + "Ukraine agreed to it at once, they said."
    )
    await ready(house)
    (post,) = await house.publish([entry(1, "Troop deployment to Ukraine", body)])
    assert await house.publish([entry(2, "Troop deployment to Ukraine", body, outlet="Wire")]) == []
    (edit,) = house.chat.edits
    assert edit.message_id == "m3"
    assert "Also reported by Wire" in text_of(edit.message)
    assert "A [troop] deployment" in text_of(edit.message)
    assert house.store.alert(post.alert_key) is not None


async def test_a_copy_in_the_same_batch_is_in_the_first_message(house: House) -> None:
    await ready(house)
    (post,) = await house.publish([STORY, entry(2, STORY.title, STORY.content, outlet="Wire")])
    assert "Also reported by Wire" in text_of(post.message)
    assert house.chat.edits == []


async def test_two_rules_and_two_channels_make_one_message(house: House) -> None:
    await ready(house, "troop topic:troops")
    await house.say("publish world")
    await house.say("subscribe world", to=HALL, user=BORIS)
    await house.say("watch Ukraine topic:ukraine", to=HALL, user=BORIS)
    posts = await house.publish([STORY])
    assert sorted(one.destination.chat_id for one in posts) == ["hall", "room"]
    hall = next(one for one in posts if one.destination.key == HALL.key)
    assert "rule 1 “troops” of world" in text_of(hall.message)
    assert "rule 1 “ukraine”" in text_of(hall.message)


async def test_the_same_article_in_another_chats_feed_reaches_that_chat(house: House) -> None:
    await ready(house)
    await house.add_feed("fake:other", to=HALL, user=BORIS)
    await house.say("watch troop", to=HALL, user=BORIS)
    assert [one.destination.chat_id for one in await house.publish([STORY])] == ["room"]
    assert [one.destination.chat_id for one in await house.publish([STORY], "fake:other")] == ["hall"]
    assert await house.publish([], "fake:other") == []


async def test_mutes_withhold_direct_alerts_and_mentions_but_not_the_shared_post(house: House) -> None:
    await ready(house)
    await house.say("publish world")
    await house.say("subscribe world", to=ANNAS)
    await house.say("follow troops")
    await house.say("follow troops", user=BORIS)
    answer = await house.say("mute troops for 2d", to=ANNAS)
    assert "Wed 04 Mar 2026, 14" in answer or "2026" in answer
    posts = await house.publish([STORY])
    assert [one.destination.chat_id for one in posts] == ["room"]
    assert text_of(posts[0].message).rstrip().endswith("@Boris")
    lines = house.store.ledger(ANNAS, since=house.clock() - timedelta(hours=1))
    assert [line.reason for line in lines] == [Reason.MUTED]
    assert "topic “troops” until" in await house.say("mutes", to=ANNAS)
    house.clock.forward(days=3)
    later = await house.publish([entry(9, "Another troop deployment", "Moldova and Ukraine spoke of troop numbers.")])
    assert sorted(one.destination.chat_id for one in later) == ["anna", "room"]


async def test_the_buttons_of_an_alert_work(house: House) -> None:
    await ready(house)
    (post,) = await house.publish([STORY])
    by_label = {button.label: button for button in post.message.buttons}
    assert by_label["Open"].url == STORY.url
    why = await house.say(by_label["Why"].command, reply_to="m3")
    assert "Rule 1 “troops” in the report of Daily Courier:" in why
    muted = await house.say(by_label["Mute"].command, reply_to="m3")
    assert muted.startswith("Muted for Anna: the topic “troops” until ")
    assert "not here any more" in await house.say(by_label["Mute"].command, to=HALL)
    undo = next(button for button in house.chat.posts[-2].message.buttons if button.label == "Undo")
    assert "Taken back: Muted for Anna: the topic “troops”" in await house.say(undo.command)


async def test_retry_after_is_obeyed_and_order_kept(house: House) -> None:
    await ready(house)
    house.chat.broken["room"] = TransientError("slow down", retry_after=timedelta(seconds=40))
    assert await house.publish([STORY]) == []
    asked = house.clock()
    del house.chat.broken["room"]
    house.clock.now = asked + timedelta(seconds=30)
    await house.pipeline.settle()
    assert [one for one in house.chat.posts if one.alert_key] == []
    house.clock.now = asked + timedelta(seconds=41)
    await house.settle()
    assert len([one for one in house.chat.posts if one.alert_key]) == 1


async def test_a_refused_form_goes_out_plain_and_a_poison_message_is_told_to_its_owner(house: House) -> None:
    await ready(house)
    await house.say("publish world")
    await house.say("subscribe world", to=HALL, user=BORIS)
    house.chat.faults = [PermanentError("bad markup")]
    posts = await house.publish([STORY])
    assert sorted((one.destination.chat_id, one.plain) for one in posts) == [("hall", True), ("room", False)] or sorted(
        (one.destination.chat_id, one.plain) for one in posts
    ) == [("hall", False), ("room", True)]
    house.chat.broken["hall"] = PermanentError("too odd")
    posts = await house.publish([entry(5, "Troop numbers", "A second troop movement, far from Ukraine.")])
    told = [text_of(one.message) for one in posts if one.destination.chat_id == "anna"]
    assert len(told) == 1
    assert "An alert could not be delivered" in told[0]
    assert "too odd" in told[0]
    assert house.store.counts()[State.DEAD] == 1


async def test_a_chat_that_is_gone_is_paused_until_somebody_speaks_there(house: House) -> None:
    await ready(house)
    await house.say("publish world")
    await house.say("subscribe world", to=HALL, user=BORIS)
    house.chat.broken["hall"] = GONE
    posts = await house.publish([STORY])
    assert sorted(one.destination.chat_id for one in posts) == ["anna", "room"]
    del house.chat.broken["hall"]
    second = entry(5, "Troop numbers", "A second troop movement, far from Ukraine.")
    assert [one.destination.chat_id for one in await house.publish([second])] == ["room"]
    assert await house.say("rules", to=HALL, user=BORIS)
    third = entry(6, "Third force", "One more troop was seen in the south of Ukraine last week.")
    assert sorted(one.destination.chat_id for one in await house.publish([third])) == ["hall", "room"]


async def test_what_was_sent_and_cannot_be_noted_is_noted_later_and_not_sent_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ready(house)
    note, failures = house.store.sent, [StoreError("the disk is full"), StoreError("the disk is full")]

    def noted(*args: Any, **more: Any) -> None:
        if failures:
            raise failures.pop()
        note(*args, **more)

    monkeypatch.setattr(house.store, "sent", noted)
    assert len(await house.publish([STORY])) == 1
    assert failures == []
    assert set(house.store.counts()) == {State.SENT}


async def test_what_waits_for_a_platform_that_is_down_waits_as_long_as_that(house: House) -> None:
    await ready(house)
    house.chat.broken["room"] = TransientError("down")
    await house.publish([STORY])
    for _ in range(70):
        house.clock.forward(minutes=20)  # nearly a day
        await house.settle()
    house.chat.broken.clear()
    house.clock.forward(minutes=20)
    await house.settle()
    assert State.DEAD not in house.store.counts()
    assert any(post.alert_key for post in house.chat.posts), "it came when the platform was back"


async def test_a_platform_that_stays_down_is_given_up_in_the_end(house: House) -> None:
    await ready(house)
    house.chat.broken["room"] = TransientError("down")
    await house.publish([STORY])
    for _ in range(int(retry.LONGEST_DOWN / timedelta(hours=4)) + 2):
        house.clock.forward(hours=4)
        await house.settle()
    assert house.store.counts()[State.DEAD] == 1


async def test_a_message_that_fails_while_others_pass_is_given_up(house: House) -> None:
    await ready(house)
    house.chat.broken["room"] = TransientError("down")
    await house.publish([STORY])
    for _ in range(retry.MOST_ATTEMPTS + 2):
        house.clock.forward(minutes=20)
        await house.say("help", to=HALL)
        await house.settle()
    assert house.store.counts()[State.DEAD] == 1
    assert house.store.ledger(ROOM, since=house.clock() - timedelta(days=2))[-1].reason is Reason.FAILED


async def test_a_failing_source_is_told_in_words_and_recovers(house: House) -> None:
    await ready(house)
    house.source.faults["fake:news"] = TransientError("news.example does not answer")
    await house.publish([])
    assert "failing (1 time in a row): news.example does not answer; next try" in await house.say("sources")
    del house.source.faults["fake:news"]
    assert len(await house.publish([STORY])) == 1
    assert "healthy" in await house.say("sources")


async def test_a_command_is_applied_once_however_often_it_arrives(house: House) -> None:
    await ready(house)
    from tests.fakes import Typist

    command = Typist(house.clock, ANNA, ROOM, count=100)("watch earthquake")
    await house.hear(command)
    await house.hear(command)
    assert len(house.store.rules()) == 2


async def test_a_command_that_was_on_disk_is_carried_out_after_a_restart(house: House) -> None:
    from tests.fakes import Typist

    assert house.store.receive(Typist(house.clock, ANNA, ROOM)("watch earthquake"))
    house.restart()
    await house.settle()
    assert [rule.text for rule in house.store.rules()] == ["earthquake"]
    assert "Watching: rule 1" in house.chat.texts(ROOM)[-1]


async def test_a_supergroup_keeps_its_rules_when_its_id_changes(house: House) -> None:
    await ready(house)
    await house.say("chat-moved bigroom", event=True)
    (post,) = await house.publish([STORY])
    assert post.destination.chat_id == "bigroom"
    assert "troops" in await house.say("rules", to=Destination(platform="fake", chat_id="bigroom"))


async def test_nobody_can_type_a_platform_event(house: House) -> None:
    await ready(house)
    assert "did not find a command" in await house.say("chat-moved elsewhere")
    assert len(await house.publish([STORY])) == 1


async def test_several_feeds_behind_an_address_are_offered(house: House) -> None:
    house.source.found["fake:site"] = [
        Discovery(kind="fake", url="fake:a", title="World", newest_title="Newest of World"),
        Discovery(kind="fake", url="fake:b", title="Sport"),
    ]
    answer = await house.say("source add fake:site")
    assert "Which one?" in answer
    assert "Newest of World" in answer
    assert [one.command for one in house.chat.posts[-1].message.buttons] == ["source add fake:a", "source add fake:b"]
    assert "nothing at fake:nowhere" in await house.say("source add fake:nowhere")
    assert "it is no web address" in await house.say("source add gopher:x")


async def test_what_cannot_be_rendered_or_compared_is_sent_bare_as_a_story_of_its_own(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    await ready(house)
    monkeypatch.setattr("bot.pipeline.render.alert_message", broken)
    monkeypatch.setattr("bot.core.stories.grouper.fingerprint_of", broken)
    posts = await house.publish([STORY, entry(2, "Another troop deployment to Ukraine", outlet="Wire")])
    assert [STORY.title in text_of(post.message) for post in posts] == [True, False]
    assert "the text could not be shown" in text_of(posts[0].message)
    monkeypatch.undo()
    assert len(await house.publish([entry(3, "Troop deployment to Ukraine begins", "Now.", outlet="Post")])) == 1
