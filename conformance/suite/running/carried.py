"""What pytest's reports of a scenario carry: its checks, and what else a run has to learn.

The checks of a scenario have exchanges in common: in this process they are the same objects, and on
the way from a worker each is told once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest

from conformance.once import Once
from conformance.suite.checks import Check, exchange_from_json, exchange_to_json
from conformance.transport.exchange import Exchange

CHECKS = "conformance"
"""Under this name a report carries the ``Check`` values that a phase of a scenario decided."""

LEFT = "conformance_leftovers"
"""Under this name, sentences about what could not be deleted or put back."""

UNUSED = "conformance_unused"
"""Under this name, the scenario, where it did not ask for all that its recording answers."""

Reports = Sequence[pytest.TestReport]


def carry(report: pytest.TestReport, name: str, more: Iterable[Any]) -> None:
    """Let a report carry something under a name, beside what it carries there already."""
    setattr(report, name, [*carried([report], name), *more])


def carried(reports: Reports, name: str) -> Iterator[Any]:
    """What some reports carry under a name."""
    for report in reports:
        yield from getattr(report, name, [])


def packed(checks: Iterable[Check]) -> str:
    """Checks as one text of JSON, in which each exchange occurs once."""
    exchanges: list[dict[str, Any]] = []

    def numbered(exchange: Exchange) -> int:
        exchanges.append(exchange_to_json(exchange))
        return len(exchanges) - 1

    number = Once(numbered)
    shown = [check.to_json(number) for check in checks]
    return json.dumps({"checks": shown, "exchanges": exchanges})


def unpacked(text: str) -> list[Check]:
    """The inverse of ``packed``."""
    parsed = json.loads(text)
    exchanges = [exchange_from_json(each) for each in parsed["exchanges"]]
    return [Check.from_json(each, exchanges.__getitem__) for each in parsed["checks"]]
