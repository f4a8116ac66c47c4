"""The reference on a port, a while away, as a service on a network is; a process of the benchmarks.

Takes its port from the command line.
"""

from __future__ import annotations

import asyncio
import sys

from conformance.reference import ReferenceTransport
from conformance.transport.exchange import Request, Response
from conformance.transport.serving import Answer, bind, in_threads, serve

SECONDS = 0.01
"""How long each answer is on its way."""


def distant(answer: Answer) -> Answer:
    """What answers, so far away."""

    async def answer_late(request: Request) -> Response:
        await asyncio.sleep(SECONDS)
        return await answer(request)

    return answer_late


if __name__ == "__main__":
    serve(distant(in_threads(ReferenceTransport())), bind("127.0.0.1", int(sys.argv[-1])))
