"""Folders of text, Markdown, HTML, PDF and JSON Lines files, for the first run and for programs that write."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import structlog
from pydantic import Field, field_validator

from bot.config import AdapterSettings, Settings, listed, named_files
from bot.errors import PermanentError, TransientError, UserError, WatchwordError, is_busy
from bot.model import Discovery, Entry, Feed, Poll, content_id
from bot.ports import Clock, Export, Kit, Reach, Source, Worker
from bot.reading.documentfile import entries_of
from bot.reading.pdf import is_pdf
from bot.reading.text.extract import main_text
from bot.sources import _folders
from bot.sources._folders import Folders, Place, Withheld

log = structlog.get_logger(__name__)

SUFFIXES = (".txt", ".md", ".html", ".htm", ".jsonl", ".pdf")
UNREAD = {".epub": "a book (EPUB)", ".docx": "a Word document", ".odt": "a text document (ODT)"}
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILES = 20_000
SMALL_BYTES = 64_000  # of HTML that no parser needs long for: read here, without starting the worker
MAX_PROBLEMS = 5  # named in a note
_PAGES = (".html", ".htm", ".pdf")


class DirectorySettings(AdapterSettings):
    """What the operator can set."""

    folders: tuple[Path, ...] = Field(
        (), description="Folders, comma-separated, that everybody who can talk to the bot may have watched, by name."
    )

    @field_validator("folders", mode="before")
    @classmethod
    def _paths(cls, value: object) -> list[str]:
        return listed(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file as found: `name` relative to the folder, `stamp` of size and modification time, `number` as by os.stat."""

    name: str
    path: Path
    number: tuple[int, int]
    stamp: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    files: list[_File]
    problems: list[str]


class DirectorySource:
    """`bot.ports.Source` for what _folders.py lets through. Chats hear names; paths are for the operator's log."""

    kind = "directory"
    links_articles = False
    export = Export.NOT  # a folder of this machine
    least_interval = timedelta(seconds=2)
    longest_interval = least_interval  # looking at a folder costs nobody anything

    def __init__(self, worker: Worker, clock: Clock, folders: Folders) -> None:
        self._worker = worker
        self._clock = clock
        self._folders = folders

    def accepts(self, url: str) -> Reach:
        """See the port: `folder`, `folder:NAME`, an absolute path or a file:// address."""
        return Reach.SITE if _folders.accepts(url) else Reach.NONE

    async def discover(self, url: str) -> Sequence[Discovery]:
        """See the port. Without a name: all that may be watched."""
        every = url.strip().casefold() in ("folder", "folder:") and self._folders.names
        wanted = [f"folder:{name}" for name in self._folders.names] if every else [url]
        return [await self._discovery(address) for address in wanted]

    async def _discovery(self, url: str) -> Discovery:
        place = await asyncio.to_thread(self._folders.find, url)
        try:
            poll = await self._read(place, {})
        except TransientError as error:
            raise UserError(str(error), cure="Ask the operator: the log says more.") from None
        newest = poll.entries[-1] if poll.entries else None
        return Discovery(
            kind=self.kind,
            url=place.address,
            title=place.name,
            newest_title=newest.title if newest else "",
            newest_at=newest.published_at if newest else None,
            entries=len(poll.entries),
        )

    async def poll(self, feed: Feed) -> Poll:
        """See the port. New and changed files give entries; one that only was touched does not."""
        try:
            place = await asyncio.to_thread(self._folders.stored, feed.url)
        except UserError as error:  # it was allowed once: the chat is told once, and the operator where it is
            log.warning("a folder may not be watched (any more)", folder=feed.url, feed=feed.id, cure=error.cure)
            raise PermanentError(f"{error} {error.cure}", gone=True) from None
        return await self._read(place, _seen(feed.cursor))

    async def _read(self, place: Place, seen: dict[str, list[str]]) -> Poll:
        """`seen` is {name: [stamp, hash of the content, problem]}, of which the cursor is made."""
        scan = await asyncio.to_thread(_scan, place, self._folders.withheld)
        known, entries, problems = dict[str, list[str]](), list[Entry](), list(scan.problems)
        for file in scan.files:
            stamp, mark, problem = seen.get(file.name, ["", "", ""])
            if stamp != file.stamp:
                try:
                    changed, mark, problem = await self._changed(file, mark, problem)
                except TransientError as error:  # what is known of it stays as it was, so it is tried again
                    problems.append(f"{file.name}: {error}")
                    known |= {file.name: seen[file.name]} if file.name in seen else {}
                    continue
                entries += changed
            known[file.name] = [file.stamp, mark, problem]
            problems += [problem] if problem else []
        cursor = json.dumps(known, separators=(",", ":"), sort_keys=True)
        entries.sort(key=lambda entry: (entry.published_at is not None, entry.published_at or self._clock()))
        return Poll(
            entries=tuple(entries),
            cursor=cursor,
            title=place.name,
            unchanged=known == seen,
            note=_note(problems),
        )

    async def _changed(self, file: _File, mark: str, problem: str) -> tuple[list[Entry], str, str]:
        """(entries, hash, problem in words) of a file whose stamp changed; no entries if its content is the same."""
        if file.size_bytes > MAX_FILE_BYTES:
            return [], "", f"{file.name} is larger than {MAX_FILE_BYTES >> 20} MiB"
        try:
            body = await asyncio.to_thread(file.path.read_bytes)
        except OSError as error:
            return [], "", f"{file.name}: {error.strerror or 'cannot be read'}"
        now_mark = content_id(body.decode("latin-1"))
        if now_mark == mark:
            return [], mark, problem
        if file.path.suffix.lower() in _PAGES:
            return await self._page(file.name, body, now_mark)
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return [], now_mark, f"{file.name} is not UTF-8 (byte {error.start + 1:,})"
        entries, problem = entries_of(file.name, text, self._clock())
        return entries, now_mark, problem

    async def _page(self, name: str, body: bytes, mark: str) -> tuple[list[Entry], str, str]:
        try:
            if len(body) <= SMALL_BYTES and not is_pdf(body):
                page = main_text(body, "", False)
            else:
                page = await self._worker.run(main_text, body, "")
        except WatchwordError as error:
            if is_busy(error):
                raise
            return [], mark, f"{name}: {error}"
        if not page.text:
            return [], mark, f"{name} holds no text"
        entry = Entry(id=name, title=page.title or Path(name).stem, content=page.text, is_html=False)
        entry = replace(
            entry, author=page.author, lang=page.lang, outlet=page.site, published_at=page.published_at, url=page.url
        )
        return [entry], mark, ""


def _unread(file: Path) -> list[str]:
    """What to say of a document of a kind that is not read."""
    kind = UNREAD.get(file.suffix.lower())
    return [f"{file.name} is {kind}, which is not read: save it as PDF or text"] if kind else []


def _scan(place: Place, withheld: Withheld) -> _Scan:
    """Readable documents below a folder, by name. Hidden ones, README.md and links out of it are left out."""
    folder, secret = place.path, withheld.numbers()
    files, problems, waiting = [], list[str](), [folder]
    while waiting:
        here = waiting.pop()
        if here != folder and withheld.holds(here):
            continue
        try:
            children = sorted(here.iterdir())
        except OSError as error:
            if here == folder:
                raise _gone(place, error) from None
            problems.append(f"{here.name}: {error.strerror}")
            continue
        for child in children:
            if child.name.startswith(".") or child.name.lower() == "readme.md":
                continue
            if child.is_dir() and not child.is_symlink():
                waiting.append(child)
            elif child.suffix.lower() in SUFFIXES and (file := _file(folder, child, withheld, problems)):
                files += [] if file.number in secret else [file]
            problems += _unread(child)
    if len(files) > MAX_FILES:
        problems.append(f"only the first {MAX_FILES:,} of its {len(files):,} files are read")
    return _Scan(files=sorted(files, key=lambda file: file.name)[:MAX_FILES], problems=problems)


def _gone(place: Place, error: OSError) -> TransientError:
    """What a chat hears of a folder that cannot be read; the operator hears where it is."""
    log.warning("a watched folder cannot be read", folder=str(place.path), error=error.strerror)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return TransientError(f"The folder “{place.name}” is not there (any more). It is read again once it is.")
    return TransientError(f"The folder “{place.name}” cannot be read: {error.strerror}.")


def _file(folder: Path, path: Path, withheld: Withheld, problems: list[str]) -> _File | None:
    name = path.relative_to(folder).as_posix().encode("utf-8", "replace").decode()
    try:
        if path.is_symlink() and (not (real := path.resolve()).is_relative_to(folder) or withheld.holds(real)):
            problems.append(f"{name} is a link to what is not read")
            return None
        facts = path.stat()
    except (OSError, RuntimeError):
        problems.append(f"{name} cannot be read")
        return None
    if not path.is_file():  # a pipe or device would block for ever
        return None
    number, stamp = (facts.st_dev, facts.st_ino), f"{facts.st_size}-{facts.st_mtime_ns}"
    return _File(name=name, path=path, number=number, stamp=stamp, size_bytes=facts.st_size)


def _seen(cursor: str) -> dict[str, list[str]]:
    try:
        seen = json.loads(cursor)
    except ValueError:
        return {}
    if not isinstance(seen, dict):
        return {}
    return {name: facts for name, facts in seen.items() if isinstance(facts, list) and len(facts) == 3}


def _note(problems: Sequence[str]) -> str:
    if not problems:
        return ""
    more = len(problems) - MAX_PROBLEMS
    return "Not read: " + "; ".join(problems[:MAX_PROBLEMS]) + (f"; and {more} more." if more > 0 else ".")


def withheld(settings: Settings) -> Withheld:
    """The data folder, and every file that a setting names: those hold tokens and the like."""
    return Withheld([settings.data, *named_files(settings)])


def connect(kit: Kit) -> Source:
    """The adapter. Raises UserError, for the operator, about a list of folders that cannot be meant."""
    assert kit.worker is not None
    folders = Folders(kit.settings.of(DirectorySettings).folders, kit.settings.seed_dir, withheld(kit.settings))
    return DirectorySource(kit.worker, kit.clock, folders)
