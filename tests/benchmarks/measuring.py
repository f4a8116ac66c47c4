"""Timing a strategy. Imports nothing but Hypothesis, so that it runs beside any of its versions."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.control import current_build_context
from hypothesis.strategies import SearchStrategy

WARM_UP = 5


@dataclass(frozen=True)
class Measurement:
    """Some values of a strategy, the CPU seconds that making them took, and their mean draws."""

    values: list[Any]
    seconds: float
    draws: float


def measure(make: Callable[[], SearchStrategy[Any]], budget: float) -> Measurement:
    """Draw values, for about as many CPU seconds as ``budget`` says, as a test would.

    CPU seconds, because other programs must not count. What is done once, such as building the
    strategy and the first few values, does not count either.
    """
    strategy = make()
    _drawn(strategy, WARM_UP)
    count, seconds, values, draws = 10, 0.0, [], 0
    while seconds < budget:
        started = time.process_time()
        new, new_draws = _drawn(strategy, count)
        taken = time.process_time() - started
        seconds += taken
        values += new
        draws += new_draws
        if taken < budget / 4:
            count *= 2
    return Measurement(values, seconds, draws / len(values))


def _drawn(strategy: SearchStrategy[Any], count: int) -> tuple[list[Any], int]:
    values: list[Any] = []
    draws = 0

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: Any) -> None:
        nonlocal draws
        values.append(value)
        draws += len(current_build_context().data.nodes)

    draw()
    return values, draws
