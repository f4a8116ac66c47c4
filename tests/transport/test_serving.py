"""A transport behind a socket: what arrives and what comes back is the same as without one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from hypothesis import given
from hypothesis import strategies as st
from served import served

from conformance.errors import TransportError, UsageError
from conformance.transport import Request, Response
from conformance.transport.network import NetworkTransport
from conformance.transport.prepared import read
from conformance.transport.serving import application, bind, in_threads


def test_a_served_transport_gets_the_request_and_gives_the_response() -> None:
    """Method, address, headers and body arrive; status, headers and body come back."""
    asked: list[Request] = []

    def answer(request: AWSPreparedRequest) -> Response:
        asked.append(read(request))
        return Response(418, (("X-Thing", "a"), ("Content-Length", "4")), b"\x00\xff\r\n")

    with served(answer) as url, NetworkTransport(url) as network:
        request = AWSRequest("POST", f"{url}/a%2Fb?c=%20d", {"X-Amz-Target": "T.Op"}, b"\x01\x02")
        response = network(request.prepare())
    (seen,) = asked
    assert (seen.method, seen.url, seen.body) == ("POST", f"{url}/a%2Fb?c=%20d", b"\x01\x02")
    assert ("x-amz-target", "T.Op") in seen.headers
    assert (response.status, response.body) == (418, b"\x00\xff\r\n")
    assert response.header("X-Thing") == "a"


def test_a_transport_without_a_response_is_a_bad_gateway() -> None:
    """Why there is no response is said in a 502."""

    def answer(_: AWSPreparedRequest) -> Response:
        raise TransportError("nobody there")

    with served(answer) as url, NetworkTransport(url) as network:
        response = network(AWSRequest("GET", f"{url}/").prepare())
    assert (response.status, response.body) == (502, b"nobody there\n")


@given(st.lists(st.binary(max_size=20)))
def test_a_body_in_pieces_arrives_whole(pieces: list[bytes]) -> None:
    """A body that the server gives in several messages is one body to the transport."""
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    waiting = iter([*messages, {"type": "http.request"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(waiting)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "method": "POST",
        "scheme": "http",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [],
        "server": ("127.0.0.1", 80),
    }
    echo = application(in_threads(lambda request: Response(200, (), read(request).body)))
    asyncio.run(echo(scope, receive, send))
    assert sent[-1]["body"] == b"".join(pieces)


def test_an_occupied_port_is_named() -> None:
    """A port that another listens on gives one sentence."""
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{port}"):
            bind("127.0.0.1", port)
