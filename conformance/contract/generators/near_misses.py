"""Texts that break a pattern by one character, and values beside those of an enumeration."""

from __future__ import annotations

import math
import string
from collections.abc import Callable, Iterator

from conformance.contract.generators.patterns import language
from conformance.contract.model import Shape

_SEPARATORS = "/._-:"
_OTHERS = "!:é"

NearMiss = tuple[str, str]
"""What is wrong, and a text in which it is."""


def near_misses(shape: Shape, fitting: str) -> Iterator[NearMiss]:
    """Yield what breaks the pattern of a string's shape, and nothing else, close to ``fitting``."""
    accepted = language(shape.pattern or "")
    least, most = shape.minimum or 0, shape.maximum or math.inf
    separators = [each for each in _SEPARATORS if each in accepted.characters]
    for wrong, text in (*_edits(fitting), *_misplaced(fitting, separators)):
        if least <= len(text) <= most and text not in accepted:
            yield wrong, text


def beside(values: tuple[str, ...]) -> Iterator[NearMiss]:
    """Yield texts that are none of an enumeration's values, the plainest first."""
    first = values[0]
    candidates = [
        ("one beyond", f"{first}_BEYOND"),
        ("other case", first.swapcase()),
        ("space at the end", f"{first} "),
        ("empty", ""),
    ]
    yield from ((wrong, text) for wrong, text in candidates if text not in values)


def _edits(text: str) -> Iterator[NearMiss]:
    yield "empty", ""
    yield "newline at the end", f"{text}\n"
    yield "newline at the start", f"\n{text}"
    yield "space at the end", f"{text} "
    yield "space at the start", f" {text}"
    yield "last character left out", text[:-1]
    yield "last character twice", text + text[-1:]
    yield from _at_first("capital", text, string.ascii_lowercase, str.upper)
    yield from _at_first("letter for digit", text, string.digits, lambda _: "x")
    half = len(text) // 2
    for other in _OTHERS:
        yield f'"{other}" within', text[:half] + other + text[half:]


def _misplaced(text: str, separators: list[str]) -> Iterator[NearMiss]:
    for separator in separators:
        yield f'"{separator}" at the start', separator + text
        yield f'"{separator}" at the end', text + separator
        yield from _at_first(f'"{separator}" twice', text, separator, lambda found: found * 2)
        yield from _at_first(f'"{separator}" left out', text, separator, lambda _: "")


def _at_first(wrong: str, text: str, wanted: str, edit: Callable[[str], str]) -> Iterator[NearMiss]:
    """The text with the first of some characters edited."""
    for index, character in enumerate(text):
        if character in wanted:
            yield wrong, text[:index] + edit(character) + text[index + 1 :]
            return
