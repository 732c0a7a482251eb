"""What is meant by a pasted text, with all kinds of sources that there are."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import registry
from bot.config import Settings
from bot.ports import Kit
from bot.reading.pasted import identity, is_name, read
from tests.bot.pageweb import PageWeb
from tests.fakes import NOON, FakeWorker

KIT = Kit(settings=Settings(data=Path("nowhere")), clock=lambda: NOON, http=PageWeb(), worker=FakeWorker())
SOURCES = [registry.module("bot.sources", kind).connect(KIT) for kind in registry.names("bot.sources")]


def takes(text: str) -> bool:
    return any(source.accepts(text) for source in SOURCES)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("https://a.example/feed", ["https://a.example/feed"]),
        ("<https://a.example/feed|a.example>", ["https://a.example/feed"]),
        ("<https://a.example/feed>", ["https://a.example/feed"]),
        ("a.example b.example", ["a.example", "b.example"]),
        ("a.example, b.example; https://c.example/x;y", ["a.example", "b.example", "https://c.example/x;y"]),
        ("a.example and b.example", ["a.example", "b.example"]),
        ("a.example\n\n  b.example \na.example", ["a.example", "b.example"]),
        ("- a.example\n- b.example", ["a.example", "b.example"]),
        ("1. a.example\n2) b.example", ["a.example", "b.example"]),
        ("@one @two@social.example r/europe telegram:@n", ["@one", "@two@social.example", "r/europe", "telegram:@n"]),
        ("https://x.example links main .list; .more", ["https://x.example links main .list; .more"]),
        ("https://x.example text a.b c.de", ["https://x.example text a.b c.de"]),
        ("https://x.example links main .list\na.example", ["https://x.example links main .list", "a.example"]),
        ("gdelt:protest domain:bbc.co.uk", ["gdelt:protest domain:bbc.co.uk"]),
        ("gdelt:bbc.co.uk cnn.com", ["gdelt:bbc.co.uk cnn.com"]),
        ("webhook my.desk", ["webhook my.desk"]),
        ("a.example gdelt:floods", ["a.example", "gdelt:floods"]),
        ("https://t.me/durov/5 a.example", ["https://t.me/durov/5", "a.example"]),
        ("/srv/my news", ["/srv/my news"]),
        ("the BBC please", ["the BBC please"]),
        ("https://a.example/feed.", ["https://a.example/feed"]),
        ("(https://a.example/feed)", ["https://a.example/feed"]),
        ("“https://a.example/feed”", ["https://a.example/feed"]),
        ("https://a.example/feed please", ["https://a.example/feed"]),
        ("please add https://a.example/feed, thanks!", ["https://a.example/feed"]),
        ("the sites a.example, and b.example/rss, please", ["a.example", "b.example/rss"]),
        ("[The A](https://a.example/feed_(x))", ["https://a.example/feed_(x)"]),
        ("https://a.example/wiki/Port_(sea)", ["https://a.example/wiki/Port_(sea)"]),
        ("https:/a.example/feed", ["https://a.example/feed"]),
        ("https//a.example/feed", ["https://a.example/feed"]),
        ("@harbour!", ["@harbour"]),
        ("https://a.example link main", ["https://a.example link main"]),
        ("https://a.example links. main .list", ["https://a.example links. main .list"]),
        ("https://a.example #state", ["https://a.example #state"]),
    ],
)
def test_addresses(text: str, addresses: list[str]) -> None:
    assert list(read(text, takes).addresses) == addresses


def test_a_list_its_beginning_and_a_choice() -> None:
    assert read('from 51 <opml><outline xmlUrl="a"/></opml>', takes).opml.startswith("<opml>")
    assert read("from 51 a.example b.example", takes).first == 51
    assert read("from 0 a.example", takes).first == 1
    assert read("pick:00ff12 a.example", takes).pick == "00ff12"
    assert read("pick:00ff12 a.example", takes).addresses == ("a.example",)


@given(st.text(alphabet="@. <>|;,/#:ab\n-1", max_size=60))
def test_nothing_that_is_typed_is_lost_but_plain_words_beside_an_address(text: str) -> None:
    kept = "\n".join(read(text, takes).addresses)
    assert all(word in kept or word.isalpha() for word in re.findall("[ab@#/.:1-]*[ab][ab@#/:1-]*", text))
    assert all(word in kept for word in re.findall("[ab]+", text)) or any(read(text, takes).addresses)


def test_a_name_has_no_place() -> None:
    assert all(is_name(name, takes) for name in ("@harbour", "@har_bour", "@harbour.example"))
    placed = ("@harbour@social.example", "@h.bsky.social", "harbour", "@", "@-", "@a b")
    assert not any(is_name(name, takes) for name in placed)


@pytest.mark.parametrize(
    ("name", "kind", "place", "address"),
    [
        ("harbour", "telegram", "Telegram channel", "telegram:@harbour"),
        ("harbour", "mastodon", "Mastodon (mastodon.social)", "@harbour@mastodon.social"),
        ("harbour", "bluesky", "Bluesky", "@harbour.bsky.social"),
        ("News.example", "bluesky", "Bluesky", "https://bsky.app/profile/news.example"),
        ("News.example", "feed", "Website", "news.example"),
        ("harbour", "youtube", "YouTube", "https://www.youtube.com/@harbour"),
        ("harbour", "reddit", "Reddit user", "u/harbour"),
    ],
)
def test_each_kind_says_what_a_name_means_there(name: str, kind: str, place: str, address: str) -> None:
    (source,) = [source for source in SOURCES if source.kind == kind]
    (meaning,) = source.meanings(name)
    assert (meaning.place, meaning.address) == (place, address)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://A.example/feed/", "http://a.example:80/feed", True),
        ("https://a.example", "https://a.example/", True),
        ("https://a.example:443/x", "https://a.example/x", True),
        ("https://a.example:8443/x", "https://a.example/x", False),
        ("https://a.example/x#top", "https://a.example/x", True),
        ("https://a.example/x#links", "https://a.example/x", False),
        ("https://a.example/x#links", "https://a.example/x#text", False),
        ("https://a.example/X", "https://a.example/x", False),
        ("https://a.example/x?a=1", "https://a.example/x?a=2", False),
        ("gdelt:a", "gdelt:b", False),
        ("https://[::1]:8080/x", "https://[::1]/x", False),
    ],
)
def test_one_address_written_differently(one: str, other: str, same: bool) -> None:
    assert (identity(one) == identity(other)) is same


@given(st.text(max_size=50))
def test_any_text_has_an_identity(text: str) -> None:
    assert isinstance(identity("http://" + text), str)
