"""Pasted profiles become the addresses of their feeds."""

import pytest

from bot import registry
from bot.config import Settings
from bot.errors import UserError
from bot.ports import Kit, Source
from bot.reading import profiles
from tests.bot.pageweb import PageWeb
from tests.conftest import ROOT
from tests.fakes import NOON, FakeWorker

CHANNEL = "UC" + "a1_-" * 5 + "bc"
VIDEOS = "https://www.youtube.com/feeds/videos.xml?"
TURNED = (
    ("mastodon", "@harbour@social.example", "https://social.example/@harbour.rss"),
    ("mastodon", "social.example/@harbour", "https://social.example/@harbour.rss"),
    ("mastodon", "https://social.example/@harbour.rss", "https://social.example/@harbour.rss"),
    ("mastodon", "https://www.youtube.com/@harbour", ""),
    ("mastodon", "https://social.example/@harbour/1141", ""),
    ("mastodon", "@harbour", ""),
    ("bluesky", "https://bsky.app/profile/harbour.example", "https://bsky.app/profile/harbour.example/rss"),
    ("bluesky", "@harbour.bsky.social", "https://bsky.app/profile/harbour.bsky.social/rss"),
    ("bluesky", "https://bsky.app/profile/harbour.example/post/3k", ""),
    ("reddit", "r/europe", "https://www.reddit.com/r/europe/.rss"),
    ("reddit", "https://old.reddit.com/r/europe/new/", "https://www.reddit.com/r/europe/new/.rss"),
    ("reddit", "reddit.com/u/harbour", "https://www.reddit.com/user/harbour/.rss"),
    ("reddit", "https://www.reddit.com/r/europe/.rss", "https://www.reddit.com/r/europe/.rss"),
    ("reddit", "https://notreddit.com/r/europe", ""),
    ("hackernews", "news.ycombinator.com", "https://news.ycombinator.com/rss"),
    ("hackernews", "https://news.ycombinator.com/item?id=1", ""),
    ("youtube", f"https://www.youtube.com/channel/{CHANNEL}/videos", f"{VIDEOS}channel_id={CHANNEL}"),
    ("youtube", "https://youtube.com/playlist?list=PLabc", f"{VIDEOS}playlist_id=PLabc"),
    ("youtube", f"{VIDEOS}channel_id={CHANNEL}", f"{VIDEOS}channel_id={CHANNEL}"),
    ("youtube", "youtube.com/@harbour", "https://www.youtube.com/@harbour"),
    ("youtube", "https://www.youtube.com/watch?v=abc", ""),
)


@pytest.mark.parametrize(("kind", "pasted", "feed"), TURNED)
def test_a_profile_is_turned_into_its_feed(kind: str, pasted: str, feed: str) -> None:
    assert getattr(profiles, f"{kind}_feed")(pasted) == feed


def mastodon(web: PageWeb) -> Source:
    kit = Kit(settings=Settings(), clock=lambda: NOON, http=web, worker=FakeWorker())
    source: Source = registry.module("bot.sources", "mastodon").connect(kit)
    return source


async def test_what_is_found_is_of_the_kind_and_shows_its_newest_item() -> None:
    body = (ROOT / "tests/data/sources/mastodon/harbour.rss").read_bytes()
    (found,) = await mastodon(PageWeb(pages={"https://social.example/@harbour.rss": body})).discover(
        "@harbour@social.example"
    )
    assert (found.kind, found.title, found.entries) == ("mastodon", "Harbour Watch", 2)
    assert found.newest_at is not None
    assert found.newest_at.hour == 9


async def test_a_profile_that_is_not_there_is_told_with_the_limits_of_its_kind() -> None:
    with pytest.raises(UserError, match=r"404.*public posts") as caught:
        await mastodon(PageWeb()).discover("@nobody@social.example")
    assert caught.value.cure
