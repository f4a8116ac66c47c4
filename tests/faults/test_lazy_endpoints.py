"""Endpoints that do nothing are certified of nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial

import pytest
from jury import tried
from lazy import LAZY
from trial import Case, Trial

WITHOUT_CLAIM = {"everything-unsupported", "html"}
"""Those that say of every operation, in their way, that they do not know it."""


@pytest.fixture(scope="module")
def trials() -> Mapping[str, Trial]:
    """What the whole suite says of each of them."""
    cases = [Case(name, partial(LAZY.__getitem__, name), with_programs=True) for name in LAZY]
    return tried(cases, os.cpu_count() or 1)


@pytest.mark.parametrize("name", LAZY)
def test_a_lazy_endpoint_is_certified_of_nothing(trials: Mapping[str, Trial], name: str) -> None:
    """No profile of either service is certified where every answer is the same."""
    trial = trials[name]
    assert trial.certified == ()
    assert trial.errors == frozenset()
    assert bool(trial.condemned_by) == (name not in WITHOUT_CLAIM)
