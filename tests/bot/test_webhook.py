"""Webhooks: what is signed is taken once and alerts; what is not is refused in words."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.errors import StoreError, UserError
from bot.reading.pushdocs import MAX_DOCUMENTS, entries_of
from bot.reading.pushproof import MOST_SEEN, Seen, seen_in, signature
from bot.sources._pushkey import NAME
from tests.bot.push_house import PushHouse, push_house
from tests.fakes import ANNAS, BORIS, HALL, NOON, ROOM, text_of
from tests.waiting import LONG

DOCUMENT = {"title": "Troops at the border", "text": "Columns of troops were seen near the border of Ukraine."}


class Sender:
    """The other side: it knows the address and the secret from what the chat was told."""

    def __init__(self, house: PushHouse, told: str) -> None:
        found = re.search(r"SECRET=(\w+);", told)
        place = re.search(r"http://\S+/in/webhook/[0-9a-f]{16}", told)
        assert found, told
        assert place, told
        self.house, self.secret, self.url = house, found[1], place[0]

    async def __call__(self, body: Any = DOCUMENT, *, late: int = 0, **headers: str) -> tuple[int, str]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int(self.house.clock().timestamp()) - late)
        sent = {"X-Watchword-Timestamp": stamp, "X-Watchword-Signature": signature(self.secret, stamp, raw)}
        return await self.raw(raw, {**sent, **{name.replace("_", "-"): value for name, value in headers.items()}})

    async def raw(self, body: bytes, headers: dict[str, str], method: str = "POST") -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, self.url, data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.text()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[PushHouse]:
    async with push_house(tmp_path, "webhook") as it:
        await it.say("watch troops AND Ukraine")
        yield it


@pytest.fixture
async def send(house: PushHouse) -> Sender:
    return Sender(house, await house.say("source add webhook wire"))


async def test_a_signed_document_alerts_at_once(house: PushHouse, send: Sender) -> None:
    before = len(house.chat.posts)
    assert await send() == (202, "1 document taken.\n")
    await house.settle()
    assert len(house.chat.posts) == before + 1
    assert "at the border\nwire" in house.chat.texts()[-1]
    (feed,) = [one for one in house.store.feeds(next(iter(house.store.channels())).id) if one.kind == "webhook"]
    assert feed.health.news == 1  # what is pushed keeps a source from seeming silent


@pytest.mark.needs("curl", "openssl")
async def test_the_line_in_the_chat_works_as_typed(house: PushHouse) -> None:
    told = await house.say("source add webhook wire")
    script = told[told.index("SECRET=") :].split("\nNow say")[0]
    house.clock.now = datetime.now(UTC)  # noqa: TID251 - the shell's own clock signs
    running = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", script), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, problems = await asyncio.wait_for(running.communicate(), LONG)
    assert said.decode() == "1 document taken.\n", problems.decode()


async def test_the_secret_is_shown_and_not_stored(house: PushHouse, send: Sender) -> None:
    assert send.secret in house.chat.texts()[-1]
    assert all(send.secret.encode() not in file.read_bytes() for file in house.folder.iterdir())
    (kept,) = [each for each in house.store.deliveries(ROOM, limit=9) if "SECRET=" in text_of(each.message)]
    assert "SECRET=(shown once); TIME" in text_of(kept.message)


async def test_the_same_request_is_taken_once_even_after_a_restart(house: PushHouse, send: Sender) -> None:
    assert (await send())[0] == 202
    assert await send() == (401, "This very request came before.\n")
    house.restart()
    assert await send() == (401, "This very request came before.\n")
    house.clock.forward(seconds=1)
    assert (await send())[0] == 202  # signed anew: a retry; the document is known and tells nothing twice
    await house.settle()
    assert sum("] at the border" in text for text in house.chat.texts()) == 1


async def test_two_copies_at_the_same_moment_are_one(house: PushHouse, send: Sender) -> None:
    answers = await asyncio.gather(*(send() for _ in range(8)))
    assert sorted(status for status, _ in answers) == [202] + 7 * [401]


@pytest.mark.parametrize(("late", "status"), [(299, 202), (-299, 202), (301, 401), (-301, 401)])
async def test_five_minutes_are_let_pass(send: Sender, late: int, status: int) -> None:
    assert (await send(late=late))[0] == status


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Watchword-Timestamp": "", "X-Watchword-Signature": ""},
        {"X-Watchword-Timestamp": "1e9"},
        {"X-Watchword-Timestamp": "-1"},
        {"X-Watchword-Timestamp": "9" * 400},
        {"X-Watchword-Timestamp": "９９９"},
        {"X-Watchword-Signature": "sha256=" + "0" * 64},
        {"X-Watchword-Signature": "sha256=" + "z" * 64},
        {"X-Watchword-Signature": "sha1=" + "0" * 40},
        {"X-Watchword-Signature": "sha256=é"},
        {"X-Watchword-Signature": "S" * 5000},
    ],
    ids=range(11),
)
async def test_malformed_and_forged_headers_get_401(house: PushHouse, send: Sender, headers: dict[str, str]) -> None:
    stamp = str(int(house.clock().timestamp()))
    good = {"X-Watchword-Timestamp": stamp, "X-Watchword-Signature": signature(send.secret, stamp, b"{}")}
    status, said = await send.raw(b"{}", {**good, **headers} if headers else {})
    assert status == 401
    assert send.secret not in said
    assert house.store.count_documents() == 0


async def test_a_changed_body_is_refused(house: PushHouse, send: Sender) -> None:
    stamp = str(int(house.clock().timestamp()))
    signed = signature(send.secret, stamp, b'{"title": "true"}')
    headers = {"X-Watchword-Timestamp": stamp, "X-Watchword-Signature": signed}
    status, said = await send.raw(b'{"title": "fake"}', headers)
    assert (status, said) == (401, "The signature does not fit the body and the secret.\n")


async def test_other_ways_in_are_closed(house: PushHouse, send: Sender) -> None:
    assert (await send.raw(b"", {}, "GET"))[0] == 405
    assert (await send.raw(b"", {}, "DELETE"))[0] == 405
    good = send.url
    for path in ("/in/webhook/0123456789abcdef", "/in/nothing/0123456789abcdef", "/in/webhook/", "/in/webhook/../x"):
        send.url = house.base + path
        assert (await send())[0] in (403, 404)
    send.url = good.replace("/in/webhook/", "/in/fake/")
    assert (await send())[0] == 404
    send.url = good
    assert (await send(b"x" * (2 << 20)))[0] == 413


async def test_a_removed_source_takes_nothing_more(house: PushHouse, send: Sender) -> None:
    await house.say("source remove 1")
    assert await send() == (410, "This source was removed.\n")


async def test_each_chat_has_its_own_address_even_under_the_same_name(house: PushHouse, send: Sender) -> None:
    other = Sender(house, await house.say("source add webhook wire", to=HALL, user=BORIS))
    assert other.url != send.url
    assert other.secret != send.secret
    other.secret = send.secret
    assert (await other())[0] == 401


async def test_what_could_not_be_kept_may_be_sent_again(
    house: PushHouse, send: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(house.pipeline.collect._gather._ingest, "documents", full)
        assert (await send())[0] == 503
    assert (await send())[0] == 202  # the very same request


async def test_a_wrong_document_is_refused_with_its_place(send: Sender) -> None:
    status, said = await send([DOCUMENT, {"titel": "x", "text": "y"}])
    assert (status, said) == (422, "[1].titel: there is no such field. Did you mean “title”?\n")


async def test_a_name_is_asked_for(house: PushHouse) -> None:
    assert "needs a name" in await house.say("source add webhook")
    assert "needs a name" in await house.say("source add webhook $(reboot)")


async def test_the_secret_is_told_once_and_is_not_in_the_feed(house: PushHouse, send: Sender) -> None:
    assert send.secret not in await house.say("sources")
    key = house.folder / NAME
    assert key.stat().st_mode & 0o077 == 0
    assert send.secret not in key.read_text()


async def test_an_old_date_of_a_pushed_document_does_not_make_it_old_stock(house: PushHouse, send: Sender) -> None:
    before = len(house.chat.posts)
    await send({**DOCUMENT, "date": "2026-03-01T08:00:00Z"})
    await house.settle()
    assert len(house.chat.posts) == before + 1


async def test_a_webhook_cannot_be_added_in_another_chat_by_its_address(house: PushHouse, send: Sender) -> None:
    feed = house.store.feed(send.url.rpartition("/")[2])
    assert feed is not None
    assert "needs a name" in await house.say(f"source add {feed.url}", to=ANNAS)


# --------------------------------------------------------------------------------------------------------- pure parts


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "list is empty"),
        (b"3", "not an object"),
        (b"[1]", r"\[0\] is not an object"),
        (b"{}", "neither"),
        (b'{"title": " "}', "neither"),
        (b'{"title": 1}', "title is not a string"),
        (b'{"text": "a", "html": "b"}', "both"),
        (b'{"title": "a", "url": "javascript:alert(1)"}', "url is not a web address"),
        (b'{"title": "a", "date": "soon"}', "date is not a date"),
        (b'{"title": "a", "tags": "b"}', "tags is not a list"),
        (b'{"title": "a", "' + b"x" * 5000 + b'": 1}', "no such field"),
        (b"[" + b",".join([b'{"title": "a"}'] * (MAX_DOCUMENTS + 1)) + b"]", "too many"),
        (b'{"title": ' + b"9" * 5000 + b"}", "not"),
    ],
    ids=range(16),
)
def test_bad_documents_are_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        entries_of(body, NOON)
    assert len(str(caught.value)) < 400


def test_every_field_of_a_document_arrives() -> None:
    said = {
        **{"id": 7, "title": "T", "html": "<p>H</p>", "url": "https://x.example/1", "author": "A", "lang": "DE"},
        **{"site": "S", "date": "2026-03-02T10:00:00+01:00", "tags": ["a", "b"]},
    }
    (entry,) = entries_of(json.dumps(said).encode(), NOON)
    assert (entry.id, entry.title, entry.content, entry.is_html) == ("7", "T", "<p>H</p>", True)
    assert (entry.url, entry.author, entry.lang, entry.outlet, entry.tags) == (
        *("https://x.example/1", "A", "de", "S"),
        ("a", "b"),
    )
    assert entry.published_at == NOON - timedelta(hours=3)


def test_what_is_remembered_is_bounded_and_forgotten() -> None:
    seen = Seen()
    for number in range(MOST_SEEN):
        seen.remember(f"{number:024x}", NOON)
    stamp = str(int(NOON.timestamp()))
    headers = {"x-watchword-timestamp": stamp, "x-watchword-signature": signature("s", stamp, b"b")}
    assert seen.verdict("s", headers, b"b", NOON)[0] == 429
    later = NOON + timedelta(minutes=11)
    stamp = str(int(later.timestamp()))
    headers = {"x-watchword-timestamp": stamp, "x-watchword-signature": signature("s", stamp, b"b")}
    assert seen.verdict("s", headers, b"b", later)[0] == 200
    assert not seen.until


@pytest.mark.parametrize("cursor", ["", "x", "[1]", '{"a": "b"}', "[" * 10_000])
def test_a_cursor_that_is_not_ours_remembers_nothing(cursor: str) -> None:
    assert seen_in(cursor) == replace(Seen())
