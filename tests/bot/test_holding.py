"""Snooze, quiet hours, digests, chats that go away: what waits, what comes together, and what the ledger says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import registry
from bot.core.alerts.holding import MOST_HELD, end_of_quiet, hold, next_digest
from bot.model import Command, DigestPlan, Preferences, QuietHours
from tests.fakes import ANNA, ANNAS, BORIS, ROOM, entry, text_of
from tests.house import House, open_store

KYIV = ZoneInfo("Europe/Kyiv")
NEWS = (
    ("Troops leave the northern barracks", "A convoy of forty lorries crossed the bridge at Lowick before dawn."),
    ("Troops hold a parade in the capital", "Brass bands played while children waved flags along Queen Street."),
    ("Bakers sell bread to troops on credit", "Flour has doubled in price since March, the guild of bakers says."),
    ("Snow stops troops in the mountain pass", "Two metres fell within a night; ploughs come from the valley."),
)


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


async def _ready(house: House, to=ROOM) -> None:  # type: ignore[no-untyped-def]
    await house.add_feed(to=to)
    await house.say("watch troops topic:troops", to=to)


async def _news(house: House, *numbers: int, to=ROOM) -> list[str]:  # type: ignore[no-untyped-def]
    """The messages that came of these items."""
    before = len(house.chat.posts)
    items = [entry(number, *NEWS[number], published_at=house.clock(), outlet=f"Paper {number}") for number in numbers]
    await house.publish([*house.source.entries.get("fake:news", ()), *items])
    return [text_of(post.message) for post in house.chat.posts[before:] if post.destination.key == to.key]


async def _pass(house: House, **time: int) -> list[str]:
    before = len(house.chat.posts)
    house.clock.forward(**time)
    await house.settle()
    return [text_of(post.message) for post in house.chat.posts[before:]]


async def test_what_comes_while_snoozed_comes_together(house: House) -> None:
    await _ready(house)
    answer = await house.say("snooze 8h")
    assert "Snoozed for this chat until Mon 02 Mar 2026" in answer
    assert await _news(house, 0, 1, 2) == []
    assert "3 alerts wait until" in await house.say("held")
    assert "3 held" in await house.say("missed")
    (digest,) = await _pass(house, hours=7)
    assert digest.startswith("From your snooze: 3 stories\ntroops\n")
    for number in range(3):
        assert NEWS[number][0] in digest
    assert "3 sent" in await house.say("missed")
    assert len(await _news(house, 3)) == 1, "awake"


async def test_a_single_alert_comes_as_it_is(house: House) -> None:
    await _ready(house)
    await house.say("snooze 6h")
    assert await _news(house, 0) == []
    (alert,) = await _pass(house, hours=7)
    assert "Why: troops" in alert
    assert "1 sent" in await house.say("missed")


async def test_ending_a_snooze_lets_everything_come(house: House) -> None:
    await _ready(house)
    await house.say("snooze 1d")
    await _news(house, 0, 1)
    await house.say("snooze off")
    assert any("2 stories" in text_of(post.message) for post in house.chat.posts)
    assert "No snooze is on" in await house.say("snooze off")


async def test_later_reports_of_a_held_story_are_in_it(house: House) -> None:
    await _ready(house)
    await house.say("snooze 6h")
    await _news(house, 0)
    other = entry(9, *NEWS[0], published_at=house.clock(), outlet="Second Paper")
    assert await house.publish([*house.source.entries["fake:news"], other]) == []
    (alert,) = await _pass(house, hours=6)
    assert "Second Paper" in alert


async def test_quiet_hours_in_the_chats_zone(house: House) -> None:
    await _ready(house)
    await house.say("timezone Kyiv")  # noon in UTC is 14:00 there
    assert "14:30 to 23:00 EET" in await house.say("quiet 14:30-23:00")
    assert await _news(house, 0, 1) == []
    (digest,) = await _pass(house, hours=8)
    assert "From the quiet hours: 2 stories" in digest
    await house.say("quiet 14:30-23:30 drop")
    house.clock.forward(hours=18)
    assert await _news(house, 2) == []
    assert await _pass(house, hours=12) == []
    assert "in quiet hours, which drop alerts" in await house.say("missed 2d")


async def test_urgent_rules_do_not_wait(house: House) -> None:
    await _ready(house)
    await house.say("watch snow topic:snow")
    await house.say("quiet 00:00-23:59 urgent only")
    await house.say("edit 2 urgent")
    assert "2 “snow” (urgent)" in await house.say("rules")
    assert await _news(house, 0) == []
    (urgent,) = await _news(house, 3)
    assert "rule 2 “snow”" in urgent


async def test_a_daily_digest(house: House) -> None:
    await _ready(house)
    answer = await house.say("digest daily 18:00")
    assert "the next comes Mon 02 Mar 2026, 18:00 UTC" in answer
    assert await _news(house, 0, 1) == []
    (digest,) = await _pass(house, hours=6)
    assert "Your digest: 2 stories" in digest
    assert "each alert comes at once" in await house.say("digest off")
    assert len(await _news(house, 2)) == 1


async def test_in_a_shared_chat_mine_is_about_me(house: House) -> None:
    await _ready(house)
    await house.say("follow troops")
    await house.say("follow troops", user=BORIS)
    await house.say("snooze mine 6h")
    (alert,) = await _news(house, 0)
    assert "@Boris" in alert
    assert "@Anna" not in alert
    assert "admins" in await house.say("snooze 2h", user=BORIS, admin=False)
    assert "Snoozed for you, Boris" in await house.say("snooze mine 2h", user=BORIS, admin=False)


async def test_in_a_direct_chat_it_is_about_its_person(house: House) -> None:
    await _ready(house, ANNAS)
    await house.say("snooze 6h", to=ANNAS)
    assert await _news(house, 0, 1, to=ANNAS) == []
    assert house.store.preferences(ANNA).snoozed_until is not None
    await house.say("undo", to=ANNAS)
    assert house.store.preferences(ANNA).snoozed_until is None


async def test_what_matches_while_the_chat_is_away_is_offered(house: House) -> None:
    await _ready(house)
    house.store.pause_destination(ROOM, "the bot was removed from this chat")
    assert await _news(house, 0, 1) == []
    assert await _pass(house, hours=30) == []
    back = Command(id="back", user=ANNA, destination=ROOM, text="bot-added", event=True, received_at=house.clock())
    await house.hear(back)
    texts = [text_of(post.message) for post in house.chat.posts[-2:]]
    assert any("While I could not post here, 2 stories matched" in text for text in texts)
    assert "2 held" in await house.say("missed 3d")
    before = len(house.chat.posts)
    await house.say("held digest")
    assert any("2 alerts in one message" in text_of(post.message) for post in house.chat.posts[before:])
    assert any(text_of(post.message).startswith("Meanwhile: 2 stories") for post in house.chat.posts[before:])


@pytest.mark.parametrize(("word", "messages", "ledger"), [("each", 2, "2 sent"), ("drop", 0, "2 muted")])
async def test_held_alerts_come_or_go(house: House, word: str, messages: int, ledger: str) -> None:
    await _ready(house)
    await house.say("snooze 1d")
    await _news(house, 0, 1)
    before = len(house.chat.posts)
    await house.say(f"held {word}")
    await house.settle()
    alerts = [post for post in house.chat.posts[before:] if post.alert_key]
    assert len(alerts) == messages
    assert ledger in await house.say("missed")
    assert "Nothing is held" in await house.say("held")


async def test_no_more_is_held_than_somebody_can_want(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_HELD == 500
    monkeypatch.setattr("bot.pipeline.ingest.MOST_HELD", 2)
    await _ready(house)
    await house.say("snooze 8h")
    await _news(house, 0, 1, 2)
    answer = await house.say("missed")
    assert "2 held" in answer
    assert "1 over the limit" in answer


async def test_after_a_restart_what_is_held_still_comes(house: House) -> None:
    await _ready(house)
    await house.say("snooze 6h")
    await _news(house, 0, 1)
    house.restart()
    (digest,) = await _pass(house, hours=6)
    assert "2 stories" in digest


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("quiet", "From when to when?"),
        ("quiet at night", "cannot read hours"),
        ("quiet ten to four", "10:00 to 04:00 UTC"),
        ("quiet banana to four", "“banana” is no time of the day"),
        ("quiet 25-7", "no time of the day"),
        ("quiet 22-22", "begin when they end"),
        ("quiet 22-7 sometimes", "“7 sometimes” is no time of the day"),
        ("quiet 22-7 drop", "does not come"),
        ("quiet midnight to 8 Uhr", "00:00 to 08:00"),
        ("quiet 10pm-6:30am", "22:00 to 06:30 UTC"),
        ("quiet from 22:00 until 7", "22:00 to 07:00"),
        ("quiet off", "There are no quiet hours"),
        ("digest", "How often?"),
        ("digest monthly", "cannot read"),
        ("digest weekly blursday", "no day of the week"),
        ("digest daily 26", "no time of the day"),
        ("digest daily at noon", "the next comes Tue 03 Mar 2026, 12:00 UTC"),
        ("digest weekly on friday at 9pm", "Fri 06 Mar 2026, 21:00 UTC"),
        ("digest weekly fri 17:30", "the next comes Fri 06 Mar 2026, 17:30 UTC"),
        ("digest hourly", "Hourly digest for this chat; the next comes Mon 02 Mar 2026, 13:00"),
        ("digest off", "There is no digest"),
        ("snooze banana", "no length or time"),
        ("snooze", "How long?"),
        ("snooze until tomorrow 9", "until Tue 03 Mar 2026, 09:00 UTC"),
        ("held", "Nothing is held"),
    ],
)
async def test_words_that_people_type(house: House, typed: str, answer: str) -> None:
    assert answer in await house.say(typed)


def _kyiv(*when: int) -> datetime:
    return datetime(*when, tzinfo=KYIV).astimezone(UTC)  # type: ignore[misc,arg-type]


def test_quiet_hours_over_midnight_and_over_a_change_of_the_clock() -> None:
    night = QuietHours(start=22 * 60, end=7 * 60)
    assert end_of_quiet(night, _kyiv(2026, 3, 28, 21, 59), KYIV) is None
    assert end_of_quiet(night, _kyiv(2026, 3, 28, 22, 0), KYIV) == _kyiv(2026, 3, 29, 7)
    assert end_of_quiet(night, _kyiv(2026, 3, 29, 4, 30), KYIV) == _kyiv(2026, 3, 29, 7), "one hour shorter"
    assert end_of_quiet(night, _kyiv(2026, 3, 29, 7, 0), KYIV) is None
    skipped = QuietHours(start=60, end=3 * 60 + 30)  # 03:30 is skipped that night
    assert end_of_quiet(skipped, _kyiv(2026, 3, 29, 2), KYIV) is not None


def test_the_next_digest_is_the_first_after_now() -> None:
    now = _kyiv(2026, 10, 24, 8, 0)
    daily = DigestPlan(every="day", at=8 * 60)
    assert next_digest(daily, now, KYIV) == _kyiv(2026, 10, 25, 8), "not the one that is now, and 25 hours later"
    assert next_digest(daily, now, KYIV) - now == timedelta(hours=25)
    weekly = DigestPlan(every="week", at=8 * 60, weekday=5)
    assert next_digest(weekly, now - timedelta(minutes=1), KYIV) == now
    assert next_digest(DigestPlan(every="hour"), now, KYIV) - now == timedelta(hours=1)


def test_a_snooze_goes_before_all_and_urgent_does_not_break_it() -> None:
    now = _kyiv(2026, 3, 2, 12)
    chosen = Preferences(snoozed_until=now + timedelta(hours=1), digest=DigestPlan(every="hour"))
    held = hold(chosen, now, KYIV, urgent=True)
    assert held is not None
    assert held.until == now + timedelta(hours=1)
    assert hold(chosen, now + timedelta(hours=2), KYIV, urgent=True) is None


async def test_what_has_no_room_in_a_digest_is_listed_and_not_called_sent(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.pipeline.digests.IN_ONE", 2)
    monkeypatch.setattr("bot.pipeline.digests.MOST_MESSAGES", 1)
    await _ready(house)
    await house.say("snooze 6h")
    await _news(house, 0, 1, 2, 3)
    (digest,) = await _pass(house, hours=7)
    assert "4 stories" in digest
    assert "2 more are listed in: missed" in digest
    answer = await house.say("missed")
    assert "2 sent + 2 over the limit" in answer
    assert sum(title in digest for title, _ in NEWS) == 2
    assert sum(title in answer for title, _ in NEWS) == 2


async def test_two_messages_of_one_digest_say_nothing_of_a_rest(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pipeline.digests.IN_ONE", 3)
    await _ready(house)
    await house.say("snooze 6h")
    await _news(house, 0, 1, 2, 3)
    first, second = await _pass(house, hours=7)
    assert "(1 of 2)" in first
    assert "(2 of 2)" in second
    assert "missed" not in first + second


async def test_taking_a_snooze_back_lets_what_was_held_come(house: House) -> None:
    await _ready(house)
    await house.say("snooze 8h")
    await _news(house, 0, 1)
    before = len(house.chat.posts)
    await house.say("undo")
    await house.settle()
    assert any("2 stories" in text_of(post.message) for post in house.chat.posts[before:])


async def test_hours_are_those_that_are_echoed_whatever_zone_the_asker_has(house: House) -> None:
    await _ready(house)
    await house.say("timezone mine Kathmandu")
    assert "13:30 to 15:00 UTC" in await house.say("quiet 13:30-15:00"), "the chat chose no zone"
    assert await _news(house, 0) == [], "it came at 14:00 UTC"


async def test_my_own_hours_are_in_the_chats_zone_when_i_chose_none(house: House) -> None:
    await house.say("timezone Kyiv")
    assert "EET" in await house.say("quiet mine 22-7")
    assert house.store.preferences(ANNA).zone == "Europe/Kyiv"
