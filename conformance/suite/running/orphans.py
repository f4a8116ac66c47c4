"""Cassettes of scenarios that are no more."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from conformance.suite.catalogue import all_rules
from conformance.suite.running.assignment import assignment_of
from conformance.transport.cassettes.recording import cassette_files, cassette_path


def orphans(folder: Path, items: Iterable[pytest.Item]) -> list[str]:
    """The cassettes of a recording that none of the suite's scenarios would look for.

    Names are as seen from the folder. There are none to tell of where not all of the suite was
    collected.
    """
    assignments = [found for item in items if (found := assignment_of(item)) is not None]
    if not all_rules().keys() <= {assignment.rule.id for assignment in assignments}:
        return []
    wanted = {cassette_path(folder, assignment.check_id) for assignment in assignments}
    return [
        str(path.relative_to(folder))
        for path in cassette_files(folder)
        if path not in wanted and not _is_shared(path)
    ]


def _is_shared(path: Path) -> bool:
    """Whether scenarios share what a cassette holds: there is no profile in its name."""
    return "." not in path.name.removesuffix(".json")
