"""Ports for servers: given once, and to the one that asked."""

import socket
import sys

import pytest

from tests.servers import free_port


def picked() -> int:
    """The port that the system gives somebody else, as it gives them to servers that may share."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 0))
        return int(other.getsockname()[1])


def test_no_port_is_given_twice() -> None:
    ports = [free_port() for _ in range(200)]
    assert len(set(ports)) == 200


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can keep a port for somebody else")
def test_a_port_is_kept_for_its_server_also_while_that_is_away() -> None:
    ports = {free_port() for _ in range(200)}
    for _ in range(2):
        with socket.create_server(("127.0.0.1", min(ports))) as server:  # with SO_REUSEADDR, as all do
            socket.create_connection(server.getsockname()).close()
        assert not ports & {picked() for _ in range(2000)}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", min(ports)))
