"""What a benchmark finds: a line of the table that ``table.py`` prints."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Row:
    """Our work beside a peer's, both in ``unit``, and how they compare.

    ``found`` is by how much ours is better, or how much more it takes, in ``terms``; ``wanted`` is
    the least of the former, or the most of the latter where ``at_most`` is set. ``None`` where
    nothing is demanded.
    """

    work: str
    peer: str
    unit: str
    ours: float
    theirs: float
    found: float
    wanted: float | None
    terms: str = "times"
    at_most: bool = False

    @property
    def reached(self) -> bool:
        """Whether it is as is wanted."""
        if self.wanted is None:
            return True
        return self.found <= self.wanted if self.at_most else self.found >= self.wanted

    def cells(self) -> tuple[str, ...]:
        """The row as it is shown."""
        bound = "at most" if self.at_most else "at least"
        wanted = "" if self.wanted is None else f"{bound} {self.wanted:g} {self.terms}"
        verdict = "" if self.wanted is None else "yes" if self.reached else "no"
        found = f"{shown(self.found)} {self.terms}"
        numbers = (shown(self.ours), shown(self.theirs), self.unit)
        return (self.work, self.peer, *numbers, found, wanted, verdict)


def faster(
    work: str, peer: str, wanted: float | None, *, ours: float, theirs: float, unit: str
) -> Row:
    """A row of rates: more is better, and ours is to be so many times theirs."""
    return Row(work, peer, unit, ours, theirs, ours / theirs, wanted)


def cheaper(
    work: str, peer: str, wanted: float | None, *, ours: float, theirs: float, unit: str
) -> Row:
    """A row of costs: less is better, and theirs are to be so many times ours."""
    return Row(work, peer, unit, ours, theirs, theirs / ours, wanted)


def shown(number: float) -> str:
    """A number with three digits that count, and all before the point."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def table(rows: Iterable[Row]) -> Table:
    """All rows, one below the other."""
    made = Table(title="Medians of rounds in which ours and its peer took turns")
    for column in ("work", "peer", "ours", "theirs", "in", "found", "wanted", "reached"):
        numeric = column in ("ours", "theirs", "found")
        made.add_column(column, justify="right" if numeric else "left")
    for row in rows:
        made.add_row(*row.cells())
    return made


def in_turns(rounds: int, **measured: Callable[[], float]) -> Mapping[str, float]:
    """The median of what each measures, each once a round, so that all see the same weather."""
    found: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(rounds):
        for name, measure in measured.items():
            found[name].append(measure())
    return {name: statistics.median(numbers) for name, numbers in found.items()}
