"""A server on raw sockets that does to each connection what a test tells it to."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from botocore.awsrequest import AWSPreparedRequest, AWSRequest

POLL_SECONDS = 0.02
LINGER_ZERO = struct.pack("ii", 1, 0)


@dataclass
class HostileServer:
    """Where the server listens, and what it has seen."""

    url: str
    stopped: Event = field(default_factory=Event)
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)


Behaviour = Callable[[socket.socket, HostileServer], None]
"""What is done with one connection; it is closed afterwards."""


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[HostileServer]:
    """Run the server on a free port of 127.0.0.1; its threads have ended afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = HostileServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
        acceptor = Thread(target=_accept, args=(listener, behaviour, server))
        acceptor.start()
        try:
            yield server
        finally:
            server.stopped.set()
            acceptor.join()


def _accept(listener: socket.socket, behaviour: Behaviour, server: HostileServer) -> None:
    threads = []
    listener.settimeout(POLL_SECONDS)
    while not server.stopped.is_set():
        with suppress(TimeoutError):
            connection, _ = listener.accept()
            server.connections += 1
            threads.append(Thread(target=_serve, args=(connection, behaviour, server)))
            threads[-1].start()
    for thread in threads:
        thread.join()


def _serve(connection: socket.socket, behaviour: Behaviour, server: HostileServer) -> None:
    connection.settimeout(10)
    with connection, suppress(OSError):
        behaviour(connection, server)


def receive_request(connection: socket.socket, server: HostileServer) -> bytes:
    """Read one request with its body; empty when the client has closed."""
    received = b""
    while not _is_complete(received):
        piece = connection.recv(65536)
        if not piece:
            return b""
        received += piece
    server.requests.append(received)
    return received


def _is_complete(received: bytes) -> bool:
    head, blank_line, body = received.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    return bool(blank_line) and len(body) >= int(fields.get(b"content-length", 0))


def answering(*answers: bytes) -> Behaviour:
    """Give these bytes to each request in turn, then close the connection."""

    def behaviour(connection: socket.socket, server: HostileServer) -> None:
        for answer in answers:
            if not receive_request(connection, server):
                return
            connection.sendall(answer)

    return behaviour


def keeping_alive(answer: bytes) -> Behaviour:
    """Give the same bytes to every request, on one connection as long as the client likes."""

    def behaviour(connection: socket.socket, server: HostileServer) -> None:
        while receive_request(connection, server):
            connection.sendall(answer)

    return behaviour


def never_answers(connection: socket.socket, server: HostileServer) -> None:
    """Take the request and say nothing."""
    receive_request(connection, server)
    server.stopped.wait()


def trickles(connection: socket.socket, server: HostileServer) -> None:
    """Send a byte of an endless head every now and then, each well within a socket's timeout."""
    receive_request(connection, server)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not server.stopped.wait(POLL_SECONDS):
        connection.sendall(b"x")


def trickles_body(connection: socket.socket, server: HostileServer) -> None:
    """Send the head at once, then a byte of the body every now and then."""
    receive_request(connection, server)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
    while not server.stopped.wait(POLL_SECONDS):
        connection.sendall(b"x")


def streams_endlessly(connection: socket.socket, server: HostileServer) -> None:
    """Send a body that has no length and no end."""
    receive_request(connection, server)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not server.stopped.is_set():
        connection.sendall(b"x" * 65536)


def streams_chunks_endlessly(connection: socket.socket, server: HostileServer) -> None:
    """Send well-formed chunks without end."""
    receive_request(connection, server)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not server.stopped.is_set():
        connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def resets(connection: socket.socket, server: HostileServer) -> None:
    """Take the request and reset the connection."""
    receive_request(connection, server)
    _reset_on_close(connection)


def resets_in_the_middle(connection: socket.socket, server: HostileServer) -> None:
    """Begin an answer, let it be read, and reset the connection."""
    receive_request(connection, server)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    server.stopped.wait(5 * POLL_SECONDS)
    _reset_on_close(connection)


def closes_at_once(_connection: socket.socket, _server: HostileServer) -> None:
    """Close without reading anything."""


def _reset_on_close(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)


def ecr_request(url: str, body: bytes = b"{}", **headers: str) -> AWSPreparedRequest:
    """A DescribeRepositories request as the wire client prepares it, unsigned."""
    named = {
        "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
        "Content-Type": "application/x-amz-json-1.1",
        **headers,
    }
    return AWSRequest("POST", url + "/", headers=named, data=body).prepare()
