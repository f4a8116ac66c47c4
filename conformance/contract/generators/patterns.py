"""The texts that fit a pattern of the contract, made one by one rather than found by trying.

A pattern becomes a deterministic automaton; a text is a walk through it that ends in time. So
there are texts of any length that the pattern allows, and it can be known that there are none.
"""

from __future__ import annotations

import importlib
import string
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

# Python's own parser of regular expressions. It has no public name; Hypothesis uses it as well.
_parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

ALPHABET = (
    string.ascii_lowercase + string.digits + string.ascii_uppercase + string.punctuation
) + " \t\né漢"
"""The characters that texts are made of, the simplest first; two stand for all beyond ASCII."""

# Java and ECMAScript count only ASCII as \\w, \\d and \\s.
_CATEGORIES = {
    "DIGIT": frozenset(string.digits),
    "WORD": frozenset(string.ascii_letters + string.digits + "_"),
    "SPACE": frozenset(" \t\n"),
}
_UNBOUNDED: int = _parser.MAXREPEAT

_ROOM = 16
"""How much longer than necessary texts are that cover a pattern."""

_PLAIN = frozenset(string.ascii_letters + string.digits)
_SPECIAL = 192
"""Bytes from here on choose characters that are no letters or digits."""

Moves = dict[str, int]
"""Where each character leads from a state."""


@cache
def language(pattern: str) -> Language:
    """Return the language of a pattern; raise ``ValueError`` for a pattern of an unknown kind."""
    return Language(*_automaton(pattern))


class Language:
    """The texts over ``ALPHABET`` that fit a whole pattern."""

    def __init__(self, moves: list[Moves], accepting: frozenset[int]) -> None:
        self._moves = moves
        self._accepting = accepting
        self._ending = [accepting]  # by length: the states from which some text that long fits
        self._options: dict[tuple[int, int], _Options] = {}
        self._simplest: dict[tuple[int, int], str] = {}
        self.characters = frozenset(character for each in moves for character in each)
        """Those that occur in fitting texts."""

    def __contains__(self, text: str) -> bool:
        """Whether a text fits."""
        return self._after(text) in self._accepting

    def lengths(self, minimum: int, maximum: int) -> Iterator[int]:
        """Yield the lengths of fitting texts between two bounds, both included."""
        return (n for n in range(max(minimum, 0), maximum + 1) if self._can_end(0, n))

    def text(self, length: int, choices: bytes = b"") -> str:
        """Return a fitting text of a length.

        Wherever different characters may follow, a byte chooses; 0 the simplest, as when there are
        no bytes left, and a quarter of them those that are no letters or digits. Raises
        ``ValueError`` when no text of that length fits.
        """
        if not self._can_end(0, length):
            raise ValueError(f"no text of {length} characters fits the pattern")
        chosen: list[str] = []
        state = used = 0
        while used < len(choices) and len(chosen) < length:
            options = self._open(state, length - len(chosen))
            choice = 0
            if len(options.states) > 1:
                choice = options.chosen_by(choices[used])
                used += 1
            chosen.append(options.characters[choice])
            state = options.states[choice]
        return "".join(chosen) + self._completion(state, length - len(chosen))

    def extended(self, text: str, length: int) -> str:
        """Return a fitting text of a length that begins as ``text`` does; any, if none does."""
        if text[:length] in self and len(text) >= length:
            return text[:length]
        state, left = self._after(text), length - len(text)
        if state is None or left < 0 or not self._can_end(state, left):
            return self.text(length)
        return text + self._completion(state, left)

    def cover(self, minimum: int, maximum: int) -> Iterator[str]:
        """Yield few fitting texts that together take the steps of the pattern in every kind.

        A step is taken by a small letter, a capital, a digit and each other character there may be.
        The texts are within both bounds, not empty, and little longer than the shortest.
        """
        shortest = next(self.lengths(max(minimum, 1), maximum))
        bounds = (minimum, min(maximum, shortest + _ROOM))
        taken: set[tuple[int, str]] = set()
        while (text := self._new_steps(taken, bounds)) is not None:
            yield text

    def _new_steps(self, taken: set[tuple[int, str]], bounds: tuple[int, int]) -> str | None:
        """A text through as many steps as fit that are not taken yet; they are taken then."""
        text, state, before = "", 0, len(taken)
        while way := self._way_to_new(state, taken, len(text), bounds):
            for character in way:
                taken.add((state, _kind(character)))
                state = self._moves[state][character]
            text += way
        left = next(n for n in _left(bounds, len(text)) if self._can_end(state, n))
        return text + self._completion(state, left) if len(taken) > before else None

    def _way_to_new(
        self, state: int, taken: set[tuple[int, str]], length: int, bounds: tuple[int, int]
    ) -> str | None:
        """The shortest way over a step that is not taken, after which a text can still end."""
        ways = {state: ""}
        for at in (waiting := [state]):
            for character, target in self._moves[at].items():
                way = ways[at] + character
                ends = any(self._can_end(target, n) for n in _left(bounds, length + len(way)))
                if ends and (at, _kind(character)) not in taken:
                    return way
                if ends and target not in ways:
                    ways[target] = way
                    waiting.append(target)
        return None

    def _after(self, text: str) -> int | None:
        state: int | None = 0
        for character in text:
            if state is None:
                return None
            state = self._moves[state].get(character)
        return state

    def _can_end(self, state: int, length: int) -> bool:
        while len(self._ending) <= length:
            last = self._ending[-1]
            self._ending.append(
                frozenset(s for s, moves in enumerate(self._moves) if last & set(moves.values()))
            )
        return state in self._ending[length]

    def _open(self, state: int, left: int) -> _Options:
        """The characters after which a text can still end in time, and where they lead."""
        found = self._options.get((state, left))
        if found is None:
            moves = self._moves[state]
            open_ = {c: target for c, target in moves.items() if self._can_end(target, left - 1)}
            found = self._options[state, left] = _Options(open_)
        return found

    def _completion(self, state: int, left: int) -> str:
        found = self._simplest.get((state, left))
        if found is None:
            start, chosen = state, []
            for still in range(left, 0, -1):
                options = self._open(state, still)
                chosen.append(options.characters[0])
                state = options.states[0]
            found = self._simplest[start, left] = "".join(chosen)
        return found


class _Options:
    """The characters that may come next, letters and digits first, and the states after them."""

    def __init__(self, moves: Moves) -> None:
        self.characters = "".join(moves)
        self.states = list(moves.values())
        self._plain = sum(character in _PLAIN for character in moves)

    def chosen_by(self, byte: int) -> int:
        special = len(self.states) - self._plain
        if self._plain and (byte < _SPECIAL or not special):
            return byte % self._plain
        return self._plain + byte % special


def _left(bounds: tuple[int, int], length: int) -> range:
    return range(max(bounds[0] - length, 0), bounds[1] - length + 1)


def _kind(character: str) -> str:
    if character in string.ascii_lowercase:
        return "small"
    if character in string.ascii_uppercase:
        return "capital"
    return "digit" if character in string.digits else character


class _Nondeterministic:
    """States with characters to the next ones, and ways that cost no character."""

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


def _automaton(pattern: str) -> tuple[list[Moves], frozenset[int]]:
    automaton = _Nondeterministic()
    end = automaton.state()
    start = automaton.closure(frozenset({_sequence(automaton, _parser.parse(pattern), end)}))
    numbers = {start: 0}
    moves: list[Moves] = []
    for states in (waiting := [start]):
        moves.append({})
        for character, target in _successors(automaton, states):
            if target not in numbers:
                numbers[target] = len(numbers)
                waiting.append(target)
            moves[-1][character] = numbers[target]
    return moves, frozenset(number for states, number in numbers.items() if end in states)


def _successors(
    automaton: _Nondeterministic, states: frozenset[int]
) -> Iterator[tuple[str, frozenset[int]]]:
    moves = [move for state in states if (move := automaton.moves[state]) is not None]
    closures: dict[frozenset[int], frozenset[int]] = {}
    for character in ALPHABET:
        targets = frozenset(target for characters, target in moves if character in characters)
        if targets:
            if targets not in closures:
                closures[targets] = automaton.closure(targets)
            yield character, closures[targets]


def _sequence(automaton: _Nondeterministic, parts: Any, end: int) -> int:
    """The state from which the parts lead to ``end``."""
    for kind, value in reversed(list(parts)):
        build = _BUILDERS.get(str(kind))
        if build is None:
            raise ValueError(f"a pattern with {kind} is of a kind that no text can be made for")
        end = build(automaton, value, end)
    return end


def _literal(automaton: _Nondeterministic, code: int, end: int) -> int:
    return automaton.state(frozenset(chr(code)), end)


def _class(automaton: _Nondeterministic, items: Any, end: int) -> int:
    negated = str(items[0][0]) == "NEGATE"
    listed = frozenset(c for kind, value in items for c in _characters(str(kind), value))
    return automaton.state(frozenset(ALPHABET) - listed if negated else listed, end)


def _characters(kind: str, value: Any) -> Iterator[str]:
    if kind == "LITERAL":
        yield chr(value)
    elif kind == "RANGE":
        yield from map(chr, range(value[0], value[1] + 1))
    elif kind == "CATEGORY":
        name = str(value).removeprefix("CATEGORY_")
        members = _CATEGORIES[name.removeprefix("NOT_")]
        yield from frozenset(ALPHABET) - members if name.startswith("NOT_") else members


def _any(automaton: _Nondeterministic, _: Any, end: int) -> int:
    return automaton.state(frozenset(ALPHABET) - {"\n"}, end)


def _branch(automaton: _Nondeterministic, value: Any, end: int) -> int:
    fork = automaton.state()
    automaton.free[fork] = [_sequence(automaton, branch, end) for branch in value[1]]
    return fork


def _group(automaton: _Nondeterministic, value: Any, end: int) -> int:
    return _sequence(automaton, value[-1], end)


def _repeat(automaton: _Nondeterministic, value: Any, end: int) -> int:
    least, most, parts = value
    if most == _UNBOUNDED:
        loop = automaton.state()
        automaton.free[loop] = [end, _sequence(automaton, parts, loop)]
        end = loop
    else:
        after = end
        for _ in range(most - least):
            fork = automaton.state()
            automaton.free[fork] = [after, _sequence(automaton, parts, end)]
            end = fork
    for _ in range(least):
        end = _sequence(automaton, parts, end)
    return end


def _edge(_: _Nondeterministic, __: Any, end: int) -> int:
    # AWS means the whole text, so its ^ at the start and $ at the end ask for nothing.
    return end


_BUILDERS: dict[str, Callable[[_Nondeterministic, Any, int], int]] = {
    "LITERAL": _literal,
    "IN": _class,
    "ANY": _any,
    "BRANCH": _branch,
    "SUBPATTERN": _group,
    "MAX_REPEAT": _repeat,
    "AT": _edge,
}
