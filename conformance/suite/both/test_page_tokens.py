"""Tokens: what a ``nextToken`` is good for, and what it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from conformance.suite.answers import refusal, success
from conformance.suite.evidence import documented, observed, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.listings import (
    DEFAULT_PAGE,
    DESCRIBE_IMAGES,
    DESCRIBE_REPOSITORIES,
    FROM_THE_END,
    GREATEST,
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
    turn,
)
from conformance.suite.twins import INVALID
from conformance.suite.verdicts import INFO, MUST, SHOULD

_RETURNED = documented(
    "DescribeRepositories.nextToken",
    "The nextToken value returned from a previous paginated DescribeRepositories request where "
    "maxResults was used and the results exceeded the value of that parameter.",
    public="The nextToken value that's returned from a previous paginated DescribeRepositories "
    "request where maxResults was used and the results exceeded the value of that parameter.",
)


def _first_page(registry: Registry, listing: Listing, parameters: Mapping[str, Any]) -> Page:
    """A first page that has a token. ``Untestable`` when it has none."""

    def observe() -> Page:
        page = next(turn(registry, listing, parameters, 1, registry.given))
        if not page.token:
            raise Untestable(listing.operation, "with a small maxResults there is no nextToken")
        return page

    return registry.eventually(observe)


def _outcome(registry: Registry, listing: Listing, parameters: Mapping[str, Any]) -> str:
    """What an operation answers, in a few words."""
    response = registry.send(listing.operation, parameters)
    answer, error = success(response), refusal(response)
    if answer is None:
        return f"HTTP {response.status}" if error is None else error.code
    token = "a nextToken" if answer.get("nextToken") else "no nextToken"
    return f"{len(listing.keys(registry.contract, answer))} items and {token}"


@pytest.mark.parametrize("listing", LISTINGS)
@rule(
    "pagination.made-up-token-refused",
    level=MUST,
    operations=PAGINATED,
    evidence=[
        _RETURNED,
        observed(
            "tags/list of the registry, which is ListImages underneath",
            "Invalid parameter at 'NextToken' failed to satisfy constraint: 'Invalid next token "
            "provided. …'",
            "https://github.com/regclient/regclient/issues/931",
        ),
        documented(
            "DescribeRepositories.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
    ],
)
def test_a_made_up_token_is_refused(registry: Registry, listing: Listing) -> None:
    """A nextToken that no page gave is refused with InvalidParameterException."""
    stock = listing.fill(registry, 1)
    registry.eventually(lambda: registry.given(listing.operation, **stock.parameters))
    asked = {**stock.parameters, "nextToken": "made-up"}
    registry.eventually(lambda: registry.refused(listing.operation, INVALID, **asked))


_OTHER_SIZES: dict[str, dict[str, int]] = {"greatest": {"maxResults": GREATEST}, "none": {}}


@pytest.mark.parametrize("size", _OTHER_SIZES)
@pytest.mark.parametrize("listing", LISTINGS)
@rule(
    "pagination.other-size-on-the-way",
    level=SHOULD,
    operations=PAGINATED,
    evidence=[THE_REST, FROM_THE_END],
)
def test_the_size_of_pages_may_change_on_the_way(
    registry: Registry, listing: Listing, size: str
) -> None:
    """A listing goes on where it was when the next page is asked for with another maxResults."""
    stock = listing.fill(registry, ITEMS)

    def law() -> None:
        there = count_there(registry, listing, stock)
        small = {**stock.parameters, "maxResults": page_size(there)}
        first = _first_page(registry, listing, small)
        asked = {**stock.parameters, **_OTHER_SIZES[size], "nextToken": first.token}
        limit = page_limit(there, min(page_size(there), DEFAULT_PAGE))
        rest = turn(registry, listing, asked, limit, registry.call)
        every_item_once(listing, [first, *rest], stock.wanted)

    holds_throughout(registry, listing, law)


@pytest.mark.parametrize("listing", LISTINGS)
@rule(
    "pagination.token-good-twice",
    level=SHOULD,
    operations=PAGINATED,
    evidence=[FROM_THE_END],
)
def test_a_token_is_good_twice(registry: Registry, listing: Listing) -> None:
    """A nextToken that was used leads to the same items when it is used again."""
    stock = listing.fill(registry, ITEMS)

    def law() -> None:
        there = count_there(registry, listing, stock)
        asked = {**stock.parameters, "maxResults": page_size(there)}
        asked["nextToken"] = _first_page(registry, listing, asked).token
        limit = page_limit(there, page_size(there))
        once = _keys(turn(registry, listing, asked, limit, registry.given))
        again = _keys(turn(registry, listing, asked, limit, registry.call))
        changed = stock.wanted & (once ^ again)
        assert not changed, (
            f"{listing.operation}: {len(changed)} of {ITEMS} items follow a nextToken only the "
            "first or only the second time"
        )

    holds_throughout(registry, listing, law)


def _keys(pages: Iterable[Page]) -> set[str]:
    return {key for page in pages for key in page.keys}


_OF_A_REPOSITORY = [listing for listing in LISTINGS if listing is not DESCRIBE_REPOSITORIES]


@pytest.mark.parametrize("listing", _OF_A_REPOSITORY)
@rule(
    "pagination.token-elsewhere",
    level=INFO,
    operations=[listing.operation for listing in _OF_A_REPOSITORY],
    evidence=[
        unverified(
            "DescribeImages.nextToken",
            "What comes for the token of another repository's listing, or another operation's?",
        )
    ],
)
def test_what_a_token_gives_elsewhere(
    registry: Registry, listing: Listing, observe: list[str]
) -> None:
    """The token of one listing is refused by another listing or leads somewhere there."""
    stock = listing.fill(registry, ITEMS)
    token = _first_page(registry, listing, {**stock.parameters, "maxResults": 1}).token
    empty = Stock({"repositoryName": create_repository(registry, "-empty")}, frozenset())
    others = [each for each in _OF_A_REPOSITORY if each.operation in registry.contract.operations]
    places = [(listing, empty, "an empty repository")]
    places += [(other, stock, other.operation) for other in others if other is not listing]
    for other, place, name in places:
        count_there(registry, other, place)
        outcome = _outcome(registry, other, {**place.parameters, "nextToken": token})
        observe.append(f"in {name} it gives {outcome}")


def _named(listing: Listing, stock: Stock) -> dict[str, Any]:
    """The parameters that ask for two items by name."""
    names = sorted(stock.wanted)[:2]
    if listing is DESCRIBE_REPOSITORIES:
        return {"repositoryNames": names}
    return {**stock.parameters, "imageIds": [{"imageTag": name} for name in names]}


_NAMING = (DESCRIBE_REPOSITORIES, DESCRIBE_IMAGES)


@pytest.mark.parametrize("option", ["maxResults", "nextToken"])
@pytest.mark.parametrize("listing", _NAMING)
@rule(
    "pagination.named-and-paged",
    level=INFO,
    operations=[listing.operation for listing in _NAMING],
    evidence=[
        documented(
            "DescribeRepositories.maxResults",
            "This option cannot be used when you specify repositories with repositoryNames.",
            public="If you specify repositories with repositoryNames, you can't use this option.",
        ),
        documented(
            "DescribeImages.maxResults",
            "This option cannot be used when you specify images with imageIds.",
            public="If you specify images with imageIds, you can't use this option.",
        ),
        unverified("DescribeImages.maxResults", "Is it refused, with which code, or ignored?"),
    ],
)
def test_what_paging_through_named_items_gives(
    registry: Registry, listing: Listing, option: str, observe: list[str]
) -> None:
    """Items asked for by name together with maxResults or nextToken are refused or given."""
    stock = listing.fill(registry, ITEMS)
    named = _named(listing, stock)
    registry.eventually(lambda: registry.given(listing.operation, **named))
    page: dict[str, Any] = {"maxResults": 1}
    if option == "nextToken":
        page = {option: _first_page(registry, listing, {**stock.parameters, **page}).token}
    outcome = _outcome(registry, listing, {**named, **page})
    observe.append(f"two names together with {option} give {outcome}")
