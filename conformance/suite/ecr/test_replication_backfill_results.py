"""What becomes of each image in a replication backfill.

The account to which the images here are replicated has given no permission, so nothing is copied
and left behind, wherever that matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.artifacts import docker_image
from conformance.suite.backfills import (
    DESCRIBE,
    START,
    begin,
    completed,
    configure,
    described,
    strange_destination,
)
from conformance.suite.evidence import documented, model
from conformance.suite.image_answers import settled
from conformance.suite.listings import DEFAULT_PAGE, FROM_THE_END, GREATEST, NEXT_PAGE
from conformance.suite.outcomes import Untestable
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import MAX_PAGES, create_repository, push_with_layers
from conformance.suite.twins import MALFORMED, invalid_codes
from conformance.suite.verdicts import MUST

pytestmark = pytest.mark.usefixtures("backfills")

_TAGS = ("v1", "v2", "latest")
"""The tags of the images that are replicated; the first two are one image's."""

_RESULTS = documented(f"{DESCRIBE}.results", "The per-image results for the replication backfill.")
_EXISTING = documented(
    START,
    "A replication backfill replicates a registry's existing images that match its replication "
    "configuration to the specified destination.",
)

Result = dict[str, Any]


def _begun(registry: Registry) -> str:
    """Push two images, one of them with two tags, and replicate them; gives the backfill's id.

    Two more are in a repository that the replication rule does not match.
    """
    for suffix in ("-copied", "-not"):
        repository = create_repository(registry, suffix)
        for name, *tags in (_TAGS[:2], _TAGS[2:]):
            manifest = docker_image(f"{registry.name_prefix} {suffix} {name}")
            push_with_layers(registry, repository, manifest, name, *tags)
        settled(registry, repository, *_TAGS)
    wanted = strange_destination(owner_of(registry))
    configure(registry, wanted, prefix=_copied(registry))
    return begin(registry, wanted)


def _copied(registry: Registry) -> str:
    return f"{registry.name_prefix}-copied"


def _complete(registry: Registry) -> str:
    """A backfill of some images that is complete."""
    backfill = _begun(registry)
    completed(registry, backfill)
    return backfill


def _pages(registry: Registry, backfill: str, **more: Any) -> list[list[Result]]:
    """The results on each page, as far as tokens lead."""
    pages: list[list[Result]] = []
    asked = {"replicationBackfillId": backfill, **more}
    while len(pages) < MAX_PAGES:
        answer = registry.call(DESCRIBE, **asked)
        pages.append(objects(answer, "results"))
        if not answer.get("nextToken"):
            return pages
        asked["nextToken"] = answer["nextToken"]
    raise AssertionError(f"{DESCRIBE}: still a nextToken after {MAX_PAGES} pages")


def _results(registry: Registry, backfill: str, **more: Any) -> list[Result]:
    return [each for page in _pages(registry, backfill, **more) for each in page]


def _keys(results: Sequence[Result]) -> list[str]:
    return sorted(map(_key, results))


def _key(result: Result) -> str:
    image = structure(result, "imageId")
    return f"{result.get('repositoryName')} {image.get('imageDigest')} {image.get('imageTag')}"


@rule(
    "registry.backfill-results",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        _EXISTING,
        _RESULTS,
        documented(
            "ReplicationBackfillResult.imageId",
            "An object with identifying information for the image.",
        ),
    ],
)
def test_every_image_has_a_result(registry: Registry) -> None:
    """A complete backfill has a result for each image that was there and matches."""
    backfill = _complete(registry)
    images = settled(registry, _copied(registry), *_TAGS)
    results = _results(registry, backfill)
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
    backfill = _complete(registry)
    found = {text(each, "repositoryName") for each in _results(registry, backfill)}
    strange = sorted(name or "no name" for name in found - {_copied(registry)})
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
    answer = completed(registry, _begun(registry))
    found = structure(answer, "progress").get("totalReplicationCount")
    says = f"{DESCRIBE}: two images have {len(_TAGS)} tags, totalReplicationCount is {found!r}"
    assert found == len(_TAGS), says


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
    progress = structure(completed(registry, _begun(registry)), "progress")
    done, failed = (_count(progress, each) for each in ("completed", "failed"))
    total = _count(progress, "total")
    says = f"{DESCRIBE}: of {total} replications, {done} completed and {failed} failed"
    assert done + failed == total, says


def _count(progress: Mapping[str, Any], what: str) -> int:
    found = progress.get(f"{what}ReplicationCount")
    assert isinstance(found, int), f"{DESCRIBE}: {what}ReplicationCount is {found!r}"
    return found


@pytest.mark.parametrize("status", ["COMPLETE", "FAILED"])
@rule(
    "registry.backfill-result-filter",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            f"{DESCRIBE}.resultStatusFilter",
            "The status used to filter the returned results. Each result has a status of COMPLETE "
            "or FAILED. If you omit this parameter, results with both statuses are returned.",
        )
    ],
)
def test_results_are_filtered(registry: Registry, status: str) -> None:
    """Filtered by a status, the results are those of all that have this status."""
    backfill = _complete(registry)
    wanted = [each for each in _results(registry, backfill) if each.get("status") == status]
    found = _results(registry, backfill, resultStatusFilter=status)
    says = f"{DESCRIBE}: {len(wanted)} results are {status}, filtered there are {len(found)}"
    assert _keys(found) == _keys(wanted), says


@rule(
    "registry.backfill-results-pages",
    level=MUST,
    operations=[DESCRIBE],
    services=["ecr"],
    evidence=[
        documented(
            f"{DESCRIBE}.maxResults",
            "When this parameter is used, DescribeReplicationBackfillResults only returns "
            "maxResults results in a single page along with a nextToken response element.",
        ),
        documented(
            f"{DESCRIBE}.maxResults",
            "The remaining results of the initial request can be seen by sending another "
            "DescribeReplicationBackfillResults request with the returned nextToken value.",
        ),
        FROM_THE_END,
        *NEXT_PAGE,
    ],
)
def test_results_come_in_pages(registry: Registry) -> None:
    """The results of a backfill come in pages of maxResults at most, each result once."""
    backfill = _complete(registry)
    whole = _results(registry, backfill)
    pages = _pages(registry, backfill, maxResults=1)
    largest = max(map(len, pages))
    assert largest <= 1, f"{DESCRIBE}: with maxResults 1, a page has {largest} results"
    found = [each for page in pages for each in page]
    says = f"{DESCRIBE}: in pages there are {len(found)} results, on one page {len(whole)}"
    assert _keys(found) == _keys(whole), says


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
    answer = described(registry, _begun(registry))
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
    results = _results(registry, _complete(registry))
    if not results:
        raise Untestable(START, "the backfill has no results")
    strange = [each for each in results if each.get("subImageFailureCodes") is not None]
    says = f"{DESCRIBE}: {len(strange)} images that are no lists have subImageFailureCodes"
    assert not strange, says


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
    asked = {"replicationBackfillId": _begun(registry)}
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
    push_with_layers(registry, repository, docker_image(registry.name_prefix), *tags)
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
    codes = structure(completed(registry, _begun(registry)), "progress").get("failureCodes")
    assert isinstance(codes, list), f"{DESCRIBE}: failureCodes is {codes!r}, not a list"
    assert len(codes) == len(set(map(str, codes))), f"{DESCRIBE}: failureCodes is {codes}"
