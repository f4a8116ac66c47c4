"""The bounds of maxResults, for listings that the laws of pages are too much for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from conformance.suite.evidence import documented, model
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.twins import invalid_codes, valid_request
from conformance.suite.verdicts import MUST


@dataclass(frozen=True, slots=True)
class Bounded:
    """A listing whose maxResults is 1 to ``greatest``."""

    operation: str
    greatest: int = 1000

    @property
    def label(self) -> str:
        """What the check is called."""
        return self.operation


_LISTINGS = (
    Bounded("DescribeImageScanFindings"),
    Bounded("DescribePullThroughCacheRules"),
    Bounded("DescribeRegistries"),
    Bounded("DescribeRepositoryCreationTemplates"),
    Bounded("ListPullTimeUpdateExclusions"),
    Bounded("GetLifecyclePolicyPreview", 100),
    Bounded("ListImageReferrers", 50),
)
_OPERATIONS = [each.operation for each in _LISTINGS]
_EVIDENCE = [
    documented("DescribeRepositories.maxResults", "This value can be between 1 and 1000."),
    documented(
        "ListImageReferrers.maxResults",
        "This value can be between 1 and 50.",
        public="This value can be between 1 and 1000.",
    ),
    documented(
        "GetLifecyclePolicyPreview.maxResults",
        "This value can be between 1 and 100.",
        public="This value can be between 1 and 1000.",
    ),
    model("MaxResults", "min 1, max 1000"),
]
_NAMED = ("ecrRepositoryPrefixes", "prefixes")
"""What may not go together with maxResults."""


@pytest.mark.parametrize("listing", _LISTINGS)
@rule("pagination.other-bounds", level=MUST, operations=_OPERATIONS, evidence=_EVIDENCE)
def test_max_results_has_bounds(registry: Registry, listing: Bounded) -> None:
    """A maxResults of 1 and of the most are accepted, one less and one more are refused."""
    walked = valid_request(registry, listing.operation)
    request = {name: value for name, value in walked.items() if name not in _NAMED}
    registry.settle(
        listing.operation, lambda: registry.given(listing.operation, **request, maxResults=10)
    )
    for within in (1, listing.greatest):
        registry.call(listing.operation, **request, maxResults=within)
    codes = invalid_codes(registry, listing.operation)
    for beyond in (0, listing.greatest + 1):
        registry.refused(listing.operation, codes, **request, maxResults=beyond)
