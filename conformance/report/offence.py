"""Where in its exchanges a check found what it complains of.

Scenarios say it in words, made for people, and what the words name can be found again: a JSON
pointer, a member, a status, a header field. Where they name nothing, nothing is marked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance.contract.violation import pointer
from conformance.suite.answers import describe
from conformance.suite.checks import Check
from conformance.transport.exchange import Exchange, NotJson, parse_json

__all__ = ["Offence", "offences"]

_POINTER = re.compile(r"(?:^|: )(/[^\s:]+): ")
_WORD = re.compile(r"[A-Za-z_]\w*(?:-\w+)*")
_PARAMETER = re.compile(r"\[(.*)\]$")
_MARKS = 6
"""How many members of a body are marked at most; more of them say no more."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Offence:
    """What offends in an exchange: JSON pointers into its bodies, its status, header fields.

    A pointer may lead to where a member would have to be.
    """

    request: tuple[str, ...] = ()
    response: tuple[str, ...] = ()
    status: bool = False
    headers: tuple[str, ...] = ()


def offences(check: Check) -> dict[int, Offence]:
    """The exchanges that decided a check, by their place, each with what offends in it."""
    return {place: _offence(check, check.exchanges[place]) for place in _deciding(check)}


def _deciding(check: Check) -> list[int]:
    """Where the answers are that the message describes; else the last exchange decided."""
    found: dict[str, list[int]] = {}
    for place, exchange in enumerate(check.exchanges):
        if exchange.response is not None and exchange.operation in check.operations:
            found.setdefault(describe(exchange.response), []).append(place)
    # A right request may have had the same answer, earlier.
    told = Counter({words: check.message.count(words) for words in found})
    places = [place for words, count in told.items() if count for place in found[words][-count:]]
    return sorted(places) or [len(check.exchanges) - 1] if check.exchanges else []


def _offence(check: Check, exchange: Exchange) -> Offence:
    words = {word.lower() for word in _WORD.findall(check.message)}
    response = exchange.response
    if response is None:
        return Offence(request=_request_marks(check, exchange, named=True))
    said = _POINTER.search(check.message)
    marks = (said[1],) if said else _response_marks(check, response.body)
    status = f"HTTP {response.status}" in check.message
    names = {*words, *(["content-type"] if "content type" in check.message else [])}
    return Offence(
        request=_request_marks(check, exchange, named=not marks),
        response=marks,
        status=status,
        headers=tuple(
            name for name, _ in response.headers if "-" in name and name.lower() in names
        ),
    )


def _request_marks(check: Check, exchange: Exchange, *, named: bool) -> tuple[str, ...]:
    """The place of the request that the check varies; else, if ``named``, that of its message."""
    body = _parsed(exchange.request.body)
    parameter = _PARAMETER.search(check.id)
    varied = [path for path, _ in _paths(body) if parameter and _spoken(path) == parameter[1]]
    return tuple(map(pointer, varied[:_MARKS])) or (_named(check.message, body) if named else ())


def _response_marks(check: Check, body: bytes) -> tuple[str, ...]:
    """The error's code where the message tells of it; else the members that it names."""
    parsed = _parsed(body)
    code = parsed.get("__type") if isinstance(parsed, dict) else None
    if isinstance(code, str) and code.rpartition("#")[2] in check.message:
        return ("/__type",)
    # What comes after a status is the start of the answer itself.
    return _named(check.message.partition("HTTP ")[0], parsed)


def _named(message: str, body: Any) -> tuple[str, ...]:
    """The outermost members that are named in a message; those of list items in the first alone."""
    words, found = set(_WORD.findall(message)), list[Path]()
    for path, _ in _paths(body):
        inside = any(path[: len(outer)] == outer for outer in found)
        later = any(isinstance(step, int) and step for step in path)
        if path and path[-1] in words and not inside and not later:
            found.append(path)
    return tuple(map(pointer, found[:_MARKS]))


def _spoken(path: Path) -> str:
    """The path as constraints name places: ``imageIds[].imageTag``."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _paths(body: Any) -> Iterator[tuple[Path, Any]]:
    """Every value inside a JSON value with the way to it, outer ones first."""
    # Not recursive: a target may nest its answer as deep as the parser allows.
    waiting: list[tuple[Path, Any]] = [((), body)]
    for path, value in waiting:
        yield path, value
        if isinstance(value, dict):
            waiting += [((*path, name), member) for name, member in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, index), item) for index, item in enumerate(value)]


def _parsed(body: bytes) -> Any:
    try:
        return parse_json(body)
    except NotJson:
        return None
