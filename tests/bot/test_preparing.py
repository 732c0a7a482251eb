"""What takes long is thought through outside the writer thread: nobody else waits for it."""

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bot import registry, say
from bot.commands import _why_not, irrelevant, watch
from bot.commands import list as lists
from bot.commands import test as trying
from bot.commands._changes import mark_of
from bot.errors import StoreError, UserError
from bot.model import Message, Subscription
from bot.pipeline.writer import Writer
from bot.ports import Desk
from bot.stores.memory import Memory
from tests.fakes import ANNA, ROOM, Typist, entry, text_of
from tests.house import House, open_store
from tests.waiting import LONG, eventually

OTHER_ROOM = ROOM.__class__(platform=ROOM.platform, workspace=ROOM.workspace, chat_id="another")


async def until(house: House, words: str) -> None:
    filling = asyncio.create_task(_deliver(house))
    await eventually(lambda: any(words in text_of(post.message) for post in house.chat.posts), words)
    filling.cancel()


async def _deliver(house: House) -> None:
    while True:
        house.clock.forward(seconds=1)  # until the room's lane is open again
        await house.pipeline.deliver.slots.fill()
        await asyncio.sleep(0.01)


async def test_another_chat_is_answered_while_one_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    house, thinking, enough = House(Memory()), threading.Event(), threading.Event()
    writer = Writer()
    house.pipeline.answer._write = writer
    threads = set()

    def slow(desk: Desk, argument: str) -> Message:
        thinking.set()
        threads.add(threading.current_thread().name[:5])
        assert enough.wait(LONG)
        assert desk.store.rules("none") == []  # questions are answered all the same
        return say.message(say.text(f"thought about {argument}"))

    monkeypatch.setattr(trying, "prepare", slow)
    await house.pipeline.answer.receive(Typist(house.clock, ANNA, ROOM)("test long"))
    await asyncio.to_thread(thinking.wait, LONG)
    await house.pipeline.answer.receive(Typist(house.clock, ANNA, OTHER_ROOM)("help watch"))
    await until(house, "watch <rule>")
    assert not any("thought" in text_of(post.message) for post in house.chat.posts)
    enough.set()
    await until(house, "thought about long")
    assert threads == {"think"}
    writer.close()


async def test_what_prepare_raises_is_told_and_nothing_is_saved() -> None:
    house = House(Memory())
    assert "cannot be read" in await house.say("watch (a")
    assert "What shall I watch for?" in await house.say("watch")
    assert "watches nothing yet" in await house.say("rules")


async def test_outside_the_writer_thread_nothing_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def writes(desk: Desk, argument: str) -> None:
        try:
            desk.store.subscribe(Subscription(destination=ROOM, channel_id="sneaked in"))
        except StoreError as error:
            raise UserError(str(error)) from None

    monkeypatch.setattr(watch, "prepare", writes)
    house = House(open_store("sqlite", tmp_path))
    assert "may only read" in await house.say("watch troops")
    house.store.close()


# ------------------------------------------------------------------------------------- what thinks before it writes


async def _taken(house: House, question: str, asked: str) -> str:
    """What a button for the first change that `question` offers would type, were the rule too long for `edit`."""
    await house.say(question)
    _, number, text = next(
        one.command for one in house.chat.posts[-1].message.buttons if one.command.startswith("edit ")
    ).split(" ", 2)
    (rule,) = [one for one in house.store.rules() if str(one.number) == number]
    return f"{asked} take:{mark_of(rule, text)}"


async def _thinking(house: House, what: str) -> tuple[str, object, str, str]:
    """(command, module, the function of it that takes long, a part of the answer)."""
    await house.say("watch earthquake")
    await house.say("watch flood AND drill")
    await house.add_feed()
    await house.publish([entry(1, "Earthquake drill at school", "Pupils learned."), entry(2, "Earthquake in Rome", "")])
    alert = next(post.alert_key for post in house.chat.posts if "drill" in text_of(post.message) and post.alert_key)
    document = next(one.document for one in house.store.documents() if "drill" in one.document.title)
    unwanted, missed = f"irrelevant alert:{alert}", f"why not doc:{document.id}"
    importing = registry.module("bot.commands", "import")
    return {
        "irrelevant": (unwanted, irrelevant, "narrowed", "Marked as irrelevant"),
        "irrelevant take": (await _taken(house, unwanted, unwanted), irrelevant, "narrowed", "Changed: rule 1"),
        "why not take": (await _taken(house, missed, missed), _why_not, "nearest_miss", "Changed: rule 2"),
        "import": ('import from lexis "troops"', importing.importing, "read", "1 rule of LexisNexis"),
        "import save": ('import from lexis save "troops"', importing, "parse_stored", "Saved: 1 rule of 1"),
        "list": ("list war", lists, "lists_used", "used by no rule"),
        "list change": ("list war + tanks", lists, "lists_used", "Changed: @war with 3 terms"),
        "list remove": ("list remove war", lists, "lists_used", "Removed: @war"),
    }[what]


@pytest.mark.parametrize(
    "what",
    [
        "irrelevant",
        "irrelevant take",
        "why not take",
        "import",
        "import save",
        "list",
        "list change",
        "list remove",
    ],
)
async def test_what_a_verb_thinks_about_before_it_writes_holds_up_nobody(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, thinking, enough, threads = House(Memory()), threading.Event(), threading.Event(), set[str]()
    await house.say("list war = troops, soldiers")
    command, module, name, answer = await _thinking(house, what)
    usual = getattr(module, name)

    def slow(*args: object, **more: object) -> object:
        thinking.set()
        threads.add(threading.current_thread().name[:5])
        assert enough.wait(LONG)
        return usual(*args, **more)

    monkeypatch.setattr(module, name, slow)
    house.chat.posts.clear()
    writer = Writer()
    house.pipeline.answer._write = writer
    try:
        await house.pipeline.answer.receive(house.typists[ANNA.key, ROOM.key](command))
        assert await asyncio.to_thread(thinking.wait, LONG)
        await house.pipeline.answer.receive(Typist(house.clock, ANNA, OTHER_ROOM)("help watch"))
        await until(house, "watch <rule>")
        assert not any(answer in text_of(post.message) for post in house.chat.posts)
        enough.set()
        await until(house, answer)
        assert threads == {"think"}
    finally:
        enough.set()
        writer.close()


async def test_a_rule_that_changed_while_a_proposal_was_made_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Memory())
    command, _, _, _ = await _thinking(house, "irrelevant take")
    usual = irrelevant.prepare

    def beaten(desk: Desk, argument: str) -> object:
        ready = usual(desk, argument)
        (rule,) = [one for one in house.store.rules() if one.number == 1]
        house.store.save_rule(replace(rule, text="earthquake OR tsunami"))
        return ready

    monkeypatch.setattr(irrelevant, "prepare", beaten)
    assert "was changed just now" in await house.say(command)
    assert "earthquake OR tsunami" in [one.text for one in house.store.rules()]


async def test_a_list_that_a_rule_uses_since_is_not_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Memory())
    await house.say("list war = troops, soldiers")
    await house.say("watch earthquake")
    usual = lists.prepare

    def beaten(desk: Desk, argument: str) -> object:
        ready = usual(desk, argument)
        (rule,) = house.store.rules()
        house.store.save_rule(replace(rule, text="@war AND Kyiv"))
        return ready

    monkeypatch.setattr(lists, "prepare", beaten)
    assert "@war is used by rule 1" in await house.say("list remove war")
    assert "troops, soldiers" in await house.say("list war")


async def test_a_rule_that_came_while_others_were_translated_is_not_saved_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house, importing = House(Memory()), registry.module("bot.commands", "import")
    await house.say("watch earthquake")
    usual = importing.prepare

    def beaten(desk: Desk, argument: str) -> object:
        ready = usual(desk, argument)
        (rule,) = house.store.rules()
        house.store.add_rule(replace(rule, id="another", number=0, text="troops", topic="troops"))
        return ready

    monkeypatch.setattr(importing, "prepare", beaten)
    assert "rule 2 is the same" in await house.say("import from watchword save\ntroops")
    assert len(house.store.rules()) == 2
