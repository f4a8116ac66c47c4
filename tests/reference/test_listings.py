"""Listings in pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pushing import push

from conformance.suite.artifacts import docker_image


@pytest.fixture
def filled(ecr: Any) -> Any:
    """A client of a registry of five repositories, the first with one image of five tags."""
    for number in range(5):
        ecr.create_repository(repositoryName=f"app-{number}")
    push(ecr, "app-0", docker_image("listed"), *(f"v{number}" for number in range(5)))
    return ecr


def _tokens(filled: Any) -> dict[str, str]:
    return {
        "repositories": filled.describe_repositories(maxResults=2)["nextToken"],
        "images": filled.list_images(repositoryName="app-0", maxResults=2)["nextToken"],
    }


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_pages_make_up_the_whole(filled: Any, size: int) -> None:
    """Whatever the size of the pages, every element is on exactly one."""
    pages = filled.get_paginator("list_images").paginate(
        repositoryName="app-0", PaginationConfig={"PageSize": size}
    )
    tags = [entry["imageTag"] for page in pages for entry in page["imageIds"]]
    assert sorted(tags) == [f"v{number}" for number in range(5)]


def test_what_is_added_between_two_pages_moves_nothing(filled: Any) -> None:
    """What was there all along is listed once, whatever comes and goes meanwhile."""
    first = filled.describe_repositories(maxResults=2)
    filled.create_repository(repositoryName="late")
    filled.delete_repository(repositoryName=first["repositories"][0]["repositoryName"], force=True)
    rest = filled.describe_repositories(nextToken=first["nextToken"])
    names = [each["repositoryName"] for page in (first, rest) for each in page["repositories"]]
    assert sorted(set(names) - {"late"}) == [f"app-{number}" for number in range(5)]
    assert len(names) == len(set(names))


_MISUSES: dict[str, Callable[[Any, dict[str, str]], Any]] = {
    "made up": lambda client, _: client.describe_repositories(nextToken="made-up"),
    "of another operation": lambda client, tokens: client.list_images(
        repositoryName="app-0", nextToken=tokens["repositories"]
    ),
    "of another repository": lambda client, tokens: client.list_images(
        repositoryName="app-1", nextToken=tokens["images"]
    ),
    "of another filter": lambda client, tokens: client.list_images(
        repositoryName="app-0", nextToken=tokens["images"], filter={"tagStatus": "TAGGED"}
    ),
}


@pytest.mark.parametrize("misuse", _MISUSES)
def test_a_token_belongs_to_one_listing(filled: Any, misuse: str) -> None:
    """A token that is made up, or was given for another listing, is refused."""
    with pytest.raises(ClientError, match="Invalid parameter at 'NextToken'"):
        _MISUSES[misuse](filled, _tokens(filled))


def test_a_page_has_a_hundred_elements_unless_asked_otherwise(ecr: Any) -> None:
    """Without maxResults a page ends after 100 elements."""
    ecr.create_repository(repositoryName="app")
    push(ecr, "app", docker_image("many"), *(f"v{number}" for number in range(101)))
    page = ecr.list_images(repositoryName="app")
    rest = ecr.list_images(repositoryName="app", nextToken=page["nextToken"])
    assert (len(page["imageIds"]), len(rest["imageIds"])) == (100, 1)
    assert "nextToken" not in rest
