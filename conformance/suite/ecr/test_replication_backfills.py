"""Replication backfills: starting, stopping and finding what copies the images that are there.

No repository that a rule here is about exists, so nothing is ever copied and left behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.suite.answers import describe, refusal, structure, success, text
from conformance.suite.backfills import (
    DESCRIBE,
    IN_PROGRESS,
    MOST,
    NOT_FOUND,
    START,
    STOP,
    STOPPED,
    TOO_MANY,
    WRONG_STATUS,
    Destination,
    begin,
    configure,
    configured,
    described,
    destinations,
    ended,
    finish,
    require_in_progress,
    start,
    stop,
    strange_destination,
)
from conformance.suite.clock import clock
from conformance.suite.evidence import documented, model
from conformance.suite.outcomes import Untestable
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.twins import invalid_codes
from conformance.suite.verdicts import MUST
from conformance.suite.walk import UNKNOWN_UPLOAD

pytestmark = pytest.mark.usefixtures("backfills")

_MINUTES_APART = 10
"""How far the start of a new backfill may be from the present."""

_UNKNOWN = UNKNOWN_UPLOAD

_ONE_A_REGION = documented(
    START,
    "Only one replication backfill can be in progress for a given destination Region at a time.",
)
_TEN_AT_MOST = documented(
    START, "In addition, a registry can have at most 10 replication backfills in progress at once."
)
_WHEN_STOPPED = documented(
    f"{STOP}.status",
    "When you stop a replication backfill, its status is STOPPED if the backfill is stopped "
    "immediately, or STOPPING if there are replications still in progress that must complete "
    "before the backfill stops.",
)


def require_named(
    operation: str, answer: Mapping[str, Any], wanted: Destination, backfill: str | None = None
) -> None:
    """Require that an answer is about a backfill to some destination, and about that one."""
    found = text(answer, "replicationBackfillId")
    assert found, f"{operation}: the answer has no replicationBackfillId"
    same = backfill is None or found.lower() == backfill.lower()
    assert same, f"{operation}: the replicationBackfillId is another than that of the start"
    to = structure(answer, "destination")
    assert to == wanted, f"{operation}: expected the destination {wanted}, got {to}"


@rule(
    "registry.backfill-started",
    level=MUST,
    operations=[START],
    services=["ecr"],
    evidence=[
        documented(
            f"{START}.replicationBackfillId",
            "The ID of the replication backfill that was started. Use this value to describe or "
            "stop the backfill.",
        ),
        documented(
            f"{START}.destination",
            "The destination Region and registry to which the images are replicated.",
        ),
    ],
)
def test_a_backfill_starts(registry: Registry) -> None:
    """StartReplicationBackfill answers with an id and the destination."""
    wanted = configured(registry)
    require_named(START, start(registry, wanted), wanted)


@rule(
    "registry.backfill-preparing",
    level=MUST,
    operations=[START],
    services=["ecr"],
    evidence=[
        documented(
            f"{START}.status",
            "A newly started replication backfill is returned with a status of PREPARING.",
        )
    ],
)
def test_a_new_backfill_is_preparing(registry: Registry) -> None:
    """The status of a backfill that was just started is PREPARING."""
    found = start(registry, configured(registry)).get("status")
    assert found == "PREPARING", f"{START}: expected the status PREPARING, got {found!r}"


@rule(
    "registry.backfill-started-at",
    level=MUST,
    operations=[START],
    services=["ecr"],
    evidence=[
        documented(
            f"{START}.startedAt",
            "The date and time, in JavaScript date format, when the replication backfill was "
            "started.",
        )
    ],
)
def test_a_new_backfill_started_now(registry: Registry) -> None:
    """The startedAt of a backfill that was just started is the present time in seconds."""
    found = start(registry, configured(registry)).get("startedAt")
    assert isinstance(found, (int, float)), f"{START}: startedAt is {found!r}, not a number"
    apart = abs(found - clock(registry)) / 60
    assert apart <= _MINUTES_APART, f"{START}: startedAt is {apart:.0f} minutes from now"


def _another_region(registry: Registry) -> Destination:
    return destinations(owner_of(registry, "-region"))[-1]


def _another_account(registry: Registry) -> Destination:
    return strange_destination(owner_of(registry, "-account"))


_NOT_CONFIGURED = {"region": _another_region, "account": _another_account}


@pytest.mark.parametrize("another", _NOT_CONFIGURED)
@rule(
    "registry.backfill-destination-configured",
    level=MUST,
    operations=[START],
    services=["ecr"],
    evidence=[
        documented(
            START,
            "The destination must already be configured in the registry's replication "
            "configuration.",
        ),
        documented(
            f"{START}.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
    ],
)
def test_a_destination_is_configured(registry: Registry, another: str) -> None:
    """A backfill to a Region or an account that no replication rule names is refused as invalid."""
    finish(registry, begin(registry, configured(registry)))
    wanted = _NOT_CONFIGURED[another](registry)
    registry.refused(START, invalid_codes(registry, START), destination=wanted)


@rule(
    "registry.backfill-one-per-region",
    level=MUST,
    operations=[START],
    services=["ecr"],
    evidence=[
        documented(
            START,
            "Starting a replication backfill for a destination Region that already has one in "
            "progress fails with a ReplicationBackfillInProgressException.",
        ),
        documented(
            IN_PROGRESS,
            "This occurs because only one replication backfill can be in progress for a given "
            "destination Region at a time.",
        ),
    ],
)
def test_a_region_has_one_backfill(registry: Registry) -> None:
    """A second backfill to a Region is refused while the first is in progress."""
    wanted = configured(registry)
    first = begin(registry, wanted)
    _refused_while(registry, [first], IN_PROGRESS, wanted)


def _refused_while(registry: Registry, before: list[str], code: str, wanted: Destination) -> None:
    """Require that a backfill is refused; ``Untestable`` where one of those before has ended."""
    response = registry.send(START, {"destination": wanted})
    error = refusal(response)
    if error is None and success(response) is not None:
        require_in_progress(registry, *before)
    found = None if error is None else error.code
    assert found == code, f"{START}: expected {code}, got {describe(response)}"


@rule(
    "registry.backfill-again",
    level=MUST,
    operations=[START],
    services=["ecr"],
    evidence=[
        _ONE_A_REGION,
        documented(
            "ReplicationBackfillInProgressException",
            "Wait for the in progress backfill to reach a terminal status, or stop it with the "
            "StopReplicationBackfill operation, before starting another one.",
        ),
    ],
)
def test_a_region_has_another_backfill_later(registry: Registry) -> None:
    """A second backfill to a Region starts once the first has ended."""
    wanted = configured(registry)
    first = begin(registry, wanted)
    ended(registry, first)
    again = start(registry, wanted)
    same = text(again, "replicationBackfillId") == first
    assert not same, f"{START}: the second backfill has the id of the first"


@rule(
    "registry.backfill-ten-at-once",
    level=MUST,
    operations=[START],
    services=["ecr"],
    evidence=[_ONE_A_REGION, _TEN_AT_MOST],
)
def test_ten_backfills_are_in_progress(registry: Registry) -> None:
    """Backfills to ten Regions are in progress at once."""
    wanted = destinations(owner_of(registry))[:MOST]
    configure(registry, *wanted)
    begun = {begin(registry, wanted[0])}
    for each in wanted[1:]:
        begun.add(text(start(registry, each), "replicationBackfillId") or "")
    assert len(begun) == MOST, f"{START}: {MOST} backfills have {len(begun)} ids"


@rule(
    "registry.backfill-limit",
    level=MUST,
    operations=[START],
    services=["ecr"],
    evidence=[
        _TEN_AT_MOST,
        documented(
            START,
            "Starting a replication backfill that would exceed this limit fails with a "
            "LimitExceededException.",
        ),
    ],
)
def test_an_eleventh_backfill_is_refused(registry: Registry) -> None:
    """An eleventh backfill is refused while ten are in progress."""
    wanted = destinations(owner_of(registry))
    configure(registry, *wanted)
    begun = [begin(registry, each) for each in wanted[:MOST]]
    _refused_while(registry, begun, TOO_MANY, wanted[MOST])


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


@pytest.mark.parametrize("operation", [START, DESCRIBE, STOP])
@rule(
    "registry.backfill-own-registry",
    level=MUST,
    operations=[START, DESCRIBE, STOP],
    services=["ecr"],
    evidence=[
        documented(
            f"{START}.registryId",
            "If you do not specify a registry, the default registry is assumed.",
        )
    ],
)
def test_a_backfill_is_of_the_own_registry(registry: Registry, operation: str) -> None:
    """A backfill is started, described and stopped in the registry of the caller's own id, too."""
    wanted = configured(registry)
    own = {"registryId": wanted["registryId"]}
    backfill = begin(registry, wanted)
    if operation == START:
        finish(registry, backfill)
        registry.call(START, destination=wanted, **own)
    else:
        registry.call(operation, replicationBackfillId=backfill, **own)
