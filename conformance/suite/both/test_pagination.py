"""Pages: one set of laws for every operation that lists in pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from conformance.suite.evidence import Source, documented, model
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import most_pages
from conformance.suite.topics.listings import (
    DEFAULT_PAGE,
    DESCRIBE_IMAGES,
    FROM_THE_END,
    GREATEST,
    ITEMS,
    LEAST,
    LIST_IMAGES,
    LISTINGS,
    MOST_ON_A_PAGE,
    NEXT_PAGE,
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
    push_alike,
    require_second_page,
    turn,
)
from conformance.suite.twins import INVALID
from conformance.suite.verdicts import MUST

_ONE_PAGE = documented(
    "DescribeRepositories.maxResults",
    "When this parameter is used, DescribeRepositories only returns maxResults results in a single "
    "page along with a nextToken response element.",
)
_NO_MORE = documented(
    "DescribeRepositories.nextToken",
    "This value is null when there are no more results to return.",
    public="If there are no more results to return, this value is null.",
)
_DEFAULT = documented(
    "DescribeRepositories.maxResults",
    "If this parameter is not used, then DescribeRepositories returns up to 100 results and a "
    "nextToken value, if applicable.",
    public="If this parameter isn't used, then DescribeRepositories returns up to 100 results and "
    "a nextToken value, if applicable.",
)
_BETWEEN = documented("DescribeRepositories.maxResults", "This value can be between 1 and 1000.")
_BOUNDS: list[Source] = [_BETWEEN, model("MaxResults", "min 1, max 1000")]
_REFUSAL = documented(
    "DescribeRepositories.InvalidParameterException",
    "The specified parameter is invalid. Review the available parameters for the API request.",
)

Law = Callable[[Sequence[Page], int, frozenset[str]], None]
"""What has to hold for the pages of some maxResults, and for the items made for them."""


def _hold(registry: Registry, listing: Listing, law: Law) -> None:
    """Put a few items there, turn the pages of their listing, and hold the law over them."""
    stock = listing.fill(registry, ITEMS)

    def attempt() -> None:
        there = count_there(registry, listing, stock)
        size = page_size(there)
        asked = {**stock.parameters, "maxResults": size}
        pages = list(turn(registry, listing, asked, page_limit(there, size), registry.call))
        law(pages, size, stock.wanted)

    holds_throughout(registry, listing, attempt)


def _not_larger(listing: Listing, pages: Sequence[Page], size: int, asked: str) -> None:
    largest = max(len(page.keys) for page in pages)
    assert largest <= size, f"{listing.operation}: {asked}, but a page has {largest} items"


@pytest.mark.parametrize("listing", LISTINGS)
@rule(
    "pagination.page-size", level=MUST, operations=PAGINATED, evidence=[_ONE_PAGE, MOST_ON_A_PAGE]
)
def test_no_page_is_larger_than_asked_for(registry: Registry, listing: Listing) -> None:
    """No page holds more items than maxResults."""

    def law(pages: Sequence[Page], size: int, _: frozenset[str]) -> None:
        _not_larger(listing, pages, size, f"maxResults is {size}")

    _hold(registry, listing, law)


@pytest.mark.parametrize("listing", LISTINGS)
@rule(
    "pagination.complete",
    level=MUST,
    operations=PAGINATED,
    evidence=[THE_REST, FROM_THE_END, *NEXT_PAGE],
)
def test_the_pages_hold_every_item_once(registry: Registry, listing: Listing) -> None:
    """The pages of a listing together hold every item, and none twice."""

    def law(pages: Sequence[Page], _: int, wanted: frozenset[str]) -> None:
        every_item_once(listing, pages, wanted)
        require_second_page(listing, pages)

    _hold(registry, listing, law)


@pytest.mark.parametrize("listing", LISTINGS)
@rule("pagination.ends", level=MUST, operations=PAGINATED, evidence=[_NO_MORE])
def test_a_listing_ends_without_a_token(registry: Registry, listing: Listing) -> None:
    """The last page of a listing has no nextToken."""

    def law(pages: Sequence[Page], _: int, __: frozenset[str]) -> None:
        require_second_page(listing, pages)
        token = "an empty nextToken" if pages[-1].token == "" else "still a nextToken"
        after = f"{listing.operation}: after {len(pages)} pages there is "
        assert pages[-1].token is None, after + token

    _hold(registry, listing, law)


@pytest.mark.parametrize("maximum", [LEAST, GREATEST])
@pytest.mark.parametrize("listing", LISTINGS)
@rule("pagination.bounds-accepted", level=MUST, operations=PAGINATED, evidence=_BOUNDS)
def test_the_bounds_of_max_results_are_accepted(
    registry: Registry, listing: Listing, maximum: int
) -> None:
    """A maxResults of 1 and one of 1000 are accepted."""
    stock = listing.fill(registry, 1)
    count_there(registry, listing, stock)
    asked = {**stock.parameters, "maxResults": maximum}
    registry.eventually(lambda: registry.call(listing.operation, **asked))


@pytest.mark.parametrize("beyond", [LEAST - 1, GREATEST + 1])
@pytest.mark.parametrize("listing", LISTINGS)
@rule(
    "pagination.beyond-bounds-refused",
    level=MUST,
    operations=PAGINATED,
    evidence=[*_BOUNDS, _REFUSAL],
)
def test_max_results_beyond_its_bounds_is_refused(
    registry: Registry, listing: Listing, beyond: int
) -> None:
    """A maxResults of 0 and one of 1001 are refused with InvalidParameterException."""
    stock = listing.fill(registry, 1)
    twin = {**stock.parameters, "maxResults": min(max(beyond, LEAST), GREATEST)}
    registry.eventually(lambda: registry.given(listing.operation, **twin))
    asked = {**stock.parameters, "maxResults": beyond}
    registry.eventually(lambda: registry.refused(listing.operation, INVALID, **asked))


@pytest.mark.parametrize("listing", LISTINGS)
@rule("pagination.default", level=MUST, operations=PAGINATED, evidence=[_DEFAULT, THE_REST])
def test_a_page_has_a_hundred_items_by_default(registry: Registry, listing: Listing) -> None:
    """Without maxResults a page holds 100 items at most, and its nextToken leads to the rest."""
    stock = listing.fill(registry, DEFAULT_PAGE + 1)

    def law() -> None:
        limit = most_pages(listing.operation)
        pages = list(turn(registry, listing, stock.parameters, limit, registry.call))
        _not_larger(listing, pages, DEFAULT_PAGE, "the default is 100 items a page")
        every_item_once(listing, pages, stock.wanted)

    holds_throughout(registry, listing, law)


_TAGS = frozenset({"item-0", "item-1"})
_FILTERED = (LIST_IMAGES, DESCRIBE_IMAGES)


@pytest.mark.parametrize("status", ["TAGGED", "UNTAGGED"])
@pytest.mark.parametrize("listing", _FILTERED)
@rule(
    "pagination.filter",
    level=MUST,
    operations=[listing.operation for listing in _FILTERED],
    services=["ecr"],
    evidence=[
        documented(
            "ListImages",
            "You can filter images based on whether or not they are tagged by using the tagStatus "
            "filter and specifying either TAGGED, UNTAGGED or ANY.",
        ),
        documented(
            "DescribeImages.filter",
            "You can filter results based on whether they are TAGGED or UNTAGGED.",
        ),
        THE_REST,
    ],
)
def test_a_filter_holds_on_every_page(registry: Registry, listing: Listing, status: str) -> None:
    """The pages of a filtered listing together hold what the filter lets through, and only that."""
    stock = push_alike(registry, None, *sorted(_TAGS), None)
    wanted = stock.wanted & _TAGS if status == "TAGGED" else stock.wanted - _TAGS
    filtered = Stock({**stock.parameters, "filter": {"tagStatus": status}}, wanted)

    def law() -> None:
        there = count_there(registry, listing, filtered)
        if there > len(wanted):
            raise Untestable(listing.operation, f"the filter {status} lets other images through")
        asked = {**filtered.parameters, "maxResults": 1}
        pages = list(turn(registry, listing, asked, page_limit(there, 1), registry.call))
        every_item_once(listing, pages, wanted)
        require_second_page(listing, pages)

    registry.eventually(law)
