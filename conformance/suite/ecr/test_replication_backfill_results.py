"""What becomes of each image in a replication backfill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.evidence import documented
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.backfill_results import TAGS, begun, complete, copied, results_of
from conformance.suite.topics.backfills import (
    DESCRIBE,
    START,
    completed,
    described,
)
from conformance.suite.topics.image_answers import settled
from conformance.suite.verdicts import MUST

pytestmark = pytest.mark.usefixtures("backfills")

_RESULTS = documented(f"{DESCRIBE}.results", "The per-image results for the replication backfill.")
_EXISTING = documented(
    START,
    "A replication backfill replicates a registry's existing images that match its replication "
    "configuration to the specified destination.",
)


@rule(
    "registry.backfill-results",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        _EXISTING,
        _RESULTS,
        documented(
            START,
            "Use the DescribeReplicationBackfillResults operation to monitor the progress of a "
            "replication backfill, and to retrieve its per-image results after it reaches a "
            "terminal status.",
        ),
        documented(
            "ReplicationBackfillResult.imageId",
            "An object with identifying information for the image.",
        ),
    ],
)
def test_every_image_has_a_result(registry: Registry) -> None:
    """A complete backfill has a result for each image that was there and matches."""
    backfill = complete(registry)
    images = settled(registry, copied(registry), *TAGS)
    results = results_of(registry, backfill)
    found = {text(structure(each, "imageId"), "imageDigest") for each in results}
    missing = set(images.values()) - found
    assert not missing, f"{DESCRIBE}: of two images that match, {len(missing)} have no result"


@rule(
    "registry.backfill-results-of-matching",
    level=MUST,
    operations=[START],
    services=["ecr"],
    evidence=[
        _EXISTING,
        documented(
            "ReplicationBackfillResult.repositoryName",
            "The name of the repository that contains the image.",
        ),
    ],
)
def test_only_what_matches_has_a_result(registry: Registry) -> None:
    """A backfill is about the repositories that a replication rule matches, and no other."""
    backfill = complete(registry)
    found = {text(each, "repositoryName") for each in results_of(registry, backfill)}
    strange = sorted(name or "no name" for name in found - {copied(registry)})
    assert not strange, f"{START}: the backfill has results of {', '.join(strange)}"


@rule(
    "registry.backfill-count",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            "ReplicationBackfillProgress.totalReplicationCount",
            "The total number of replications that the backfill will perform. Each image and tag "
            "combination is counted as a single replication.",
        ),
        documented(
            "ReplicationBackfillResult",
            "Each image and tag combination is replicated as a single replication.",
        ),
    ],
)
def test_every_tag_counts(registry: Registry) -> None:
    """The progress of a backfill counts each tag of each image as one replication."""
    answer = completed(registry, begun(registry))
    found = structure(answer, "progress").get("totalReplicationCount")
    says = f"{DESCRIBE}: two images have {len(TAGS)} tags, totalReplicationCount is {found!r}"
    assert found == len(TAGS), says


@rule(
    "registry.backfill-counts-agree",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            "ReplicationBackfillProgress.completedReplicationCount",
            "The number of replications that have completed successfully.",
        ),
        documented(
            "ReplicationBackfillProgress.failedReplicationCount",
            "The number of replications that have failed.",
        ),
    ],
)
def test_what_completed_and_failed_is_counted(registry: Registry) -> None:
    """In a complete backfill, what completed and what failed make up the total."""
    progress = structure(completed(registry, begun(registry)), "progress")
    done, failed = (_count(progress, each) for each in ("completed", "failed"))
    total = _count(progress, "total")
    says = f"{DESCRIBE}: of {total} replications, {done} completed and {failed} failed"
    assert done + failed == total, says


def _count(progress: Mapping[str, Any], what: str) -> int:
    found = progress.get(f"{what}ReplicationCount")
    assert isinstance(found, int), f"{DESCRIBE}: {what}ReplicationCount is {found!r}"
    return found


@rule(
    "registry.backfill-results-at-the-end",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            DESCRIBE,
            "The per-image results are available only after the replication backfill reaches a "
            "terminal status.",
        ),
        documented(
            f"{DESCRIBE}.results",
            "Results are available only after the replication backfill reaches a terminal status.",
        ),
    ],
)
def test_results_are_there_at_the_end(registry: Registry) -> None:
    """A backfill that is in progress has no results yet."""
    answer = described(registry, begun(registry))
    if answer.get("status") not in ("PREPARING", "IN_PROGRESS"):
        raise Untestable(START, f"the backfill is {answer.get('status')!r} already")
    found = len(objects(answer, "results"))
    assert not found, f"{DESCRIBE}: a backfill that is {answer['status']} has {found} results"


@rule(
    "registry.backfill-sub-images",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            "ReplicationBackfillResult.subImageFailureCodes",
            "This field is present only when the image is a manifest list.",
        )
    ],
)
def test_an_image_has_no_sub_images(registry: Registry) -> None:
    """The result of an image that is no manifest list has no subImageFailureCodes."""
    results = results_of(registry, complete(registry))
    if not results:
        raise Untestable(START, "the backfill has no results")
    strange = [each for each in results if each.get("subImageFailureCodes") is not None]
    says = f"{DESCRIBE}: {len(strange)} images that are no lists have subImageFailureCodes"
    assert not strange, says
