"""PDF files: as an article, as a source, in a folder, as a mail's attachment; and what is refused in words."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.config import Settings
from bot.errors import UserError
from bot.reading import mail
from bot.reading.pages.pagetext import page_text
from bot.reading.pdf import is_pdf, pdf_text
from bot.reading.text.extract import glimpse, main_text
from bot.reading.text.not_a_feed import not_a_feed
from bot.sources import page
from tests.bot.test_directory import connected, having
from tests.bot.test_directory import poll as read_folder
from tests.fakes import NOON
from tests.pdf_made import pdf

LINES = [
    (24, "Harbour of Lermo closed"),
    (11, "The harbour of Lermo was closed on Tuesday after a tanker had run"),
    (11, "aground at its entrance. Pilots said that the ship had lost its rud-"),
    (11, "der in the night."),
    (11, "The mayor expects that the harbour will be open again on Friday, when"),
    (11, "the tide is high enough (it rises to 4 m)."),
]
SAID = {"Author": "Harbour Board", "CreationDate": "D:20260310093000+01'00'"}
REPORT = pdf([LINES, [(11, "Annex: ships that wait.")]], SAID)


def test_its_text_has_paragraphs_and_whole_words() -> None:
    read = pdf_text(REPORT)
    assert read.title == "Harbour of Lermo closed"
    assert "had lost its rudder in the night.\n\nThe mayor expects" in read.text
    assert read.text.endswith("Annex: ships that wait.")
    assert (read.author, read.published_at) == ("Harbour Board", datetime(2026, 3, 10, 8, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("Notice 12/2026: harbour closed", "Notice 12/2026: harbour closed"),
        ("Microsoft Word - notice_final.docx", "Harbour of Lermo closed"),
        ("untitled", "Harbour of Lermo closed"),
        ("report-v3.indd", "Harbour of Lermo closed"),
    ],
)
def test_its_own_title_is_taken_unless_a_program_wrote_it(title: str, meant: str) -> None:
    assert pdf_text(pdf([LINES], {"Title": title})).title == meant


def test_without_a_headline_the_first_paragraph_is_the_title() -> None:
    assert pdf_text(pdf([[(11, "All quiet."), (11, "Nothing to report today.")]])).title == "All quiet."


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("D:20260310", datetime(2026, 3, 10, tzinfo=UTC)),
        ("D:20260310120000Z", datetime(2026, 3, 10, 12, tzinfo=UTC)),
        ("20260310120000-05'30'", datetime(2026, 3, 10, 17, 30, tzinfo=UTC)),
        ("D:20261310", None),
        ("yesterday", None),
        ("D:00000000", None),
    ],
)
def test_dates(said: str, meant: datetime | None) -> None:
    assert pdf_text(pdf([LINES], {"CreationDate": said})).published_at == meant


@pytest.mark.parametrize("body", [b"%PDF-1.4 nothing", b"%PDF-1.7\n" + b"\0" * 5000, REPORT[:300]])
def test_a_damaged_one_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(UserError, match=r"The PDF is damaged|holds no text"):
        pdf_text(body)


def test_pictures_of_text_are_refused_in_words() -> None:
    with pytest.raises(UserError, match="holds no text, only pictures"):
        pdf_text(pdf([[]]))


def test_an_article_and_a_watched_page_may_be_one() -> None:
    article, quick = main_text(REPORT, "https://board.example/n.pdf"), glimpse(REPORT, "https://board.example/n.pdf")
    assert (article.title, article.site) == ("Harbour of Lermo closed", "board.example")
    assert quick.whole == article.text
    watched = page_text(REPORT, "application/pdf", "https://board.example/n.pdf", "")
    assert watched.title == "Harbour of Lermo closed"
    assert "Annex: ships that wait." in watched.lines
    with pytest.raises(UserError, match="no parts to choose"):
        page_text(REPORT, "application/pdf", "https://board.example/n.pdf", "#state")
    assert is_pdf(b"\r\n" + REPORT)
    assert page.is_pdf is is_pdf


async def test_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "notice.pdf").write_bytes(REPORT)
    (tmp_path / "book.epub").write_bytes(b"PK\x03\x04")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    source = connected(having(Settings(data=tmp_path / "data"), tmp_path))
    poll = await read_folder(source, tmp_path)
    assert [one.title for one in poll.entries] == ["Harbour of Lermo closed"]
    assert "book.epub is a book (EPUB), which is not read: save it as PDF or text" in poll.note
    assert "broken.pdf: The PDF is damaged" in poll.note


def test_as_a_mails_attachment() -> None:
    sent = EmailMessage()
    sent["Subject"], sent["From"] = "Notice", "board@lermo.example"
    sent.set_content("See the notice.")
    sent.add_attachment(REPORT, maintype="application", subtype="pdf", filename="notice.pdf")
    read = mail.entry_of(sent.as_bytes(), 1, NOON)
    assert read.content.startswith("See the notice.")
    assert "notice.pdf\n\nHarbour of Lermo closed" in read.content
    assert "lost its rudder" in read.content


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("PK\x03\x04\n\0\0\0\0\0" + "\0" * 20 + "mimetypeapplication/epub+zip", "a book (EPUB)"),
        ("PK\x03\x04\x14\x00\x06\x00\x08", "a Word, Excel or PowerPoint document"),
        ("PK\x03\x04\x14\x00\x00\x00", "a ZIP archive"),
    ],
)
def test_other_documents_are_named(head: str, words: str) -> None:
    assert not_a_feed(head, "") == words
