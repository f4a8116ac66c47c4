"""Replication backfills: starting what copies the images that are there already.

No repository that a rule here is about exists, so nothing is ever copied and left behind.
"""

from __future__ import annotations

import pytest

from conformance.suite.answers import describe, refusal, success, text
from conformance.suite.clock import clock
from conformance.suite.evidence import documented
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.backfills import (
    IN_PROGRESS,
    MOST,
    START,
    TOO_MANY,
    Destination,
    begin,
    configure,
    configured,
    destinations,
    ended,
    finish,
    require_in_progress,
    require_named,
    start,
    strange_destination,
)
from conformance.suite.twins import invalid_codes
from conformance.suite.verdicts import MUST

pytestmark = pytest.mark.usefixtures("backfills")

_MINUTES_APART = 10
"""How far the start of a new backfill may be from the present."""

_ONE_A_REGION = documented(
    START,
    "Only one replication backfill can be in progress for a given destination Region at a time.",
)
_TEN_AT_MOST = documented(
    START, "In addition, a registry can have at most 10 replication backfills in progress at once."
)


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
