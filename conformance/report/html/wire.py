"""Exchanges as the page shows them.

Header fields are shown of those that decided a check: of thousands of others they say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conformance.report.html.abridged import Piece, abridged
from conformance.report.offence import Offence
from conformance.transport.exchange import Exchange, Headers, NotJson, header, parse_json

__all__ = ["Message", "ShownExchange", "shown"]

_OF_EVERY_REQUEST = {"authorization", "x-amz-date", "user-agent", "accept-encoding", "host"}
"""Header fields of requests that are left out: they are alike, or redacted."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response: its first line, header fields (name, value, marked) and body."""

    line: str
    line_marked: bool
    headers: tuple[tuple[str, str, bool], ...]
    body: tuple[Piece, ...]
    pointers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownExchange:
    """One exchange; ``decided`` where the check complains of it."""

    title: str
    outcome: str
    decided: bool
    request: Message
    response: Message | None
    failure: str | None


def shown(exchange: Exchange, offence: Offence | None) -> ShownExchange:
    """An exchange of a check, with what offends in it where it decided the check."""
    return ShownExchange(
        title=exchange.operation or f"{exchange.request.method} {exchange.request.url}",
        outcome="no answer" if exchange.response is None else str(exchange.response.status),
        decided=offence is not None,
        request=_request(exchange, offence),
        response=_response(exchange, offence),
        failure=exchange.failure,
    )


def _request(exchange: Exchange, offence: Offence | None) -> Message:
    request, pointers = exchange.request, offence.request if offence else ()
    kept = [each for each in request.headers if each[0].lower() not in _OF_EVERY_REQUEST]
    return Message(
        line=f"{request.method} {request.url}",
        line_marked=False,
        headers=tuple((name, value, False) for name, value in kept) if offence else (),
        body=_body(request.body, request.headers, pointers),
        pointers=pointers,
    )


def _response(exchange: Exchange, offence: Offence | None) -> Message | None:
    response, marks = exchange.response, offence or Offence()
    if response is None:
        return None
    return Message(
        line=f"HTTP {response.status}",
        line_marked=marks.status,
        headers=tuple((name, value, name in marks.headers) for name, value in response.headers)
        if offence
        else (),
        body=_body(response.body, response.headers, marks.response),
        pointers=marks.response,
    )


def _body(body: bytes, headers: Headers, marks: Sequence[str]) -> tuple[Piece, ...]:
    if body and b"\0" in body[:200]:
        kind = header(headers, "Content-Type") or "of unknown type"
        return (Piece(f"{len(body):,} bytes, {kind}"),)
    return tuple(abridged(body, [_nearest(body, mark) for mark in marks]))


def _nearest(body: bytes, pointer: str) -> str:
    """The pointer, or where it leads into the body until something is absent."""
    try:
        value, way = parse_json(body), ""
    except NotJson:
        return ""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            break
        way += f"/{step}"
    return way
