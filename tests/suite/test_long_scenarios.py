"""Where scenarios that take long have their place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.certify import Collection, run_suite
from conformance.suite.run import Run
from conformance.suite.running.assignment import ASSIGNMENT
from conformance.suite.running.long_scenarios import with_long_ones_apart
from conformance.targets import Target


def test_what_takes_long_begins_at_once_in_workers_of_their_own() -> None:
    """The long scenarios are at the beginning and halfway, the others between in their order."""
    spread = with_long_ones_apart(["a", "B", "C", "d", "e", "f"], str.isupper)
    assert spread == ["B", "a", "d", "C", "e", "f"]
    assert with_long_ones_apart(["a", "b"], str.isupper) == ["a", "b"]


class Order:
    """A pytest plugin that keeps the order of the scenarios that are collected."""

    def __init__(self) -> None:
        self.checks: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep it."""
        self.checks = [item.stash[ASSIGNMENT].check_id for item in session.items]


def test_a_thousand_tags_are_made_in_two_workers() -> None:
    """On AWS, what asks a thousand times for either service is neither last nor together."""
    nowhere = Target("nowhere", "http://nowhere.invalid", "nobody", None, "us-east-1")
    target = replace(nowhere, consistency="eventual")
    order = Order()
    run_suite(Collection(Run(target, 1, profiles=("tags",))), order)
    long = [place for place, check in enumerate(order.checks) if "tags.thousand" in check]
    assert long == [0, len(order.checks) // 2]
