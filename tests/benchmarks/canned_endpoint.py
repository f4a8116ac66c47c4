"""Answers every request at once, as the contract has it; a process of the benchmarks.

What fits the schema of its operation gets what the reference answered to such a request once, about
the repository it names; anything else is refused as invalid. So those who ask are kept waiting as
little as can be, and have reasons to be content. A request names its operation in ``X-Amz-Target``
or, as tools want it that know OpenAPI alone, in its path.

Writes its port to standard output. ``GET /asked`` is answered with when other requests came since
that was asked last, in seconds.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from typing import cast

from conformance.contract import SERVICES, Contract, load_contract, wire_schema
from conformance.contract.decider import Decider, decider
from conformance.reference import ReferenceTransport
from conformance.suite.walk import program
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

_NAME = "canned"
_OPERATION = re.compile(
    rb"\r\nx-amz-target: *(\w+\.\w+)\r|^\w+ [^ ?]*/(\w+\.\w+)[? ]", re.IGNORECASE
)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked\r", re.IGNORECASE)
_REFUSAL = '{"__type": "InvalidParameterException", "message": "Invalid parameter"}'


def answers_of(contract: Contract) -> dict[str, str]:
    """The body of a successful answer to each operation that the suite's walk goes through."""
    log = ExchangeLog(ReferenceTransport(), contract.service)
    client = WireClient(contract, log, "http://reference.invalid", "us-east-1")
    answers = dict.fromkeys(contract.operations, "{}")
    for step in program(contract, _NAME, "canned"):
        exchange = step.take(client)
        if exchange.answer.status == 200:
            answers[exchange.operation] = exchange.answer.body.decode()
    return answers


class Answers:
    """What to answer, and how much was asked."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[Decider, str]] = {}
        for contract in map(load_contract, SERVICES):
            for name, body in answers_of(contract).items():
                shape = contract.operation(name).input
                schema = wire_schema(contract, shape, direction="input")
                self._known[f"{contract.target_prefix}.{name}".encode()] = decider(schema), body
        self._times: list[float] = []

    def to(self, head: bytes, body: bytes) -> bytes:
        """The answer to a request."""
        if head.startswith(b"GET /asked "):
            times, self._times = self._times, []
            return _http(200, json.dumps(times))
        self._times.append(time.monotonic())
        named = _OPERATION.search(head)
        known = named and self._known.get(named[1] or named[2])
        answer = self._judged(*known, body) if known else _http(400, _REFUSAL)
        return answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if head[:5] == b"HEAD " else answer

    def _judged(self, judge: Decider, answer: str, body: bytes) -> bytes:
        try:
            parameters = json.loads(body)
            if not judge.is_valid(parameters):
                return _http(400, _REFUSAL)
        except (ValueError, RecursionError):
            return _http(400, _REFUSAL)
        return _http(200, answer.replace(_NAME, parameters.get("repositoryName", _NAME)))


def _http(status: int, body: str) -> bytes:
    content = body.encode()
    head = f"HTTP/1.1 {status} .\r\nContent-Type: application/x-amz-json-1.1\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


class Conversation(asyncio.Protocol):
    """One connection: as many requests as come over it."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers go through."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self._received += data
        while (end := self._received.find(b"\r\n\r\n") + 4) > 3:
            head = self._received[:end]
            size = self._size(head, end)
            if size is None or len(self._received) < end + size:
                return
            body = self._received[end : end + size]
            self._received = self._received[end + size :]
            self._transport.write(self._answers.to(head, body))

    def _size(self, head: bytes, start: int) -> int | None:
        """How many bytes the body has; ``None`` where that is not known yet."""
        if _CHUNKED.search(head):
            end = self._received.find(b"0\r\n\r\n", start)
            return None if end < 0 else end + 5 - start
        length = _LENGTH.search(head)
        return int(length[1]) if length else 0


async def main() -> None:
    """Serve until the process is ended."""
    answers = Answers()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Conversation(answers), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
