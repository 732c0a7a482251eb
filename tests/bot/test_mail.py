"""Mails become entries: charsets, parts, lists, damage."""

import json
from pathlib import Path

import pytest

from bot.reading.mail import entries_of, entry_of, folder_name
from bot.reading.text.extract import to_document
from tests.conftest import ROOT
from tests.fakes import NOON

SAMPLES = sorted((ROOT / "tests/data/sources/imap").glob("*.eml"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_gives_what_is_written_beside_it(sample: Path) -> None:
    entry = entry_of(sample.read_bytes(), 7, NOON)
    document = to_document(entry, feed_title="Mail", feed_url="imap:INBOX", now=NOON)
    found = {name: getattr(entry, name) for name in ("id", "url", "title", "outlet", "author", "lang")}
    found["published_at"] = entry.published_at.isoformat() if entry.published_at else None
    found["body"] = document.body
    assert found == json.loads(sample.with_suffix(".json").read_text(encoding="utf-8"))


def test_a_mail_without_anything_is_still_told() -> None:
    entry = entry_of(b"", 3, NOON)
    assert (entry.id, entry.title, entry.content) == ("uid 3", "(no subject)", "")


def test_html_that_says_next_to_nothing_gives_way_to_the_plain_text() -> None:
    raw = (
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<img src=x>\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nThe dam holds, engineers say.\r\n--b--\r\n"
    )
    entry = entry_of(raw, 1, NOON)
    assert (entry.is_html, entry.content.strip()) == (False, "The dam holds, engineers say.")


def test_a_mail_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    whole = (ROOT / "tests/data/sources/imap/alternative.eml").read_bytes()
    entry = entry_of(whole[: whole.index(b"Insurers had")] if b"Insurers had" in whole else whole[:-150], 1, NOON)
    assert "Six ships with grain" in entry.content


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\nContent-Type: message/rfc822\r\n\r\n" * 3000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at) for at in range(2000)),
        b"Subject: " + b"=?utf-8?Q?" * 50_000,
        b"From: " + b"<(" * 50_000 + b"\r\n\r\nx",
        b"List-Id: " + b" <" * 100_000 + b"\r\n\r\nx",
        b"Content-Type: text/plain; charset=" + b"a" * 100_000 + b"\r\n\r\nx",
        b"Content-Type: " + b"text/plain;" * 20_000 + b"\r\n\r\nx",
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"!" * 1_000_000,
        b"Content-Transfer-Encoding: uuencode\r\n\r\nbegin 644 x\r\n" + b"M" * 1_000_000,
        b"Date: " + b"9" * 100_000 + b"\r\n\r\nx",
        b"Date: Mon, 99 Mar 99999999999 25:61:61 +9999\r\n\r\nx",
        b"Content-Type: text/plain; format*=a'b'%ff\r\nContent-Type: \xff\r\n\r\nx",
        bytes(range(256)) * 2000,
    ],
    ids=range(13),
)
def test_hostile_mails_are_read_or_counted_as_lost(raw: bytes) -> None:
    entries, lost = entries_of([(1, raw), (2, b"Subject: honest\r\n\r\nnews")], NOON)
    assert len(entries) + lost == 2
    assert entries[-1].title == "honest"


def test_a_sender_that_cannot_be_read_costs_only_the_sender() -> None:
    entry = entry_of(b"From: " + b"<(" * 50_000 + b"\r\nSubject: News\r\n\r\nText.", 1, NOON)
    assert (entry.author, entry.title, entry.content) == ("", "News", "Text.")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", '"INBOX"'),
        ("News & more", '"News &- more"'),
        ("Новости", '"&BB0EPgQyBD4EQQRCBDg-"'),
        ("日本語/x", '"&ZeVnLIqe-/x"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("😀", '"&2D3eAA-"'),
    ],
)
def test_folder_names_are_written_as_imap_wants_them(name: str, written: str) -> None:
    assert folder_name(name) == written


def test_a_folder_name_smuggles_no_command_in() -> None:
    with pytest.raises(ValueError, match="control"):
        folder_name('x"\r\nA1 DELETE INBOX')
