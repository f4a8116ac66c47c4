"""Replication backfills in detail: whose they are, what they have before their end, how long."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.artifacts import docker_image
from conformance.suite.evidence import documented, model
from conformance.suite.outcomes import Untestable
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository, pages, push_with_layers
from conformance.suite.topics.backfill_results import begun
from conformance.suite.topics.backfills import (
    DESCRIBE,
    LIST,
    START,
    STOP,
    begin,
    completed,
    configure,
    configured,
    destinations,
    strange_destination,
)
from conformance.suite.topics.listings import DEFAULT_PAGE, GREATEST
from conformance.suite.twins import MALFORMED, invalid_codes
from conformance.suite.verdicts import MUST

pytestmark = pytest.mark.usefixtures("backfills")


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
    twin, wanted, *_ = destinations(owner_of(registry))
    configure(registry, twin, wanted)
    own = {"registryId": wanted["registryId"]}
    backfill = begin(registry, twin)
    if operation == START:
        registry.call(START, destination=wanted, **own)
    else:
        registry.call(operation, replicationBackfillId=backfill, **own)


@rule(
    "registry.backfill-listed-not-ended",
    level=MUST,
    operations=[LIST],
    services=["ecr"],
    evidence=[
        documented(
            "ReplicationBackfillSummary.progress",
            "This value is null until the replication backfill finishes preparing the set of "
            "images to replicate. It is therefore null while the replication backfill is "
            "PREPARING, and remains null if the replication backfill is stopped before preparation "
            "completes.",
        ),
        documented(
            "ReplicationBackfillSummary.endedAt",
            "This value is null while the replication backfill is still in progress.",
        ),
    ],
)
def test_a_backfill_that_prepares_is_listed_without_an_end(registry: Registry) -> None:
    """A backfill that is listed as PREPARING has neither progress nor an endedAt."""
    found = _listed(registry, begin(registry, configured(registry)))
    if found.get("status") != "PREPARING":
        raise Untestable(START, f"the backfill is {found.get('status')!r} already")
    strange = [name for name in ("progress", "endedAt") if found.get(name) is not None]
    assert not strange, f"{LIST}: a backfill that is PREPARING has {' and '.join(strange)}"


def _listed(registry: Registry, backfill: str) -> dict[str, Any]:
    def observe() -> dict[str, Any]:
        every = (each for page in pages(registry, LIST) for each in objects(page, "backfills"))
        found = [each for each in every if text(each, "replicationBackfillId") == backfill]
        assert found, "a backfill that was started is not listed"
        return found[0]

    return registry.settle(LIST, observe)


@pytest.mark.parametrize("size", [0, GREATEST + 1])
@rule(
    "registry.backfill-results-bounds",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(f"{DESCRIBE}.maxResults", "This value can be between 1 and 1000."),
        model("MaxResults", "min 1, max 1000"),
    ],
)
def test_a_page_of_results_has_bounds(registry: Registry, size: int) -> None:
    """A page of no results or of more than 1,000 is refused as invalid."""
    asked = {"replicationBackfillId": begun(registry)}
    registry.given(DESCRIBE, **asked, maxResults=min(max(size, 1), GREATEST))
    codes = MALFORMED | invalid_codes(registry, DESCRIBE)
    registry.refused(DESCRIBE, codes, **asked, maxResults=size)


@rule(
    "registry.backfill-results-default",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            f"{DESCRIBE}.maxResults",
            "If this parameter is not used, then DescribeReplicationBackfillResults returns up to "
            "100 results and a nextToken value, if applicable.",
        )
    ],
)
def test_a_page_has_a_hundred_results_by_default(registry: Registry) -> None:
    """Without maxResults a page has 100 results at most, and a nextToken to the rest."""
    tags = [f"tag-{number}" for number in range(DEFAULT_PAGE + 1)]
    repository = create_repository(registry, "-copied")
    push_with_layers(registry, repository, docker_image(registry.content_seed), *tags)
    wanted = strange_destination(owner_of(registry))
    configure(registry, wanted, prefix=repository)
    backfill = begin(registry, wanted)
    completed(registry, backfill)
    answer = registry.call(DESCRIBE, replicationBackfillId=backfill)
    size = len(objects(answer, "results"))
    assert size <= DEFAULT_PAGE, f"{DESCRIBE}: without maxResults, a page has {size} results"
    if size < DEFAULT_PAGE and not answer.get("nextToken"):
        raise Untestable(START, f"of {len(tags)} tags, {size} have a result")
    assert answer.get("nextToken"), f"{DESCRIBE}: after {size} results there is no nextToken"


@rule(
    "registry.backfill-failure-codes",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            "ReplicationBackfillProgress.failureCodes",
            "Each failure code appears at most once, regardless of how many replications failed "
            "with that code.",
        )
    ],
)
def test_a_failure_code_is_told_once(registry: Registry) -> None:
    """The progress of a backfill has each failure code once, however many images failed."""
    codes = structure(completed(registry, begun(registry)), "progress").get("failureCodes")
    assert isinstance(codes, list), f"{DESCRIBE}: failureCodes is {codes!r}, not a list"
    assert len(codes) == len(set(map(str, codes))), f"{DESCRIBE}: failureCodes is {codes}"
