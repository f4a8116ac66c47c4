"""The form of the names that runs give: by it, what a run made is told from what is others'."""

from __future__ import annotations

import re

_OF_A_RUN = re.compile(r"ecrc-[0-9a-f]{8}-[0-9a-f]{8}(?![A-Za-z0-9])")
"""Two numbers, of the run and of the scenario; what may follow is not part of the second."""


def is_of_a_run(name: str) -> bool:
    """Whether a name has exactly the form of those that a run gives."""
    return _OF_A_RUN.match(name) is not None
