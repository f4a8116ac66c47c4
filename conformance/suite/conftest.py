"""Makes fixtures, and what reports are like, known to the scenarios below this folder."""

from __future__ import annotations

import pytest

from conformance.suite.fixtures import (
    arrangement,
    arrangements,
    backfills,
    boto,
    conversation,
    known_settings,
    observe,
    other_account,
    other_service,
    push_image,
    registry,
    repository,
    run,
    scenes,
    separately,
    settings,
    transport,
    turns,
    walks,
)
from conformance.suite.running.assignment import RUN
from conformance.suite.running.tracebacks import pytest_runtest_makereport

__all__ = [
    "arrangement",
    "arrangements",
    "backfills",
    "boto",
    "conversation",
    "known_settings",
    "observe",
    "other_account",
    "other_service",
    "push_image",
    "pytest_runtest_makereport",
    "registry",
    "repository",
    "run",
    "scenes",
    "separately",
    "settings",
    "transport",
    "turns",
    "walks",
]


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    """Refuse a run that names nothing to judge."""
    if RUN not in config.stash:
        raise pytest.UsageError("name what to judge: --conformance-target moto (or http://…)")
