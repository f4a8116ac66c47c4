"""A kind of target: how it is spelt on the command line, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from conformance.targets.target import Target


@dataclass(frozen=True, slots=True)
class TargetKind:
    """One row of the table of targets.

    ``spelling`` is what help and errors show. ``claims`` tells whether a name is of this kind.
    ``open`` takes name and region; leaving its context undoes everything that opening did.
    """

    spelling: str
    claims: Callable[[str], bool]
    open: Callable[[str, str], AbstractContextManager[Target]]
