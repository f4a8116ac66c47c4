"""Scenarios that take long, and their place among the others.

Workers begin with as many parts of a run, one after the other, and take over from each other what
nobody has begun. So what takes long should begin soon, and not all of it in one worker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

Scenario = TypeVar("Scenario", bound=Callable[..., object])
T = TypeVar("T")


def takes_long(scenario: Scenario) -> Scenario:
    """Declare that a scenario asks hundreds of times, one request after the other."""
    scenario.conformance_takes_long = True  # type: ignore[attr-defined]
    return scenario


def is_long(item: pytest.Item) -> bool:
    """Whether an item is a scenario that was declared to take long."""
    return getattr(getattr(item, "function", None), "conformance_takes_long", False)


def with_long_ones_apart(items: Sequence[T], is_long: Callable[[T], bool]) -> list[T]:
    """The items in their order, but those that take long where workers begin, so that none waits.

    Workers begin with as many parts of the list, one after the other.
    """
    spread = [item for item in items if not is_long(item)]
    long = [item for item in items if is_long(item)]
    for number, item in reversed(list(enumerate(long))):
        spread.insert(len(spread) * number // len(long), item)
    return spread
