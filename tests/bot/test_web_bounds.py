"""The page under load: bounded streams, connections and times, and one rendering for all who look on."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest

from bot.model import Command, Delivery
from bot.web import _live, _serving, build, serving
from tests.talk import VERBS, Talk
from tests.waiting import LONG


class Counting(Talk):
    """Counts how often the conversation is read; a reading takes a while."""

    readings = 0

    async def history(self, limit: int) -> list[Delivery | Command]:
        self.readings += limit >= _live.ON_SHOW
        await asyncio.sleep(0.05)
        return await super().history(limit)


@asynccontextmanager
async def served(talk: Talk) -> AsyncIterator[int]:
    """As the application serves it, within its bounds."""
    page = build(chat=talk.chat, history=talk.history, health=talk.health, verbs=VERBS)
    listening = asyncio.create_task(talk.chat.listen(talk.handle))
    async with serving(page, "127.0.0.1", 0) as port:
        yield port
    listening.cancel()


async def test_so_many_streams_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_live, "MOST_STREAMS", 3)
    talk = Talk()
    async with served(talk) as port, aiohttp.ClientSession() as http, AsyncExitStack() as open_ones:
        url = f"http://127.0.0.1:{port}/events"
        for _ in range(3):
            stream = await open_ones.enter_async_context(http.get(url))
            assert stream.status == 200
        async with http.get(url) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        stream.close()

        async with asyncio.timeout(LONG):
            for number in itertools.count():
                await talk.post(f"a{number}")  # written to the page that has gone, which so is noticed
                async with http.get(url) as answer:
                    if answer.status == 200:
                        break


async def test_pages_that_come_together_cost_two_readings_and_a_command_is_answered() -> None:
    talk = Counting()
    async with served(talk) as port, aiohttp.ClientSession() as http, AsyncExitStack() as open_ones:
        url = f"http://127.0.0.1:{port}"
        for number in range(30):
            await talk.post(f"a{number}")
        before = talk.readings
        streams = await asyncio.gather(
            *(open_ones.enter_async_context(http.get(f"{url}/events")) for _ in range(_live.MOST_STREAMS))
        )
        for stream in streams:
            async with asyncio.timeout(LONG):
                while b"event: current" not in await stream.content.readline():
                    pass
        assert talk.readings - before <= 3
        async with http.post(f"{url}/say", json={"text": "help"}) as answer:
            assert answer.status == 202


async def test_what_is_read_together_was_read_after_each_had_asked() -> None:
    talk = Counting()
    live = _live.Live(talk.chat, talk.history)
    first = asyncio.create_task(live.lines(_live.ON_SHOW))
    await asyncio.sleep(0.06)  # the first reading is over by now, or as good as
    await talk.post("late")
    late = await live.lines(_live.ON_SHOW)
    await first
    assert [line.key for line in late] == ["late"]


async def test_a_head_that_does_not_come_in_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_serving, "HEADER_SECONDS", 0.3)
    async with served(Talk()) as port:
        for begun in (b"", b"GET / HTT", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(begun)
            async with asyncio.timeout(LONG):
                await reader.read()
            writer.close()


async def test_a_body_that_does_not_come_in_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_serving, "BODY_SECONDS", 0.2)
    head = b"POST /say HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    async with served(Talk()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        async with asyncio.timeout(LONG):
            assert b"408 Request Timeout" in await reader.readline()
        writer.close()


async def test_who_only_holds_connections_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_serving, "MOST_CONNECTIONS", 20)
    async with served(Talk()) as port, aiohttp.ClientSession() as http:
        held = []
        for _ in range(60):
            held.append(await asyncio.open_connection("127.0.0.1", port))
            held[-1][1].write(b"GET / HTTP/1.1\r\n")
            await asyncio.sleep(0)
        async with http.get(f"http://127.0.0.1:{port}/health") as answer:
            assert answer.status == 200
        async with asyncio.timeout(_serving.HEADER_SECONDS - 3):  # after which they would be let go anyway
            await asyncio.gather(*(reader.read() for reader, _ in held[:40]))
        for _, writer in held:
            writer.close()


@pytest.mark.parametrize("body", [b'{"text": ' + b"7" * 4301 + b"}", b"1" * 100_000])
async def test_a_number_too_long_to_read_is_no_command(body: bytes) -> None:
    async with (
        Talk().page() as address,
        aiohttp.ClientSession() as http,
        http.post(f"{address}/say", data=body, headers={"Content-Type": "application/json"}) as answer,
    ):
        assert answer.status == 400
        assert "not JSON" in json.loads(await answer.text())["error"]


def test_connections_leave_descriptors_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    for files, most in ((80, 20), (256, 64), (1024, 128), (-1, 128)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, files=files: (files, files))
        assert _serving.most_connections() == most
        assert _live.Live(Talk().chat, Talk().history)._most == min(32, most // 2)
