"""Replication backfills: where to, starting and stopping them, reading what they are at.

Nothing is ever copied. The rules that need a backfill of some images replicate to an account that
gave no permission for it; the others replicate repositories that do not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.suite.answers import describe, objects, refusal, structure, success, text
from conformance.suite.outcomes import Untestable
from conformance.suite.owner import Owner, owner_of
from conformance.suite.registry import Registry
from conformance.suite.steps import pages
from conformance.suite.topics.registry_rules import replication_rule
from conformance.transport.exchange import Response

START, STOP = "StartReplicationBackfill", "StopReplicationBackfill"
DESCRIBE, LIST = "DescribeReplicationBackfillResults", "ListReplicationBackfills"

IN_PROGRESS = "ReplicationBackfillInProgressException"
WRONG_STATUS = "ReplicationBackfillInvalidStatusException"
NOT_FOUND = "ReplicationBackfillNotFoundException"
TOO_MANY = "LimitExceededException"

COMPLETE, STOPPED = "COMPLETE", "STOPPED"
TERMINAL = frozenset({COMPLETE, "FAILED", STOPPED})

MOST = 10
"""How many may be in progress at once: "a registry can have at most 10 replication backfills in
progress at once" (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
API_StartReplicationBackfill.html)."""

_REGIONS = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1",
    "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1",
    "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ap-south-1",
)  # fmt: skip
"""Regions that every account may use without having asked for it."""

_EXAMPLE_ACCOUNTS = ("111122223333", "444455556666")
"""Accounts of AWS's documentation, which nobody has."""

_PATIENCE = 60.0
"""Seconds that a backfill gets to reach its end."""

_PATIENCE_WITH_OTHERS = 5.0
"""Seconds that a backfill in progress, of an earlier scenario, gets to make room."""

Destination = dict[str, str]
Answer = Mapping[str, Any]


def destinations(owner: Owner) -> list[Destination]:
    """The owner's registry in other Regions, enough for one backfill more than may be at once.

    ``Untestable`` in a partition that has not so many Regions.
    """
    if owner.partition != "aws":
        raise Untestable("PutReplicationConfiguration", f"{owner.partition} has too few Regions")
    others = [region for region in _REGIONS if region != owner.region]
    return [{"region": region, "registryId": owner.account} for region in others[: MOST + 1]]


def destination(owner: Owner) -> Destination:
    """The owner's registry in another Region."""
    return {"region": owner.another_region, "registryId": owner.account}


def strange_destination(owner: Owner) -> Destination:
    """Another Region of an account that gave no permission to replicate into it."""
    account = next(each for each in _EXAMPLE_ACCOUNTS if each != owner.account)
    return {"region": owner.another_region, "registryId": account}


def configure(registry: Registry, *wanted: Destination, prefix: str = "") -> None:
    """Replicate repositories of some prefix, by default of one that none has.

    ``Untestable`` unless the registry comes to be described so.
    """
    rule = replication_rule(wanted, prefix or f"{registry.name_prefix}-copied")
    registry.given("PutReplicationConfiguration", replicationConfiguration={"rules": [rule]})

    def observe() -> None:
        found = structure(registry.given("DescribeRegistry"), "replicationConfiguration")
        rules = objects(found, "rules")
        assert _same(rules, rule), "the replication rule that was put is not the one described"

    registry.settle("PutReplicationConfiguration", observe)


def _same(found: list[dict[str, Any]], wanted: Mapping[str, Any]) -> bool:
    """Whether there is one replication rule, which says the same."""
    if len(found) != 1 or objects(found[0], "repositoryFilters") != wanted["repositoryFilters"]:
        return False
    return _by_region(found[0]) == _by_region(wanted)


def _by_region(rule: Mapping[str, Any]) -> list[dict[str, Any]]:
    return sorted(objects(rule, "destinations"), key=lambda each: str(each.get("region")))


def configured(registry: Registry) -> Destination:
    """Replicate to another Region what does not exist; gives that destination."""
    wanted = destination(owner_of(registry))
    configure(registry, wanted)
    return wanted


def start(registry: Registry, wanted: Destination) -> Answer:
    """Start a backfill that has to start, once there is room; gives the answer."""

    def attempt() -> Answer:
        response = _started(registry, wanted)
        answer = success(response)
        if _has_to_wait(registry, wanted, response):
            raise Untestable(START, describe(response))
        assert answer is not None, f"{START}: expected success, got {describe(response)}"
        return answer

    return registry.eventually(attempt)


def _started(registry: Registry, wanted: Destination) -> Response:
    """What comes of starting a backfill, when others that are in progress had time to end."""
    for _ in registry.attempts(_PATIENCE_WITH_OTHERS, pause=0.2):
        response = registry.send(START, {"destination": wanted})
        if not _has_to_wait(registry, wanted, response):
            break
    return response


def _has_to_wait(registry: Registry, wanted: Destination, response: Response) -> bool:
    """Whether a start was refused, rightly, for what is in progress already."""
    error = refusal(response)
    if error is None or error.code not in (IN_PROGRESS, TOO_MANY):
        return False
    running = [
        structure(each, "destination").get("region")
        for page in pages(registry, LIST)
        for each in objects(page, "backfills")
        if each.get("status") not in TERMINAL
    ]
    return wanted["region"] in running or len(running) >= MOST


def begin(registry: Registry, wanted: Destination) -> str:
    """Start a backfill; gives its id. ``Untestable`` unless it starts and has one."""
    try:
        found = text(start(registry, wanted), "replicationBackfillId")
    except AssertionError as error:
        raise Untestable(START, str(error)) from None
    if found is None:
        raise Untestable(START, "the answer has no replicationBackfillId")
    return found


def stop(registry: Registry, backfill: str) -> Answer:
    """Stop a backfill that has to be stopped; ``Untestable`` where it has ended already."""
    response = registry.send(STOP, {"replicationBackfillId": backfill})
    error, answer = refusal(response), success(response)
    if error is not None and error.code == WRONG_STATUS:
        require_in_progress(registry, backfill)
    if answer is None and STOP not in registry.concerned:
        raise Untestable(STOP, describe(response))
    assert answer is not None, f"{STOP}: expected success, got {describe(response)}"
    return answer


def described(registry: Registry, backfill: str, **more: Any) -> dict[str, Any]:
    """What is said of a backfill, with the first page of its results."""
    return registry.given(DESCRIBE, replicationBackfillId=backfill, **more)


def status_of(registry: Registry, backfill: str) -> str | None:
    """What a backfill is at."""
    return text(described(registry, backfill), "status")


def require_in_progress(registry: Registry, *backfills: str) -> None:
    """Give up, ``Untestable``, unless none has ended; so none had at any time before."""
    for each in backfills:
        found = status_of(registry, each)
        if found is None or found in TERMINAL:
            raise Untestable(START, f"a backfill that had to be in progress is {found}")


def ended(registry: Registry, backfill: str) -> dict[str, Any]:
    """Wait for the end of a backfill; gives the answer then. ``Untestable`` unless it ends."""
    for _ in registry.attempts(_PATIENCE, pause=0.05):
        answer = described(registry, backfill)
        if answer.get("status") in TERMINAL:
            return answer
    raise Untestable(START, f"the backfill is still {answer.get('status')!r}")


def finish(registry: Registry, backfill: str) -> None:
    """Bring a backfill to its end by stopping it."""
    registry.given(STOP, replicationBackfillId=backfill)
    ended(registry, backfill)


def completed(registry: Registry, backfill: str) -> dict[str, Any]:
    """Wait until a backfill is complete, by whichever read; gives the answer that said so first.

    ``Untestable`` where it ends otherwise.
    """
    answer = ended(registry, backfill)
    registry.let_settle()
    if answer["status"] != COMPLETE:
        raise Untestable(START, f"the backfill is {answer['status']}, not {COMPLETE}")
    return answer


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


def stop_all(registry: Registry) -> None:
    """Stop whatever the log says was started; what has ended says so, and that is well."""
    for exchange in list(registry.log.exchanges):
        answer = None if exchange.response is None else success(exchange.response)
        found = text(answer or {}, "replicationBackfillId")
        if exchange.operation == START and found is not None:
            registry.client.send(STOP, {"replicationBackfillId": found})
