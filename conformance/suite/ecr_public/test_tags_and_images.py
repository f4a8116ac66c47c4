"""DescribeImageTags beside DescribeImages: two descriptions of the same images."""

from __future__ import annotations

import pytest

from conformance.suite.answers import objects, structure
from conformance.suite.artifacts import docker_image, docker_list, oci_index
from conformance.suite.evidence import documented
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import described, pages, push_with_layers
from conformance.suite.verdicts import SHOULD

_LISTS = {"docker-list": docker_list, "oci-index": oci_index}


@pytest.mark.parametrize("kind", _LISTS)
@rule(
    "tags.list-described-like-image",
    level=SHOULD,
    operations=["DescribeImageTags", "DescribeImages"],
    services=["ecr-public"],
    evidence=[
        documented(
            "ImageTagDetail.imageDetail", "An object that describes the details of an image."
        ),
        documented(
            "ReferencedImageDetail.imageSizeInBytes",
            "If the image is a manifest list, this is the max size of all manifests in the list.",
        ),
        documented(
            "ImageDetail.imageSizeInBytes",
            "If the image is a manifest list, this is the max size of all manifests in the list.",
        ),
    ],
)
def test_the_tag_of_a_list_is_described_like_the_list(
    registry: Registry, repository: str, kind: str
) -> None:
    """A manifest list has the same size in DescribeImageTags as in DescribeImages."""
    image = docker_image(registry.content_seed)
    push_with_layers(registry, repository, image)
    push_with_layers(registry, repository, _LISTS[kind]([image]), "latest")

    def observe() -> None:
        images = [
            each.get("imageSizeInBytes")
            for each in described(registry, repository)
            if each.get("imageTags")
        ]
        tags = [
            structure(each, "imageDetail").get("imageSizeInBytes")
            for page in pages(registry, "DescribeImageTags", repositoryName=repository)
            for each in objects(page, "imageTagDetails")
        ]
        for operation, sizes in (("DescribeImages", images), ("DescribeImageTags", tags)):
            if [type(size) for size in sizes] != [int]:
                raise Untestable(operation, f"the sizes of one tagged image are {sizes}")
        assert tags == images, f"DescribeImages has {images[0]} bytes, DescribeImageTags {tags[0]}"

    registry.eventually(observe)
