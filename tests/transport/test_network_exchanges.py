"""What ``NetworkTransport`` sends and gives back when all is well, and how it keeps connections."""

from __future__ import annotations

import gzip
import socket
from concurrent.futures import ThreadPoolExecutor

import hostile_server as hostile
import pytest
from botocore.awsrequest import AWSRequest

from conformance.errors import TransportError
from conformance.transport.network import NetworkTransport

SMALL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


def test_header_fields_keep_order_case_and_repetition() -> None:
    """Response headers are given as they were sent."""
    answer = (
        b"HTTP/1.1 404 Whatever\r\nx-Amzn-REQUESTID: 1\r\nSet-Cookie: a\r\nDate: now\r\n"
        b"Set-Cookie: b\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n"
    )
    with (
        hostile.serving(hostile.answering(answer)) as server,
        NetworkTransport(server.url) as transport,
    ):
        response = transport(hostile.ecr_request(server.url))
    assert response.status == 404
    assert response.headers == (
        ("x-Amzn-REQUESTID", "1"),
        ("Set-Cookie", "a"),
        ("Date", "now"),
        ("Set-Cookie", "b"),
        ("X-Empty", ""),
        ("Content-Length", "0"),
    )


def test_a_request_goes_out_as_it_was_prepared() -> None:
    """Headers keep their order and case, and nothing but Host is added."""
    with hostile.serving(hostile.answering(SMALL)) as server:
        with NetworkTransport(server.url) as transport:
            transport(hostile.ecr_request(server.url, b'{"a":1}', **{"x-LAST": "yes"}))
        host = server.url.removeprefix("http://")
        assert server.requests == [
            b"POST / HTTP/1.1\r\n"
            b"Host: " + host.encode() + b"\r\n"
            b"X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.DescribeRepositories\r\n"
            b"Content-Type: application/x-amz-json-1.1\r\n"
            b"x-LAST: yes\r\n"
            b"Content-Length: 7\r\n"
            b'\r\n{"a":1}'
        ]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://ecr.example/", b"ecr.example"),
        ("http://ecr.example:80/", b"ecr.example"),
        ("https://ecr.example:443/", b"ecr.example"),
        ("http://user@ecr.example:5000/", b"ecr.example:5000"),
    ],
)
def test_host_is_what_was_signed(url: str, host: bytes) -> None:
    """Host follows the request's URL as botocore's signer does, not the endpoint."""
    with hostile.serving(hostile.answering(SMALL)) as server:
        with NetworkTransport(server.url) as transport:
            transport(AWSRequest("POST", url, data=b"{}").prepare())
        assert b"\r\nHost: " + host + b"\r\n" in server.requests[0]


def test_path_query_and_own_host_are_sent() -> None:
    """Path and query of the request's URL are kept, and so is a Host header it brings."""
    with hostile.serving(hostile.answering(SMALL)) as server:
        with NetworkTransport(server.url) as transport:
            headers = {"host": "own"}
            transport(AWSRequest("GET", f"{server.url}/a%20b?c=%2F&d", headers=headers).prepare())
        assert server.requests == [b"GET /a%20b?c=%2F&d HTTP/1.1\r\nhost: own\r\n\r\n"]


@pytest.mark.parametrize("body", [b"text", "text", bytearray(b"text")])
def test_every_form_of_body_is_sent(body: object) -> None:
    """A body may be bytes, text or a file, as botocore allows."""
    with hostile.serving(hostile.answering(SMALL)) as server:
        with NetworkTransport(server.url) as transport:
            request = hostile.ecr_request(server.url)
            request.body = body
            del request.headers["Content-Length"]
            transport(request)
        assert server.requests[0].endswith(b"Content-Length: 4\r\n\r\ntext")


@pytest.mark.parametrize(
    "form",
    [
        b"Content-Length: %(length)d\r\n\r\n%(body)s",
        b"Transfer-Encoding: chunked\r\n\r\n%(length)x\r\n%(body)s\r\n0\r\nTrailer: x\r\n\r\n",
        b"\r\n%(body)s",
    ],
    ids=["length", "chunks", "until closed"],
)
def test_a_large_body_is_complete(form: bytes) -> None:
    """Megabytes arrive whole, however their end is told."""
    body = bytes(range(256)) * 16384
    answer = b"HTTP/1.1 200 OK\r\n" + form % {b"length": len(body), b"body": body}
    with (
        hostile.serving(hostile.answering(answer)) as server,
        NetworkTransport(server.url) as transport,
    ):
        assert transport(hostile.ecr_request(server.url)).body == body


def test_a_gzip_body_is_unpacked() -> None:
    """A body in gzip is given plain, and its header kept."""
    packed = gzip.compress(b'{"a":1}')
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with (
        hostile.serving(hostile.answering(head + packed)) as server,
        NetworkTransport(server.url) as transport,
    ):
        response = transport(hostile.ecr_request(server.url))
    assert response.body == b'{"a":1}'
    assert response.header("content-encoding") == "gzip"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 301 Moved\r\nLocation: http://nowhere.invalid/\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_redirects_and_server_errors_are_answers(answer: bytes) -> None:
    """Nothing is followed and nothing is repeated: the first answer is the answer."""
    with hostile.serving(hostile.keeping_alive(answer)) as server:
        with NetworkTransport(server.url) as transport:
            assert transport(hostile.ecr_request(server.url)).body == b"{}"
        assert len(server.requests) == 1


def test_an_interim_answer_is_passed_over() -> None:
    """100 Continue is not the answer."""
    answer = b"HTTP/1.1 100 Continue\r\n\r\n" + SMALL
    with (
        hostile.serving(hostile.answering(answer)) as server,
        NetworkTransport(server.url) as transport,
    ):
        assert transport(hostile.ecr_request(server.url)).status == 200


def test_an_answer_to_a_request_that_was_not_read_is_found() -> None:
    """A server that refuses a long request early, then closes, is heard."""

    def refuses(connection: socket.socket, server: hostile.HostileServer) -> None:
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536) and not server.stopped.is_set():
            pass

    with hostile.serving(refuses) as server, NetworkTransport(server.url) as transport:
        assert transport(hostile.ecr_request(server.url, bytes(4_000_000))).status == 413


def test_connections_are_kept() -> None:
    """One connection serves many requests."""
    with hostile.serving(hostile.keeping_alive(SMALL)) as server:
        with NetworkTransport(server.url) as transport:
            for _ in range(20):
                transport(hostile.ecr_request(server.url))
        assert (server.connections, len(server.requests)) == (1, 20)


def test_a_closing_server_is_asked_on_new_connections() -> None:
    """Connection: close is obeyed."""
    with hostile.serving(hostile.answering(CLOSING)) as server:
        with NetworkTransport(server.url) as transport:
            for _ in range(3):
                transport(hostile.ecr_request(server.url))
        assert (server.connections, len(server.requests)) == (3, 3)


def test_a_connection_closed_while_idle_is_replaced() -> None:
    """A server that closes without notice after an answer is asked on a new connection."""
    with hostile.serving(hostile.answering(SMALL)) as server:
        with NetworkTransport(server.url) as transport:
            for _ in range(50):
                assert transport(hostile.ecr_request(server.url)).body == b"{}"
        assert len(server.requests) == 50


def test_stray_bytes_are_not_taken_for_the_next_answer() -> None:
    """What a server sends beyond its answer spoils that connection only."""

    def too_much(connection: socket.socket, server: hostile.HostileServer) -> None:
        while receive := hostile.receive_request(connection, server):
            assert receive
            connection.sendall(SMALL)
            connection.sendall(b"HTTP/1.1 500 Stray\r\nContent-Length: 0\r\n\r\n")

    with hostile.serving(too_much) as server, NetworkTransport(server.url) as transport:
        first = transport(hostile.ecr_request(server.url))
        server.stopped.wait(0.05)
        assert [first.status, transport(hostile.ecr_request(server.url)).status] == [200, 200]


def test_a_fresh_connection_that_is_dropped_is_not_tried_again() -> None:
    """A crash on the first request of a connection is reported, not repeated."""
    with hostile.serving(hostile.resets) as server, NetworkTransport(server.url) as transport:
        with pytest.raises(TransportError, match="without answering"):
            transport(hostile.ecr_request(server.url))
        assert len(server.requests) == 1


def test_a_crash_on_a_kept_connection_is_asked_once_more() -> None:
    """A request dropped on a kept connection goes out on a fresh one, once, and then fails."""

    def crashes_on_x(connection: socket.socket, server: hostile.HostileServer) -> None:
        while b"{x" not in hostile.receive_request(connection, server):
            connection.sendall(SMALL)

    with hostile.serving(crashes_on_x) as server, NetworkTransport(server.url) as transport:
        transport(hostile.ecr_request(server.url))
        with pytest.raises(TransportError, match="without answering"):
            transport(hostile.ecr_request(server.url, b"{x"))
        assert len(server.requests) == 3


def test_threads_share_a_transport() -> None:
    """Concurrent requests each get their own connection and answer."""

    def echoes(connection: socket.socket, server: hostile.HostileServer) -> None:
        while request := hostile.receive_request(connection, server):
            body = request.partition(b"\r\n\r\n")[2]
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    with hostile.serving(echoes) as server, NetworkTransport(server.url) as transport:
        bodies = [b'{"n":%d}' % number for number in range(200)]
        with ThreadPoolExecutor(8) as threads:
            asked = [hostile.ecr_request(server.url, body) for body in bodies]
            assert [response.body for response in threads.map(transport, asked)] == bodies
        assert server.connections <= 8


def test_a_closed_transport_keeps_nothing() -> None:
    """After close a request still works, on a connection of its own that is closed after it."""
    with hostile.serving(hostile.keeping_alive(SMALL)) as server:
        transport = NetworkTransport(server.url)
        transport(hostile.ecr_request(server.url))
        transport.close()
        for _ in range(2):
            assert transport(hostile.ecr_request(server.url)).status == 200
        assert server.connections == 3
