"""Replication backfills under way: described, stopped, ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.suite.evidence import documented, model
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.backfills import (
    DESCRIBE,
    NOT_FOUND,
    START,
    STOP,
    STOPPED,
    WRONG_STATUS,
    Destination,
    begin,
    configured,
    described,
    ended,
    finish,
    require_named,
    stop,
)
from conformance.suite.verdicts import MUST

pytestmark = pytest.mark.usefixtures("backfills")

_UNKNOWN = "00000000-0000-4000-8000-000000000000"
_WHEN_STOPPED = documented(
    f"{STOP}.status",
    "When you stop a replication backfill, its status is STOPPED if the backfill is stopped "
    "immediately, or STOPPING if there are replications still in progress that must complete "
    "before the backfill stops.",
)


@rule(
    "registry.backfill-stop-answers",
    level=MUST,
    operations=[STOP],
    services=["ecr"],
    evidence=[
        _WHEN_STOPPED,
        documented(f"{STOP}.replicationBackfillId", "The ID of the replication backfill."),
    ],
)
def test_a_backfill_is_stopped(registry: Registry) -> None:
    """StopReplicationBackfill answers with the backfill, which is STOPPED or STOPPING."""
    wanted = configured(registry)
    backfill = begin(registry, wanted)
    answer = stop(registry, backfill)
    require_named(STOP, answer, wanted, backfill)
    found = answer.get("status")
    assert found in (STOPPED, "STOPPING"), f"{STOP}: the status is {found!r}"


@rule(
    "registry.backfill-stopped",
    level=MUST,
    operations=[STOP],
    services=["ecr"],
    evidence=[
        documented(STOP, "Stops an in progress replication backfill for a registry."),
        _WHEN_STOPPED,
    ],
)
def test_a_stopped_backfill_ends_stopped(registry: Registry) -> None:
    """A backfill that was stopped comes to the status STOPPED."""
    backfill = begin(registry, configured(registry))
    stop(registry, backfill)
    found = ended(registry, backfill)["status"]
    assert found == STOPPED, f"a backfill that {STOP} stopped is {found} in the end"


@pytest.mark.parametrize("way", ["by-itself", "stopped"])
@rule(
    "registry.backfill-ended-not-stopped",
    level=MUST,
    operations=[STOP],
    services=["ecr"],
    evidence=[
        documented(
            WRONG_STATUS,
            "For example, you can't stop a replication backfill that has already reached a "
            "terminal status.",
        )
    ],
)
def test_an_ended_backfill_is_not_stopped(registry: Registry, way: str) -> None:
    """A backfill that has ended is not stopped: its status is no longer valid for that."""
    wanted = configured(registry)
    _require_stoppable(registry, wanted)
    backfill = begin(registry, wanted)
    if way == "stopped":
        registry.given(STOP, replicationBackfillId=backfill)
    ended(registry, backfill)
    registry.refused(STOP, WRONG_STATUS, replicationBackfillId=backfill)


def _require_stoppable(registry: Registry, wanted: Destination) -> None:
    """Give up, ``Untestable``, unless a backfill in progress is stopped."""
    finish(registry, begin(registry, wanted))


@pytest.mark.parametrize("operation", [DESCRIBE, STOP])
@rule(
    "registry.backfill-unknown",
    level=MUST,
    operations=[DESCRIBE, STOP],
    services=["ecr"],
    evidence=[
        documented(NOT_FOUND, "The specified replication backfill could not be found."),
        model("errors", f"both operations declare {NOT_FOUND}"),
    ],
)
def test_an_unknown_backfill_is_not_found(registry: Registry, operation: str) -> None:
    """An id that no backfill has is neither described nor stopped."""
    backfill = begin(registry, configured(registry))
    registry.given(operation, replicationBackfillId=backfill)
    registry.refused(operation, NOT_FOUND, replicationBackfillId=_UNKNOWN)


@rule(
    "registry.backfill-described",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            DESCRIBE,
            "The backfill to describe is identified by the replicationBackfillId returned by the "
            "StartReplicationBackfill operation.",
        )
    ],
)
def test_a_backfill_is_described(registry: Registry) -> None:
    """DescribeReplicationBackfillResults names the backfill and its destination."""
    wanted = configured(registry)
    backfill = begin(registry, wanted)

    def observe() -> None:
        answer = registry.call(DESCRIBE, replicationBackfillId=backfill)
        require_named(DESCRIBE, answer, wanted, backfill)

    registry.eventually(observe)


@rule(
    "registry.backfill-not-ended",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            f"{DESCRIBE}.progress",
            "This value is null until the replication backfill finishes preparing the set of "
            "images to replicate.",
        ),
        documented(
            f"{DESCRIBE}.progress",
            "It is therefore null while the replication backfill is PREPARING, and remains null if "
            "the replication backfill is stopped before preparation completes.",
        ),
        documented(
            f"{DESCRIBE}.endedAt",
            "This value is null while the replication backfill is still in progress.",
        ),
    ],
)
def test_a_backfill_that_prepares_has_no_end(registry: Registry) -> None:
    """A backfill that is PREPARING has neither progress nor an endedAt."""
    answer = _preparing(registry, begin(registry, configured(registry)))
    strange = [name for name in ("progress", "endedAt") if answer.get(name) is not None]
    assert not strange, f"{DESCRIBE}: a backfill that is PREPARING has {' and '.join(strange)}"


def _preparing(registry: Registry, backfill: str) -> dict[str, Any]:
    answer = described(registry, backfill)
    if answer.get("status") != "PREPARING":
        raise Untestable(START, f"the backfill is {answer.get('status')!r} already")
    return answer


@rule(
    "registry.backfill-ended",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            f"{DESCRIBE}.endedAt",
            "The date and time, in JavaScript date format, when the replication backfill ended.",
        )
    ],
)
def test_an_ended_backfill_has_an_end(registry: Registry) -> None:
    """A backfill that has ended has an endedAt, which is not before its startedAt."""
    backfill = begin(registry, configured(registry))
    finish(registry, backfill)
    answer = registry.call(DESCRIBE, replicationBackfillId=backfill)
    first, last = _seconds(answer, "startedAt"), _seconds(answer, "endedAt")
    assert first <= last, f"{DESCRIBE}: the backfill ended {first - last} s before it started"


def _seconds(answer: Mapping[str, Any], member: str) -> float:
    found = answer.get(member)
    assert isinstance(found, (int, float)), f"{DESCRIBE}: {member} is {found!r}, not a number"
    return found
