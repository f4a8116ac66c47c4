"""A function that is asked once for each object, however often the object is met."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

__all__ = ["Once"]


class Once(Generic[Given, Made]):
    """Gives what ``make`` made of an object, and makes it where this very object is new.

    By identity, where ``functools.cache`` goes by equality: neither are large values compared, nor
    values taken for each other that are equal but for what does not count in a comparison.
    """

    def __init__(self, make: Callable[[Given], Made]) -> None:
        self._make = make
        self._made: dict[int, tuple[Given, Made]] = {}

    def __call__(self, given: Given, /) -> Made:
        """What is made of an object, which is kept: no other may have its identity."""
        known = self._made.get(id(given))
        if known is None:
            known = self._made[id(given)] = (given, self._make(given))
        return known[1]

    def forget(self) -> None:
        """Begin anew."""
        self._made.clear()
