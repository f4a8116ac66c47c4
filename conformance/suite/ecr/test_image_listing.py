"""Listing images: what ``ListImages`` has an entry for, and what filters let through."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.evidence import documented, model
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry, described, pages, tags_of
from conformance.suite.topics.image_answers import (
    AWS_CLI_EXAMPLES,
    identifiers,
    settled,
    settled_image,
    shown,
)
from conformance.suite.verdicts import MUST

_LISTS = documented("ListImages", "Lists all the image IDs for the specified repository.")
_STATUSES: dict[str, set[str | None]] = {
    "TAGGED": {"tagged"},
    "UNTAGGED": {None},
    "ANY": {"tagged", None},
}
"""Which tags pass each filter, of a repository of one tagged and one untagged image."""


def _entries(registry: Registry, repository: str, **parameters: Any) -> set[ImageEntry]:
    listing = pages(registry, "ListImages", repositoryName=repository, **parameters)
    return {entry for page in listing for entry in identifiers(page)}


def _lists(registry: Registry, repository: str, expected: set[ImageEntry]) -> None:
    """Require that ``ListImages`` comes to have exactly these entries."""

    def observe() -> None:
        found = _entries(registry, repository)
        assert found == expected, f"ListImages has {shown(found)}, the repository {shown(expected)}"

    registry.eventually(observe)


@rule(
    "images.listed-with-every-tag",
    level=MUST,
    operations=["ListImages"],
    services=["ecr"],
    evidence=[
        _LISTS,
        documented(
            "list-images",
            "the example has the same digest in two entries, with the tags v1.13.8 and v1.13.7",
            url=f"{AWS_CLI_EXAMPLES}/ecr/list-images.rst",
        ),
        documented(
            "ListImages", "filter your results to return only TAGGED images to list all of the tags"
        ),
    ],
)
def test_an_image_is_listed_with_every_tag(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """ListImages has an entry of digest and tag for each tag of an image."""
    push_image("one", "two")
    digest = settled_image(registry, repository, "one", "two")
    _lists(registry, repository, {ImageEntry(digest, "one"), ImageEntry(digest, "two")})


@rule(
    "images.untagged-listed-by-digest",
    level=MUST,
    operations=["ListImages"],
    services=["ecr"],
    evidence=[
        _LISTS,
        documented(
            "ListImages",
            "you can filter your results to return only UNTAGGED images and then pipe that result "
            "to a BatchDeleteImage operation to delete them",
        ),
    ],
)
def test_an_untagged_image_is_listed_by_its_digest(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """ListImages has an entry of digest and no tag for an untagged image."""
    push_image()
    digest = settled(registry, repository, None)[None]
    _lists(registry, repository, {ImageEntry(digest, None)})


@rule(
    "images.list-of-empty-repository",
    level=MUST,
    operations=["ListImages"],
    services=["ecr"],
    evidence=[_LISTS],
)
def test_an_empty_repository_lists_no_images(registry: Registry, repository: str) -> None:
    """ListImages of a new repository is an empty list of imageIds."""

    def empty() -> None:
        found = registry.call("ListImages", repositoryName=repository).get("imageIds")
        assert found == [], f"a new repository's imageIds are {str(found)[:80]}"

    registry.eventually(empty)


@pytest.mark.parametrize("status", _STATUSES)
@pytest.mark.parametrize("operation", ["ListImages", "DescribeImages"])
@rule(
    "images.filter-by-tag-status",
    level=MUST,
    operations=["ListImages", "DescribeImages"],
    services=["ecr"],
    evidence=[
        documented(
            "ListImages",
            "You can filter images based on whether or not they are tagged by using the tagStatus "
            "filter and specifying either TAGGED, UNTAGGED or ANY.",
        ),
        documented(
            "DescribeImagesFilter.tagStatus",
            "You can filter results based on whether they are TAGGED or UNTAGGED.",
        ),
        model("TagStatus", "TAGGED, UNTAGGED, ANY"),
    ],
)
def test_a_filter_lets_through_what_has_its_tag_status(
    registry: Registry, repository: str, push_image: PushImage, operation: str, status: str
) -> None:
    """Filtered by tagStatus, a listing has what is tagged, what is untagged, or both."""
    push_image("tagged")
    push_image()
    by_tag = settled(registry, repository, "tagged", None)
    wanted = {ImageEntry(by_tag[tag], tag) for tag in _STATUSES[status]}

    def filtered() -> None:
        found = _filtered(registry, operation, repository, {"tagStatus": status})
        assert found == wanted, f"{operation} of {status}: got {shown(found)}, not {shown(wanted)}"

    registry.eventually(filtered)


def _filtered(
    registry: Registry, operation: str, repository: str, which: dict[str, str]
) -> set[ImageEntry]:
    if operation == "ListImages":
        return _entries(registry, repository, filter=which)
    return {
        ImageEntry(str(detail.get("imageDigest")), tag)
        for detail in described(registry, repository, filter=which)
        for tag in tags_of(detail) or (None,)
    }
