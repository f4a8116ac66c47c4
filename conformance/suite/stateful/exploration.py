"""How far the stateful rule looks."""

from __future__ import annotations

from dataclasses import dataclass

DEPTH, BUDGET = 12, 40


@dataclass(frozen=True, slots=True)
class Exploration:
    """How many programs of how many steps are tried, and which: the same for the same seed.

    The seed is a fixed one unless asked otherwise, unlike that of a run's names, so that every run
    tries the same programs.
    """

    depth: int = DEPTH
    budget: int = BUDGET
    seed: int = 0
