"""Recorded answers for whoever asks by HTTP: any SDK, in any language."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence

from conformance.transport.cassettes.interaction import NO_RESPONSE, Interaction
from conformance.transport.cassettes.matching import key_of
from conformance.transport.cassettes.nearest import tell_nearest
from conformance.transport.cassettes.player import NotRecorded, Player
from conformance.transport.exchange import Headers, Request, Response
from conformance.transport.serving import Answer

Find = Callable[[Request], Interaction]
"""Finds the recorded exchange that answers a request. Raises ``NotRecorded``."""

_CONTENT_TYPE = ("Content-Type", "application/x-amz-json-1.1")

# What belongs to the connection that was recorded, or to the moment: HTTP clients would take a
# wrong length for a broken answer, and some SDKs set their clock by the date.
_NOT_KEPT = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}
_GZIP = b"\x1f\x8b"


def replayer(find: Find, *, latency: bool = False) -> Answer:
    """Answers with what was recorded; with ``latency`` after as many seconds as it took then.

    A request that is not found gets an error in the form of AWS's JSON 1.1 protocol, HTTP 400 with
    the code ``NotRecordedException``. Where no response was recorded, the answer is HTTP 504,
    which SDKs retry as they retry a time-out: a connection that is closed, or stays silent, would
    not tell its user why.
    """

    async def answer(request: Request) -> Response:
        try:
            found = find(request)
        except NotRecorded as missed:
            return _error(400, "NotRecordedException", missed.message)
        if latency:
            await asyncio.sleep(found.took)
        if found.response is None:
            return _error(NO_RESPONSE.value, "NoResponseException", found.failure or "no response")
        return _sendable(found.response)

    return answer


def by_request(interactions: Sequence[Interaction]) -> Find:
    """Each request gets its recorded answers in turn; the last of them stays."""
    player = Player(interactions, last_stays=True)

    def find(request: Request) -> Interaction:
        found = player.find(request)
        if found is None:
            raise player.miss(request)
        return found

    return find


def in_order(interactions: Sequence[Interaction]) -> Find:
    """Requests have to come as they were recorded; any other is an error and changes nothing."""
    waiting = iter(interactions)
    due = next(waiting, None)

    def find(request: Request) -> Interaction:
        nonlocal due
        if due is None:
            raise NotRecorded("the recording is at its end: all that is in it was asked for")
        if not _is(request, due):
            raise NotRecorded(f"another request is due: {tell_nearest(request, [due])}")
        found, due = due, next(waiting, None)
        return found

    return find


def _is(request: Request, recorded: Interaction) -> bool:
    (name, wanted), (recorded_name, known) = key_of(request), key_of(recorded.request)
    return name == recorded_name and (recorded.any_body or wanted == known)


def _sendable(response: Response) -> Response:
    headers: Headers = tuple(
        (name, value)
        for name, value in response.headers
        if name.lower() not in _NOT_KEPT
        # Recorders unpack bodies, but leave the field that says they are packed.
        and (name.lower() != "content-encoding" or response.body.startswith(_GZIP))
    )
    length = ("Content-Length", str(len(response.body)))
    return Response(response.status, (*headers, length), response.body)


def _error(status: int, code: str, message: str) -> Response:
    body = json.dumps({"__type": code, "message": message}).encode()
    return Response(status, (_CONTENT_TYPE, ("Content-Length", str(len(body)))), body)
