"""Folders of text, Markdown, HTML and JSON Lines files, for the first run and for programs that write."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.config import Settings
from bot.errors import PermanentError, TransientError, UserError, WatchwordError
from bot.model import Entry, Feed, Found, Poll, content_id
from bot.ports import Clock, Export, Kit, Reach, Source, Worker
from bot.reading.documentfile import entries_of
from bot.reading.text.extract import main_text

SUFFIXES = (".txt", ".md", ".html", ".htm", ".jsonl")
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILES = 20_000
SMALL_BYTES = 64_000  # of HTML that no parser needs long for: read here, without starting the worker
MAX_PROBLEMS = 5  # named in a note
_EXAMPLE = "Write a folder's full path, like /srv/news."
_HTML = (".html", ".htm")


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file as found: `name` relative to the folder, `stamp` of size and modification time."""

    name: str
    path: Path
    stamp: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    files: list[_File]
    problems: list[str]


class DirectorySource:
    """`bot.ports.Source` for folders within `homes` only: chat users must not read the rest of the machine."""

    kind = "directory"
    links_articles = False
    export = Export.NOT  # a path of this machine
    least_interval = timedelta(seconds=2)

    def __init__(self, worker: Worker, clock: Clock, homes: Sequence[Path]) -> None:
        self._worker = worker
        self._clock = clock
        self._homes = tuple(homes)

    def accepts(self, url: str) -> Reach:
        """See the port: an absolute path or a file:// address."""
        return Reach.NONE if _path(url) is None else Reach.SITE

    async def discover(self, url: str) -> Sequence[Found]:
        """See the port."""
        path = _path(url)
        if path is None:
            raise UserError(f"“{url[:80]}” is not a folder's full path.", cure=_EXAMPLE)
        folder = await asyncio.to_thread(self._checked, path)
        try:
            poll = await self._read(folder, {})
        except TransientError as error:
            raise UserError(str(error)) from None
        newest = poll.entries[-1] if poll.entries else None
        return [
            Found(
                kind=self.kind,
                url=str(folder),
                title=folder.name,
                newest_title=newest.title if newest else "",
                newest_at=newest.published_at if newest else None,
                entries=len(poll.entries),
            )
        ]

    async def poll(self, feed: Feed) -> Poll:
        """See the port. New and changed files give entries; one that only was touched does not."""
        path = _path(feed.url)
        if path is None:
            raise PermanentError(f"“{feed.url}” is not a folder's full path.")
        try:
            folder = await asyncio.to_thread(self._checked, path)
        except UserError as error:
            if await asyncio.to_thread(path.exists):
                raise PermanentError(" ".join(filter(None, (str(error), error.cure)))) from None
            raise TransientError(f"The folder {path} is not there (any more). It is read again once it is.") from None
        return await self._read(folder, _seen(feed.cursor))

    def _checked(self, path: Path) -> Path:
        """The folder itself, links resolved. Raises UserError unless it is one, within a folder that may be read."""
        folder = path.resolve()
        if not any(folder.is_relative_to(home.resolve()) for home in self._homes):
            raise UserError(
                f"Folders outside of {' and '.join(str(home) for home in self._homes)} are not read.",
                cure="The operator can point WATCHWORD_SEED_DIR at a folder, or put documents into the data folder.",
            )
        if not folder.is_dir():
            raise UserError(f"There is no folder {path}; single files are not read.", cure=_EXAMPLE)
        return folder

    async def _read(self, folder: Path, seen: dict[str, list[str]]) -> Poll:
        """`seen` is {name: [stamp, hash of the content, problem]}, of which the cursor is made."""
        scan = await asyncio.to_thread(_scan, folder)
        known, entries, problems = {}, list[Entry](), list(scan.problems)
        for file in scan.files:
            stamp, mark, problem = seen.get(file.name, ["", "", ""])
            if stamp != file.stamp:
                found, mark, problem = await self._changed(file, mark, problem)
                entries += found
            known[file.name] = [file.stamp, mark, problem]
            problems += [problem] if problem else []
        cursor = json.dumps(known, separators=(",", ":"), sort_keys=True)
        entries.sort(key=lambda entry: (entry.published_at is not None, entry.published_at or self._clock()))
        return Poll(
            entries=tuple(entries),
            cursor=cursor,
            title=folder.name,
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
        if file.path.suffix.lower() in _HTML:
            return await self._html(file.name, body, now_mark)
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return [], now_mark, f"{file.name} is not UTF-8 (byte {error.start + 1:,})"
        entries, problem = entries_of(file.name, text, self._clock())
        return entries, now_mark, problem

    async def _html(self, name: str, body: bytes, mark: str) -> tuple[list[Entry], str, str]:
        try:
            if len(body) <= SMALL_BYTES:
                page = main_text(body, "", False)
            else:
                page = await self._worker.run(main_text, body, "")
        except WatchwordError as error:
            return [], mark, f"{name}: {error}"
        if not page.text:
            return [], mark, f"{name} holds no text"
        entry = Entry(id=name, title=page.title or Path(name).stem, content=page.text, is_html=False)
        entry = replace(
            entry, author=page.author, lang=page.lang, outlet=page.site, published_at=page.published_at, url=page.url
        )
        return [entry], mark, ""


def _path(url: str) -> Path | None:
    """An absolute path out of a path or a file:// address; None for anything else."""
    url = url.strip()
    if not url or "\0" in url or len(url) > 4096:
        return None
    if url.lower().startswith("file://"):
        parts = urlsplit(url)
        if parts.netloc not in ("", "localhost"):
            return None
        url = unquote(parts.path)
    path = Path(url)
    return path if path.is_absolute() and "\0" not in url else None


def _scan(folder: Path) -> _Scan:
    """Readable documents under `folder`, by name. Hidden ones, README.md and links out of it are left out."""
    files, problems, waiting = [], list[str](), [folder]
    while waiting:
        here = waiting.pop()
        try:
            children = sorted(here.iterdir())
        except OSError as error:
            if here == folder:
                raise TransientError(f"The folder {folder} cannot be read: {error.strerror}.") from None
            problems.append(f"{here.name}: {error.strerror}")
            continue
        for child in children:
            if child.name.startswith(".") or child.name.lower() == "readme.md":
                continue
            if child.is_dir() and not child.is_symlink():
                waiting.append(child)
            elif child.suffix.lower() in SUFFIXES and (file := _file(folder, child, problems)):
                files.append(file)
    if len(files) > MAX_FILES:
        problems.append(f"only the first {MAX_FILES:,} of its {len(files):,} files are read")
    return _Scan(files=sorted(files, key=lambda file: file.name)[:MAX_FILES], problems=problems)


def _file(folder: Path, path: Path, problems: list[str]) -> _File | None:
    name = path.relative_to(folder).as_posix().encode("utf-8", "replace").decode()
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(folder):
            problems.append(f"{name} is a link that leads out of the folder")
            return None
        facts = path.stat()
    except (OSError, RuntimeError):
        problems.append(f"{name} cannot be read")
        return None
    if not path.is_file():  # a pipe or device would block for ever
        return None
    return _File(name=name, path=path, stamp=f"{facts.st_size}-{facts.st_mtime_ns}", size_bytes=facts.st_size)


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


def homes(settings: Settings) -> list[Path]:
    """The folders that may be read."""
    seeds = settings.seed_dir or Path("seeds")
    return [seeds.absolute(), settings.data.absolute()]


def connect(kit: Kit) -> Source:
    """The adapter."""
    assert kit.worker is not None
    return DirectorySource(kit.worker, kit.clock, homes(kit.settings))
