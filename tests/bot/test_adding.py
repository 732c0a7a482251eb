"""`source add <anything>`, typed into a whole Watchword whose web is in memory."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import registry
from bot.commands.source import MOST_SOURCES
from bot.config import Settings
from bot.model import Button, Discovery, Feed
from bot.pipeline import Pipeline
from bot.pipeline.discover import MOST_AT_ONCE
from bot.ports import Export, Kit, Meaning, Reach
from bot.reading.feeds.opml import read_opml
from tests.bot.pageweb import PageWeb
from tests.fakes import ROOM, FakeSource, FakeWorker
from tests.house import House, open_store, write_here

KINDS = ("feed", "mastodon", "bluesky", "youtube", "reddit", "page", "webhook")
FEED = "<rss version='2.0'><channel><title>{0}</title><item><title>Newest of {0}</title></item></channel></rss>"
PAGE = b"<html><head><title>List</title></head><body><main class='list'>" + b"".join(
    b"<p><a href='/story/%d'>A headline that is long enough, number %d</a></p>" % (n, n) for n in range(9)
)


@dataclass
class WebHouse(House):
    """With the real kinds of sources. `feed` puts one on the web."""

    web: PageWeb = field(default_factory=PageWeb)
    only: tuple[str, ...] = KINDS
    home: Path = Path()

    def restart(self) -> None:
        kit = Kit(
            settings=Settings(data=self.home, public_url="https://watch.example"),
            clock=self.clock,
            http=self.web,
            worker=FakeWorker(),
        )
        kinds = {name: registry.module("bot.sources", name).connect(kit) for name in self.only}
        self.pipeline = Pipeline(
            store=self.store,
            sources={"fake": self.source, **kinds},
            chats={self.chat.platform: self.chat},
            worker=FakeWorker(),
            http=self.web,
            write=write_here,
            clock=self.clock,
            steady=self.clock.steady,
            retention=timedelta(days=90),
        )

    def feed(self, url: str, title: str = "") -> str:
        self.web.pages[url] = FEED.format(title or url.removeprefix("https://")).encode()
        return url

    def urls(self) -> list[str]:
        own = self.store.subscriptions(ROOM)
        return [feed.url for channel in own for feed in self.store.feeds(channel.id)]

    def buttons(self) -> tuple[Button, ...]:
        return self.chat.posts[-1].message.buttons


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    store = open_store("memory", tmp_path)
    yield WebHouse(store=store, home=tmp_path)
    store.close()


# ------------------------------------------------------------------------------------------------------------- several


async def test_each_of_several_addresses_has_its_line(house: WebHouse) -> None:
    house.feed("https://a.example/feed", "The A")
    house.feed("https://b.example/feed", "The B")
    house.web.pages["https://c.example/news"] = PAGE
    await house.say("source add https://b.example/feed")
    answer = await house.say(
        "source add https://a.example/feed, https://b.example/feed\nhttps://gone.example/feed\nhttps://c.example/news"
    )
    lines = answer.splitlines()
    assert lines[0] == "Added 1 source of 4"
    assert any("Failed: https://gone.example/feed - " in line and "answers 404" in line for line in lines)
    assert "Added: The A" in lines
    assert "There already: The B" in lines
    assert "2 feeds there, choose: source add https://c.example/news" in lines
    assert [one.command for one in house.buttons()] == ["source add https://c.example/news", "undo 2"]
    assert house.urls() == ["https://b.example/feed", "https://a.example/feed"]


async def test_a_secret_is_shown_also_among_several(house: WebHouse) -> None:
    house.feed("https://a.example/feed")
    answer = await house.say("source add https://a.example/feed\nwebhook my desk")
    assert "Added 2 sources of 2" in answer
    assert "The secret is shown only now" in answer
    assert "curl" in answer


async def test_one_that_breaks_does_not_take_the_others_along(house: WebHouse) -> None:
    house.feed("https://a.example/feed")
    house.web.pages["https://b.example/feed"] = ZeroDivisionError()
    answer = await house.say("source add https://a.example/feed https://b.example/feed")
    assert "internal error (ZeroDivisionError)" in answer
    assert house.urls() == ["https://a.example/feed"]


async def test_looking_has_an_end(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(FakeSource):
        async def discover(self, url: str) -> Sequence[Discovery]:
            await asyncio.sleep(60)
            return ()

    house.source = Slow()
    house.restart()
    monkeypatch.setattr("bot.pipeline.discover.LONGEST_SECONDS", 0.05)
    answer = await house.say("source add fake:slow")
    assert "took longer than 0.05 seconds: it is too slow." in answer
    assert "Paste the address of the feed itself, or try again later." in answer


async def test_a_name_in_a_list_is_not_guessed(house: WebHouse) -> None:
    house.feed("https://a.example/feed")
    answer = await house.say("source add https://a.example/feed @harbour")
    assert "That name can be in several places. Add it by itself" in answer


async def test_a_chat_can_be_filled_but_not_overfilled(house: WebHouse) -> None:
    await house.say(f"source add {house.feed('https://first.example/feed')}")
    channel = house.store.subscriptions(ROOM)[0].id
    for number in range(MOST_SOURCES - 2):
        house.store.add_feed(Feed(id=f"f{number}", kind="feed", url=f"https://{number}.example/"), channel)
    answer = await house.say(
        f"source add {house.feed('https://a.example/feed')} {house.feed('https://b.example/feed')}"
    )
    assert "Added 1 source of 2" in answer
    assert f"A chat can have {MOST_SOURCES} sources. Remove one first" in answer
    assert len(house.urls()) == MOST_SOURCES


# ---------------------------------------------------------------------------------------------------------------- OPML


def opml_of(urls: list[str]) -> str:
    return "<opml><body>" + "".join(f'<outline text="T" xmlUrl="{url}"/>' for url in urls) + "</body></opml>"


async def test_pasted_opml_is_added(house: WebHouse) -> None:
    urls = [house.feed(f"https://{name}.example/feed") for name in "abc"]
    answer = await house.say(f"source add <?xml version='1.0'?>\n{opml_of([*urls, urls[0], 'javascript:alert(1)'])}")
    assert "Added 3 sources of 4" in answer
    assert "1 of its addresses stands there more than once." in answer
    assert "Failed: T - I cannot watch “javascript:alert(1)”" in answer
    assert house.urls() == urls


async def test_the_address_of_a_list_brings_it_in_parts(house: WebHouse) -> None:
    urls = [house.feed(f"https://n{number}.example/feed") for number in range(MOST_AT_ONCE + 3)]
    house.web.pages["https://x.example/all.opml"] = opml_of(urls).encode()
    answer = await house.say("source add https://x.example/all.opml")
    assert f"Added {MOST_AT_ONCE} sources of 53; looked at 1 to 50" in answer
    assert "3 more addresses in it" in answer
    assert house.buttons()[0].command == "source add from 51 https://x.example/all.opml"
    answer = await house.say(house.buttons()[0].command)
    assert "Added 3 sources of 53; looked at 51 to 53" in answer
    assert house.urls() == urls
    assert "there is no number 99" in await house.say("source add from 99 https://x.example/all.opml")


async def test_the_longest_report_fits_a_message(house: WebHouse) -> None:
    urls = [f"https://missing{number}.example/{'x' * 150}" for number in range(MOST_AT_ONCE)]
    answer = await house.say("source add " + "\n".join(urls))
    assert answer.count("Failed: ") == MOST_AT_ONCE
    assert len(answer) < 4000  # Telegram takes 4,096
    told = await house.say(f"source add {house.feed('https://a.example/feed')} " + " ".join(urls[:20]))
    assert "Added 1 source of 21" in told


async def test_damaged_and_nested_lists_are_told(house: WebHouse) -> None:
    assert "No address is in this OPML list" in await house.say("source add <opml><outline text='x'/></opml>")
    house.web.pages["https://x.example/all.opml"] = opml_of([house.feed("https://a.example/feed")]).encode()
    answer = await house.say("source add https://x.example/all.opml https://a.example/feed")
    assert "That is a list of feeds itself. Add it by itself" in answer


# -------------------------------------------------------------------------------------------------------------- choice


async def test_a_name_without_a_place_asks(house: WebHouse) -> None:
    house.feed("https://bsky.app/profile/harbour.bsky.social/rss", "Harbour at Bluesky")
    answer = await house.say("source add @harbour")
    assert "@harbour can be in several places. Which one?" in answer
    assert "Bluesky: Harbour at Bluesky - newest: Newest of Harbour at Bluesky" in answer
    assert answer.index("Bluesky") < answer.index("YouTube")
    commands = [one.command for one in house.buttons()]
    assert commands[0] == "source add @harbour.bsky.social"
    assert "source add @harbour@mastodon.social" in commands
    assert not house.urls()
    assert "Added: Harbour at Bluesky" in await house.say(commands[0])


async def test_a_new_kind_offers_what_a_name_means_there_and_a_broken_one_spoils_nothing(house: WebHouse) -> None:
    class Port(FakeSource):
        def accepts(self, url: str) -> Reach:
            return Reach.NAMED if url.startswith("port:") else Reach.NONE

        def meanings(self, name: str) -> Sequence[Meaning]:
            return [Meaning(place="Port", address=f"port:{name}", elsewhere=f"port:{name}@<quay>")]

    class Broken(FakeSource):
        kind = "broken"

        def meanings(self, name: str) -> Sequence[Meaning]:
            raise ZeroDivisionError

    house.source = Port()
    house.source.found["port:harbour"] = (Discovery(kind="fake", url="port:harbour", title="Harbour master"),)
    house.restart()
    house.pipeline.answer._sources = {**house.pipeline.answer._sources, "broken": Broken()}
    answer = await house.say("source add @harbour")
    assert "Port: Harbour master source add port:harbour" in answer
    assert "Elsewhere than at Port: source add port:harbour@<quay>" in answer
    assert house.buttons()[0] == Button(label="Port", command="source add port:harbour")
    assert "YouTube" in answer


async def test_long_addresses_can_be_chosen_with_a_button(house: WebHouse) -> None:
    long = [f"https://news.example/{'feeds/' * 12}{name}.xml" for name in ("one", "two")]
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{house.feed(url)}">' for url in long)
    house.web.pages["https://news.example"] = f"<html><head>{links}</head></html>".encode()
    answer = await house.say("source add news.example")
    assert "Which one?" in answer
    assert "newest: Newest of" in answer
    buttons = house.buttons()
    assert len(buttons) == 2
    assert all(one.command.startswith("source add pick:") and len(one.command) <= 60 for one in buttons)
    await house.say(buttons[1].command)
    assert house.urls() == [long[1]]
    del house.web.pages[long[0]]
    assert "not there any more. Which one now?" in await house.say(buttons[0].command)


# --------------------------------------------------------------------------------------------------- a part of a page


async def test_a_part_of_a_page_is_one_address_and_a_page(house: WebHouse) -> None:
    house.web.pages["https://x.example/news"] = PAGE
    refused = await house.say("source add https://x.example/news links main.list, .more; .x")
    assert "Added" not in refused
    assert "main.list, .more; .x" in refused.partition("You typed")[0]
    answer = await house.say("source add https://x.example/news links main.list")
    assert "Added:" in answer
    assert house.urls() == ["https://x.example/news#links=main.list"]
    # A page that has a feed is watched as a page when that is what was asked for.
    house.feed("https://y.example/news")
    await house.say("source add https://y.example/news#text")
    assert "https://y.example/news" not in house.urls()


async def test_one_address_is_not_read_twice_by_two_kinds(house: WebHouse) -> None:
    house.feed("https://social.example/@harbour.rss", "Harbour")
    assert "Added" in await house.say("source add @harbour@social.example")
    kinds = [feed.kind for feed in house.store.feeds(house.store.subscriptions(ROOM)[0].id)]
    assert kinds == ["mastodon"]
    house.only = ("feed",)
    house.restart()
    house.feed("http://social.example:80/@harbour.rss", "Harbour")
    assert "reads Harbour already" in await house.say("source add http://social.example:80/@harbour.rss")
    assert len(house.urls()) == 1


# -------------------------------------------------------------------------------------------------------------- export


async def test_what_is_exported_is_taken_back(house: WebHouse) -> None:
    for name in ("a", "b & c"):
        await house.say(f"source add {house.feed(f'https://{name[0]}.example/feed?x=1&y=2', name)}")
    house.web.pages["https://x.example/news"] = PAGE
    await house.say("source add https://x.example/news links main.list")
    await house.say("source add webhook desk")
    answer = await house.say("source export")
    assert "3 sources as OPML" in answer
    assert "Not in it, because nobody else could read it: 1 webhook." in answer
    text = answer[answer.index("<?xml") : answer.index("</opml>") + 7]
    assert [one.is_feed for one in read_opml(text.encode()).outlines] == [True, True, False]
    before = [url for url in house.urls() if url.startswith("https")]
    for _ in before:
        await house.say("source remove 1")
    assert "Added 3 sources of 3" in await house.say(f"source add {text}")
    assert sorted(url for url in house.urls() if url.startswith("https")) == sorted(before)


async def test_a_kind_that_does_not_say_how_is_not_exported(house: WebHouse) -> None:
    """One from another package may be older than the question, and one that is gone cannot answer."""
    house.source.found["fake:key"] = (Discovery(kind="fake", url="fake:key", title="Keyed"),)
    await house.say("source add fake:key")
    await house.say(f"source add {house.feed('https://a.example/feed')}")
    house.source.export = Export.FEED
    assert "fake:key" in await house.say("source export")
    del house.source.export
    assert "1 fake" in (silent := await house.say("source export"))
    house.only = ()
    house.restart()
    assert "1 fake, 1 feed" in (gone := await house.say("source export"))
    assert "fake:key" not in silent + gone
    assert "https://a.example/feed" in silent


async def test_a_long_list_is_exported_by_the_operator(house: WebHouse) -> None:
    assert "no sources yet" in await house.say("source export")
    await house.say("source add " + " ".join(house.feed(f"https://n{number}.example/feed") for number in range(40)))
    assert "watchword sources --opml FILE" in await house.say("source export")


async def test_a_paused_source_is_tried_again(house: WebHouse) -> None:
    await house.say(f"source add {house.feed('https://a.example/feed')}")
    assert "is not paused" in await house.say("source resume 1")
    channel = house.store.subscriptions(ROOM)[0].id
    feed = house.store.feeds(channel)[0]
    house.store.save_feed(replace(feed, next_poll_at=None, failures=3))
    assert "Trying again: a.example/feed" in await house.say("source resume 1")
    assert house.store.feeds(channel)[0].failures == 0
    assert "no source “7”" in await house.say("source resume 7")
