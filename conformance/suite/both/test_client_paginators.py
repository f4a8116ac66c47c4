"""boto3's paginators, which AWS makes from its own model, over the listings of the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from conformance.suite.boto_clients import PAGINATORS_GUIDE, WHOLE_RESULT, BotoClient, Paged
from conformance.suite.evidence import Source, documented, model
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.listings import (
    FROM_THE_END,
    ITEMS,
    LISTINGS,
    PAGINATED,
    THE_REST,
    Listing,
    Page,
    Stock,
    count_there,
    every_item_once,
    holds_throughout,
    page_limit,
    page_size,
)
from conformance.suite.verdicts import MUST, SHOULD

_MODEL = model(
    "paginators-1.json",
    "input_token and output_token are nextToken, limit_key is maxResults, for every listing",
)
_RESUMING: list[Source] = [
    documented(
        "MaxItems",
        "Limits the maximum number of total returned items returned while paginating.",
        url=PAGINATORS_GUIDE,
    ),
    documented(
        "StartingToken",
        "This argument if useful for resuming pagination from a previous token or starting "
        "pagination at a known position.",
        url=PAGINATORS_GUIDE,
    ),
    _MODEL,
    FROM_THE_END,
]


@dataclass(frozen=True, slots=True)
class _Turning:
    """A listing with ``there`` items, those of ``stock`` among them, and who turns its pages."""

    boto: BotoClient
    listing: Listing
    stock: Stock
    there: int

    def turn(self, **config: Any) -> tuple[list[Page], Paged]:
        """The pages as boto3's paginator gives them, with a PageSize that makes a few."""
        size = page_size(self.there)
        asked, limit = self.stock.parameters, page_limit(self.there, size)
        paged = self.boto.pages(self.listing.operation, asked, limit, PageSize=size, **config)
        contract = self.boto.registry.contract
        keys = (self.listing.keys(contract, page) for page in paged.pages)
        tokens = (page.get("nextToken") for page in paged.pages)
        return [Page(*each) for each in zip(keys, tokens, strict=True)], paged

    def begin(self, maximum: int) -> tuple[list[Page], Paged]:
        """Require that MaxItems gives so many items of more, and a token to resume with."""
        pages, paged = self.turn(MaxItems=maximum)
        found = sum(len(page.keys) for page in pages)
        of_them = f"{self.listing.operation}: with a MaxItems of {maximum}, of {self.there} items,"
        assert found == maximum, f"{of_them} boto3's paginator gives {found}"
        assert paged.resume_token, f"{of_them} boto3's paginator has no token to resume with"
        return pages, paged

    def go_on(self, first: list[Page], resume_token: str | None) -> None:
        """Require that the token leads to the rest of the listing."""
        rest, _ = self.turn(StartingToken=resume_token)
        every_item_once(self.listing, [*first, *rest], self.stock.wanted)


def _turning(registry: Registry, boto: BotoClient, listing: Listing, stock: Stock) -> _Turning:
    return _Turning(boto, listing, stock, count_there(registry, listing, stock))


@pytest.mark.parametrize("listing", LISTINGS)
@rule(
    "client.paginator",
    level=MUST,
    operations=PAGINATED,
    evidence=[
        WHOLE_RESULT,
        _MODEL,
        THE_REST,
    ],
)
def test_a_paginator_gives_every_item_once(
    registry: Registry, boto: BotoClient, listing: Listing
) -> None:
    """boto3's paginator with a small PageSize gives every item of a listing once."""
    stock = listing.fill(registry, ITEMS)

    def law() -> None:
        pages, _ = _turning(registry, boto, listing, stock).turn()
        every_item_once(listing, pages, stock.wanted)

    holds_throughout(registry, listing, law)


@pytest.mark.parametrize("listing", LISTINGS)
@rule("client.resume", level=MUST, operations=PAGINATED, evidence=_RESUMING)
def test_a_paginator_resumes_after_a_page(
    registry: Registry, boto: BotoClient, listing: Listing
) -> None:
    """boto3's paginator, stopped by MaxItems at the end of a page, resumes after that page."""
    stock = listing.fill(registry, ITEMS)

    def law() -> None:
        turning = _turning(registry, boto, listing, stock)
        first, paged = turning.begin(page_size(turning.there))
        if paged.within_page:
            raise Untestable(listing.operation, "there is no page of just PageSize items")
        turning.go_on(first, paged.resume_token)

    holds_throughout(registry, listing, law)


@pytest.mark.parametrize("listing", LISTINGS)
@rule("client.resume-within-page", level=SHOULD, operations=PAGINATED, evidence=_RESUMING)
def test_a_paginator_resumes_within_a_page(
    registry: Registry, boto: BotoClient, listing: Listing
) -> None:
    """boto3's paginator, stopped by MaxItems within a page, resumes with that page's next item.

    boto3 asks for the page once more and leaves out what it gave already. So tokens have to be good
    twice and pages to keep their order, which AWS promises nowhere, but its own client relies on.
    """
    stock = listing.fill(registry, ITEMS)

    def law() -> None:
        turning = _turning(registry, boto, listing, stock)
        first, paged = turning.begin(page_size(turning.there) + 1)
        turning.go_on(first, paged.resume_token)

    holds_throughout(registry, listing, law)


@pytest.mark.parametrize("listing", LISTINGS)
@rule(
    "client.search",
    level=MUST,
    operations=PAGINATED,
    evidence=[
        documented(
            "Filtering results with JMESPath",
            "You can filter results client-side using JMESPath expressions that are applied to "
            "each page of results through the search method of a PageIterator.",
            url=PAGINATORS_GUIDE,
        ),
        _MODEL,
        THE_REST,
    ],
)
def test_search_gives_every_item_once(
    registry: Registry, boto: BotoClient, listing: Listing
) -> None:
    """A JMESPath search over boto3's paginator gives every item of a listing once, and no null."""
    stock = listing.fill(registry, ITEMS)
    (member,) = registry.contract.paginators[listing.operation].result_keys

    def law() -> None:
        size = page_size(_turning(registry, boto, listing, stock).there)
        found = boto.search(listing.operation, stock.parameters, f"{member}[]", PageSize=size)
        strange = [each for each in found if not isinstance(each, dict)]
        assert not strange, f"{listing.operation}: boto3's search gives {strange[0]!r} for an item"
        page = Page(tuple(map(listing.key, found)), None)
        every_item_once(listing, [page], stock.wanted)

    holds_throughout(registry, listing, law)
