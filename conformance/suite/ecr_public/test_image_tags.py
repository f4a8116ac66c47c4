"""Tags as ECR Public describes them: each with the image that it is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.artifacts import DOCKER_CONFIG, OCI_CONFIG, Manifest, docker_image, oci_image
from conformance.suite.clock import clock
from conformance.suite.evidence import documented, model
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry, listed, pages
from conformance.suite.topics.image_answers import (
    AWS_CLI_EXAMPLES,
    settled,
    settled_image,
    shown,
)
from conformance.suite.verdicts import MUST, SHOULD

_ABOUT = ["DescribeImageTags"]
_ONLY = ["ecr-public"]
_MINUTES_APART = 10
_DESCRIBES = documented(
    "DescribeImageTags", "Returns the image tag details for a repository in a public registry."
)
_OF_THE_IMAGES = documented(
    "DescribeImageTags.imageTagDetails",
    "The image tag details for the images in the requested repository.",
)
_TAG = documented("ImageTagDetail.imageTag", "The tag that's associated with the image.")
_REMOVES_A_TAG = documented(
    "BatchDeleteImage",
    "You can remove a tag from an image by specifying the image's tag in your request.",
)
_EXAMPLE = f"{AWS_CLI_EXAMPLES}/ecr-public/describe-image-tags.rst"


def _details(registry: Registry, repository: str) -> list[dict[str, Any]]:
    """The ``imageTagDetails`` of every page."""
    return [
        detail
        for page in pages(registry, "DescribeImageTags", repositoryName=repository)
        for detail in objects(page, "imageTagDetails")
    ]


def _described(registry: Registry, repository: str, expected: set[ImageEntry]) -> None:
    """Require that the tags come to be described on these images, each of them once."""

    def observe() -> None:
        details = _details(registry, repository)
        found = {_entry(detail) for detail in details}
        assert found == expected, f"DescribeImageTags has {shown(found)}, not {shown(expected)}"
        assert len(details) == len(expected), (
            f"{len(expected)} tags have {len(details)} imageTagDetails"
        )

    registry.eventually(observe)


def _entry(detail: dict[str, Any]) -> ImageEntry:
    digest = text(structure(detail, "imageDetail"), "imageDigest")
    return ImageEntry(digest or "no digest", text(detail, "imageTag"))


def _once_tagged(
    registry: Registry, repository: str, expected: set[ImageEntry], *, by: str
) -> None:
    """Wait until DescribeImages has these tags and no other; ``Untestable`` when ``by`` failed."""

    def observe() -> None:
        found = {entry for entry in listed(registry, repository) if entry.tag is not None}
        assert found == expected, f"afterwards the tags are {shown(found)}, not {shown(expected)}"

    registry.settle(by, observe)


def _only_detail(registry: Registry, repository: str) -> dict[str, Any]:
    """The details of the repository's one tag; the check fails unless it is one."""
    details = _details(registry, repository)
    assert len(details) == 1, f"DescribeImageTags of one tag: got {len(details)} imageTagDetails"
    return details[0]


@rule(
    "tags.described",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[_DESCRIBES, _OF_THE_IMAGES, _TAG],
)
def test_every_tag_is_described_with_its_image(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """DescribeImageTags has every tag of a repository with the digest of its image."""
    push_image("one")
    push_image("two")
    by_tag = settled(registry, repository, "one", "two")
    _described(registry, repository, {ImageEntry(digest, tag) for tag, digest in by_tag.items()})


@rule(
    "tags.described-one-by-one",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[_OF_THE_IMAGES, _TAG, model("ImageTagDetail", "one imageTag, one imageDetail")],
)
def test_tags_of_one_image_are_described_one_by_one(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Two tags of one image have two entries in DescribeImageTags, with the same digest."""
    push_image("one", "two")
    digest = settled_image(registry, repository, "one", "two")
    _described(registry, repository, {ImageEntry(digest, "one"), ImageEntry(digest, "two")})


@rule(
    "tags.moved-described-on-new-image",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[
        _OF_THE_IMAGES,
        documented(
            "PutImage",
            "Creates or updates the image manifest and tags that are associated with an image.",
        ),
    ],
)
def test_a_moved_tag_is_described_on_the_image_it_moved_to(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A tag that moved to another image is described with the digest of that image."""
    first, second = (docker_image(f"{registry.content_seed} {name}") for name in ("old", "new"))
    push_image("moving", manifest=first)
    push_image("new", manifest=second)
    new = settled(registry, repository, "moving", "new")["new"]
    registry.given(
        "PutImage", repositoryName=repository, imageManifest=second.text, imageTag="moving"
    )
    _once_tagged(
        registry, repository, {ImageEntry(new, "moving"), ImageEntry(new, "new")}, by="PutImage"
    )

    def moved() -> None:
        entries = [_entry(detail) for detail in _details(registry, repository)]
        under = [entry.digest for entry in entries if entry.tag == "moving"]
        assert under == [new], f"the tag moved to {new}, but is described on {under or 'none'}"

    registry.eventually(moved)


@rule(
    "tags.deleted-described-no-more",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[_OF_THE_IMAGES, _REMOVES_A_TAG],
)
def test_a_deleted_tag_is_described_no_more(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A deleted tag is not in DescribeImageTags, the image's other tag still is."""
    push_image("one", "two")
    digest = settled_image(registry, repository, "one", "two")
    ids = [{"imageTag": "one"}]
    registry.given("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    left = {ImageEntry(digest, "two")}
    _once_tagged(registry, repository, left, by="BatchDeleteImage")
    _described(registry, repository, left)


@rule(
    "tags.untagged-not-described",
    level=SHOULD,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[_TAG],
)
def test_an_untagged_image_is_not_described(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """An untagged image is not in DescribeImageTags."""
    push_image()
    push_image("one")
    digest = settled(registry, repository, None, "one")["one"]
    _described(registry, repository, {ImageEntry(digest, "one")})


@rule(
    "tags.none-described-of-empty-repository",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[_DESCRIBES, _OF_THE_IMAGES],
)
def test_an_empty_repository_has_no_tags(registry: Registry, repository: str) -> None:
    """DescribeImageTags of a new repository is an empty list of imageTagDetails."""

    def empty() -> None:
        answer = registry.call("DescribeImageTags", repositoryName=repository)
        found = answer.get("imageTagDetails")
        assert found == [], f"a new repository's imageTagDetails are {str(found)[:80]}"

    registry.eventually(empty)


def _date(detail: dict[str, Any], member: str) -> Any:
    return {**structure(detail, "imageDetail"), "createdAt": detail.get("createdAt")}.get(member)


@pytest.mark.parametrize("member", ["createdAt", "imagePushedAt"])
@rule(
    "tags.described-date",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[
        documented(
            "ImageTagDetail.createdAt",
            "The time stamp that indicates when the image tag was created.",
        ),
        documented(
            "ReferencedImageDetail.imagePushedAt",
            "The date and time, expressed in standard JavaScript date format, which the current "
            "image tag was pushed to the repository at.",
        ),
        model("CreationTimestamp", "timestamp; in the protocol json a number of seconds"),
    ],
)
def test_a_tag_is_described_with_its_date(
    registry: Registry, repository: str, push_image: PushImage, member: str
) -> None:
    """A new tag's createdAt and imagePushedAt are the present time in seconds."""
    push_image("latest")

    def now() -> None:
        date = _date(_only_detail(registry, repository), member)
        assert isinstance(date, (int, float)), f"{member} is {date!r}, not a number"
        apart = abs(date - clock(registry)) / 60
        assert apart <= _MINUTES_APART, f"{member} is {date}, {apart:.0f} minutes from now"

    registry.eventually(now)


@rule(
    "tags.described-size",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[
        documented(
            "ReferencedImageDetail.imageSizeInBytes",
            "The size, in bytes, of the image in the repository.",
        )
    ],
)
def test_a_tag_is_described_with_the_size_of_its_image(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A tag's imageSizeInBytes is the sum of the config and layers of its Docker image."""
    manifest = push_image("latest")
    size = sum(len(blob.content) for blob in manifest.blobs)

    def whole() -> None:
        detail = structure(_only_detail(registry, repository), "imageDetail")
        found = detail.get("imageSizeInBytes")
        assert found == size, f"config and layers have {size} bytes, imageSizeInBytes is {found}"

    registry.eventually(whole)


_IMAGES: dict[str, tuple[Callable[[str], Manifest], str]] = {
    "docker-v2": (docker_image, DOCKER_CONFIG),
    "oci": (oci_image, OCI_CONFIG),
}
"""Makers of images, each with the media type of their configs."""


@pytest.mark.parametrize("kind", _IMAGES)
@rule(
    "tags.described-media-types",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[
        documented(
            "ReferencedImageDetail.imageManifestMediaType",
            "The media type of the image manifest.",
        ),
        documented(
            "ReferencedImageDetail.artifactMediaType", "The artifact media type of the image."
        ),
        documented(
            "describe-image-tags",
            '"imageManifestMediaType": "application/vnd.docker.distribution.manifest.v2+json", '
            '"artifactMediaType": "application/vnd.docker.container.image.v1+json"',
            url=_EXAMPLE,
        ),
    ],
)
def test_a_tag_is_described_with_the_types_of_its_image(
    registry: Registry, repository: str, push_image: PushImage, kind: str
) -> None:
    """A tag's media types are those of its image's manifest and of its image's config."""
    make, config_type = _IMAGES[kind]
    manifest = push_image("latest", manifest=make(registry.content_seed))
    wanted = manifest.media_type, config_type

    def typed() -> None:
        detail = structure(_only_detail(registry, repository), "imageDetail")
        found = detail.get("imageManifestMediaType"), detail.get("artifactMediaType")
        assert found == wanted, f"the media types of manifest and config are {found}, not {wanted}"

    registry.eventually(typed)
