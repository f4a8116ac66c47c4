"""Several checks of one scenario: what needs the same arrangement, judged point by point."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from conformance.suite.checks import Check
from conformance.suite.outcomes import Unsupported, Untestable
from conformance.suite.running.assignment import Assignment
from conformance.suite.running.endings import check_of, judge
from conformance.transport.exchange import Exchange
from conformance.transport.log import ExchangeLog


class SeparateChecks:
    """The points of one scenario, each a check of its rule.

    ``arrangement`` is what led to all of them and is not in the scenario's own log.
    """

    def __init__(self, assignment: Assignment, log: ExchangeLog) -> None:
        self.checks: list[Check] = []
        self.arrangement: tuple[Exchange, ...] = ()
        self._assignment = assignment
        self._log = log

    @contextmanager
    def check(self, label: str) -> Iterator[None]:
        """Judge one point; how it ends does not keep the scenario from judging the next."""
        first, began = len(self._log.exchanges), time.monotonic()
        error: Exception | None = None
        try:
            yield
        except (AssertionError, Untestable, Unsupported) as caught:
            error = caught
        point = replace(self._assignment, check_id=f"{self._assignment.check_id}[{label}]")
        exchanges = [*self.arrangement, *self._log.exchanges[first:]]
        seconds = time.monotonic() - began
        self.checks.append(check_of(point, *judge(point, error), exchanges, seconds))
