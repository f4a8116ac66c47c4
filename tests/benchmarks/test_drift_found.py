"""The benchmark of compared recordings compares something: what changed in it is noticed."""

from __future__ import annotations

import pytest
from drift import compared


@pytest.mark.parametrize("count", [19, 20, 21])
def test_one_changed_value_is_the_one_difference(count: int) -> None:
    """Of answers whose times and ids are all others, only a changed value is told."""
    found, _ = compared(count, changed=True)
    ((difference,),) = found.scenarios.values()
    assert len(difference.changes) == 1
    assert not compared(count)[0].differ
