"""The names of what the suite makes, by which it knows its own from other people's."""

from __future__ import annotations

__all__ = ["OWN_NAMES", "names_of_seed"]

OWN_NAMES = "ecrc-"
"""What every name that the suite makes begins with."""


def names_of_seed(seed: int) -> str:
    """What the names of a run with this seed begin with; in a recording those of every run do."""
    return f"{OWN_NAMES}{seed & 0xFFFFFFFF:08x}"
