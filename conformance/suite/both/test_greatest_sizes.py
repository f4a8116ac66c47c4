"""What is as large as it can be: parts of a layer, manifests, the tags of one image."""

from __future__ import annotations

import pytest

from conformance.suite.answers import text
from conformance.suite.artifacts import docker_image, layer, oci_image
from conformance.suite.evidence import documented, model
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.running.long_scenarios import takes_long
from conformance.suite.steps import push, push_with_layers
from conformance.suite.topics.image_answers import settled_image, upload_all
from conformance.suite.topics.layer_uploads import LayerUpload
from conformance.suite.topics.listings import (
    DESCRIBE_IMAGE_TAGS,
    GREATEST,
    LIST_IMAGES,
    Listing,
    Stock,
    count_there,
    every_item_once,
    turn,
)
from conformance.suite.verdicts import MUST, SHOULD

LONGEST_MANIFEST = 4_194_304
"""Characters of an ``imageManifest``, "max": 4194304 in the model."""

LARGEST_PART = 20_971_520
"""Bytes: "The maximum size of each image layer part can be 20971520 bytes"
(https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UploadLayerPart.html)."""

TAGS = 1000
"""Of one image at most:
https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html."""


@rule(
    "layers.part-of-part-size",
    level=MUST,
    operations=["UploadLayerPart"],
    evidence=[
        documented(
            "InitiateLayerUpload.partSize",
            "The size, in bytes, that Amazon ECR expects future layer part uploads to be.",
        ),
        documented(
            "UploadLayerPart",
            "The maximum size of each image layer part can be 20971520 bytes (or about 20MB).",
            public="The maximum size of each image layer part can be 20971520 bytes (about 20MB).",
        ),
    ],
)
def test_a_part_has_the_part_size(registry: Registry, repository: str) -> None:
    """A part of as many bytes as InitiateLayerUpload told is taken."""
    upload, size = _upload_of_part_size(registry, repository)
    content = layer(registry.content_seed, size).content[:size]
    registry.call("UploadLayerPart", **upload.part(content))


def _upload_of_part_size(registry: Registry, repository: str) -> tuple[LayerUpload, int]:
    """Begin an upload; gives it with its part size, as long as that may be sent."""
    answer = registry.given("InitiateLayerUpload", repositoryName=repository)
    upload_id, size = text(answer, "uploadId"), answer.get("partSize")
    if upload_id is None or not isinstance(size, int) or not 0 < size <= LARGEST_PART:
        raise Untestable("InitiateLayerUpload", f"partSize is {size!r}")
    return LayerUpload(repository, upload_id), size


@rule(
    "images.longest-manifest",
    level=SHOULD,
    operations=["PutImage"],
    evidence=[model("ImageManifest", "min 1, max 4194304")],
)
def test_the_longest_manifest_is_taken(registry: Registry, repository: str) -> None:
    """A manifest of 4,194,304 characters is put."""
    short = oci_image(registry.content_seed, {"padding": ""})
    padding = "x" * (LONGEST_MANIFEST - len(short.text))
    manifest = oci_image(registry.content_seed, {"padding": padding})
    upload_all(registry, repository, manifest.blobs)
    registry.call(
        "PutImage", repositoryName=repository, imageManifest=manifest.text, imageTag="longest"
    )
    settled_image(registry, repository, "longest")


@pytest.mark.parametrize("listing", [LIST_IMAGES, DESCRIBE_IMAGE_TAGS])
@takes_long
@rule(
    "tags.thousand-listed",
    level=MUST,
    operations=[LIST_IMAGES.operation, DESCRIBE_IMAGE_TAGS.operation],
    evidence=[
        documented(
            "Tags per image",
            "The maximum number of tags per image.",
            url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html",
        ),
        documented("DescribeRepositories.maxResults", "This value can be between 1 and 1000."),
        model("MaxResults", "min 1, max 1000"),
    ],
)
def test_a_thousand_tags_are_listed(registry: Registry, repository: str, listing: Listing) -> None:
    """The 1,000 tags that one image can have are all listed, by pages of up to 1,000."""
    wanted = {f"tag-{number}" for number in range(TAGS)}
    first, second, *others = sorted(wanted)
    manifest = docker_image(registry.content_seed)
    push_with_layers(registry, repository, manifest, first, second)
    asked = {"repositoryName": repository, "maxResults": GREATEST}
    count_there(registry, listing, Stock(asked, frozenset({first, second})))
    for tag in others:
        push(registry, repository, manifest, tag)

    def observe() -> None:
        pages = list(turn(registry, listing, asked, len(wanted), registry.call))
        every_item_once(listing, pages, wanted)

    registry.eventually(observe)
