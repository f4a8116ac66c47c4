"""Single images: one put without a tag, whether one is replicated, one that is not there."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.artifacts import oci_image
from conformance.suite.evidence import documented
from conformance.suite.fixtures import PushImage
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.backfills import configure, strange_destination
from conformance.suite.verdicts import MUST, SHOULD


@rule(
    "registry.replication-status-none",
    level=MUST,
    operations=["DescribeImageReplicationStatus"],
    services=["ecr"],
    evidence=[
        documented(
            "DescribeImageReplicationStatus",
            "Returns the replication status for a specified image.",
        ),
        documented(
            "DescribeImageReplicationStatus.repositoryName",
            "The repository name associated with the request.",
        ),
    ],
)
def test_an_image_that_is_not_replicated_has_no_status(
    registry: Registry, settings: None, repository: str, push_image: PushImage
) -> None:
    """DescribeImageReplicationStatus names the image, with no status where it is not replicated."""
    nothing: dict[str, Any] = {"rules": []}
    registry.given("PutReplicationConfiguration", replicationConfiguration=nothing)
    push_image("latest")
    answer = registry.call(
        "DescribeImageReplicationStatus", repositoryName=repository, imageId={"imageTag": "latest"}
    )
    named = answer.get("repositoryName"), bool(structure(answer, "imageId"))
    assert named == (repository, True), f"the answer names {named[0]} and {answer.get('imageId')}"
    statuses = answer.get("replicationStatuses", [])
    assert statuses == [], f"without replication rules, replicationStatuses is {statuses}"


@rule(
    "registry.replication-status",
    level=SHOULD,
    operations=["DescribeImageReplicationStatus"],
    services=["ecr"],
    evidence=[
        documented(
            "DescribeImageReplicationStatus",
            "Returns the replication status for a specified image.",
        ),
        documented(
            "ImageReplicationStatus.region",
            "The destination Region for the image replication.",
        ),
        documented("ImageReplicationStatus.status", "The image replication status."),
    ],
)
def test_an_image_has_the_status_of_its_replication(
    registry: Registry, settings: None, repository: str, push_image: PushImage
) -> None:
    """An image whose repository matches a replication rule has a status of its destination."""
    wanted = strange_destination(owner_of(registry))
    configure(registry, wanted, prefix=repository)
    push_image("latest")

    def observe() -> None:
        answer = registry.call(
            "DescribeImageReplicationStatus",
            repositoryName=repository, imageId={"imageTag": "latest"},
        )  # fmt: skip
        statuses = objects(answer, "replicationStatuses")
        found = [text(each, "region") for each in statuses if text(each, "status")]
        says = f"an image is replicated to {wanted['region']}, there is a status of"
        assert found == [wanted["region"]], f"{says} {found or 'nothing'}"

    registry.eventually(observe)


_OF_AN_IMAGE: dict[str, dict[str, str]] = {
    "DescribeImageReplicationStatus": {},
    "DescribeImageSigningStatus": {},
    "UpdateImageStorageClass": {"targetStorageClass": "STANDARD"},
}


@pytest.mark.parametrize("operation", _OF_AN_IMAGE)
@rule(
    "registry.unknown-image-refused",
    level=MUST,
    operations=list(_OF_AN_IMAGE),
    services=["ecr"],
    evidence=[
        documented(
            "DescribeImageReplicationStatus.ImageNotFoundException",
            "The image requested does not exist in the specified repository.",
        )
    ],
)
def test_an_unknown_image_is_refused(
    registry: Registry, repository: str, push_image: PushImage, operation: str
) -> None:
    """Asking after, or archiving, an image that is not there is ImageNotFoundException."""
    push_image("latest")
    registry.refused(
        operation,
        "ImageNotFoundException",
        repositoryName=repository,
        imageId={"imageTag": "absent"},
        **_OF_AN_IMAGE[operation],
    )


@rule(
    "images.put-without-tag",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[documented("PutImage.imageTag", "This parameter is optional.")],
)
def test_an_image_is_put_without_a_tag(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """PutImage without a tag is accepted, and answers with the image's digest and no tag."""
    push_image("tagged", manifest=oci_image(registry.content_seed))
    manifest = oci_image(registry.content_seed, {"number": "2"})
    answer = registry.call(
        "PutImage",
        repositoryName=repository,
        imageManifest=manifest.text,
        imageManifestMediaType=manifest.media_type,
    )
    image_id = structure(structure(answer, "image"), "imageId")
    assert text(image_id, "imageDigest"), "PutImage: the answer has no imageDigest"
    tag = image_id.get("imageTag")
    assert tag is None, f"PutImage: an image put without a tag is answered with the tag {tag!r}"
