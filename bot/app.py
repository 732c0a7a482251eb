"""The composition root: builds every part from the settings and runs them. The only reader of the clock."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import structlog

from bot import backup, condition, first_run, registry
from bot.alone import keep_private, refuse_company, take
from bot.chats import _terminal
from bot.config import Settings
from bot.ending import Ending
from bot.errors import PermanentError, StoreError, UserError, WatchwordError
from bot.http import GuardedHttp
from bot.logs import redacted, secrets_of
from bot.metrics import Metrics
from bot.model import Command, Delivery, Entry, State
from bot.parts import sources_of
from bot.pipeline import Pipeline, Writer
from bot.ports import Chat, Desk, HttpReceiver, Kit, LocalChat, Store
from bot.reading.feeds.parse import parse_feed
from bot.reading.text.encoding import decode
from bot.reading.text.extract import main_text
from bot.say import count
from bot.ticking import ticking
from bot.vault import vaults
from bot.worker import ProcessWorker

log = structlog.get_logger(__name__)

Say = Callable[[str], None]
_WILDCARDS = ("0.0.0.0", "::")  # listen everywhere; the page is then reached at any of the machine's addresses
PATIENCE = 3.0  # seconds that a start waits for what is due before it serves
STOP_SECONDS = 5.0  # for what is under way; the rest of the ten is for the page, the chats and the store
HEALTH_SECONDS = 3.0  # for the store to answer `health`
STALE = 60.0  # seconds; without a tick for so long, the service is not healthy


def clock() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place


def steady() -> float:
    """Seconds since some moment, whoever sets the clock; where the system says so, those that it slept included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def open_store(settings: Settings) -> Store:
    """The store, migrated. Raises StoreError."""
    try:
        module = registry.module("bot.stores", settings.store)
    except KeyError:
        known = ", ".join(registry.names("bot.stores"))
        raise StoreError(f"There is no store “{settings.store}”.", cure=f"WATCHWORD_STORE is one of: {known}") from None
    try:
        keep_private(settings.data)
    except OSError as error:
        raise StoreError(
            f"The folder {settings.data} cannot be made: {error.strerror}.", cure="Set WATCHWORD_DATA to another one."
        ) from None
    store = cast(Store, module.connect(Kit(settings=settings, clock=clock)))
    try:
        store.migrate()
    except BaseException:
        store.close()
        raise
    return store


class App:
    """Everything that runs, between `start` and `stop`."""

    def __init__(self, settings: Settings, *, say: Say, only_local: bool = False) -> None:
        self.settings = settings.model_copy(update={"seed_dir": first_run.seeds_of(settings)})
        self._say = say
        self._only_local = only_local
        self.metrics = Metrics()
        self.write = Writer(self.metrics)
        self.worker = ProcessWorker()
        self.http = GuardedHttp(self.settings)
        self.kit = Kit(settings=self.settings, clock=clock, http=self.http, worker=self.worker)
        self.store = open_store(self.settings)
        alone, self._lock = take(self.settings.data)
        self.company = self._lock if not alone else None  # while another process was here first
        if alone:
            self.store.end_leases()
        self.off: dict[str, str] = {}  # platform -> why it is off, and how to turn it on
        self.chats = self._chats()
        self.local = cast(LocalChat, self.chats["local"])
        # Whoever connects a platform has no use for a sample, unless a folder of it was asked for.
        self._sample = self.settings.seed_dir if settings.seed_dir or len(self.chats) == 1 else None
        self.pipeline = Pipeline(
            store=self.store,
            sources=sources_of(self.kit),
            chats=self.chats,
            worker=self.worker,
            http=self.http,
            write=self.write,
            clock=clock,
            steady=steady,
            retention=timedelta(days=self.settings.retention_days),
            removed_after=timedelta(days=self.settings.forget_removed_days),
            old_after=timedelta(days=self.settings.old_after_days) or None,
            quotas=self.settings.quotas,
            rules_folder=self.settings.data / "rules-index",
            meter=self.metrics,
        )
        self._ticked, self._ticked_at = clock(), steady()
        self._trouble = ""  # why the last tick failed
        self._counts: dict[str, int] = {}  # deliveries by state, as health saw them last
        self.backup = backup.Daily(self.store, self.write, self.settings, clock)
        self._tick_lock = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self.address = ""

    def _chats(self) -> dict[str, Chat]:
        chats: dict[str, Chat] = {}
        kit = replace(self.kit, vault=vaults(self.settings, self.store, self.write))
        for name in registry.names("bot.chats"):
            if self._only_local and name != "local":
                continue
            try:
                chat = registry.module("bot.chats", name).connect(kit)
            except WatchwordError as error:
                chat = str(error)
            if isinstance(chat, str):
                self.off[name] = chat
            else:
                chats[name] = chat
        return chats

    # ----------------------------------------------------------------------------------------------------- running

    async def read_now(self, patience: float | None, ending: Ending) -> bool:
        """Make the first run's content, read what is due and send what came of it; whether all of that was done.

        After `patience` seconds it goes on in the background: slow sources and platforms must not hold up the rest.
        """
        fresh = await self.write(first_run.prepare, self.store, self.local, self._sample, clock())
        self._spawn(self.pipeline.wake())  # the first alert does not wait for the last document
        settling, asked = self._spawn(self.pipeline.settle()), asyncio.create_task(ending.asked.wait())
        await asyncio.wait({settling, asked}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if settling.done():
            settling.result()
        if fresh and patience is not None:
            await self.write(first_run.greet, self.store, self.local, self._sample, clock())
        return settling.done()

    async def serve(self, ending: Ending) -> None:
        """Run until the end is asked for, or cancelled. Raises PermanentError when the page's port is taken."""
        jobs = {"tick": (self._tick, timedelta(seconds=1)), "tidy": (self.pipeline.tidy, timedelta(hours=1))}
        jobs |= {"backup": (self.backup.run, backup.LOOKS)}
        async with self._web(), ticking(jobs, clock, self._tick_lock):
            for name, chat in list(self.chats.items()):
                self._spawn(self._listen(name, chat))
            self._greet()
            await ending.asked.wait()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.append(task)
        return task

    async def _listen(self, name: str, chat: Chat) -> None:
        """Keep a platform listening; one that refuses our credentials goes off, and the others go on."""
        pause = 1.0
        while True:
            began = steady()
            try:
                await chat.listen(self.pipeline.answer.receive)
                return
            except PermanentError as error:
                self.off[name] = str(error)
                self.chats.pop(name, None)
                self._say(redacted(f"{name}: off. {error}", secrets_of(self.settings)))
                return
            except Exception as error:
                text = redacted(str(error), secrets_of(self.settings))
                log.warning("a chat stopped listening; it is started again", chat=name, error=text)
                pause = 1.0 if steady() - began > STALE else min(pause * 2, 60.0)
                await asyncio.sleep(pause)

    def _greet(self) -> None:
        self._say(f"\nLocal chat: {self.address}   (or type here: help)")
        for name in sorted(self.chats):
            if name != "local":
                self._say(f"{name.capitalize()}: on.")
        for name in sorted(self.off):
            self._say(f"{name.capitalize()}: {self.off[name]}")

    async def _tick(self) -> None:
        async with self._tick_lock:
            try:
                await self.pipeline.tick()
            except Exception as error:
                self._trouble = redacted(str(error) or type(error).__name__, secrets_of(self.settings))
                raise
            self._ticked, self._ticked_at, self._trouble = clock(), steady(), ""

    # --------------------------------------------------------------------------------------------------------- page

    @contextlib.asynccontextmanager
    async def _web(self) -> AsyncIterator[None]:
        from bot.web import build, serving

        verbs = [(name, str(command.USAGE), str(command.SUMMARY)) for name, command in registry.modules("bot.commands")]
        host, port = self.settings.http_host, self.settings.http_port
        receivers = [chat for chat in self.chats.values() if isinstance(chat, HttpReceiver)]
        page = build(
            chat=self.local,
            history=self.history,
            health=self.health,
            alive=self.alive,
            figures=self.figures,
            verbs=verbs,
            receivers=receivers,
            hosts=(host,),
            push=self.pipeline.push.receive,
            token=self.settings.http_token.get_secret_value() if self.settings.http_token else "",
        )
        note = self.settings.data / "address"
        async with serving(page, host, port) as taken:
            self.address = f"http://{'127.0.0.1' if host in _WILDCARDS else host}:{taken}/"
            with contextlib.suppress(OSError):
                note.write_text(self.address, encoding="utf-8")
            try:
                yield
            finally:
                with contextlib.suppress(OSError):
                    note.unlink()

    async def history(self, limit: int) -> list[Delivery | Command]:
        """What was said in the local chat, oldest first: commands and messages."""
        said = await self.write(self.store.commands, self.local.here, limit=limit)
        sent = await self.write(self.store.deliveries, self.local.here, limit=limit)
        lines: list[tuple[datetime, int, Delivery | Command]] = [(each.received_at, 0, each) for each in said]
        lines += [(each.created_at, 1, each) for each in sent]
        return [line[-1] for line in sorted(lines, key=lambda line: line[:2])][-limit:]

    def alive(self) -> tuple[bool, list[str]]:
        """Whether the service goes on at all: the first thing to be said of its health."""
        ok = steady() - self._ticked_at < STALE
        return ok, ["ticking" if ok else f"no tick since {self._ticked:%H:%M:%S} UTC"]

    async def figures(self) -> bytes:
        """For Prometheus."""
        ready, _ = await self.health()
        return self.metrics.exposed(self._counts, ready=ready)

    async def health(self) -> tuple[bool, list[str]]:
        """Whether the service does its work, and a line on each part."""
        ok, lines = self.alive()
        lines += [f"the last tick failed: {self._trouble}"] if self._trouble else []
        lines += [self.backup.trouble] if self.backup.trouble else []
        lines += self.pipeline.timekeeper.remarks()
        self._counts = {}
        try:
            asking = condition.ask(self.store, self.write, clock(), sorted(self.chats))
            sound, self._counts, remarks = await asyncio.wait_for(asking, HEALTH_SECONDS)
        except (WatchwordError, TimeoutError) as error:
            return False, [*lines, str(error) or f"the store did not answer within {HEALTH_SECONDS:.0f} seconds"]
        has_room, room = condition.of_disk(self.settings.data)
        ok = ok and sound and has_room
        lines += [*room, *remarks, condition.of_deliveries(self._counts)]
        lines += [f"{name}: on" for name in sorted(self.chats)]
        lines += [f"{name}: off" for name in sorted(self.off)]
        return ok, lines

    # ---------------------------------------------------------------------------------------------------------- end

    async def stop(self) -> None:
        """End what is under way within ten seconds, then let go of everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.pipeline.stop(STOP_SECONDS)
        closing = [asyncio.wait_for(chat.close(), timeout=1) for chat in self.chats.values()]
        await asyncio.gather(*closing, return_exceptions=True)
        await self.worker.close()
        await self.http.close()
        await self.write(self.store.close)
        self.write.close()
        if self._lock is not None:
            self._lock.close()


async def run(settings: Settings, *, say: Say, color: bool, only_local: bool, once: bool) -> None:
    """Start, show what the local chat gets, serve (or with `once` end), stop."""
    app, ending = App(settings, say=say, only_local=only_local), Ending()
    ending.listen()
    read_line = _nobody if once else _terminal.keyboard()
    terminal = asyncio.create_task(_terminal.converse(app.local, read_line=read_line, write=say, color=color))
    try:
        await asyncio.sleep(0)  # the terminal must be looking on before the first message
        await refuse_company(app.company, settings.data)
        before = await app.write(app.store.counts)
        done = await app.read_now(None if once else PATIENCE, ending)
        after = await app.write(app.store.counts)
        if done and after.get(State.SENT, 0) == before.get(State.SENT, 0):
            documents = await app.write(app.store.count_documents)
            seen = f"{count(documents, 'document')} and {count(after.get(State.SENT, 0), 'message')}"
            say(f"Nothing new: {seen} already seen.")
        if not once and not ending.asked.is_set():
            await app.serve(ending)
    finally:
        await app.stop()
        await terminal


async def _nobody() -> str | None:
    """A keyboard that nobody sits at."""
    return None


# ------------------------------------------------------------------------------------------------------------- scripts


async def read_feed(settings: Settings, address: str) -> tuple[Sequence[Entry], str]:
    """(entries, note) of the feed in a file or at a URL, through the same guards as the service's. Raises UserError."""
    worker, http = ProcessWorker(), GuardedHttp(settings)
    try:
        if address.startswith(("http://", "https://")):
            answer = await http.get(address)
            body, kind, base = answer.body, answer.headers.get("content-type", ""), answer.url
        else:
            body, kind, base = await asyncio.to_thread(_read_file, Path(address)), "", ""
        parsed = await worker.run(parse_feed, body, kind, base, clock())
        return parsed.entries, parsed.note
    finally:
        await worker.close()
        await http.close()


async def read_page(file: Path, *, as_json: bool) -> str:
    """The main text of a saved page; with `as_json` all that was found, as one JSON object. Raises UserError."""
    worker = ProcessWorker()
    try:
        page = await worker.run(main_text, await asyncio.to_thread(_read_file, file), "")
    finally:
        await worker.close()
    if not as_json:
        return str(page.text)
    facts = {name: getattr(page, name) for name in ("title", "text", "lang", "author", "site", "url")}
    date = page.published_at.isoformat() if page.published_at else None
    return json.dumps({**facts, "date": date}, ensure_ascii=False)


async def add_sources(settings: Settings, file: Path, *, say: Say) -> None:
    """Add what the file lists (OPML, or addresses) to the local chat's sources, and say what became of it.

    Raises UserError.
    """
    from bot.scripts import add_listed

    typed = decode(await asyncio.to_thread(_read_file, file), "")
    app = App(settings, say=say, only_local=True)
    try:
        here = Command(id="", user=app.local.you, destination=app.local.here, text="source add", received_at=clock())
        desk = Desk(store=app.store, command=here, now=clock())
        async for words in add_listed(sources_of(app.kit), app.worker, app.write, desk, typed):
            say(words)
    finally:
        await app.stop()


async def write_sources(settings: Settings) -> tuple[str, str]:
    """(the sources of all chats as OPML, what is not in it, in words)."""
    from bot.scripts import opml_of

    worker, http, store = ProcessWorker(), GuardedHttp(settings), open_store(settings)
    try:
        return opml_of(store, sources_of(Kit(settings=settings, clock=clock, http=http, worker=worker)))
    finally:
        store.close()
        await worker.close()
        await http.close()


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            f"I cannot read {path}: {error.strerror}.", cure="Give a file's path, or an address with http(s)://."
        ) from None
