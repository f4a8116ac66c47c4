"""Replication backfills: the images that were there before replication was configured.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_StartReplicationBackfill.html

As with replication itself, nothing is copied here, and all that AWS would copy counts as copied. A
backfill prepares for ``PREPARATION`` seconds, and is complete the moment it has prepared. Where
reads lag, it takes that much longer that they can see it prepare, as they can on AWS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.reference.call import Answer, Call, Outcome, Parameters
from conformance.reference.operations.image_ids import ImageId
from conformance.reference.operations.manifests import LISTS
from conformance.reference.operations.replication import Rule, matches
from conformance.reference.pagination import page
from conformance.reference.refusal import Refusal, invalid
from conformance.reference.state import Backfill, Registry, Repository

PREPARATION = 0.5
"""Seconds a backfill takes here. AWS promises none."""

MAXIMUM_IN_PROGRESS = 10
"""As documented: "a registry can have at most 10 replication backfills in progress at once"
(API_StartReplicationBackfill)."""

RETENTION = 90 * 24 * 3600
"""As documented: "Replication backfills that have reached a terminal status are retained for 90
days after they end" (API_ListReplicationBackfills)."""

DEFAULT_PAGE = 25
"""As documented: "ListReplicationBackfills returns up to 25 results"."""


def start_replication_backfill(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Begin to copy what a destination lacks.

    "A replication backfill replicates a registry's existing images that match its replication
    configuration to the specified destination"; which these are is settled at once. "The
    destination must already be configured in the registry's replication configuration"
    (API_StartReplicationBackfill); how another is refused is not public.
    """
    destination = given["destination"]
    rules = [each for each in registry.settings.replication if destination in each["destinations"]]
    if not rules:
        raise invalid("destination", "No replication rule has this destination")
    _require_room(registry, destination, call)
    begun = Backfill(
        id=str(call.fresh),
        destination=destination,
        results=tuple(_results(registry, rules)),
        started_at=call.now_in_milliseconds,
        ends_at=call.now_in_milliseconds + PREPARATION + 4 * call.lag,
    )
    return _keeping(registry, begun, call)


def stop_replication_backfill(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Stop a backfill that is in progress.

    "When you stop a replication backfill, its status is STOPPED if the backfill is stopped
    immediately" (API_StopReplicationBackfill), as it always is here.

    ReplicationBackfillInvalidStatusException: "you can't stop a replication backfill that has
    already reached a terminal status". The text is not public.
    """
    backfill = _existing(registry, given, call)
    status = _status(backfill, call)
    if status != "PREPARING":
        raise Refusal(
            "ReplicationBackfillInvalidStatusException",
            f"The replication backfill with id '{backfill.id}' has status {status}",
        )
    stopped = replace(backfill, ends_at=call.now_in_milliseconds, stopped=True)
    return _keeping(registry, stopped, call)


def list_replication_backfills(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """All backfills of a registry, in pages.

    "Lists the replication backfills for a registry, including their status and progress"
    (API_ListReplicationBackfills).
    """
    shown, more = page(_retained(registry, call), given, call, DEFAULT_PAGE)
    answer = {"registryId": call.key.account, "backfills": [_summary(each, call) for each in shown]}
    return registry, {**answer, **more}


def describe_replication_backfill_results(
    registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A backfill, and what became of each image, in pages.

    "The per-image results are available only after the replication backfill reaches a terminal
    status" (API_DescribeReplicationBackfillResults); before, the list is empty here, as it stays
    for a backfill that was stopped while it prepared.
    """
    backfill = _existing(registry, given, call)
    done = backfill.results if _status(backfill, call) == "COMPLETE" else ()
    wanted = {
        f"{each['repositoryName']} {each['imageId']}": each
        for each in done
        if each["status"] == given.get("resultStatusFilter", each["status"])
    }
    results, more = page(wanted, given, call)
    answer = {"registryId": call.key.account, **_summary(backfill, call), "results": results}
    return registry, {**answer, **more}


def _results(registry: Registry, rules: list[Rule]) -> Iterator[Mapping[str, Any]]:
    """The results that a backfill has in the end (API_ReplicationBackfillResult).

    "Each image and tag combination is counted as a single replication"
    (API_ReplicationBackfillProgress); an image without tags is one here. ``subImageFailureCodes``:
    "This field is present only when the image is a manifest list".
    """
    for repository in registry.repositories.values():
        if any(matches(rule, repository.name) for rule in rules):
            for image_id in _image_ids(repository):
                image = repository.images[image_id["imageDigest"]]
                yield {
                    "repositoryName": repository.name,
                    "imageId": image_id,
                    "status": "COMPLETE",
                    **({"subImageFailureCodes": []} if image.media_type in LISTS else {}),
                }


def _image_ids(repository: Repository) -> Iterator[ImageId]:
    for digest in repository.images:
        tags = repository.tags_of(digest)
        yield from ({"imageDigest": digest, "imageTag": tag} for tag in tags)
        if not tags:
            yield {"imageDigest": digest}


def _described(backfill: Backfill, call: Call) -> Answer:
    """The members that all answers have."""
    return {
        "replicationBackfillId": backfill.id,
        "destination": backfill.destination,
        "status": _status(backfill, call),
        "startedAt": backfill.started_at,
    }


def _summary(backfill: Backfill, call: Call) -> Answer:
    """The ``ReplicationBackfillSummary`` of an answer (API_ReplicationBackfillSummary).

    ``progress`` is absent "while the replication backfill is PREPARING, and remains null if the
    replication backfill is stopped before preparation completes".
    """
    status = _status(backfill, call)
    return {
        **_described(backfill, call),
        **({"progress": _progress(backfill)} if status == "COMPLETE" else {}),
        **({"endedAt": backfill.ends_at} if status != "PREPARING" else {}),
    }


def _progress(backfill: Backfill) -> Answer:
    return {
        "totalReplicationCount": len(backfill.results),
        "completedReplicationCount": len(backfill.results),
        "failedReplicationCount": 0,
        "failureCodes": [],
    }


def _status(backfill: Backfill, call: Call) -> str:
    if backfill.stopped:
        return "STOPPED"
    return "COMPLETE" if call.now >= backfill.ends_at else "PREPARING"


def _keeping(registry: Registry, backfill: Backfill, call: Call) -> Outcome:
    """The registry with a newer state of a backfill, and the answer of starting or stopping it."""
    kept = registry.set(backfills={**registry.settings.backfills, backfill.id: backfill})
    return kept, {"registryId": call.key.account, **_described(backfill, call)}


def _retained(registry: Registry, call: Call) -> Mapping[str, Backfill]:
    """The backfills that are not forgotten yet."""
    backfills = registry.settings.backfills
    return {name: each for name, each in backfills.items() if call.now <= each.ends_at + RETENTION}


def _existing(registry: Registry, given: Parameters, call: Call) -> Backfill:
    """The backfill that is meant, or ``ReplicationBackfillNotFoundException``.

    "The specified replication backfill could not be found". The text is not public.
    """
    name = given["replicationBackfillId"].lower()
    backfill = _retained(registry, call).get(name)
    if backfill is None:
        raise Refusal(
            "ReplicationBackfillNotFoundException",
            f"The replication backfill with id '{name}' does not exist in the registry with id "
            f"'{call.key.account}'",
        )
    return backfill


def _require_room(registry: Registry, destination: Mapping[str, str], call: Call) -> None:
    """Refuse a second backfill to one Region, and an eleventh to any.

    "Starting a replication backfill for a destination Region that already has one in progress fails
    with a ReplicationBackfillInProgressException"; one "that would exceed this limit fails with a
    LimitExceededException" (API_StartReplicationBackfill). The texts are not public.
    """
    backfills = registry.settings.backfills.values()
    regions = [
        each.destination["region"] for each in backfills if _status(each, call) == "PREPARING"
    ]
    if destination["region"] in regions:
        raise Refusal(
            "ReplicationBackfillInProgressException",
            f"A replication backfill to {destination['region']} is in progress",
        )
    if len(regions) >= MAXIMUM_IN_PROGRESS:
        raise Refusal(
            "LimitExceededException",
            f"At most {MAXIMUM_IN_PROGRESS} replication backfills are in progress at once",
        )
