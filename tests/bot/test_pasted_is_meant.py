"""What was pasted is what is added: no page, section or sitemap is replaced by the feed of its site."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.visits.pauses import MOST_HOSTS, Pauses
from bot.errors import TransientError
from bot.ports import MOST_REQUESTS
from tests.bot.test_adding import KINDS, PAGE, WebHouse
from tests.house import open_store


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    store = open_store("memory", tmp_path)
    yield WebHouse(store=store, home=tmp_path)
    store.close()


def page_naming(links: str) -> bytes:
    return PAGE.replace(b"</head>", links.encode() + b"</head>")


def named(url: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{url}" title="{title}">'


async def test_a_section_is_not_replaced_by_the_feed_of_its_site(house: WebHouse) -> None:
    site = house.feed("https://news.example/feed", "All news")
    house.web.pages["https://news.example/politics"] = page_naming(named(site))
    answer = await house.say("source add https://news.example/politics")
    assert "several ways to watch it" in answer
    assert answer.index("List (new links)") < answer.index("All news")
    assert "of the whole site, or near it" in answer
    assert not house.urls()
    listed = await house.say("source add https://news.example/politics https://news.example/feed")
    assert "3 feeds there, choose: source add https://news.example/politics" in listed
    assert "Added: List (new links)" in await house.say("source add https://news.example/politics#links")


@pytest.mark.parametrize("own", ["https://news.example/politics/rss.xml", "https://feeds.example/x?of=politics"])
async def test_the_feed_of_a_section_is_taken(house: WebHouse, own: str) -> None:
    house.web.pages["https://news.example/politics"] = page_naming(named(house.feed(own, "Politics")))
    assert "Added: Politics" in await house.say("source add https://news.example/politics")


async def test_a_sitemap_that_was_pasted_is_not_replaced(house: WebHouse) -> None:
    house.only = (*KINDS, "sitemap")
    house.restart()
    house.feed("https://news.example/feed")
    house.web.pages["https://news.example/sitemap.xml"] = (
        b"<urlset><url><loc>https://news.example/a</loc></url></urlset>"
    )
    await house.say("source add https://news.example/sitemap.xml")
    assert house.urls() == ["https://news.example/sitemap.xml"]


async def test_all_feeds_of_a_page_are_offered_in_parts_and_few_of_them_asked(house: WebHouse) -> None:
    feeds = [house.feed(f"https://news.example/{'long/' * 12}{number}.xml", f"Feed {number}") for number in range(12)]
    links = "".join(named(url, f"Named {number}") for number, url in enumerate(feeds))
    house.web.pages["https://news.example"] = page_naming(links)
    answer = await house.say("source add news.example")
    assert len(house.web.visits) <= MOST_REQUESTS
    assert "Feed 2 - newest" in answer
    assert "Named 7" in answer
    assert "4 more: source add from 9 news.example" in answer
    answer = await house.say(house.buttons()[-1].command)
    assert "Named 11" in answer
    assert "Named 7" not in answer
    assert house.buttons()[-1].command.startswith("source add pick:")
    assert "Added: Feed 11" in await house.say(house.buttons()[-1].command)


async def test_a_page_that_sends_on_is_followed_and_a_link_called_rss_tried(house: WebHouse) -> None:
    house.web.pages["https://a.example"] = b"<html><meta http-equiv='refresh' content='0; URL=/en/'></html>"
    house.web.pages["https://a.example/en/"] = b"<html><body><a href='/blog.php?what=7'>RSS</a></body></html>"
    house.feed("https://a.example/blog.php?what=7", "Blog")
    assert "Added: Blog" in await house.say("source add https://a.example please")


async def test_who_asks_to_wait_is_not_asked_on(house: WebHouse) -> None:
    house.web.pages["https://a.example"] = page_naming(named("https://a.example/f"))
    wait = TransientError("a.example answers 429: too many requests.", retry_after=timedelta(hours=1))
    house.web.pages["https://a.example/f"] = wait
    answer = await house.say("source add https://a.example")
    assert house.web.asked == ["https://a.example", "https://a.example/f"]
    assert "too many requests" in answer
    assert "for 1 hour." in answer


async def test_who_asks_to_wait_is_not_asked_again_before_that(house: WebHouse) -> None:
    wait = TransientError("a.example answers 429: too many requests.", retry_after=timedelta(hours=1))
    house.web.pages["https://a.example/f"] = wait
    await house.say("source add https://a.example/f")
    asked = list(house.web.asked)
    house.clock.forward(minutes=40)
    for address in ("https://a.example/f", "https://a.example/other"):
        answer = await house.say(f"source add {address}")
        assert "a.example is not asked now. It wants to be left alone for 20 minutes." in answer, answer
        assert answer.count("left alone") == 1
    assert house.web.asked == asked
    house.clock.forward(minutes=21)
    house.feed("https://a.example/f", "Again")
    assert "Added: Again" in await house.say("source add https://a.example/f")


def test_as_many_pauses_are_kept_as_fit() -> None:
    pauses = Pauses(lambda: 1.0)
    for number in range(MOST_HOSTS + 5):
        pauses.note(f"h{number}", 10.0 + number)
    assert pauses.left("h4") == 0.0
    assert pauses.left("h5") == 15.0
    pauses.note("h9", 1.0)
    assert pauses.left("h9") == 19.0
