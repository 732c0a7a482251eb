"""Every way in: what parses outside input, what fetches it, and that nothing gets past the guard and the worker."""

import ast
import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import registry
from bot.config import Settings
from bot.errors import WatchwordError
from bot.http import GuardedHttp
from bot.model import Feed
from bot.ports import Kit
from bot.reading.warmup import TINY
from bot.worker import ProcessWorker
from tests.hostile import JOBS, hostile_inputs

BOT = Path(__file__).resolve().parents[2] / "bot"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)

# Who may import what parses. All of it is called by the jobs that the worker runs, but for what is named with a reason.
PARSERS = {
    "reading/text/extract.py": {"resiliparse", "trafilatura"},
    "reading/text/encoding.py": {"resiliparse", "zlib"},
    "reading/feeds/feedlinks.py": {"resiliparse"},
    "reading/feeds/feedxml.py": {"feedparser", "xml"},
    "reading/feeds/feedtree.py": {"lxml"},
    "reading/feeds/fieldtext.py": {"lxml"},
    "reading/text/language.py": {"py3langid"},
    "reading/mail.py": {"email"},
    "reading/feeds/opml.py": {"xml"},
    "reading/pages/pagelinks.py": {"resiliparse"},
    "reading/walls/pagewalls.py": {"resiliparse"},
    "reading/pages/robotstxt.py": {"protego"},  # robots.txt of less than 20 kB is read in place; its rules are linear
    "reading/pages/telegrampage.py": {"resiliparse"},
    "reading/pages/sitemaps.py": {"lxml", "zlib"},
    "statuses.py": {"email"},  # dates in headers
    "pipeline/saved_index.py": {"zlib"},  # the checksum of its own file
    "sources/_visits.py": {"zlib"},  # its own cursor
}
# Who may open a connection, besides the chats, whose SDKs talk to their own platforms.
FETCHERS = {
    "http.py": {"aiohttp", "socket"},  # the guard
    "proxies.py": {"aiohttp", "socket"},  # looks names up for the guard
    "sources/_imap_link.py": {"imaplib", "socket", "ssl"},  # the same guard on its socket
    "web/_serving.py": {"aiohttp"},  # serves
    "web/__init__.py": {"aiohttp"},  # serves
    "web/_guard.py": {"aiohttp"},  # serves
    "web/_live.py": {"aiohttp"},  # serves
    "scripts.py": {"aiohttp"},  # asks our own health page
}
_PARSING = set().union(*PARSERS.values()) | {"html5lib", "bs4", "selectolax", "gzip", "bz2", "lzma", "zipfile"}
_FETCHING = {"aiohttp", "socket", "ssl", "imaplib", "poplib", "ftplib", "http", "requests", "httpx", "urllib3"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(BOT.rglob("*.py")):
        yield path.relative_to(BOT).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """Top-level packages, at run time; `urllib.request` counts as "http"."""
    branches = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
    typing_only = [node for node in branches if ast.unparse(node.test) == "TYPE_CHECKING"]
    skipped = {id(inner) for block in typing_only for inner in ast.walk(block)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        found |= {"http" if name.startswith("urllib.request") else name.partition(".")[0] for name in names}
    return found


def test_who_parses_and_who_fetches_is_all_that_is_listed() -> None:
    parsers, fetchers = {}, {}
    for name, tree in modules():
        used = imported(tree)
        if used & _PARSING:
            parsers[name] = used & _PARSING
        if used & _FETCHING and not name.startswith("chats/"):
            fetchers[name] = used & _FETCHING
    assert parsers == PARSERS
    assert fetchers == FETCHERS


def test_every_job_of_the_worker_is_among_those_that_are_attacked() -> None:
    jobs = set()
    for _, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith("worker.run"):
                jobs.add(ast.unparse(node.args[0]).rpartition(".")[2])
    assert jobs == {function.__name__ for function in JOBS}


def test_the_worker_gets_warm_for_each_of_its_jobs() -> None:
    assert set(TINY) == {f"{function.__module__}:{function.__qualname__}" for function in JOBS}


def test_no_job_is_called_past_the_worker_but_on_small_or_own_input() -> None:
    names = {function.__name__ for function in JOBS}
    direct = set()
    for name, tree in modules():
        if name.startswith("reading/"):
            continue
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        for call in calls:
            function = ast.unparse(call.func).rpartition(".")[2]
            if function in names:
                direct.add((name, function))
    assert direct == {
        ("pipeline/collect.py", "extract_entry"),  # up to SMALL characters
        ("sources/directory.py", "main_text"),  # a small file of the operator's own
        ("sources/directory.py", "entries_of"),  # of documentfile: the operator's own text files
        ("sources/webhook.py", "entries_of"),  # of pushdocs: JSON of limited size from a sender that has proven itself
    }


async def test_no_kind_of_source_connects_to_a_private_address() -> None:
    met = []

    async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(writer.get_extra_info("peername"))
        writer.close()

    server = await asyncio.start_server(note, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = Settings(data=Path("unused"))
    http, worker = GuardedHttp(settings), ProcessWorker()
    kit = Kit(settings=settings, clock=lambda: NOW, http=http, worker=worker)
    try:
        for name in registry.names("bot.sources"):
            source = registry.module("bot.sources", name).connect(kit)
            for place in (f"127.0.0.1:{port}/feed", f"localhost:{port}/@x", f"[::ffff:7f00:1]:{port}/"):
                address = f"http://{place}"
                with suppress(WatchwordError):
                    await source.discover(address)
                with suppress(WatchwordError):
                    await source.poll(Feed(id="f", kind=name, url=address))
    finally:
        await http.close()
        await worker.close()
        server.close()
    assert met == []


@pytest.mark.parametrize("function", JOBS, ids=lambda function: function.__name__)
def test_small_hostile_inputs_give_results_or_words(function) -> None:  # type: ignore[no-untyped-def]
    for body in hostile_inputs(170, seed=3):
        if len(body) <= 3000:
            with suppress(WatchwordError):
                function(*JOBS[function](body))
