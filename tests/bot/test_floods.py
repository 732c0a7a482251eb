"""A server that floods us with crumbs costs little: counted in reads and chunks, not in seconds."""

import socket
from ipaddress import ip_network

import pytest

from bot.config import Settings
from bot.errors import PermanentError, WatchwordError
from bot.http import CRUMBS, MOST_INTERIM, SIP_BYTES, GuardedHttp, _SippingSocket
from tests.bot.farm import raw_server

LOOPBACK = Settings(allow_networks=(ip_network("127.0.0.0/8"),))
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


async def answer(raw: bytes, *, hang: bool = False) -> bytes:
    async with raw_server(raw, hang=hang) as (url, _):
        http = GuardedHttp(LOOPBACK)
        try:
            return (await http.get(url)).body
        finally:
            await http.close()


async def test_an_answer_in_crumbs_is_given_up_after_so_many_though_it_goes_on() -> None:
    with pytest.raises(PermanentError, match="in crumbs of a few bytes"):
        await answer(CHUNKED + b"1\r\na\r\n" * (CRUMBS + 1), hang=True)


@pytest.mark.parametrize(("size", "count"), [(1, CRUMBS), (100, CRUMBS + 500)])
async def test_small_chunks_within_reason_are_read(size: int, count: int) -> None:
    chunk = b"%x\r\n%s\r\n" % (size, b"a" * size)
    assert await answer(CHUNKED + chunk * count + b"0\r\n\r\n") == b"a" * size * count


async def test_announcing_the_answer_is_borne_so_often_only() -> None:
    assert await answer(EARLY * (MOST_INTERIM - 1) + HELLO) == b"hello"
    with pytest.raises(PermanentError, match="announces its answer again and again"):
        await answer(EARLY * (MOST_INTERIM + 1), hang=True)


async def test_headers_without_an_end_are_given_up() -> None:
    with pytest.raises(WatchwordError):
        await answer(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000, hang=True)


def test_a_connection_is_read_in_sips() -> None:
    ours, theirs = socket.socketpair()
    with _SippingSocket(ours.family, ours.type, ours.proto, fileno=ours.detach()) as sipping, theirs:
        theirs.sendall(b"x" * SIP_BYTES * 3)
        assert len(sipping.recv(1 << 20)) == SIP_BYTES
        assert sipping.recv_into(bytearray(1 << 20)) == SIP_BYTES
        assert sipping.recv(10) == b"x" * 10
