"""Independent reports in the chat: an edit, a quiet reply with two buttons, or an alert that names another."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import registry
from bot.model import Delivery, Entry, Reason
from bot.stores.sqlite import Sqlite
from rules.document import Document
from tests.bot.grouped_twice import FERRY, QUAKES, START
from tests.fakes import HALL, ROOM, entry, text_of
from tests.house import House, open_store


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    made = House(store)
    made.clock.now = START - timedelta(hours=1)
    yield made
    store.close()


def told(document: Document, number: int, *, dated: bool = True) -> Entry:
    made = entry(number, document.title, document.body, outlet=document.site)
    return replace(made, published_at=document.published_at if dated else None)


def buttons(post: Delivery) -> dict[str, str]:
    return {button.label: button.command for button in post.message.buttons}


def alerts(posts: list[Delivery]) -> list[Delivery]:
    """Without the replies that name new facts."""
    return [post for post in posts if post.kind == "send"]


async def ready(house: House, rule: str = '"Northern Lark" OR "Southern Lark" topic:ferry') -> None:
    await house.add_feed()
    await house.say(f"watch {rule}")


async def threaded(house: House) -> tuple[Delivery, Delivery]:
    """The alert of the ferry, and a report without a date in its thread."""
    await ready(house)
    (alert,) = await house.publish([told(FERRY[0], 1)])
    (reply,) = await house.publish([told(FERRY[1], 2, dated=False)])
    return alert, reply


async def test_an_independent_report_edits_the_alert(house: House) -> None:
    await ready(house)
    (alert,) = await house.publish([told(FERRY[0], 1)])
    assert alerts(await house.publish([told(FERRY[1], 2)])) == []
    (edit,) = house.chat.edits
    assert edit.alert_key == alert.alert_key
    assert "Newest: “Northern Lark: passengers taken off stranded ferry” (ledger.example)" in text_of(edit.message)
    assert "Also reported by ledger.example" in text_of(edit.message)


async def test_copies_are_marked_and_are_not_the_newest_report(house: House) -> None:
    await ready(house)
    await house.publish([told(FERRY[0], 1)])
    copy = replace(told(FERRY[0], 2), outlet="Wire", title="Ferry with 214 people on board aground off Marlow Head")
    await house.publish([copy])
    assert "Also reported by Wire (copy)" in text_of(house.chat.edits[-1].message)
    assert "Newest" not in text_of(house.chat.edits[-1].message)


async def test_reports_of_one_batch_are_one_alert(house: House) -> None:
    await ready(house)
    (alert,) = await house.publish([told(document, number) for number, document in enumerate(FERRY)])
    assert "Also reported by ledger.example, evening.example" in text_of(alert.message)


async def test_other_events_have_alerts_of_their_own(house: House) -> None:
    await ready(house, "magnitude topic:quakes")
    posts = await house.publish([told(document, number) for number, document in enumerate(QUAKES)])
    assert [post.message.blocks[0].runs[0].text[:10] for post in posts] == ["Earthquake", "Earthquake"]


async def test_what_is_known_of_stories_survives_a_restart(house: House) -> None:
    await ready(house)
    await house.publish([told(FERRY[0], 1)])
    house.restart()
    assert alerts(await house.publish([told(FERRY[1], 2)])) == []
    assert len(house.chat.edits) == 1


async def test_a_batch_that_failed_joins_when_it_comes_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await ready(house)
    (alert,) = await house.publish([told(FERRY[0], 1)])
    put = type(house.store).put
    broken = iter([True])

    def failing(store: object, delivery: Delivery) -> None:
        if delivery.alert_key and next(broken, False):
            raise OSError("disk full")
        put(store, delivery)  # type: ignore[arg-type]

    monkeypatch.setattr(type(house.store), "put", failing)
    assert alerts(await house.publish([told(FERRY[1], 2)])) == []
    house.clock.forward(hours=2)
    await house.settle()
    assert [edit.alert_key for edit in house.chat.edits] == [alert.alert_key]
    assert len(house.chat.posts[0:]) == len({post.id for post in house.chat.posts})


async def test_a_probable_report_is_a_quiet_reply_in_the_thread(house: House) -> None:
    alert, reply = await threaded(house)
    shown = text_of(reply.message)
    assert reply.reply_to == f"m{house.chat.posts.index(alert) + 1}"
    assert reply.message.silent
    assert shown.startswith("[Northern Lark]: passengers taken off stranded ferry\nledger.example\n")
    assert "Probably the same story as “Ferry with 214 people on board runs aground" in shown
    assert list(buttons(reply)) == ["Open", "Same story", "Another story"]
    assert house.store.ledger(ROOM, since=START)[-1].reason is Reason.PROBABLE


async def test_copies_of_a_probable_report_go_where_it_stands(house: House) -> None:
    _, reply = await threaded(house)
    assert await house.publish([replace(told(FERRY[1], 3, dated=False), outlet="Wire")]) == []
    assert "Also reported by Wire" in text_of(house.chat.edits[-1].message)
    assert house.chat.edits[-1].alert_key == reply.alert_key


async def test_same_story_moves_the_report_and_what_follows_it(house: House) -> None:
    alert, reply = await threaded(house)
    answer = await house.say(buttons(reply)["Same story"])
    assert answer.startswith("The same story: Northern Lark: passengers taken off")
    left, whole = sorted(house.chat.edits[-2:], key=lambda edit: edit.alert_key == alert.alert_key)
    assert "Also reported by ledger.example" in text_of(whole.message)
    assert "Told with “Ferry with 214" in text_of(left.message)
    assert await house.publish([replace(told(FERRY[1], 3, dated=False), outlet="Wire")]) == []
    assert house.chat.edits[-1].alert_key == alert.alert_key
    assert "ledger.example, Wire" in text_of(house.chat.edits[-1].message)


async def test_another_story_gets_an_alert_of_its_own_and_what_follows_goes_there(house: House) -> None:
    _, reply = await threaded(house)
    before = len(house.chat.posts)
    await house.say(buttons(reply)["Another story"])
    own = next(post for post in house.chat.posts[before:] if post.alert_key)
    assert own.reply_to == ""
    assert list(buttons(own)) == ["Open", "Mute", "Why", "Irrelevant"]
    assert "has an alert of its own now" in text_of(house.chat.edits[-1].message)
    await house.publish([replace(told(FERRY[1], 3, dated=False), outlet="Wire")])
    assert house.chat.edits[-1].message_id == f"m{house.chat.posts.index(own) + 1}"


async def test_the_press_can_be_taken_back(house: House) -> None:
    alert, reply = await threaded(house)
    await house.say(buttons(reply)["Same story"])
    before = len(house.chat.posts)
    await house.say(buttons(house.chat.edits[-2])["Another story"] if buttons(house.chat.edits[-2]) else "another")
    assert [post.alert_key for post in house.chat.posts[before:] if post.alert_key] == [reply.alert_key]
    shown = house.store.alert(alert.alert_key)
    assert shown is not None
    assert [report.site for report in shown.reports] == ["courier.example"]


async def test_a_press_counts_in_its_own_chat_only(house: House) -> None:
    _, reply = await threaded(house)
    answer = await house.say(buttons(reply)["Same story"], to=HALL)
    assert "not here any more" in answer


@pytest.mark.parametrize("verb", ["same", "another"])
async def test_what_cannot_be_moved_is_said(house: House, verb: str) -> None:
    await ready(house)
    (alert,) = await house.publish([told(FERRY[0], 1)])
    assert "Which story is meant?" in await house.say(verb)
    assert "Ferry with 214" in await house.say(f"{verb} alert:{alert.alert_key}")


async def test_a_muted_story_mutes_its_thread(house: House) -> None:
    await ready(house)
    (alert,) = await house.publish([told(FERRY[0], 1)])
    await house.say(f"mute everyone alert:{alert.alert_key} story")
    assert await house.publish([told(FERRY[1], 2, dated=False)]) == []
    assert house.store.ledger(ROOM, since=START)[-1].reason is Reason.MUTED


def connected() -> list[Entry]:
    """An event, a short report that is only probably of it, and one that shows that both are the same."""
    sentences = re.split(r"(?<=[.!?])\s+", FERRY[2].body)
    short = " ".join(sentences[number] for number in (1, 3, 4))
    late = START + timedelta(hours=10)
    return [
        told(FERRY[0], 1),
        replace(told(replace(FERRY[2], body=short), 2), published_at=START + timedelta(hours=9, minutes=1)),
        replace(told(FERRY[1], 3), published_at=late),
    ]


async def test_two_stories_that_turn_out_to_be_one_are_merged_and_nothing_is_posted(house: House) -> None:
    await ready(house, "Tarvik OR Halvorsen topic:ferry")
    first, short, late = connected()
    (alert,), (reply,) = await house.publish([first]), await house.publish([short])
    assert reply.reply_to
    assert alerts(await house.publish([late])) == []
    left, whole = sorted(house.chat.edits[-2:], key=lambda edit: edit.alert_key == alert.alert_key)
    assert "Told with “Ferry with 214" in text_of(left.message)
    assert "Also reported by evening.example, ledger.example" in text_of(whole.message)
    house.restart()
    copy = replace(short, id="e4", url="https://wire.example/4", outlet="Wire")
    assert await house.publish([copy]) == []
    assert house.chat.edits[-1].alert_key == alert.alert_key
    assert "ledger.example, Wire" in text_of(house.chat.edits[-1].message)


async def test_a_chat_that_has_only_the_younger_alert_keeps_it(house: House) -> None:
    first, short, late = connected()
    await ready(house, "Brisant OR vessel topic:tug")  # not in the first report
    await house.say("watch Lark topic:ship", to=HALL)
    await house.add_feed(to=HALL)
    posts = await house.publish([first])
    assert [post.destination.key for post in posts] == [HALL.key]
    own = next(post for post in await house.publish([short]) if post.destination.key == ROOM.key)
    assert alerts(await house.publish([late])) == []
    edit = next(edit for edit in house.chat.edits if edit.destination.key == ROOM.key)
    assert edit.message_id == f"m{house.chat.posts.index(own) + 1}"
    assert "Also reported by ledger.example" in text_of(edit.message)


async def test_reports_without_a_hit_of_the_rule_are_not_posted(house: House) -> None:
    await ready(house, '"life jackets" topic:ferry')
    assert len(await house.publish([told(FERRY[0], 1)])) == 1
    assert await house.publish([told(FERRY[1], 2, dated=False)]) == []


FIRST = Entry(
    id="a",
    url="https://courier.example/blast",
    title="Blast at Lermo harbour kills 12",
    content="An explosion at the harbour of Lermo killed 12 people on Tuesday, Mayor Luca Ferrando said. "
    "Divers searched the basin of the Sirena shipyard until the evening, and the ferry line to Castra was stopped. "
    "The cause was not known; a tank of the yard had been filled in the morning.",
    is_html=False,
    outlet="courier.example",
    published_at=START,
)
LATER = replace(
    FIRST,
    id="b",
    url="https://ledger.example/lermo",
    title="Lermo: death toll of the harbour blast rises to 15",
    content="The explosion at the Sirena shipyard in the harbour of Lermo has killed 15 people, Mayor Luca Ferrando "
    'told reporters. Three of those who were hurt died in hospital in Castra. "We lost friends and neighbours '
    'today," Ferrando said. Divers go on searching the basin, and the ferry line is still stopped.',
    outlet="ledger.example",
    published_at=START + timedelta(hours=3),
)


async def test_a_new_fact_makes_one_reply_that_names_it(house: House) -> None:
    await ready(house, "Lermo topic:blast")
    (alert,) = await house.publish([FIRST])
    (reply,) = await house.publish([LATER])
    assert (reply.kind, reply.reply_to) == ("reply", f"m{house.chat.posts.index(alert) + 1}")
    assert reply.message.silent
    assert "15" in text_of(reply.message)
    assert "was" in text_of(reply.message)
    assert "Says ledger.example" in text_of(reply.message)
    assert "Also reported by ledger.example" in text_of(house.chat.edits[-1].message)
    again = replace(LATER, id="c", url="https://wire.example/lermo", outlet="wire.example")
    assert await house.publish([again]) == []
    house.restart()
    assert await house.publish([]) == []


async def test_the_reply_changes_nothing_of_the_alerts_own_message(house: House) -> None:
    await ready(house, "Lermo topic:blast")
    (alert,) = await house.publish([FIRST])
    await house.publish([LATER])
    shown = house.store.alert(alert.alert_key)
    assert shown is not None
    assert shown.message_id == f"m{house.chat.posts.index(alert) + 1}"


async def test_why_explains_what_joined_and_who_moved_it(house: House) -> None:
    alert, reply = await threaded(house)
    why = await house.say(f"why alert:{reply.alert_key}")
    assert "ledger.example: probably the same story because: " in why
    await house.say(buttons(reply)["Same story"])
    why = await house.say(f"why alert:{alert.alert_key}")
    assert "ledger.example: the same story, said Anna" in why


async def test_a_story_of_very_many_reports_stays_bounded(house: House) -> None:
    await ready(house)
    many = [replace(told(FERRY[0], number), outlet=f"site{number}.example") for number in range(130)]
    for start in range(0, len(many), 40):
        await house.publish(many[start : start + 40])
    (alert,) = [post for post in house.chat.posts if post.alert_key and post.kind == "send"]
    shown = house.store.alert(alert.alert_key)
    assert shown is not None
    assert len(shown.reports) == 100
    assert "+93" in text_of(house.chat.edits[-1].message)


async def test_a_death_at_any_write_makes_no_second_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Sqlite.run
    for dying in range(1, 40):
        store = open_store("sqlite", tmp_path / str(dying))
        house = House(store)
        house.clock.now = START - timedelta(hours=1)
        await ready(house)
        (alert,) = await house.publish([told(FERRY[0], 1)])
        left = iter(range(dying))

        def run(self: Sqlite, sql: str, values: Any = (), left: Iterator[int] = left, dying: int = dying) -> int:
            if "insert" in sql and next(left, dying) == dying - 1:
                raise OSError("the power went")
            return write(self, sql, values)

        monkeypatch.setattr(Sqlite, "run", run)
        with contextlib.suppress(OSError):  # outside of what is tried again
            await house.publish([told(FERRY[1], 2), told(replace(FERRY[2], published_at=None), 3, dated=False)])
        monkeypatch.setattr(Sqlite, "run", write)
        house.restart()
        house.clock.forward(hours=2)
        await house.settle()
        kinds = [(post.kind, bool(post.reply_to)) for post in house.chat.posts if post.alert_key]
        assert sorted(kinds) == [("reply", True), ("send", False), ("send", True)], dying
        assert {edit.alert_key for edit in house.chat.edits} == {alert.alert_key}
        store.close()
        if next(left, None) is not None:
            break  # there were fewer writes than that
    else:
        pytest.fail("every death hit a write: try more of them")


async def test_a_date_far_ahead_is_no_date(house: House) -> None:
    await ready(house)
    await house.publish([told(FERRY[0], 1)])
    ahead = replace(told(QUAKES[0], 8), published_at=START + timedelta(days=900))
    await house.say("watch magnitude topic:quakes")
    await house.publish([ahead])
    (reply,) = await house.publish([replace(told(FERRY[1], 2), published_at=START + timedelta(days=2))])
    assert reply.reply_to  # probable: without a date nothing is hidden
    assert alerts(await house.publish([told(FERRY[2], 3)])) == []  # the open stories are still open


async def test_a_story_without_dates_closes_after_its_window_too(house: House) -> None:
    await ready(house)
    await house.publish([told(FERRY[0], 1, dated=False)])
    house.clock.forward(days=4)
    (alert,) = await house.publish([told(FERRY[1], 2, dated=False)])
    assert alert.reply_to == ""
