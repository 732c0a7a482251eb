"""A real mail server, Debian's dovecot: newsletters are read, and nothing in the mailbox is changed."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.errors import PermanentError, TransientError, UserError
from bot.model import Feed, Poll
from bot.ports import Kit
from bot.sources import imap
from bot.sources._imap_link import MOST_MAILS
from bot.sources.imap import ImapSource
from bot.worker import ProcessWorker
from tests.conftest import ROOT
from tests.fakes import FakeClock, FakeWorker
from tests.servers import PASSWORD, Dovecot, dovecot

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1"))
BRIEF = (ROOT / "tests/data/sources/imap/alternative.eml").read_bytes()
needs_dovecot = pytest.mark.needs("dovecot", "openssl")


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def source(server: Dovecot | None = None, **changes: Any) -> ImapSource:
    said: dict[str, Any] = {
        "imap_host": "localhost",
        "imap_port": server.port if server else 993,
        "imap_ca_file": server.cert if server else None,
        "imap_user": "reader@news.example",
        "imap_password": SecretStr(PASSWORD),
        "imap_folders": ("INBOX", "Briefs", "Новости"),
    }
    allow = changes.pop("allow_networks", LOOPBACK)
    settings = Settings(allow_networks=allow).having(imap.ImapSettings(**{**said, **changes}))
    made = imap.connect(Kit(settings=settings, clock=FakeClock(), worker=FakeWorker()))
    assert isinstance(made, ImapSource)
    return made


def mail(number: int) -> bytes:
    return f"Subject: News {number}\r\nMessage-ID: <{number}@x>\r\n\r\nText {number}.\r\n".encode()


def feed(folder: str = "INBOX", cursor: str = "") -> Feed:
    return Feed(id="f", kind="imap", url=f"imap:{folder}", cursor=cursor)


def titles(poll: Poll) -> list[str]:
    return [entry.title for entry in poll.entries]


@needs_dovecot
async def test_new_mails_are_read_once_and_stay_unread(server: Dovecot) -> None:
    reader = source(server)
    server.deliver(BRIEF)
    first = await reader.poll(feed())
    assert titles(first) == ["Morning brief: grain ships leave the port"]
    assert first.entries[0].outlet == "The Morning Brief"
    again = await reader.poll(feed(cursor=first.cursor))
    assert (again.entries, again.unchanged) == ((), True)
    server.deliver(mail(2))
    later = await reader.poll(feed(cursor=again.cursor))
    assert titles(later) == ["News 2"]
    assert server.flags() == ["", ""]  # neither seen nor deleted


@needs_dovecot
async def test_discovery_shows_the_newest_mail_of_each_folder(server: Dovecot) -> None:
    server.make("Briefs")
    server.make("&BB0EPgQyBD4EQQRCBDg-")
    server.deliver(mail(1))
    server.deliver(BRIEF, "Briefs")
    server.deliver(mail(3), "&BB0EPgQyBD4EQQRCBDg-")
    found = await source(server).discover("imap")
    assert [(one.url, one.newest_title, one.entries) for one in found] == [
        ("imap:INBOX", "News 1", 1),
        ("imap:Briefs", "Morning brief: grain ships leave the port", 1),
        ("imap:Новости", "News 3", 1),
    ]
    assert [one.url for one in await source(server).discover("IMAP:briefs")] == ["imap:Briefs"]


@needs_dovecot
async def test_a_flood_comes_in_parts_and_a_first_visit_takes_the_newest(server: Dovecot) -> None:
    reader = source(server)
    for number in range(MOST_MAILS + 10):
        server.deliver(mail(number))
    first = await reader.poll(feed())
    assert titles(first) == [f"News {number}" for number in range(10, MOST_MAILS + 10)]
    for number in range(100, 100 + MOST_MAILS + 5):
        server.deliver(mail(number))
    second = await reader.poll(feed(cursor=first.cursor))
    assert titles(second) == [f"News {number}" for number in range(100, 100 + MOST_MAILS)]
    assert second.note == "5 more mails for the next visit"
    third = await reader.poll(feed(cursor=second.cursor))
    assert len(third.entries) == 5


@needs_dovecot
async def test_a_folder_numbered_anew_is_read_anew(server: Dovecot) -> None:
    server.deliver(mail(1))
    validity = json.loads((await source(server).poll(feed())).cursor)[0]
    stale = await source(server).poll(feed(cursor=json.dumps([validity + 1, 99])))
    assert titles(stale) == ["News 1"]
    assert json.loads(stale.cursor)[0] == validity


@needs_dovecot
async def test_a_mail_larger_than_the_limit_gives_its_text_without_its_attachment(server: Dovecot) -> None:
    head = (
        b"Subject: Large\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nThe text is first.\r\n--b\r\n"
    )
    server.deliver(head + b"Content-Type: application/pdf\r\n\r\n" + b"JVBERi0xLjQK\r\n" * 250_000 + b"--b--\r\n")
    entry = (await source(server).poll(feed())).entries[0]
    assert (entry.title, entry.content.strip()) == ("Large", "The text is first.")


@needs_dovecot
async def test_starttls_is_used_before_the_password_goes_out(server: Dovecot) -> None:
    server.deliver(mail(1))
    reader = source(server, imap_port=server.starttls_port, imap_starttls=True)
    assert titles(await reader.poll(feed())) == ["News 1"]


@needs_dovecot
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"imap_password": SecretStr("wrong")}, "refuses the user name or the password"),
        ({"imap_password": SecretStr("пароль")}, "refuses the user name or the password"),
        ({"imap_ca_file": None}, "certificate of the mail server is not valid"),
        ({"imap_folders": ("INBOX", "Nowhere")}, "There is no folder “Nowhere”"),
        ({"allow_networks": ()}, "not on the public internet"),
    ],
)
async def test_what_is_wrong_is_said_in_words(server: Dovecot, changes: dict[str, Any], words: str) -> None:
    folder = changes.get("imap_folders", ("INBOX",))[-1]
    with pytest.raises(PermanentError, match=words) as caught:
        await source(server, **changes).poll(feed(folder))
    assert PASSWORD not in str(caught.value)


@needs_dovecot
async def test_tls_is_not_left_out(server: Dovecot) -> None:
    with pytest.raises(PermanentError, match="does not begin with TLS"):
        await source(server, imap_port=server.starttls_port).poll(feed())


@needs_dovecot
async def test_hostile_mails_are_parsed_in_the_worker_and_cost_only_themselves(server: Dovecot) -> None:
    server.deliver(mail(1))
    server.deliver(b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"x")
    worker = ProcessWorker()
    settings = source(server)._settings
    try:
        poll = await ImapSource(settings, LOOPBACK, worker, FakeClock()).poll(feed())
    finally:
        await worker.close()
    assert (titles(poll), poll.note) == (["News 1"], "1 mail could not be read")


# ------------------------------------------------------------------------------------------- without a working server


async def test_only_folders_that_the_operator_names_are_read() -> None:
    with pytest.raises(UserError, match="“Private” is not among") as caught:
        await source().discover("imap:Private")
    assert "INBOX, Briefs" in caught.value.cure


async def test_without_a_mailbox_it_says_what_the_operator_must_set() -> None:
    with pytest.raises(UserError, match="No mailbox is set up") as caught:
        await source(imap_host="", imap_password=None).discover("imap")
    assert caught.value.cure == "The operator must set WATCHWORD_IMAP_HOST, WATCHWORD_IMAP_PASSWORD."


async def test_a_mailbox_is_never_named_in_the_chat() -> None:
    with pytest.raises(UserError, match="set by the operator"):
        await source().discover("imap://me:secret@mail.example/INBOX")


async def test_a_host_that_is_not_there_is_a_passing_fault() -> None:
    with pytest.raises(TransientError, match="no host called"):
        await source(imap_host="nowhere.invalid").poll(feed())
    with pytest.raises(TransientError, match="No connection"):
        await source(imap_port=1).poll(feed())


@asynccontextmanager
async def speaker(answer: bytes, *, hang: bool = False) -> AsyncIterator[int]:
    """The port of a server that says `answer` to whoever connects, then hangs up, or not."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write(answer)
            await writer.drain()
            if hang:
                await reader.read()
        writer.close()

    running = await asyncio.start_server(speak, "127.0.0.1", 0)
    try:
        yield running.sockets[0].getsockname()[1]
    finally:
        running.close()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "not understood"),
        (b"\x00" * 100_000, "not understood|hung up"),
        (b"* BYE go away\r\n", "not understood|hung up"),
        (b"* OK {99999999999}\r\n", "MiB|not understood"),
        (b"* OK {3000000000}\r\n" + b"a" * 10_000, "MiB|not understood"),
        (b"* OK [CAPA", "hung up|not understood"),
        (b"", "hung up|not understood"),
    ],
)
async def test_a_server_that_talks_nonsense_is_told_in_words(answer: bytes, words: str) -> None:
    async with speaker(answer) as port:
        with pytest.raises((TransientError, PermanentError), match=words):
            await source(imap_host="127.0.0.1", imap_port=port, imap_starttls=True).poll(feed())


async def test_a_server_that_never_comes_to_an_end_is_cut_off() -> None:
    async with speaker(b"* OK", hang=True) as port:
        reader = source(imap_host="127.0.0.1", imap_port=port, imap_starttls=True)
        reader.visit_seconds = 0.3
        with pytest.raises(TransientError, match="did not answer in full"):
            await reader.poll(feed())


def test_the_password_comes_from_a_file_and_is_redacted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from bot.config import load
    from bot.logs import secrets_of

    (tmp_path / "secret").write_text("hunter2hunter2\n", encoding="utf-8")
    monkeypatch.setenv("WATCHWORD_IMAP_PASSWORD_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("WATCHWORD_IMAP_FOLDERS", "INBOX, News/Wire ,")
    settings = load()
    assert secrets_of(settings) == ["hunter2hunter2"]
    assert settings.of(imap.ImapSettings).imap_folders == ("INBOX", "News/Wire")
