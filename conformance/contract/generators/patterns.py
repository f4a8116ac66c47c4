"""The texts that fit a pattern of the contract, made one by one rather than found by trying.

A text is a walk through the pattern's automaton that ends in time. So there are texts of any length
that the pattern allows, and it can be known that there are none.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from functools import cache

from conformance.contract.generators.automata import Moves, automaton

_ROOM = 16
"""How much longer than necessary texts are that cover a pattern."""

_PLAIN = frozenset(string.ascii_letters + string.digits)
_SPECIAL = 192
"""Bytes from here on choose characters that are no letters or digits."""

_KINDS = {
    **dict.fromkeys(string.ascii_lowercase, "small"),
    **dict.fromkeys(string.ascii_uppercase, "capital"),
    **dict.fromkeys(string.digits, "digit"),
}
"""What kind of character a step is taken by; any other is a kind of its own."""


@cache
def language(pattern: str) -> Language:
    """Return the language of a pattern; raise ``ValueError`` for a pattern of an unknown kind."""
    return Language(*automaton(pattern))


class Language:
    """The texts over ``automata.ALPHABET`` that fit a whole pattern."""

    def __init__(self, moves: list[Moves], accepting: frozenset[int]) -> None:
        self._moves = moves
        self._next = [set(each.values()) for each in moves]
        self._accepting = accepting
        self._ending = [accepting]  # the states from which a text fits, by its length
        self._settled = False  # whether these are the same for all that is longer
        self._ending_within: dict[range, frozenset[int]] = {}
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
                taken.add((state, _KINDS.get(character, character)))
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
            ends = self._next[at] & self._ending_in(_left(bounds, length + len(ways[at]) + 1))
            for character, target in self._moves[at].items():
                if target in ends and (at, _KINDS.get(character, character)) not in taken:
                    return ways[at] + character
                if target in ends and target not in ways:
                    ways[target] = ways[at] + character
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
        return state in self._ending_after(length)

    def _ending_after(self, length: int) -> frozenset[int]:
        """The states from which a text of a length fits."""
        while len(self._ending) <= length and not self._settled:
            last = self._ending[-1]
            before = (s for s, after in enumerate(self._next) if not last.isdisjoint(after))
            self._ending.append(frozenset(before))
            self._settled = self._ending[-1] == last
        return self._ending[min(length, len(self._ending) - 1)]

    def _ending_in(self, lengths: range) -> frozenset[int]:
        """The states from which a text of one of the lengths fits."""
        found = self._ending_within.get(lengths)
        if found is None:
            found = frozenset().union(*map(self._ending_after, lengths))
            self._ending_within[lengths] = found
        return found

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
