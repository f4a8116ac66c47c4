"""Patterns of the contract as automata: from each state, each character leads to one state."""

from __future__ import annotations

import importlib
import string
import sys
from collections.abc import Callable, Iterator
from typing import Any

# Python's own parser of regular expressions. It has no public name; Hypothesis uses it as well.
_parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

ALPHABET = (
    string.ascii_lowercase + string.digits + string.ascii_uppercase + string.punctuation
) + " \t\né漢"
"""The characters that texts are made of, the simplest first; two stand for all beyond ASCII."""

Moves = dict[str, int]
"""Where each character leads from a state."""

_ALL = frozenset(ALPHABET)
# Java and ECMAScript count only ASCII as \w, \d and \s.
_CATEGORIES = {
    "DIGIT": frozenset(string.digits),
    "WORD": frozenset(string.ascii_letters + string.digits + "_"),
    "SPACE": frozenset(" \t\n"),
}
_UNBOUNDED: int = _parser.MAXREPEAT


class _Ways:
    """States under construction: characters lead to the next, and some ways cost no character."""

    def __init__(self) -> None:
        self.moves: list[tuple[frozenset[str], int] | None] = []
        self.free: list[list[int]] = []

    def state(self, characters: frozenset[str] | None = None, target: int = 0) -> int:
        self.moves.append(None if characters is None else (characters, target))
        self.free.append([])
        return len(self.moves) - 1

    def closure(self, states: frozenset[int]) -> frozenset[int]:
        found, waiting = set(states), list(states)
        while waiting:
            new = set(self.free[waiting.pop()]) - found
            found |= new
            waiting.extend(new)
        return frozenset(found)


def automaton(pattern: str) -> tuple[list[Moves], frozenset[int]]:
    """Return the states of a pattern, the first being where it starts, and those where it may end.

    From every state some way leads to an end. Raises ``ValueError`` for a pattern of a kind that is
    not understood, such as one that looks ahead.
    """
    ways = _Ways()
    end = ways.state()
    start = ways.closure(frozenset({_sequence(ways, _parser.parse(pattern), end)}))
    numbers = {start: 0}
    moves: list[Moves] = []
    for states in (waiting := [start]):
        moves.append({})
        for character, target in _successors(ways, states):
            if target not in numbers:
                numbers[target] = len(numbers)
                waiting.append(target)
            moves[-1][character] = numbers[target]
    return moves, frozenset(number for states, number in numbers.items() if end in states)


def _successors(ways: _Ways, states: frozenset[int]) -> Iterator[tuple[str, frozenset[int]]]:
    targets: dict[str, list[int]] = {}
    for characters, target in filter(None, (ways.moves[state] for state in states)):
        for character in characters:
            targets.setdefault(character, []).append(target)
    closures: dict[frozenset[int], frozenset[int]] = {}
    for character in filter(targets.__contains__, ALPHABET):
        together = frozenset(targets[character])
        if together not in closures:
            closures[together] = ways.closure(together)
        yield character, closures[together]


def _sequence(ways: _Ways, parts: Any, end: int) -> int:
    """The state from which the parts lead to ``end``."""
    for kind, value in reversed(list(parts)):
        build = _BUILDERS.get(str(kind))
        if build is None:
            raise ValueError(f"a pattern with {kind} is of a kind that no text can be made for")
        end = build(ways, value, end)
    return end


def _literal(ways: _Ways, code: int, end: int) -> int:
    return ways.state(frozenset(chr(code)), end)


def _other_than(ways: _Ways, code: int, end: int) -> int:
    return ways.state(_ALL - {chr(code)}, end)


def _class(ways: _Ways, items: Any, end: int) -> int:
    negated = str(items[0][0]) == "NEGATE"
    listed = frozenset(c for kind, value in items for c in _characters(str(kind), value))
    return ways.state(_ALL - listed if negated else listed, end)


def _characters(kind: str, value: Any) -> Iterator[str]:
    if kind == "LITERAL":
        yield chr(value)
    elif kind == "RANGE":
        yield from map(chr, range(value[0], value[1] + 1))
    elif kind == "CATEGORY":
        name = str(value).removeprefix("CATEGORY_")
        members = _CATEGORIES[name.removeprefix("NOT_")]
        yield from _ALL - members if name.startswith("NOT_") else members


def _any(ways: _Ways, _: Any, end: int) -> int:
    return ways.state(_ALL - {"\n"}, end)


def _branch(ways: _Ways, value: Any, end: int) -> int:
    fork = ways.state()
    ways.free[fork] = [_sequence(ways, branch, end) for branch in value[1]]
    return fork


def _group(ways: _Ways, value: Any, end: int) -> int:
    return _sequence(ways, value[-1], end)


def _repeat(ways: _Ways, value: Any, end: int) -> int:
    least, most, parts = value
    if most == _UNBOUNDED:
        loop = ways.state()
        ways.free[loop] = [end, _sequence(ways, parts, loop)]
        end = loop
    else:
        after = end
        for _ in range(most - least):
            fork = ways.state()
            ways.free[fork] = [after, _sequence(ways, parts, end)]
            end = fork
    for _ in range(least):
        end = _sequence(ways, parts, end)
    return end


def _edge(_: _Ways, value: Any, end: int) -> int:
    # AWS means the whole text, so its ^ at the start and $ at the end ask for nothing.
    if str(value) not in ("AT_BEGINNING", "AT_END"):
        raise ValueError(f"a pattern with {value} is of a kind that no text can be made for")
    return end


_BUILDERS: dict[str, Callable[[_Ways, Any, int], int]] = {
    "LITERAL": _literal,
    "NOT_LITERAL": _other_than,
    "IN": _class,
    "ANY": _any,
    "BRANCH": _branch,
    "SUBPATTERN": _group,
    "MAX_REPEAT": _repeat,
    "MIN_REPEAT": _repeat,
    "AT": _edge,
}
