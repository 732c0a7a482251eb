"""Newsletters in a mailbox, by IMAP. The operator sets which one and which of its folders; chats never hold passwords.

`source add imap:<folder>` watches a folder. Mails are neither marked as read nor moved nor deleted. Not read are
attachments, what is beyond the first 2 MiB of a mail, and encrypted mails.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, field_validator

from bot.config import AdapterSettings, listed
from bot.errors import PermanentError, TransientError, UserError
from bot.model import Discovery, Entry, Feed, Poll
from bot.ports import Clock, Export, Kit, Reach, Source, Worker
from bot.reading.mail import entries_of
from bot.say import count
from bot.sources._imap_link import Account, Mails, Visit

VISIT_SECONDS = 60.0  # below the lease of a visit
PARSE_SECONDS = 3.0
_PARSED_TOGETHER_BYTES = 4 * 1024 * 1024
_ADDRESS = re.compile(r"imap(?::(?P<folder>.{0,500}))?", re.I | re.S)


class ImapSettings(AdapterSettings):
    """What the operator can set: one mailbox."""

    imap_host: str = Field("", description="Mail server (IMAP) whose folders chats may watch.")
    imap_port: int = Field(993, ge=1, le=65535, description="Its port; 143 is usual with STARTTLS.")
    imap_starttls: bool = Field(False, description="Begin in the clear and turn to TLS before the password is sent.")
    imap_ca_file: Path | None = Field(None, description="Certificates to trust for it besides the system's (PEM).")
    imap_user: str = Field("", description="User name there.")
    imap_password: SecretStr | None = Field(None, description="Password there; many providers want an app password.")
    imap_folders: tuple[str, ...] = Field(
        (), description="Folders, comma-separated, that everybody who can talk to the bot may have watched."
    )

    @field_validator("imap_folders", mode="before")
    @classmethod
    def _folders(cls, value: object) -> list[str]:
        return listed(value)


class ImapSource:
    """`bot.ports.Source` for folders of the one mailbox that the settings name."""

    kind = "imap"
    links_articles = False
    export = Export.NOT  # the operator's mailbox
    least_interval = timedelta(minutes=1)

    def __init__(
        self,
        settings: ImapSettings,
        allow: Sequence[IPv4Network | IPv6Network],
        worker: Worker,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._allow = allow
        self._worker = worker
        self._clock = clock
        self.visit_seconds = VISIT_SECONDS
        self._turn = asyncio.Lock()  # one connection at a time: providers count them

    def accepts(self, url: str) -> Reach:
        """See the port: `imap` or `imap:<folder>`."""
        return Reach.NAMED if _ADDRESS.fullmatch(url.strip()) else Reach.NONE

    async def discover(self, url: str) -> Sequence[Discovery]:
        """See the port. Without a folder: all that may be watched, each with its newest mail."""
        wanted = _folder(url)
        folders = [self._allowed(wanted)] if wanted else list(self._settings.imap_folders)
        self._account()
        discoveries = []
        for folder in folders:
            mails = await self._read(folder, 0, 0, 1)
            entries, _ = await self._parse(mails)
            newest = entries[-1] if entries else None
            discoveries.append(
                Discovery(
                    kind=self.kind,
                    url=f"imap:{folder}",
                    title=f"Mail in {folder}",
                    newest_title=newest.title if newest else "",
                    newest_at=newest.published_at if newest else None,
                    entries=mails.total,
                )
            )
        return discoveries

    async def poll(self, feed: Feed) -> Poll:
        """See the port. The cursor is the folder's UIDVALIDITY and the last mail's UID."""
        wanted = _folder(feed.url)
        if not wanted:
            raise PermanentError(f"“{feed.url[:80]}” names no folder of the mailbox, like imap:Newsletters.")
        try:
            folder = self._allowed(wanted)
            validity, last = _read_cursor(feed.cursor)
            mails = await self._read(folder, validity, last)
        except UserError as error:
            raise PermanentError(f"{error} {error.cure}") from None
        entries, lost = await self._parse(mails)
        notes = [f"{count(lost, 'mail')} could not be read"] if lost else []
        if mails.more:
            notes.append(f"{count(mails.more, 'more mail')} for the next visit")
        return Poll(
            entries=tuple(entries),
            cursor=json.dumps([mails.validity, mails.last]),
            title=f"Mail in {folder}",
            unchanged=not mails.raws,
            note="; ".join(notes),
        )

    def _account(self) -> Account:
        """Raises UserError unless the operator set up a mailbox."""
        said = self._settings
        password = said.imap_password.get_secret_value() if said.imap_password else ""
        names = {"HOST": said.imap_host, "USER": said.imap_user, "PASSWORD": password, "FOLDERS": said.imap_folders}
        missing = [f"WATCHWORD_IMAP_{name}" for name, value in names.items() if not value]
        if missing:
            raise UserError("No mailbox is set up here.", cure=f"The operator must set {', '.join(missing)}.")
        return Account(
            host=said.imap_host,
            port=said.imap_port,
            starttls=said.imap_starttls,
            ca_file=said.imap_ca_file,
            user=said.imap_user,
            password=password,
            allow=self._allow,
        )

    def _allowed(self, wanted: str) -> str:
        """The folder as the settings spell it. Raises UserError for others: the mailbox is not the chats' to browse."""
        self._account()
        for folder in self._settings.imap_folders:
            if folder.casefold() == wanted.casefold():
                return folder
        raise UserError(
            f"The folder “{wanted[:80]}” is not among those that may be watched.",
            cure=f"These are: {', '.join(self._settings.imap_folders)}. The operator sets WATCHWORD_IMAP_FOLDERS.",
        )

    async def _read(self, folder: str, validity: int, last: int, *newest: int) -> Mails:
        """In a thread, which is cut off when it takes too long."""
        account = self._account()
        async with self._turn:
            visit = Visit(account)
            job = asyncio.create_task(asyncio.to_thread(visit.read, folder, validity, last, *newest))
            try:
                done, _ = await asyncio.wait({job}, timeout=self.visit_seconds)
            finally:
                if not job.done():
                    visit.abort()
                    job.add_done_callback(_forget)
            if not done:
                raise TransientError(f"{account.host} did not answer in full within {self.visit_seconds:.0f} seconds.")
            return job.result()

    async def _parse(self, mails: Mails) -> tuple[list[Entry], int]:
        """(entries, mails that could not be read). One by one where all of them at once are too much."""
        try:
            if sum(len(raw) for _, raw in mails.raws) > _PARSED_TOGETHER_BYTES:
                raise PermanentError("too much for one go")
            return await self._parsed(list(mails.raws))
        except PermanentError:
            entries, lost = [], 0
        for raw in mails.raws:
            try:
                parsed, failed = await self._parsed([raw])
                entries += parsed
                lost += failed
            except PermanentError:
                lost += 1
        return entries, lost

    async def _parsed(self, raws: list[tuple[int, bytes]]) -> tuple[list[Entry], int]:
        if not raws:
            return [], 0
        entries, lost = await self._worker.run(entries_of, raws, self._clock(), seconds=PARSE_SECONDS)
        return list(entries), int(lost)


def _forget(job: "asyncio.Task[Mails]") -> None:
    """What an abandoned visit ends with is of no use, but must be looked at."""
    if not job.cancelled():
        job.exception()


def _folder(url: str) -> str:
    match = _ADDRESS.fullmatch(url.strip())
    if match is None:
        return ""
    folder = (match["folder"] or "").strip()
    if folder.startswith("//"):
        raise UserError(
            "Which mailbox is read is set by the operator, not in the chat.", cure="Write imap:<folder>, or only imap."
        )
    return folder


def _read_cursor(cursor: str) -> tuple[int, int]:
    """(UIDVALIDITY, last UID); zeros for what is not ours."""
    try:
        kept: Any = json.loads(cursor)
        validity, last = kept
        return (validity, last) if isinstance(validity, int) and isinstance(last, int) else (0, 0)
    except (ValueError, TypeError):
        return 0, 0


def connect(kit: Kit) -> Source:
    """The adapter; without a mailbox in the settings it says so when asked."""
    assert kit.worker is not None
    return ImapSource(kit.settings.of(ImapSettings), kit.settings.allow_networks, kit.worker, kit.clock)
