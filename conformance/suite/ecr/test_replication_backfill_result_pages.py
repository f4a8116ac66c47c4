"""The results of a replication backfill, filtered and in pages."""

from __future__ import annotations

import pytest

from conformance.suite.answers import objects, text
from conformance.suite.boto_clients import WHOLE_RESULT, BotoClient
from conformance.suite.evidence import documented, model
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.backfill_results import complete, keys, result_pages, results_of
from conformance.suite.topics.backfills import DESCRIBE, LIST
from conformance.suite.topics.listings import FROM_THE_END, MOST_ON_A_PAGE, NEXT_PAGE
from conformance.suite.verdicts import MUST

pytestmark = pytest.mark.usefixtures("backfills")


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
    backfill = complete(registry)
    wanted = [each for each in results_of(registry, backfill) if each.get("status") == status]
    found = results_of(registry, backfill, resultStatusFilter=status)
    says = f"{DESCRIBE}: {len(wanted)} results are {status}, filtered there are {len(found)}"
    assert keys(found) == keys(wanted), says


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
        MOST_ON_A_PAGE,
        FROM_THE_END,
        *NEXT_PAGE,
    ],
)
def test_results_come_in_pages(registry: Registry) -> None:
    """The results of a backfill come in pages of maxResults at most, each result once."""
    backfill = complete(registry)
    whole = results_of(registry, backfill)
    pages = result_pages(registry, backfill, maxResults=1)
    largest = max(map(len, pages))
    assert largest <= 1, f"{DESCRIBE}: with maxResults 1, a page has {largest} results"
    found = [each for page in pages for each in page]
    says = f"{DESCRIBE}: in pages there are {len(found)} results, on one page {len(whole)}"
    assert keys(found) == keys(whole), says


@pytest.mark.parametrize("operation", [LIST, DESCRIBE])
@rule(
    "client.full-result-of-backfills",
    level=MUST,
    operations=[LIST, DESCRIBE],
    services=["ecr"],
    evidence=[
        WHOLE_RESULT,
        model(
            "paginators-1.json",
            "input_token and output_token are nextToken, limit_key is maxResults, result_key is "
            "backfills, or results",
        ),
    ],
)
def test_boto3_puts_pages_together(registry: Registry, boto: BotoClient, operation: str) -> None:
    """What boto3's paginator puts together has each backfill, or each result of one, once."""
    backfill = complete(registry)
    if operation == LIST:
        listed = boto.full_result(LIST, {}, PageSize=50)
        found = [text(each, "replicationBackfillId") for each in objects(listed, "backfills")]
        says = f"{LIST}: boto3 finds a backfill {found.count(backfill)} times"
        assert found.count(backfill) == 1, says
    else:
        wanted = keys(results_of(registry, backfill))
        asked = {"replicationBackfillId": backfill}
        results = objects(boto.full_result(DESCRIBE, asked, PageSize=1), "results")
        says = f"{DESCRIBE}: of {len(wanted)} results, boto3 finds {len(results)}"
        assert keys(results) == wanted, says
