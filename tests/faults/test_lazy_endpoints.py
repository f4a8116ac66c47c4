"""Endpoints that do nothing are certified of nothing."""

from __future__ import annotations

import pytest
from lazy import LAZY
from trial import try_out

WITHOUT_CLAIM = {"everything-unsupported", "html"}
"""Those that say of every operation, in their way, that they do not know it."""


@pytest.mark.parametrize("name", LAZY)
def test_a_lazy_endpoint_is_certified_of_nothing(name: str) -> None:
    """No profile of either service is certified where every answer is the same."""
    trial = try_out(LAZY[name])
    assert trial.certified == ()
    assert trial.errors == frozenset()
    assert bool(trial.condemned_by) == (name not in WITHOUT_CLAIM)
