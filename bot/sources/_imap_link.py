"""One visit to a mailbox: blocking, read-only, and every byte of it bounded. Runs in a thread of its own.

The standard library's client trusts its server: it reads literals of any size into memory, and connects wherever the
name leads. Both are closed here. What the mailbox is called, and its own words, are for the operator's log: chats hear
neither.
"""

import contextlib
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from bot.core.visits.netguard import Network, refusal
from bot.errors import PermanentError, TransientError
from bot.reading.mail import folder_name

log = structlog.get_logger(__name__)

MOST_MAILS = 50  # in one visit; the others wait for the next one
MAIL_BYTES = 2 * 1024 * 1024  # of one mail; its text is before its attachments
VISIT_BYTES = 40 * 1024 * 1024
SOCKET_SECONDS = 10.0
_NUMBER = re.compile(rb"[0-9]{1,10}")
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_PASSING = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\]", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where the mailbox is, from the operator's settings."""

    host: str
    port: int
    starttls: bool
    ca_file: Path | None
    user: str
    password: str
    allow: Sequence[Network]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mails:
    """What lies in a folder beyond `after`: (uid, raw) oldest first; `more` wait for the next visit."""

    validity: int
    last: int
    raws: tuple[tuple[int, bytes], ...]
    total: int
    more: int = 0


class Visit:
    """`read` works in a thread; `abort` from another one ends it at once, whatever the server does."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._box: _Box | None = None
        self._aborted = threading.Event()

    def read(self, folder: str, validity: int, last: int, newest: int = MOST_MAILS) -> Mails:
        """The mails after `last`; the `newest` ones when the folder was numbered anew since (or never read).

        Raises TransientError or PermanentError in words.
        """
        try:
            box = self._box = _open(self._account, self._aborted)
            try:
                _log_in(box, self._account)
                mails = _read(box, self._account, folder, validity, last, newest)
                with contextlib.suppress(imaplib.IMAP4.error, OSError):
                    box.logout()
                return mails
            finally:
                with contextlib.suppress(OSError):  # a log-out closed it
                    box.shutdown()
        except (PermanentError, TransientError):
            raise
        except ssl.SSLCertVerificationError as error:
            log.warning("the mail server's certificate is not valid", host=self._account.host, why=error.verify_message)
            raise PermanentError(
                "The certificate of the mail server is not valid, so the password is not sent. "
                "A certificate of your own goes into WATCHWORD_IMAP_CA_FILE."
            ) from None
        except ssl.SSLError:
            raise PermanentError(
                "The mail server does not begin with TLS; port 143 needs WATCHWORD_IMAP_STARTTLS=1."
            ) from None
        except socket.gaierror:
            log.warning("the mail server's name cannot be looked up", host=self._account.host)
            raise TransientError("There is no host called as the settings say, or it cannot be looked up.") from None
        except TimeoutError:
            raise TransientError("The mail server did not answer in time.") from None
        except OSError as error:
            log.warning("no connection to the mail server", host=self._account.host, error=str(error))
            raise TransientError(f"No connection to the mail server: {error.strerror or 'it hung up'}.") from None
        except (imaplib.IMAP4.error, ValueError) as error:
            log.warning("the mail server is not understood", host=self._account.host, error=str(error)[:200])
            raise TransientError("The mail server answered something that is not understood.") from None

    def abort(self) -> None:
        """End the connection under the reader's feet."""
        self._aborted.set()
        if self._box is not None:
            self._box.cut()


class _Box(imaplib.IMAP4):
    """The client with an eye on addresses and sizes; TLS from the first byte or by STARTTLS."""

    def __init__(self, account: Account, context: ssl.SSLContext, aborted: threading.Event) -> None:
        self._account = account
        self._context = context
        self._aborted = aborted
        self._left = VISIT_BYTES
        super().__init__(account.host, account.port, timeout=SOCKET_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        link = _connect(self._account)
        if not self._account.starttls:
            try:
                link = self._context.wrap_socket(link, server_hostname=self._account.host)
            except BaseException:
                link.close()
                raise
        return link

    def read(self, size: int) -> bytes:
        """As the library's, but for at most VISIT_BYTES in all."""
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        """As the library's, counted too."""
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise PermanentError(f"The mail server answers more than {VISIT_BYTES >> 20} MiB; that is not read.")
        if self._aborted.is_set():
            raise TimeoutError

    def cut(self) -> None:
        """Close the socket for both directions; a blocked read ends."""
        link: socket.socket | None = getattr(self, "sock", None)
        if link is not None:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)


def _connect(account: Account) -> socket.socket:
    """A connection to the first address of the host that the guard lets through; that very address is connected to."""
    refused, failed = "", None
    for family, kind, proto, _, where in socket.getaddrinfo(account.host, account.port, type=socket.SOCK_STREAM):
        why = refusal(str(where[0]), account.allow)
        if why:
            refused = why
            continue
        link = socket.socket(family, kind, proto)
        link.settimeout(SOCKET_SECONDS)
        try:
            link.connect(where)
            return link
        except OSError as error:
            link.close()
            failed = error
    if failed is not None:
        raise failed
    raise PermanentError(
        f"The mail server is not on the public internet ({refused or 'it has no address'}). If that is meant, the "
        "operator can allow its network with WATCHWORD_ALLOW_NETWORKS."
    )


def _open(account: Account, aborted: threading.Event) -> _Box:
    try:
        context = ssl.create_default_context()
        if account.ca_file is not None:
            context.load_verify_locations(cafile=account.ca_file)
    except OSError as error:
        raise PermanentError(f"WATCHWORD_IMAP_CA_FILE cannot be read: {error.strerror or error}") from None
    box = _Box(account, context, aborted)
    if account.starttls:
        if "STARTTLS" not in box.capabilities:
            box.shutdown()
            raise PermanentError("The mail server has no STARTTLS; no password is sent in the clear.")
        box.starttls(context)
    return box


def _log_in(box: _Box, account: Account) -> None:
    try:
        if "AUTH=PLAIN" in box.capabilities:  # takes any characters, which LOGIN does not
            words = f"\0{account.user}\0{account.password}".encode()
            box.authenticate("PLAIN", lambda _: words)
        else:
            box.login(account.user, account.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        said = _plain(error)
        log.warning("the mail server lets us not in", host=account.host, said=said)
        if _PASSING.search(said):
            raise TransientError("The mail server lets nobody in at present.") from None
        raise PermanentError(
            "The mail server refuses the user name or the password. Check WATCHWORD_IMAP_USER and "
            "WATCHWORD_IMAP_PASSWORD; many providers want an app password here."
        ) from None
    except UnicodeEncodeError:
        raise PermanentError("The mail server takes only plain ASCII in user name and password.") from None


def _read(box: _Box, account: Account, folder: str, validity: int, last: int, newest: int) -> Mails:
    status, said = box.select(folder_name(folder), readonly=True)  # EXAMINE: nothing is marked as read
    if status != "OK":
        words = _plain(said[0] if said else b"")
        log.warning("a folder of the mailbox cannot be opened", host=account.host, folder=folder, said=words)
        if _PASSING.search(words):
            raise TransientError(f"The mail server cannot open the folder “{folder}” at present.")
        raise PermanentError(f"There is no folder “{folder}” in the mailbox, or it may not be read.")
    total = _number(said[0])
    current = _number(box.response("UIDVALIDITY")[1][-1])
    if current != validity or not validity:
        uids, more = _newest(box, total, newest), 0
        last = 0
    else:
        every = sorted(uid for uid in _search(box, last + 1) if uid > last)
        uids, more = every[:MOST_MAILS], max(len(every) - MOST_MAILS, 0)
    raws = tuple((uid, raw) for uid in uids if (raw := _mail(box, uid)) is not None)
    return Mails(validity=current, last=max(uids, default=last), raws=raws, total=total, more=more)


def _newest(box: _Box, total: int, most: int) -> list[int]:
    """The uids of the newest mails, without asking for those of all."""
    if not total:
        return []
    answer = _ok(box.fetch(f"{max(total - most + 1, 1)}:{total}", "(UID)"))
    matches = (_UID.search(_line(item)) for item in answer)
    return sorted(int(match[1]) for match in matches if match)[-most:]


def _search(box: _Box, first: int) -> list[int]:
    return [int(word) for line in _ok(box.uid("SEARCH", f"UID {first}:*")) for word in _NUMBER.findall(line or b"")]


def _mail(box: _Box, uid: int) -> bytes | None:
    """The mail, as far as MAIL_BYTES; None when it is gone meanwhile. PEEK: it stays unread.

    Servers mix in flags of other mails, and some answer with flags alone: only the literal counts.
    """
    for item in _ok(box.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{MAIL_BYTES}>)")):
        if isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], bytes):
            return item[1]
    return None


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(_plain(data[0] if data else b""))
    return data


def _line(item: object) -> bytes:
    first = item[0] if isinstance(item, tuple) and item else item
    return first if isinstance(first, bytes) else b""


def _number(data: object) -> int:
    match = _NUMBER.search(data) if isinstance(data, bytes) else None
    if match is None:
        raise ValueError("it does not number its mails")
    return int(match[0])


def _plain(said: object) -> str:
    """What a server said, as printable words."""
    if isinstance(said, Exception):
        said = said.args[0] if said.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if text.startswith(("b'", 'b"')):
        text = text[2:-1]
    return "".join(character for character in text if character.isprintable())[:200]
