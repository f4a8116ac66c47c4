"""Servers that break HTTP, hang or vanish: each ends in one readable ``TransportError``."""

from __future__ import annotations

import gzip
import socket

import hostile_server as hostile
import pytest

from conformance.errors import TransportError
from conformance.transport.network import NetworkTransport

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
BOMB = gzip.compress(bytes(1_000_000))

NOT_HTTP = "answered DescribeRepositories with something that is not HTTP: "
IN_THE_MIDDLE = "answered DescribeRepositories but closed the connection in the middle, after "
MALFORMED_CHUNKS = "answered DescribeRepositories with a body whose chunks are malformed"
TOO_LONG = "answered DescribeRepositories with more than 100000 bytes"


def failure_of(url: str, **options: float) -> TransportError:
    """What a request to ``url`` raises."""
    limits = {"timeout": 10.0, "max_body": 100_000, **options}
    with (
        NetworkTransport(url, **limits) as transport,  # type: ignore[arg-type]
        pytest.raises(TransportError) as raised,
    ):
        transport(hostile.ecr_request(url))
    return raised.value


@pytest.mark.parametrize(
    ("behaviour", "symptom"),
    [
        (hostile.never_answers, "did not answer DescribeRepositories within 0.3 s"),
        (hostile.trickles, "did not finish its answer to DescribeRepositories within 0.3 s; "),
        (hostile.trickles_body, "did not finish its answer to DescribeRepositories within 0.3 s; "),
    ],
)
def test_a_slow_server_is_given_up(behaviour: hostile.Behaviour, symptom: str) -> None:
    """An exchange ends at its timeout, however often a byte arrives."""
    with hostile.serving(behaviour) as server:
        assert f"{server.url} {symptom}" in failure_of(server.url, timeout=0.3).message


@pytest.mark.parametrize(
    ("behaviour", "symptom"),
    [
        (hostile.streams_endlessly, TOO_LONG),
        (hostile.streams_chunks_endlessly, TOO_LONG),
        (hostile.answering(OK + b"Content-Length: 99999999999999999\r\n\r\n"), TOO_LONG),
        (hostile.answering(CHUNKED + b"-1\r\n" + b"x" * 200_000), TOO_LONG),
        (hostile.answering(GZIP % (len(BOMB), BOMB)), TOO_LONG),
        (
            hostile.answering(OK + b"Content-Length: 100\r\n\r\nhalf"),
            "answered DescribeRepositories with 4 bytes of a body it had announced as 100",
        ),
        (hostile.answering(CHUNKED + b"5\r\nhello\r\n"), MALFORMED_CHUNKS),
        (hostile.answering(CHUNKED + b"5\r\nhel"), MALFORMED_CHUNKS),
        (hostile.answering(CHUNKED + b"five\r\nhello\r\n"), MALFORMED_CHUNKS),
        (hostile.answering(CHUNKED + b"-5\r\nhello\r\n"), MALFORMED_CHUNKS),
        (hostile.answering(CHUNKED + b"5\r\nhello\r\n0\r\n"), IN_THE_MIDDLE),
        (hostile.answering(OK), IN_THE_MIDDLE),
        (hostile.answering(OK + b"Content-Length: 2\r\n"), IN_THE_MIDDLE),
        (hostile.resets_in_the_middle, IN_THE_MIDDLE),
        (hostile.answering(b"SSH-2.0-OpenSSH_9.6\r\n"), NOT_HTTP + "'SSH-2.0-OpenSSH_9.6'"),
        (hostile.answering(b"<!DOCTYPE html><p>hello\n"), NOT_HTTP + "'<!DOCTYPE html><p>hello'"),
        (hostile.answering(b"HTTP/1.1 2"), NOT_HTTP),
        (hostile.answering(b"\x15\x03\x01\x00\x02\x02\x16"), NOT_HTTP),
        (
            hostile.answering(b"x" * 70_000),
            "with a line of more than 65536 bytes where HTTP has its head",
        ),
        (
            hostile.answering(OK + b"X-Huge: " + b"x" * 70_000 + b"\r\n\r\n"),
            "with a line of more than 65536 bytes where HTTP has its head",
        ),
        (hostile.answering(OK + b"X-Many: x\r\n" * 200 + b"\r\n"), "with malformed HTTP: "),
        (
            hostile.answering(OK + b"no colon here\r\nContent-Length: 2\r\n\r\n{}"),
            "with a header line without a colon",
        ),
        (
            hostile.answering(GZIP % (5, b"plain")),
            "with a body that is not the gzip it is said to be",
        ),
        (hostile.resets, "closed the connection without answering DescribeRepositories"),
        (hostile.closes_at_once, "closed the connection without answering DescribeRepositories"),
    ],
)
def test_a_broken_answer_is_named(behaviour: hostile.Behaviour, symptom: str) -> None:
    """An incomplete or malformed answer is an error that says where and what is wrong."""
    with hostile.serving(behaviour) as server:
        error = failure_of(server.url)
        assert error.message.startswith(server.url)
        assert symptom in error.message
        assert error.hint.endswith(".")
        assert "\n" not in error.message


def test_a_refused_connection_is_named() -> None:
    """Where nothing listens, the error says so."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    assert failure_of(url).message == f"nothing listens at {url} (connection refused)"


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b"])
def test_an_unknown_host_is_named(host: str) -> None:
    """A host that has no address is told by name."""
    error = failure_of(f"http://{host}:1")
    assert error.message == f"the host name of http://{host}:1 cannot be resolved"


def test_a_connection_that_is_never_accepted_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting ends at its own timeout."""

    def wait_in_vain(sock: socket.socket, _address: object) -> None:
        assert sock.gettimeout() is not None
        assert sock.gettimeout() <= 2
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", wait_in_vain)
    error = failure_of("http://127.0.0.1:1", connect_timeout=2)
    assert error.message == "http://127.0.0.1:1 accepts no connection within 2 s"


def test_a_next_address_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the first of a host's addresses refuses, the next one is asked."""
    with hostile.serving(hostile.answering(OK + b"Content-Length: 0\r\n\r\n")) as server:
        port = int(server.url.rpartition(":")[2])
        kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        found = [(*kind, (host, port)) for host in ("127.0.0.9", "127.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        with NetworkTransport(server.url) as transport:
            assert transport(hostile.ecr_request(server.url)).status == 200


def test_a_query_is_never_shown() -> None:
    """A message leaves out the query, which holds the credential of a presigned URL."""
    with hostile.serving(hostile.closes_at_once) as server, NetworkTransport(server.url) as sent:
        request = hostile.ecr_request(server.url)
        request.url, request.method = f"{server.url}/layer?X-Amz-Signature=secret", "GET"
        del request.headers["X-Amz-Target"]
        with pytest.raises(TransportError, match=r"without answering GET /layer$"):
            sent(request)


def test_a_request_that_is_not_read_is_given_up() -> None:
    """Sending ends at the timeout too, when the server stops reading."""

    def reads_nothing(_connection: socket.socket, server: hostile.HostileServer) -> None:
        server.stopped.wait()

    with (
        hostile.serving(reads_nothing) as server,
        NetworkTransport(server.url, timeout=0.3) as transport,
        pytest.raises(TransportError, match=r"did not answer .* within 0\.3 s"),
    ):
        transport(hostile.ecr_request(server.url, body=bytes(32 * 1024 * 1024)))
