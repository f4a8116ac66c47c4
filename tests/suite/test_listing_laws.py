"""Turning pages, and what has to hold for them."""

from __future__ import annotations

from typing import Any, cast

import pytest

from conformance.contract import load_contract
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.topics.listings import (
    DESCRIBE_IMAGES,
    DESCRIBE_REPOSITORIES,
    GREATEST,
    LEAST,
    LISTINGS,
    Listing,
    Page,
    every_item_once,
    page_limit,
    page_size,
    require_second_page,
    turn,
)


class Book:
    """Stands for a registry whose listing of images has pages that are known beforehand."""

    contract = load_contract("ecr")

    def __init__(self, *pages: list[str]) -> None:
        self.pages = pages
        self.asked: list[dict[str, Any]] = []

    def call(self, _: str, **parameters: Any) -> dict[str, Any]:
        """The page that the token numbers."""
        self.asked.append(parameters)
        number = int(parameters.get("nextToken", "0"))
        more = {"nextToken": str(number + 1)} if number + 1 < len(self.pages) else {}
        return {"imageDetails": [{"imageTags": [tag]} for tag in self.pages[number]], **more}

    def turned(self, limit: int) -> list[Page]:
        """Its pages, as scenarios turn them."""
        asked = {"maxResults": 2}
        return list(turn(cast("Registry", self), DESCRIBE_IMAGES, asked, limit, self.call))


def test_pages_are_turned_to_the_end() -> None:
    """Tokens are followed, over an empty page too, with the other parameters kept."""
    book = Book(["a", "b"], [], ["c"])
    assert book.turned(9) == [Page(("a", "b"), "1"), Page((), "2"), Page(("c",), None)]
    assert book.asked == [
        {"maxResults": 2},
        {"maxResults": 2, "nextToken": "1"},
        {"maxResults": 2, "nextToken": "2"},
    ]


def test_no_more_pages_are_turned_than_allowed() -> None:
    """A listing without an end is left after ``limit`` pages."""
    assert [page.keys for page in Book(["a"], ["b"], ["c"]).turned(2)] == [("a",), ("b",)]


@pytest.mark.parametrize(
    ("listing", "pages", "complaint"),
    [
        (DESCRIBE_IMAGES, [("a",), ("b",)], ""),
        (DESCRIBE_IMAGES, [("a",), (), ("b",)], ""),
        (DESCRIBE_IMAGES, [("a",)], "in 1 page, 1 of 2 items are missing"),
        (DESCRIBE_IMAGES, [("a",), ("a", "b")], "in 2 pages, 1 of 2 items come more than once"),
        (DESCRIBE_IMAGES, [("a", "c"), ("b",)], "in 2 pages, there is c, which does not belong"),
        (DESCRIBE_REPOSITORIES, [("a", "c"), ("c", "b")], ""),
    ],
)
def test_every_item_comes_once(
    listing: Listing, pages: list[tuple[str, ...]], complaint: str
) -> None:
    """What is missing, repeated or strange is told; of others' items only the own ones count."""
    turned = [Page(keys, None) for keys in pages]
    if not complaint:
        every_item_once(listing, turned, ["a", "b"])
        return
    with pytest.raises(AssertionError, match=complaint):
        every_item_once(listing, turned, ["a", "b"])


def test_without_a_second_page_nothing_is_learned() -> None:
    """A listing of one page says nothing about those that follow."""
    require_second_page(DESCRIBE_IMAGES, [Page(("a",), "1"), Page(("b",), None)])
    with pytest.raises(Untestable, match="no second page"):
        require_second_page(DESCRIBE_IMAGES, [Page(("a", "b"), None)])


@pytest.mark.parametrize("there", [2, 3, 5, 100, 2_999, 30_000])
def test_a_listing_is_read_in_a_few_pages(there: int) -> None:
    """The size of pages is within its bounds, gives more than one page, and as many as allowed."""
    size = page_size(there)
    assert LEAST <= size <= GREATEST
    assert size < there <= size * page_limit(there, size)


OTHERS = {
    "DescribeImageScanFindings": "findings are made by nobody",
    "DescribePullThroughCacheRules": "a registry has too few rules for the law of the default",
    "DescribeRegistries": "an account has one registry",
    "DescribeReplicationBackfillResults": "images take their time to be replicated",
    "DescribeRepositoryCreationTemplates": "they are few, and the whole registry's",
    "GetLifecyclePolicyPreview": "a preview comes later than it is asked for",
    "ListReplicationBackfills": "a region has one at a time",
}
"""Paginated operations for which the laws of listings would not hold or could not be tried."""


@pytest.mark.parametrize("service", ["ecr", "ecr-public"])
def test_every_paginated_operation_is_a_listing(service: str) -> None:
    """What the model says pages is there, with the bounds that the model has for maxResults."""
    contract = load_contract(service)
    known = {each.operation for each in LISTINGS} & contract.operations.keys()
    assert known == contract.paginators.keys() - OTHERS.keys()
    for operation in known:
        request = contract.shapes[contract.operation(operation).input]
        shape = contract.shapes[request.members["maxResults"].shape]
        assert (shape.minimum, shape.maximum) == (LEAST, GREATEST)
