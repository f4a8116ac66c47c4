"""Each implementation is judged by itself, whatever becomes of it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

import pytest
from fault import reference_with
from jury import tried
from lazy import LAZY
from trial import Case, Trial
from trial_clock import trial_clock, without_waiting

from conformance.targets import Connection

_CHECKS = frozenset({"ecr.repositories.arn", "ecr.repositories.created-at"})


def _unbuilt() -> Connection:
    raise ValueError("no such thing")


def _gone() -> Connection:
    os._exit(1)


@pytest.fixture(scope="module")
def trials() -> Mapping[str, Trial]:
    """What a few checks say of several implementations, two of them at a time."""
    builds = {
        "right": reference_with,
        "unbuilt": _unbuilt,
        "gone": _gone,
        "lazy": lambda: LAZY["empty-object"],
        "right again": reference_with,
    }
    cases = [Case(name, build, _CHECKS) for name, build in builds.items()]
    seen = Case("lazy, until seen", builds["lazy"], _CHECKS, until_seen=True)
    return tried([*cases, seen], 2)


def test_an_implementation_is_judged_by_its_own_answers(trials: Mapping[str, Trial]) -> None:
    """What one answers says nothing of the others that are tried beside it."""
    assert trials["right"].kept
    assert trials["right"] == trials["right again"]
    assert not trials["lazy"].kept
    assert trials["lazy"].condemned_by


@pytest.mark.parametrize(
    ("name", "reason"),
    [("unbuilt", "ValueError: no such thing"), ("gone", "the process ended")],
)
def test_a_trial_that_breaks_down_is_an_error(
    trials: Mapping[str, Trial], name: str, reason: str
) -> None:
    """An implementation whose trial came to no end is condemned by no rule."""
    assert trials[name] == Trial(
        kept=False, errors=frozenset({"trial"}), messages={"trial": reason}
    )


def test_nobody_waits_on_a_trial() -> None:
    """While somebody sleeps, time passes at once: on a reference's clock, and for deadlines."""
    began = time.perf_counter()
    with without_waiting():
        clock = trial_clock()
        before, deadline = clock(), time.monotonic() + 3600
        time.sleep(3600)
        assert 3600 < clock() - before < 3601
        assert time.monotonic() >= deadline
    assert time.perf_counter() - began < 60


def test_a_trial_may_end_with_the_first_that_sees(trials: Mapping[str, Trial]) -> None:
    """Who only asks whether anything is seen does not wait for the rest."""
    seen = trials["lazy, until seen"]
    assert not seen.kept
    assert seen.messages.keys() < trials["lazy"].messages.keys()
