"""A body as a reader can take it in: indented, shortened where it is long, parts of it marked."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from conformance.contract.violation import pointer
from conformance.transport.exchange import NotJson, parse_json

__all__ = ["Piece", "abridged"]

_STRING = 400
_ITEMS = 10
_DEPTH = 12
_WHOLE = 6000

Path = tuple[str | int, ...]


class Piece(NamedTuple):
    """Some text of a body; ``marked`` where it offends."""

    text: str
    marked: bool = False


def abridged(body: bytes, marks: Collection[str] = ()) -> list[Piece]:
    """The body in pieces, in order; ``marks`` are JSON pointers into it.

    JSON is indented. What is left out is told in the place where it was: text beyond 400
    characters, items beyond ten that are not marked, and what comes after 6,000 characters.
    """
    try:
        parsed = parse_json(body)
    except NotJson:
        return _cut([Piece(body.decode("utf-8", "replace"))])
    return _cut(_joined(_value(parsed, (), frozenset(marks))))


def _value(value: Any, path: Path, marks: Collection[str]) -> Iterator[Piece]:
    if _marked(path, marks):
        inner = _value(value, path, [mark for mark in marks if mark != pointer(path)])
        yield from (Piece(piece.text, marked=True) for piece in inner)
    elif isinstance(value, dict) and value:
        yield from _members(value, path, marks)
    elif isinstance(value, list) and value:
        yield from _items(value, path, marks)
    elif isinstance(value, str):
        yield Piece(_string(value))
    else:
        yield Piece(json.dumps(value))


def _members(value: Mapping[str, Any], path: Path, marks: Collection[str]) -> Iterator[Piece]:
    if len(path) >= _DEPTH:
        yield Piece(f"{{… {len(value)} members}}")
        return
    for number, (name, member) in enumerate(value.items()):
        marked = _marked((*path, name), marks)
        yield Piece(("," if number else "{") + _break(path, 1))
        yield Piece(f"{json.dumps(name, ensure_ascii=False)}: ", marked)
        yield from _value(member, (*path, name), marks)
    yield Piece(_break(path) + "}")


def _items(value: Sequence[Any], path: Path, marks: Collection[str]) -> Iterator[Piece]:
    if len(path) >= _DEPTH:
        yield Piece(f"[… {len(value)} items]")
        return
    left_out = 0
    for number, item in enumerate(value):
        here = (*path, number)
        if number >= _ITEMS and not any(_leads(here, mark) for mark in marks):
            left_out += 1
            continue
        yield Piece(("," if number else "[") + _told(left_out, path) + _break(path, 1))
        left_out = 0
        yield from _value(item, here, marks)
    yield Piece(_told(left_out, path) + _break(path) + "]")


def _marked(path: Path, marks: Collection[str]) -> bool:
    return bool(marks) and pointer(path) in marks


def _told(left_out: int, path: Path) -> str:
    return f"{_break(path, 1)}… {left_out} more items" if left_out else ""


def _leads(path: Path, mark: str) -> bool:
    return f"{mark}/".startswith(f"{pointer(path)}/")


def _break(path: Path, deeper: int = 0) -> str:
    return "\n" + " " * 2 * (len(path) + deeper)


def _string(value: str) -> str:
    shown = json.dumps(value[:_STRING], ensure_ascii=False)
    if len(value) <= _STRING:
        return shown
    return f'{shown[:-1]}… {len(value) - _STRING:,} more characters"'


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    return [
        Piece("".join(piece.text for piece in alike), marked)
        for marked, alike in groupby(pieces, lambda piece: piece.marked)
    ]


def _cut(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces up to the limit, marked ones in any case."""
    room, shown, left_out = _WHOLE, list[Piece](), 0
    for piece in pieces:
        kept = piece.text if piece.marked else piece.text[: max(room, 0)]
        room -= len(kept)
        left_out += len(piece.text) - len(kept)
        if kept:
            shown.append(Piece(kept, piece.marked))
    return [*shown, Piece(f"\n… {left_out:,} more characters")] if left_out else shown
