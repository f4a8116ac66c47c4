"""Text in parts: what is written down, what repeats, and what is only known at run time.

A layer part of 5 MiB is a handful of characters many times over; as an expression it keeps a
script readable.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Part", "Repeat", "Variable", "compact", "size"]

_LONGEST_UNIT = 12
_SAMPLE = 512
"""Characters; a repetition of less than twice this may stay written out."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """``unit``, ``count`` times over."""

    unit: str
    count: int


@dataclass(frozen=True, slots=True)
class Variable:
    """What an earlier answer gave, as a JSON value; ``name`` is the script's name for it."""

    name: str


Part = str | Repeat | Variable


def compact(text: str) -> list[Part]:
    """The text with its long repetitions as ``Repeat``; joined, the parts are the text."""
    parts: list[Part] = []
    done = at = 0
    while at + _SAMPLE <= len(text):
        unit = _unit(text[at : at + _SAMPLE])
        if unit is None:
            at += _SAMPLE
            continue
        start = _start(text, unit, at, done)
        count = _count(text, unit, start)
        parts += [text[done:start], Repeat(unit, count)]
        done = at = start + count * len(unit)
    return [part for part in [*parts, text[done:]] if part]


def size(parts: list[Part]) -> int:
    """How many characters the parts take when repetitions are written out."""
    return sum(_part_size(part) for part in parts)


def _part_size(part: Part) -> int:
    if isinstance(part, Repeat):
        return len(part.unit) * part.count
    return len(part) if isinstance(part, str) else 0


def _unit(sample: str) -> str | None:
    for length in range(1, _LONGEST_UNIT + 1):
        unit = sample[:length]
        if sample == (unit * (len(sample) // length + 1))[: len(sample)]:
            return unit
    return None


def _start(text: str, unit: str, at: int, earliest: int) -> int:
    while at - len(unit) >= earliest and text.startswith(unit, at - len(unit)):
        at -= len(unit)
    return at


def _count(text: str, unit: str, start: int) -> int:
    count, stride = 0, 4096
    while stride:
        block = unit * stride
        while text.startswith(block, start + count * len(unit)):
            count += stride
        stride //= 16
    return count
