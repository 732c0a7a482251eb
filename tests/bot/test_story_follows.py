"""Following one story: who does is mentioned by what is posted of it later."""

from tests.bot.grouped_twice import FERRY, QUAKES
from tests.bot.test_story_outcomes import alerts, buttons, house, ready, told
from tests.fakes import ANNAS, BORIS, text_of
from tests.house import House

__all__ = ["house"]


async def test_who_follows_a_story_is_mentioned_by_what_is_posted_of_it_later(house: House) -> None:
    await ready(house)
    (alert,) = await house.publish([told(FERRY[0], 1)])
    assert "@" not in text_of(alert.message)
    await house.say("why")
    press = buttons(house.chat.posts[-1])["Follow this story"]
    assert "You follow the story" in await house.say(press, user=BORIS)
    assert "already" in await house.say(press, user=BORIS)
    posts = await house.publish([told(FERRY[1], 2)])
    assert [("@Boris" in text_of(post.message), post.kind) for post in posts] == [(True, "reply")] * len(posts)
    assert text_of(house.chat.edits[-1].message).rstrip().endswith("@Boris")
    (reply,) = alerts(await house.publish([told(FERRY[2], 3, dated=False)]))
    assert "@Boris" in text_of(reply.message)


async def test_a_followed_story_is_listed_and_left_again(house: House) -> None:
    await ready(house)
    (alert,) = await house.publish([told(FERRY[0], 1)])
    assert "You follow the story" in await house.say("follow this story", user=BORIS)
    listed = await house.say("mutes", user=BORIS)
    assert f"You follow the story “{FERRY[0].title}”" in listed
    assert "Nothing is muted" in listed
    ending = listed.rpartition(": ")[2].strip()
    assert "no longer follow the story" in await house.say(ending, user=BORIS)
    assert "You follow: nothing" in await house.say(ending, user=BORIS)
    await house.say(f"follow alert:{alert.alert_key}", user=BORIS)
    assert "no longer follow" in await house.say("unfollow this story", user=BORIS)
    await house.publish([told(FERRY[1], 2)])
    assert "@Boris" not in text_of(house.chat.edits[-1].message)


async def test_who_muted_a_followed_story_is_not_mentioned(house: House) -> None:
    await ready(house)
    await house.publish([told(FERRY[0], 1)])
    await house.say("follow this story", user=BORIS)
    await house.say("mute this story", user=BORIS)
    await house.publish([told(FERRY[1], 2)])
    assert "@Boris" not in text_of(house.chat.edits[-1].message)


async def test_in_a_direct_chat_nobody_is_mentioned(house: House) -> None:
    await house.say("watch Lark", to=ANNAS)
    await house.add_feed(to=ANNAS)
    await house.publish([told(FERRY[0], 1)])
    assert "nobody to mention" in await house.say("follow this story", to=ANNAS)
    await house.say("why", to=ANNAS)
    assert "Follow this story" not in buttons(house.chat.posts[-1])


async def test_a_story_is_muted_by_answering_its_alert_though_it_is_not_the_newest(house: House) -> None:
    await ready(house)
    (alert,) = await house.publish([told(FERRY[0], 1)])
    await house.say("watch magnitude")
    await house.publish([told(QUAKES[0], 7)])
    shown = house.store.alert(alert.alert_key)
    assert shown is not None
    assert FERRY[0].title in await house.say("mute this story", reply_to=shown.message_id)
