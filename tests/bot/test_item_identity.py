"""What is one item, through the real adapters: RSS, Atom, JSON Feed, a watched page, a folder."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from bot.config import Settings
from bot.model import Feed, Reason
from bot.ports import Kit
from bot.sources import directory, feed, page
from bot.sources.directory import DirectorySettings
from bot.stores.memory import Memory
from tests.bot.pageweb import PageWeb
from tests.fakes import NOON, ROOM, FakeClock, FakeWorker, text_of
from tests.house import House

SITE = "https://canal.example"
GATE = "The lock gate at Brill was closed at noon, because a barge had struck its lower hinge."
LEAK = "Valve K of the lock leaks {} litres an hour, the keeper of the canal says; boats may pass at walking pace."
DIVERS = "Divers look at the gate at Brill; the barge lies at the quay."


@dataclass(frozen=True, kw_only=True)
class Item:
    name: str = "a1"
    url: str = f"{SITE}/gate"
    title: str = "Lock gate at Brill closed"
    text: str = GATE
    at: datetime = NOON + timedelta(hours=1)


def rss(items: Sequence[Item]) -> bytes:
    return (
        "<rss version='2.0'><channel><title>Canal</title>"
        + "".join(
            f"<item><guid isPermaLink='false'>{escape(item.name)}</guid><link>{item.url}</link>"
            f"<title>{escape(item.title)}</title><description>{item.text}</description>"
            f"<pubDate>{item.at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for item in items
        )
        + "</channel></rss>"
    ).encode()


def atom(items: Sequence[Item]) -> bytes:
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Canal</title>"
        + "".join(
            f"<entry><id>{escape(item.name)}</id><link href='{item.url}'/><title>{item.title}</title>"
            f"<content>{item.text}</content><published>{item.at:%Y-%m-%dT%H:%M:%SZ}</published></entry>"
            for item in items
        )
        + "</feed>"
    ).encode()


def json_feed(items: Sequence[Item]) -> bytes:
    entries = [
        {
            "id": item.name,
            "url": item.url,
            "title": item.title,
            "content_text": item.text,
            "date_published": f"{item.at:%Y-%m-%dT%H:%M:%SZ}",
        }
        for item in items
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Canal", "items": entries}).encode()


FORMATS: dict[str, Callable[[Sequence[Item]], bytes]] = {"rss": rss, "atom": atom, "json": json_feed}
FEED_URL = f"{SITE}/feed"
PAGE_URL = f"{SITE}/state"
MINUTES, DAYS = timedelta(minutes=10), timedelta(days=5)


class Newsroom:
    """A house with the real sources, one feed row, and a rule; `reads` visits it and tells what came of it."""

    def __init__(self, folder: Path) -> None:
        self.web, self.folder, clock = PageWeb(), folder / "news", FakeClock()
        self.folder.mkdir()
        settings = Settings(poll_min_seconds=60, data=folder / "data")
        settings = settings.having(DirectorySettings(folders=(self.folder,)))
        kit = Kit(settings=settings, clock=clock, http=self.web, worker=FakeWorker())
        kinds = {
            "feed": feed.connect(kit),
            "page": page.connect(kit),
            "directory": directory.connect(kit),
        }
        self.house = House(Memory(), clock=clock, kinds=kinds)

    async def watch(self, kind: str, url: str, rule: str = "lock OR gate OR canal") -> None:
        await self.house.say(f"watch {rule}")
        channel = self.house.store.subscriptions(ROOM)[0]
        self.house.store.add_feed(Feed(id="f", kind=kind, url=url, next_poll_at=NOON), channel.id)
        await self.house.settle()

    async def reads(self, after: timedelta = MINUTES) -> tuple[list[str], list[str]]:
        """Texts of new alerts, and of edits."""
        posts, edits = len(self.house.chat.posts), len(self.house.chat.edits)
        self.house.clock.now += after
        known = self.house.store.feed("f")
        assert known is not None
        self.house.store.save_feed(replace(known, next_poll_at=self.house.clock()))
        await self.house.settle()
        return (
            [text_of(post.message) for post in self.house.chat.posts[posts:]],
            [text_of(edit.message) for edit in self.house.chat.edits[edits:]],
        )


@dataclass
class Wire:
    """A feed in one of its formats."""

    room: Newsroom
    write: Callable[[Sequence[Item]], bytes]

    async def gives(self, *items: Item, after: timedelta = MINUTES) -> tuple[list[str], list[str]]:
        self.room.web.pages[FEED_URL] = self.write(items)
        return await self.room.reads(after)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


@pytest.fixture(params=FORMATS)
async def wire(request: pytest.FixtureRequest, room: Newsroom) -> Wire:
    room.web.pages[FEED_URL] = FORMATS[request.param]([Item(name="z", url=f"{SITE}/z", title="Hello", text="Nothing.")])
    await room.watch("feed", FEED_URL)
    return Wire(room, FORMATS[request.param])


# ------------------------------------------------------------------------------------------------------------ feeds


@pytest.mark.parametrize(
    "now",
    [
        Item(title="Barge crew blamed for damage at Brill", text=DIVERS),
        Item(title="Barge crew blamed for damage at Brill", text=DIVERS, url=f"{SITE}/2026/barge-crew"),
        Item(text=f"{GATE} It opens on Friday.", url="http://canal.example/gate"),
        Item(text=f"{GATE} It opens on Friday.", name="urn:moved"),
    ],
    ids=["rewritten", "rewritten and moved", "http for https", "renamed at its address"],
)
async def test_a_later_version_edits_the_alert(wire: Wire, now: Item) -> None:
    assert len((await wire.gives(Item()))[0]) == 1
    posts, edits = await wire.gives(now)
    assert (posts, len(edits)) == ([], 1)
    assert now.text.split(".")[0].split(" at ")[0] in edits[0].replace("[", "").replace("]", "")


async def test_an_address_as_name_is_one_whatever_its_scheme(wire: Wire) -> None:
    await wire.gives(Item(name="http://canal.example/gate", url="http://canal.example/gate"))
    named = "https://www.canal.example/gate"
    posts, edits = await wire.gives(Item(name=named, url=named, title="Barge crew blamed at Brill", text=DIVERS))
    assert (posts, len(edits)) == ([], 1)


@pytest.mark.parametrize("together", [True, False])
async def test_two_items_behind_one_link_with_other_figures_are_two_alerts(wire: Wire, together: bool) -> None:
    both = [Item(name=name, title="Lock notice", text=LEAK.format(litres)) for name, litres in (("k1", 4), ("k2", 73))]
    posts = [] if together else (await wire.gives(both[0]))[0]
    posts += (await wire.gives(*both))[0]
    assert sorted("73" in post for post in posts) == [False, True]


_LIVE = [
    Item(name="p1", url=f"{SITE}/live#p1", title="Lock gate at Brill closed", text=GATE),
    Item(name="p2", url=f"{SITE}/live#p2", title="Valve K of the lock leaks", text=LEAK.format(4)),
]


@pytest.mark.parametrize("together", [True, False])
async def test_items_of_a_live_page_are_apart_and_open_where_they_stand(wire: Wire, together: bool) -> None:
    posts = [] if together else (await wire.gives(_LIVE[0]))[0]
    posts += (await wire.gives(*_LIVE))[0]
    assert len(posts) == 2
    stored = wire.room.house.store.documents()
    assert {each.document.url for each in stored} >= {f"{SITE}/live#p1", f"{SITE}/live#p2"}
    later = replace(_LIVE[0], text=f"{GATE} It opens on Friday.")
    posts, edits = await wire.gives(later, _LIVE[1])
    assert (posts, len(edits)) == ([], 1)


@pytest.mark.parametrize("front", ["live", ""])
async def test_items_that_differ_only_in_their_place_are_kept_apart_and_told_once(wire: Wire, front: str) -> None:
    name = f"{SITE}/{front}#"
    same = [Item(name=f"{name}{place}", url=f"{name}{place}") for place in ("p1", "p2")]
    posts = (await wire.gives(same[0]))[0] + (await wire.gives(*same))[0]
    assert len(posts) == 1, "the same words are no news, wherever they stand"
    urls = [each.document.url for each in wire.room.house.store.documents()]
    assert {f"{name}p1", f"{name}p2"} <= set(urls)
    assert await wire.gives(*same) == ([], [])


async def test_a_mark_of_statistics_is_no_other_item(wire: Wire) -> None:
    assert len((await wire.gives(Item(name="", url=f"{SITE}/gate#xtor=RSS-1")))[0]) == 1
    assert await wire.gives(Item(name="", url=f"{SITE}/gate#xtor=RSS-2")) == ([], [])


async def test_the_same_item_days_later_is_silent(wire: Wire) -> None:
    assert len((await wire.gives(Item()))[0]) == 1
    assert await wire.gives() == ([], [])
    assert await wire.gives(Item(), after=DAYS) == ([], [])
    posts, edits = await wire.gives(Item(url=f"{SITE}/archive/gate"), after=DAYS)
    assert (posts, len(edits)) == ([], 1), "the alert links to where it is now"


async def test_an_item_of_years_ago_is_archived_as_old(wire: Wire) -> None:
    assert await wire.gives(Item(at=NOON - timedelta(days=900))) == ([], [])
    assert [line.reason for line in wire.room.house.store.ledger(ROOM, since=NOON)] == [Reason.OLD]


# ------------------------------------------------------------------------------------------------------------- page


async def page_says(room: Newsroom, *lines: str, after: timedelta = MINUTES) -> tuple[list[str], list[str]]:
    body = "".join(f"<p>{line}</p>" for line in lines)
    room.web.pages[PAGE_URL] = f"<title>Canal</title><body><div id=state>{body}</div></body>".encode()
    return await room.reads(after)


async def test_each_change_of_a_page_is_an_alert_of_its_own(room: Newsroom) -> None:
    room.web.pages[PAGE_URL] = b"<title>Canal</title><body><div id=state><p>Lock open</p></div></body>"
    await room.watch("page", f"{PAGE_URL}#text=%23state")
    answers = [await page_says(room, text) for text in (LEAK.format(4), LEAK.format(73), LEAK.format(73))]
    assert [(len(posts), len(edits)) for posts, edits in answers] == [(1, 0), (1, 0), (0, 0)]
    assert await page_says(room, LEAK.format(73), after=DAYS) == ([], [])


@pytest.mark.parametrize("part", ["#text=%23state", "#text"])
async def test_a_state_that_comes_back_is_an_alert_each_time(room: Newsroom, part: str) -> None:
    room.web.pages[PAGE_URL] = b"<title>Canal</title><body><div id=state><p>Lock: open</p></div></body>"
    await room.watch("page", PAGE_URL + part)
    pauses = (timedelta(hours=3), timedelta(hours=3), timedelta(hours=4), DAYS, DAYS, timedelta(hours=3))
    words = ("Lock: closed", "Lock: open") * 3
    answers = [await page_says(room, text, after=pause) for text, pause in zip(words, pauses, strict=True)]
    assert [(len(posts), len(edits)) for posts, edits in answers] == [(1, 0)] * 6
    assert [posts[0].partition(" · ")[0].replace("[Lock]", "Lock") for posts, _ in answers] == [*words]


async def test_a_page_that_was_away_is_silent_when_it_is_back(room: Newsroom) -> None:
    lines = (GATE, LEAK.format(4), DIVERS)
    room.web.pages[PAGE_URL] = b"<title>Canal</title><body><div id=state><p>Lock open</p></div></body>"
    await room.watch("page", f"{PAGE_URL}#text=%23state")
    assert len((await page_says(room, *lines))[0]) == 1
    assert await page_says(room, "The canal's website is down for maintenance.") == ([], [])
    assert await page_says(room, *lines, after=timedelta(hours=1)) == ([], [])
    posts, _ = await page_says(room, *lines, "The keeper sells his canal boat.", after=timedelta(hours=1))
    assert len(posts) == 1


async def test_a_link_that_changes_its_scheme_is_no_new_link(room: Newsroom) -> None:
    def links(scheme: str, title: str) -> bytes:
        return f"<title>C</title><main><a href='{scheme}://canal.example/gate'>{title}</a></main>".encode()

    room.web.pages[PAGE_URL] = links("https", "Hello to all of our readers").replace(b"gate", b"hello")
    await room.watch("page", f"{PAGE_URL}#links")
    room.web.pages[PAGE_URL] = links("http", "Lock gate at Brill closed")
    assert len((await room.reads())[0]) == 1
    room.web.pages[PAGE_URL] = links("https", "Lock gate at Brill closed")
    assert (await room.reads())[0] == []
    room.web.pages[PAGE_URL] = links("https", "Lock gate at Brill closed, keeper blamed")
    assert (await room.reads())[0] == []


# ----------------------------------------------------------------------------------------------------------- folder


async def test_a_file_that_is_rewritten_edits_its_alert(room: Newsroom) -> None:
    await room.watch("directory", "folder:news")
    file = room.folder / "gate.md"
    file.write_text(f"# Lock gate at Brill closed\n\n{GATE}\n")
    assert len((await room.reads())[0]) == 1
    file.write_text(f"# Barge crew blamed for damage at Brill\n\n{DIVERS}\n")
    posts, edits = await room.reads()
    assert (posts, len(edits)) == ([], 1)
    assert "Barge crew" in edits[0]
    file.touch()
    assert await room.reads(DAYS) == ([], [])


async def test_rows_of_a_file_with_other_figures_are_apart_and_old_ones_are_old(room: Newsroom) -> None:
    await room.watch("directory", "folder:news")
    rows = [
        {"id": name, "url": f"{SITE}/gate", "title": "Lock notice", "text": LEAK.format(litres), "published_at": at}
        for name, litres, at in (("k1", 4, "2026-03-02T12:05:00Z"), ("k2", 73, "2026-03-02T12:05:00Z"))
    ]
    rows.append({"id": "k0", "title": "Lock of 2019", "text": DIVERS, "published_at": "2019-01-01T00:00:00Z"})
    (room.folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    posts, edits = await room.reads()
    assert (sorted("73" in post for post in posts), edits) == ([False, True], [])
    assert Reason.OLD in {line.reason for line in room.house.store.ledger(ROOM, since=NOON)}
    rows[0] |= {"title": "Valve K again", "text": LEAK.format(5)}
    (room.folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    posts, edits = await room.reads()
    assert (posts, ["Valve K again" in edit for edit in edits]) == ([], [True])
