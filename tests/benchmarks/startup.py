"""What the plugin adds to the start of pytest where it is installed and unused.

pytest collects an empty folder, with what is installed, and with what is installed but the plugin.
They take turns. What counts is CPU time.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from comparison import Row, in_turns
from processes import run

NOTHING_COLLECTED = 5
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")


def milliseconds(folder: Path, *options: str) -> float:
    """The CPU time of pytest where there is nothing to do."""
    return run(*PYTEST, *options, codes=(NOTHING_COLLECTED,), folder=folder).cpu * 1e3


def rows(*, small: bool, peers: bool) -> Iterator[Row]:
    """pytest with the plugin, and without."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        found = in_turns(
            1 if small else 21,
            ours=partial(milliseconds, folder),
            without=partial(milliseconds, folder, "-p", "no:conformance"),
        )
    more = found["ours"] - found["without"]
    work = "pytest started with the plugin unused"
    peer, unit = "pytest without it", "CPU ms"
    yield Row(work, peer, unit, found["ours"], found["without"], more, 15, "ms more", at_most=True)
