"""Where scenarios that take long have their place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.certify import run_suite
from conformance.suite.run import Run
from conformance.suite.running.assignment import ASSIGNMENT
from conformance.suite.running.execution import Execution
from conformance.suite.running.long_scenarios import with_long_ones_apart
from conformance.targets import Target


def test_what_takes_long_begins_at_once_in_workers_of_their_own() -> None:
    """The long scenarios are at the beginning and halfway, the others between in their order."""
    spread = with_long_ones_apart(["a", "B", "C", "d", "e", "f"], str.isupper)
    assert spread == ["B", "a", "d", "C", "e", "f"]
    assert with_long_ones_apart(["a", "b"], str.isupper) == ["a", "b"]


class Collected:
    """A pytest plugin that collects the scenarios of a run, and runs none."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.checks: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """Choose scenarios as a run does."""
        config.option.collectonly = True
        config.pluginmanager.register(Execution(self.run), "conformance-execution")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep their order."""
        self.checks = [item.stash[ASSIGNMENT].check_id for item in session.items]


def test_a_thousand_tags_are_made_in_two_workers() -> None:
    """On AWS, what asks a thousand times for either service is neither last nor together."""
    nowhere = Target("nowhere", "http://nowhere.invalid", "nobody", None, "us-east-1")
    target = replace(nowhere, consistency="eventual")
    collected = Collected(Run(target, 1, profiles=("tags",)))
    run_suite(collected)
    long = [place for place, check in enumerate(collected.checks) if "tags.thousand" in check]
    assert long == [0, len(collected.checks) // 2]
