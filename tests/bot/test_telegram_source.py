"""Public Telegram channels: whose addresses are theirs, what previews give, and what is said where there is none."""

from pathlib import Path

import pytest

from bot.config import Settings
from bot.errors import PermanentError, TransientError, UserError
from bot.model import Feed, Poll
from bot.ports import Kit
from bot.reading.pages.telegrampage import channel_name, is_invitation, parse_preview
from bot.sources.telegram import TelegramSource, connect
from tests.fakes import NOON, FakeWeb, FakeWorker

PREVIEW = (Path(__file__).parents[1] / "data" / "sources" / "telegram" / "harbour.html").read_text("utf-8")
URL = "https://t.me/s/harbournews"
OTHER = '<html><body><div class="tgme_page">{}</div></body></html>'


@pytest.fixture
def web() -> FakeWeb:
    it = FakeWeb()
    it.pages[URL] = PREVIEW
    return it


def source(web: FakeWeb) -> TelegramSource:
    it = connect(Kit(settings=Settings(), clock=lambda: NOON, http=web, worker=FakeWorker()))
    assert isinstance(it, TelegramSource)
    return it


async def poll(web: FakeWeb, cursor: str = "") -> Poll:
    return await source(web).poll(Feed(id="f", kind="telegram", url=URL, cursor=cursor))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("https://t.me/HarbourNews", "harbournews"),
        ("t.me/s/harbournews?before=20", "harbournews"),
        ("https://telegram.me/harbournews/41", "harbournews"),
        ("telegram:@harbournews", "harbournews"),
        ("telegram: harbournews", "harbournews"),
        ("@harbournews", ""),
        ("https://t.me/joinchat/AAAA", ""),
        ("https://t.me/+AbCdEf", ""),
        ("https://t.me/c/123/4", ""),
        ("https://t.me/abc", ""),
        ("https://nott.me/harbournews", ""),
        ("https://t.me.evil.example/harbournews", ""),
    ],
)
def test_the_addresses_of_channels(typed: str, name: str, web: FakeWeb) -> None:
    assert channel_name(typed) == name
    assert bool(source(web).accepts(typed)) == bool(name or is_invitation(typed))


async def test_what_is_no_channels_name_is_told(web: FakeWeb) -> None:
    assert source(web).accepts("telegram:@n")
    with pytest.raises(UserError, match="“telegram:@n” is no channel's name"):
        await source(web).discover("telegram:@n")


async def test_discovery_shows_the_newest_post(web: FakeWeb) -> None:
    (found,) = await source(web).discover("https://t.me/HarbourNews")
    assert (found.url, found.title, found.newest_title) == (URL, "Harbour News", "Shall the night ferry stay?")


async def test_only_what_is_new_or_edited_comes(web: FakeWeb) -> None:
    first = await poll(web)
    assert [entry.id for entry in first.entries] == [f"harbournews/{number}" for number in range(41, 46)]
    again = await poll(web, first.cursor)
    assert (again.unchanged, again.entries) == (True, ())
    web.pages[URL] = PREVIEW.replace("Twelve people", "Fourteen people").replace("harbournews/45", "harbournews/46")
    changed = await poll(web, again.cursor)
    assert [(entry.id, entry.content.split()[0]) for entry in changed.entries] == [
        ("harbournews/43", "Fourteen"),
        ("harbournews/46", "Shall"),
    ]


async def test_a_cursor_that_is_not_ours_is_begun_anew(web: FakeWeb) -> None:
    assert len((await poll(web, "what?")).entries) == 5
    assert len((await poll(web, "[1]")).entries) == 5


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ('<div class="tgme_page_extra">12 345 subscribers</div>', "without a preview"),
        ('<div class="tgme_page_extra">99 members, 3 online</div>', "is a group"),
        ('<div class="tgme_page_title"><span>Anna</span></div>', "is a person or a bot"),
        ("", "There is no public channel @harbournews"),
    ],
)
async def test_what_else_can_be_there_is_told(page: str, words: str, web: FakeWeb) -> None:
    web.pages[URL] = OTHER.format(page)
    with pytest.raises(UserError, match=words) as refused:
        await source(web).discover("t.me/harbournews")
    assert "Paste a public channel" in refused.value.cure
    with pytest.raises(PermanentError, match=words):
        await poll(web)


async def test_an_invitation_is_refused_and_trouble_is_trouble(web: FakeWeb) -> None:
    with pytest.raises(UserError, match="private chat"):
        await source(web).discover("https://t.me/+AbCdEf")
    web.pages[URL] = TransientError("busy")
    with pytest.raises(TransientError):
        await poll(web)


def test_an_empty_channel_is_a_channel() -> None:
    page = PREVIEW[: PREVIEW.index('<section class="tgme_channel_history')] + "</main></body></html>"
    assert parse_preview(page.encode(), "text/html", "harbournews", NOON).entries == ()


def test_odd_posts_are_left_out() -> None:
    odd = PREVIEW.replace('post="harbournews/42"', 'post="harbournews/x"').replace("harbournews/41", "../../1")
    assert len(parse_preview(odd.encode(), "text/html", "harbournews", NOON).entries) == 3
