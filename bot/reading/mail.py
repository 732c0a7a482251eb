"""From a mail as it lies in a mailbox to an entry. Runs in the worker: mails are hostile input, too."""

import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from html import escape

from bot.errors import UserError
from bot.model import Entry
from bot.reading.pdf import is_pdf, pdf_text
from bot.reading.text.encoding import REPLACED, decode
from bot.reading.text.htmltext import html_to_text
from bot.reading.text.times import clamp

MAX_HEADER = 20_000  # characters of one header that are looked at
MAX_PARTS = 200
MAX_NESTED = 20
_LIST_ID = re.compile(r"\s*(.{0,500}?)\s*<([^<>\s]{1,300})>\s*$", re.S)
_LINK = re.compile(r"<?\s*(https?://[^\s<>]{1,2000})\s*>?\s*", re.I)
_LANG = re.compile(r"\s*([A-Za-z]{2,3})\b")


def entry_of(raw: bytes, uid: int, now: datetime) -> Entry:
    """The mail as an entry: the list's name as outlet, the richest text that can be read. Raises for hostile ones.

    Of attachments PDF files are read. `uid` names a mail that has no Message-ID.
    """
    mail = message_from_bytes(raw)
    content, is_html = _content(mail)
    for attached in _attached(mail):
        paragraphs = (f"<p>{escape(each)}</p>" for each in attached.split("\n\n"))
        content += "".join(paragraphs) if is_html else f"\n\n{attached}"
    sender, address = _sender(mail)
    language = _LANG.match(_header(mail, "content-language"))
    link = _LINK.fullmatch(_header(mail, "archived-at"))
    return Entry(
        id=_header(mail, "message-id").strip()[:500] or f"uid {uid}",
        url=link[1] if link else "",
        title=" ".join(_header(mail, "subject").split()) or "(no subject)",
        content=content,
        is_html=is_html,
        author=sender or address,
        lang=language[1].lower() if language else "",
        outlet=_list_name(mail) or sender or address.rpartition("@")[2],
        published_at=clamp(_date(mail), now),
    )


def entries_of(raws: list[tuple[int, bytes]], now: datetime) -> tuple[list[Entry], int]:
    """(the entries of mails given with their uids, how many could not be read)."""
    entries, lost = [], 0
    for uid, raw in raws:
        try:
            entries.append(entry_of(raw, uid, now))
        except Exception:  # the library's parsers fail in a dozen ways: one mail must not cost the others
            lost += 1
    return entries, lost


def folder_name(name: str) -> str:
    """A folder's name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3), quoted. Raises ValueError for controls."""
    if any(character < " " or character == "\x7f" for character in name):
        raise ValueError("a folder's name has no control characters")
    out, foreign = [], ""
    for character in name + "\0":  # the NUL ends what is pending
        if " " <= character <= "~" or character == "\0":
            if foreign:
                packed = binascii.b2a_base64(foreign.encode("utf-16-be"), newline=False).rstrip(b"=")
                out.append("&" + packed.decode("ascii").replace("/", ",") + "-")
                foreign = ""
            out.append("&-" if character == "&" else character)
        else:
            foreign += character
    return '"' + "".join(out)[:-1].replace("\\", "\\\\").replace('"', '\\"') + '"'


# ------------------------------------------------------------------------------------------------------------- headers


def _raw(mail: Message, name: str) -> str:
    """The first header of that name as it stands; bytes beyond ASCII, which it must not have, are guessed."""
    for key, value in mail.raw_items():
        if key.lower() == name:
            text = str(value)[:MAX_HEADER]
            if text.isascii():
                return text
            body = text.encode("utf-8", "surrogateescape")
            guessed = decode(body, "")
            return body.decode("cp1252", "replace") if REPLACED in guessed else guessed
    return ""


def _header(mail: Message, name: str) -> str:
    """The same with its encoded words decoded."""
    return _decoded(_raw(mail, name))


def _decoded(text: str) -> str:
    try:
        parts = decode_header(text)
    except (ValueError, LookupError, MessageError):  # a damaged encoded word: as it stands
        return text
    words = []
    for part, charset in parts:
        if isinstance(part, bytes):
            part = decode(part, f"charset={charset}") if charset else part.decode("raw-unicode-escape", "replace")
        words.append(part)
    return "".join(words)[:MAX_HEADER]


def _sender(mail: Message) -> tuple[str, str]:
    """(name, address) of who wrote it. The name is decoded after it is found: an encoded comma parts no names."""
    try:
        senders = getaddresses([_raw(mail, "from")])
    except RecursionError:  # brackets in brackets: some Pythons fail at them, others (3.11.2, 3.13.0) find nobody
        senders = []
    if not senders:
        return "", ""
    name, address = senders[0]
    return " ".join(_decoded(" ".join(name.split())).split()), address


def _list_name(mail: Message) -> str:
    """The description in List-Id, else its name: `The Brief <brief.list.example>`."""
    text = _header(mail, "list-id")
    match = _LIST_ID.match(text)
    if match is None:
        return " ".join(text.strip().strip("<>").split())[:300]
    return " ".join(match[1].strip('"').split()) or match[2]


def _date(mail: Message) -> datetime | None:
    try:
        when = parsedate_to_datetime(_header(mail, "date"))
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


# ---------------------------------------------------------------------------------------------------------------- text


def _content(mail: Message) -> tuple[str, bool]:
    """(text, is it HTML). HTML is the richer form, unless it says next to nothing beside the plain one."""
    html = plain = ""
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind == "text/html":
            html += _text(part)
        elif kind == "text/plain" or kind.startswith("multipart/"):
            plain = f"{plain}\n\n{_text(part)}" if plain else _text(part)
    if html and (not plain or 4 * len(html_to_text(html)) >= len(plain)):
        return html, True
    return plain, False


def _attached(mail: Message) -> Iterator[str]:
    """The text of each PDF that came with the mail, under its name."""
    for part in mail.walk():
        if part.get_content_type() not in ("application/pdf", "application/octet-stream"):
            continue
        body = part.get_payload(decode=True)
        if isinstance(body, bytes) and is_pdf(body):
            name = " ".join((part.get_filename() or "attachment.pdf").split())[:200]
            try:
                yield f"{name}\n\n{pdf_text(body).text}"
            except UserError as error:
                yield f"{name}: {error}"


def _parts(mail: Message, depth: int = 0) -> Iterator[Message]:
    """The parts that are text and no attachment; of forwarded mails, too."""
    if depth > MAX_NESTED:
        raise ValueError("its parts are nested too deeply")
    if mail.get_content_disposition() == "attachment":
        return
    inner = mail.get_payload()
    if not isinstance(inner, list):
        if mail.get_content_maintype() in ("text", "multipart"):  # a multipart without parts is damaged text
            yield mail
        return
    for part in inner[:MAX_PARTS]:
        if isinstance(part, Message):
            yield from _parts(part, depth + 1)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() or ""
    text = decode(body, f"charset={charset}" if charset else "")
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unfolded(text, str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _unfolded(text: str, deletes_space: bool) -> str:
    """Lines that a mail program broke only to keep them short (format=flowed, RFC 3676), joined again."""
    out, pending = [], ""
    for line in text.splitlines():
        line = line[1:] if line.startswith(" ") else line  # space-stuffed
        if line.endswith(" ") and line != "-- ":
            pending += line[:-1] if deletes_space else line
        else:
            out.append(pending + line)
            pending = ""
    return "\n".join([*out, pending] if pending else out)
