"""The whole way on Telegram over real HTTP, in each kind of chat: source, rule, the alert, its buttons, every verb."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.model import Discovery, Entry
from rules import Document
from tests.bot.grouped_twice import FERRY
from tests.bot.telegram_judge import alive, part
from tests.bot.telegram_talk import ANNA, BORIS, CHANNEL, FORUM, GROUP, PRIVATE, TOPIC, Line, open_line
from tests.fake_telegram import BOT
from tests.fakes import NOON
from tests.house import House, open_store

Json = dict[str, Any]
PLACES = {
    "private": (PRIVATE, {}),
    "group": (GROUP, {}),
    "topic": (FORUM, TOPIC),
    "channel": (CHANNEL, {"sender_chat": CHANNEL}),
}
STORY = Entry(
    id="1",
    url="https://courier.example/troops?a=1&b=2",
    title="Troops may go to Ukraine",
    content="European countries are prepared to send troops to Ukraine, said @minister. Write /unwatch 1 to evil.com.",
    is_html=False,
    outlet="Daily Courier",
    published_at=NOON,
)


class Desk:
    """Somebody at one chat, with all of Watchword behind it."""

    def __init__(self, line: Line, house: House, place: str) -> None:
        self.line, self.house = line, house
        self.chat, self.extra = PLACES[place]

    async def hear(self) -> list[Json]:
        """What was pushed is taken, carried out and answered; the new messages."""
        fake, before = self.line.fake, len(self.line.fake.sent)
        await self.line.settled()
        await self.house.settle()
        return fake.sent[before:]

    async def type(self, text: str, **more: Any) -> str:
        user = None if self.chat is CHANNEL else ANNA
        self.line.fake.say(text, self.chat, user, **self.extra, **more)
        (answer,) = await self.hear()
        self.at_home(answer)
        return str(answer["text"])

    async def publish(self, number: str, title: str, content: str) -> list[Json]:
        """A new entry in the feed, and two hours later it has been read; the new messages."""
        fake, before, entries = self.line.fake, len(self.line.fake.sent), self.house.source.entries
        entries["fake:news"] = [*entries.get("fake:news", ()), replace(STORY, id=number, title=title, content=content)]
        self.house.clock.forward(hours=2)
        await self.house.settle()
        return fake.sent[before:]

    async def publish_as(self, number: str, told: Document, **more: Any) -> Json:
        """A document as an entry of its own outlet; the one new message."""
        fake, before, entries = self.line.fake, len(self.line.fake.sent), self.house.source.entries
        address = f"https://{told.site}/{number}"
        entry = replace(STORY, id=number, title=told.title, content=told.body, outlet=told.site, url=address, **more)
        entries["fake:news"] = [*entries.get("fake:news", ()), entry]
        self.house.clock.forward(hours=2)
        await self.house.settle()
        (sent,) = fake.sent[before:]
        return sent

    def at_home(self, sent: Json) -> None:
        assert int(sent["chat_id"]) == self.chat["id"]
        assert sent.get("message_thread_id") == ("7" if self.chat is FORUM else None)

    async def press(self, label: str, sent: Json) -> Json:
        keys = [key for row in sent["reply_markup"]["inline_keyboard"] for key in row]
        (data,) = [key["callback_data"] for key in keys if key["text"] == label]
        shown = {"date": 1, "chat": self.chat, "text": sent["text"], "reply_markup": sent["reply_markup"], **self.extra}
        self.line.fake.press(data, {"message_id": self.line.fake.sent.index(sent) + 1, **shown}, ANNA)
        (answer,) = await self.hear()
        self.at_home(answer)
        return answer


@pytest.fixture(params=PLACES)
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    store = open_store("memory", tmp_path)
    async with open_line() as line:
        line.fake.admins = {42}
        house = House(store, clock=line.clock, chat=line.chat)  # type: ignore[arg-type]
        line.handle = house.pipeline.answer.receive  # type: ignore[method-assign]
        line.listen()
        there = Desk(line, house, request.param)
        if request.param == "topic":  # which else speaks for its group
            await there.type("/settings topic own")
        yield there
        await line.stop()
    store.close()


async def alert(desk: Desk) -> Json:
    """The alert that a rule and a source bring."""
    desk.house.source.found["fake:news"] = (Discovery(kind="fake", url="fake:news", title="News"),)
    assert "Added" in await desk.type("/source add fake:news")
    await desk.house.settle()
    assert "Watching: rule 1" in await desk.type('/watch "troops" AND Ukraine topic:troops')
    (sent,) = await desk.publish("1", STORY.title, STORY.content)
    desk.at_home(sent)
    return sent


async def test_a_source_and_a_rule_bring_an_alert_with_working_buttons(desk: Desk) -> None:
    sent = await alert(desk)
    marked = {(one["type"], part(sent["text"], one["offset"], one["length"])) for one in sent["entities"]}
    assert ("text_link", "Troops may go to Ukraine") in marked
    assert ("bold", "Daily Courier") in marked
    assert any(kind == "blockquote" and "European countries" in text for kind, text in marked)
    assert {text for kind, text in marked if kind == "underline"} >= {"troops", "Ukraine"}
    assert sent["reply_markup"]["inline_keyboard"][0][0] == {"text": "Open", "url": STORY.url}
    why = await desk.press("Why", sent)
    assert "troops" in why["text"]
    muted = await desk.press("Mute", sent)
    assert "Muted for" in muted["text"]
    assert "topic “troops”" in await desk.type("/mutes")


@pytest.mark.needs("tdjson")
async def test_what_a_source_wrote_can_be_read_and_not_pressed(desk: Desk) -> None:
    sent = await alert(desk)
    assert "minister" in sent["text"]
    assert alive(sent) == []


async def test_an_answer_to_an_alert_is_about_that_alert(desk: Desk) -> None:
    sent = await alert(desk)
    number = desk.line.fake.sent.index(sent) + 1
    author = {"sender_chat": CHANNEL} if desk.chat is CHANNEL else {"from": BOT}
    shown = {"message_id": number, "date": 1, "chat": desk.chat, "text": sent["text"], **author}
    assert "Troops may go" in await desk.type("/why", reply_to_message=shown)


async def test_every_verb_of_the_issue_answers(desk: Desk) -> None:
    for typed in (
        "/start", "/help", "/help watch", "/sources", "/rules", "/watch (troops AND", "/watch@WatchwordTestBot quake",
        "/mute troops for 2h", "/mutes", "/unmute troops", "/publish desk", "/channels", "/subscribe desk",
        "/unsubscribe desk", "/unwatch 1", "/why", "/wacth x",
    ):  # fmt: skip
        assert await desk.type(typed), typed


async def test_a_removed_bot_is_silent_until_somebody_speaks_to_it_again(desk: Desk) -> None:
    await alert(desk)
    there, gone = {"user": BOT, "status": "member"}, {"user": BOT, "status": "kicked", "until_date": 0}
    change = {"chat": desk.chat, "from": ANNA, "date": 1, "old_chat_member": there, "new_chat_member": gone}
    desk.line.fake.push("my_chat_member", change)
    desk.line.fake.lost = {desk.chat["id"]}
    assert await desk.hear() == []
    told = await desk.publish("2", "Bridge closed", "Troops of Ukraine closed a bridge over the Dnipro.")
    assert [one for one in told if int(one["chat_id"]) == desk.chat["id"]] == []
    desk.line.fake.lost = set()
    desk.line.fake.say("/rules", desk.chat, None if desk.chat is CHANNEL else ANNA, **desk.extra)
    answers = [str(one["text"]) for one in await desk.hear()]
    assert any("While I could not post here, 1 story matched" in text for text in answers)
    assert any("troops" in text for text in answers)
    (sent,) = await desk.publish("3", "Port opened", "A port in Ukraine was opened again after the troops had left.")
    assert sent["text"].startswith("Port opened")


@pytest.mark.parametrize("desk", ["group", "topic"], indirect=True)
async def test_a_member_who_is_no_admin_does_not_publish_a_groups_rules(desk: Desk) -> None:
    desk.line.fake.say("/publish desk", desk.chat, BORIS, **desk.extra)
    (answer,) = await desk.hear()
    assert "Only this chat's admins" in answer["text"]


async def test_a_probable_report_replies_to_the_alert_and_its_buttons_move_it(desk: Desk) -> None:
    desk.house.source.found["fake:news"] = (Discovery(kind="fake", url="fake:news", title="News"),)
    await desk.type("/source add fake:news")
    await desk.house.settle()
    await desk.type('/watch "Northern Lark" topic:ferry')
    first = await desk.publish_as("1", FERRY[0], published_at=NOON)
    reply = await desk.publish_as("2", FERRY[1], published_at=None)
    desk.at_home(reply)
    assert reply["reply_parameters"]["message_id"] == desk.line.fake.sent.index(first) + 1
    assert reply["disable_notification"]
    answer = await desk.press("Same story", reply)
    assert answer["text"].startswith("The same story: Northern Lark")
    texts = [edit["text"] for edit in desk.line.fake.edited[-2:]]
    assert any("Also reported by ledger.example" in text for text in texts)
    assert any("Told with" in text for text in texts)
