"""The text of a PDF file, with its title and date as far as it says them. It runs in the worker: pdfium is C++."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bot.errors import UserError

MAX_PAGES = 300
MAX_TEXT = 250_000  # characters
_MARK = b"%PDF-"
_LOOKED_AT = 1024  # bytes in which the mark may stand: some files have a banner before it
_TITLE_CHARACTERS = 3_000  # of the first page, whose sizes are looked at
_LARGER = 1.15  # times the usual size: a headline
_SHORT_LINE = 0.75  # of a usual line: a paragraph may end there
_BROKEN = re.compile("[\x02\ufffe]\n?|\u00ad\n|(?<=[^\\W\\d_])-\n(?=[^\\W\\d_A-Z])")  # a word, at the end of its line
_JOIN = "\x02"
_LEFT_OVER = re.compile(r"[\x00-\x01\x03-\x08\x0b-\x1f\ufffe]")
_ENDS = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel) - )|(?:untitled|ohne titel|sans titre|document|slide) ?\d*$"
    r"|.*\.(?:docx?|pdf|indd|odt|rtf|pptx?|xlsx?|tex|qxd)$",
    re.I,
)
_DATE = re.compile(r"D?:?(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:Z|([+-])(\d\d)'?(\d\d)?'?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """Plain text with its paragraphs; what the file says of itself, empty where it says nothing usable."""

    title: str
    text: str
    author: str
    published_at: datetime | None


def is_pdf(body: bytes) -> bool:
    """Whether it is a PDF file, whatever it is called."""
    return _MARK in body[:_LOOKED_AT]


def pdf_text(body: bytes) -> Pdf:
    """The text of its first pages. Raises UserError for one that is damaged, protected, or only pictures of text."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        protected = "password" in str(error).lower()
        why = "is protected by a password" if protected else "is damaged"
        raise UserError(f"The PDF {why}.", cure="Look for another edition of it.") from None
    try:
        pages, size, headline = list[str](), 0, ""
        for number in range(min(len(document), MAX_PAGES)):
            page = document[number]
            text = page.get_textpage()
            pages.append(text.get_text_range().replace("\r\n", "\n").replace("\r", "\n"))
            headline = headline or (_headline(text) if number == 0 else "")
            size += len(pages[-1])
            text.close()
            page.close()
            if size > MAX_TEXT:
                break
        said = document.get_metadata_dict()
    finally:
        document.close()
    body_text = _paragraphs("\n".join(pages))[:MAX_TEXT]
    if not body_text:
        raise UserError("The PDF holds no text, only pictures of it.", cure="Look for an edition with text.")
    title = " ".join(str(said.get("Title", "")).split())
    if not title or _NO_TITLE.match(title):
        title = headline or body_text.partition("\n")[0][:200]
    return Pdf(
        title=title,
        text=body_text,
        author=" ".join(str(said.get("Author", "")).split()),
        published_at=_moment(str(said.get("CreationDate", ""))) or _moment(str(said.get("ModDate", ""))),
    )


def _headline(text: Any) -> str:
    """The words of the first page in its largest letters, when they are larger than the rest."""
    from pypdfium2 import raw

    many = min(text.count_chars(), _TITLE_CHARACTERS)
    if not many:
        return ""
    sizes = [round(float(raw.FPDFText_GetFontSize(text.raw, place)), 1) for place in range(many)]
    usual = Counter(size for size in sizes if size > 0).most_common(1)
    largest = max(sizes)
    if not usual or largest < usual[0][0] * _LARGER:
        return ""
    first = sizes.index(largest)
    last = next((place for place in range(first, many) if 0 < sizes[place] < largest), many)
    words = " ".join(_LEFT_OVER.sub(" ", text.get_text_range(first, last - first)).split())
    return words if 3 < len(words) <= 300 else ""


def _paragraphs(text: str) -> str:
    """Lines joined to paragraphs: a short line that ends a sentence ends one, and so does an empty line."""
    text = _LEFT_OVER.sub(" ", _BROKEN.sub(f"{_JOIN}\n", text))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    widths = sorted(len(line) for line in lines if line)
    usual = widths[len(widths) * 3 // 4] if widths else 0
    paragraphs, now = list[str](), ""
    for line in lines:
        now = now.removesuffix(_JOIN) + line if now.endswith(_JOIN) else f"{now} {line}".strip()
        short = len(line) < usual * _SHORT_LINE
        if now and (not line or (short and (_ENDS.search(line) or not paragraphs))):
            paragraphs.append(now)
            now = ""
    return "\n\n".join([*paragraphs, now] if now else paragraphs).replace(_JOIN, "")


def _moment(text: str) -> datetime | None:
    """A date as PDF writes it, `D:20260310083000+01'00'`; without a zone it is taken for UTC."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, sign, ahead, minutes = match.groups()
    shift = timedelta(hours=int(ahead or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        zone = timezone(shift) if sign else UTC
        local = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
