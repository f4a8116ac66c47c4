"""Whatever answers requests, such as a transport, as an HTTP server: ASGI, run by uvicorn."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders

from conformance import __version__
from conformance.errors import TransportError, UsageError
from conformance.transport import Transport
from conformance.transport.exchange import Request, Response, header

SERVER = f"ecr-conformance/{__version__}"
"""What the ``Server`` header of an answer says."""

_BAD_GATEWAY = 502

_Receive = Callable[[], Awaitable[Mapping[str, Any]]]
_Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Mapping[str, Any], _Receive, _Send], Awaitable[None]]
"""An ASGI 3 application (https://asgi.readthedocs.io/en/latest/specs/www.html)."""


Answer = Callable[[Request], Awaitable[Response]]
"""Gives the response to a request; must not block."""


def in_threads(transport: Transport) -> Answer:
    """Have requests answered by ``transport``, which is called in threads, several at once.

    Where it has no response (``TransportError``) the answer is 502 with the reason as text.
    """
    import asyncio

    async def answer(request: Request) -> Response:
        return await asyncio.to_thread(_answer, transport, _prepared(request))

    return answer


def application(answer: Answer) -> Application:
    """An application that gives every request to ``answer``."""

    async def answer_one(scope: Mapping[str, Any], receive: _Receive, send: _Send) -> None:
        response = await answer(_request(scope, await _body(receive)))
        headers = [(name.lower().encode(), value.encode()) for name, value in response.headers]
        start = {"type": "http.response.start", "status": response.status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": response.body})

    return answer_one


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 is any free one. Raises ``UsageError`` where that is refused."""
    try:
        listening = socket.create_server((host, port))
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"cannot listen on {host}:{port}: {error}", "Choose another --port, or 0 for a free one"
        ) from error
    # Connections inherit it. asyncio sets it for sockets of its own only, and without it an answer
    # waits for the acknowledgement of its first half, 40 ms on Linux.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def serve(answer: Answer, listening: socket.socket) -> None:
    """Answer what arrives at a socket until the process is interrupted (Ctrl-C) or terminated."""
    import uvicorn

    config = uvicorn.Config(
        application(answer),
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        headers=[("Server", SERVER)],
    )
    with suppress(KeyboardInterrupt):  # uvicorn has ended in order, and raises it again
        uvicorn.Server(config).run(sockets=[listening])


async def _body(receive: _Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def _request(scope: Mapping[str, Any], body: bytes) -> Request:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    host = header(headers, "Host") or "{}:{}".format(*scope["server"])
    url = f"{scope['scheme']}://{host}{path}" + (f"?{query}" if query else "")
    return Request(scope["method"], url, headers, body)


def _prepared(request: Request) -> AWSPreparedRequest:
    headers = HTTPHeaders.from_pairs(request.headers)
    return AWSPreparedRequest(
        request.method, request.url, headers, request.body, stream_output=False
    )


def _answer(transport: Transport, request: AWSPreparedRequest) -> Response:
    try:
        return transport(request)
    except TransportError as error:
        text = f"{error.message}\n".encode()
        return Response(_BAD_GATEWAY, (("Content-Type", "text/plain; charset=utf-8"),), text)
