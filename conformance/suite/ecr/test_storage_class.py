"""Storage classes: an image is put into the archive and restored from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.suite.answers import describe, objects, refusal, structure, success, text
from conformance.suite.evidence import documented
from conformance.suite.fixtures import PushImage
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.archive import archive
from conformance.suite.topics.repository_answers import REPOSITORY_NOT_FOUND, own_registry
from conformance.suite.verdicts import MUST, SHOULD

_GUIDE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html"
_UPDATE = "UpdateImageStorageClass"
_LATEST = {"imageTag": "latest"}
_MOVES = documented(
    "UpdateImageStorageClass",
    "You can transition images from Amazon ECR standard storage class to Amazon ECR archival "
    "storage class for long-term storage, or restore archived images back to Amazon ECR standard.",
)
_STATUS = documented(
    "UpdateImageStorageClass.imageStatus",
    "The current status of the image after the call to UpdateImageStorageClass is complete. Valid "
    "values are ACTIVE, ARCHIVED, and ACTIVATING.",
)
_NO_PULLS = documented("Archiving an image", "Archived images cannot be pulled.", url=_GUIDE)


def _move(
    registry: Registry, repository: str, target: str, image_id: Mapping[str, str] = _LATEST
) -> dict[str, Any]:
    """Move an image to a storage class.

    ``Untestable`` where that update is not supported: which ones are not is not documented.
    """
    parameters = {
        "repositoryName": repository,
        "imageId": image_id,
        "targetStorageClass": target,
    }
    response = registry.send(_UPDATE, parameters)
    error = refusal(response)
    if error is not None and error.code == "ImageStorageClassUpdateNotSupportedException":
        raise Untestable(_UPDATE, describe(response))
    answer = success(response)
    assert answer is not None, f"{_UPDATE}: expected success, got {describe(response)}"
    return answer


def _status(registry: Registry, repository: str) -> str | None:
    """The status of the repository's one image, asked for without blame."""
    asked = {"repositoryName": repository, "filter": {"imageStatus": "ANY"}}
    details = objects(registry.given("DescribeImages", **asked), "imageDetails")
    return (
        text(details[0], "imageStatus") if len(details) == 1 else f"that of {len(details)} images"
    )


@rule(
    "registry.storage-class-answers",
    level=MUST,
    operations=["UpdateImageStorageClass"],
    services=["ecr"],
    evidence=[
        _STATUS,
        documented(
            "UpdateImageStorageClass.repositoryName",
            "The repository name associated with the request.",
        ),
    ],
)
def test_update_answers_with_the_image(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """UpdateImageStorageClass answers with the repository, the image and a status."""
    digest = push_image("latest").digest
    answer = _move(registry, repository, "ARCHIVE")
    found = answer.get("repositoryName")
    assert found == repository, f"an image of {repository} was archived, the answer has {found}"
    named = structure(answer, "imageId")
    either = named.get("imageDigest") == digest or named.get("imageTag") == "latest"
    assert either, f"the image latest was archived, the answer has {named}"
    status = answer.get("imageStatus")
    known = ("ACTIVE", "ARCHIVED", "ACTIVATING")
    assert status in known, f"the imageStatus of an archived image is {status!r}"


@rule(
    "registry.storage-class-archived",
    level=MUST,
    operations=["UpdateImageStorageClass", "DescribeImages"],
    services=["ecr"],
    evidence=[
        _MOVES,
        documented("Archiving an image", "The image status will be shown as ARCHIVED.", url=_GUIDE),
    ],
)
def test_an_archived_image_is_described_as_such(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """DescribeImages shows the status ARCHIVED of an image that was archived."""
    push_image("latest")
    _move(registry, repository, "ARCHIVE")

    def observe() -> None:
        found = _status(registry, repository)
        assert found == "ARCHIVED", f"the status of an image that was archived is {found}"

    registry.eventually(observe)


@rule(
    "registry.storage-class-by-digest",
    level=MUST,
    operations=[_UPDATE],
    services=["ecr"],
    evidence=[
        _MOVES,
        documented("ImageIdentifier.imageDigest", "The sha256 digest of the image manifest."),
    ],
)
def test_an_image_is_archived_by_its_digest(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """UpdateImageStorageClass archives the image that a digest names."""
    wanted = push_image("latest").digest
    answer = _move(registry, repository, "ARCHIVE", {"imageDigest": wanted})
    found = structure(answer, "imageId").get("imageDigest")
    assert found == wanted, f"an image was archived by its digest, the answer has {found}"


_LISTINGS = {"DescribeImages": "imageDetails", "ListImages": "imageIds"}


def _shown(registry: Registry, operation: str, repository: str, **status: str) -> int:
    """How many entries a listing has, of images of some status or without a filter."""
    chosen = {"filter": status} if status else {}
    answer = registry.call(operation, repositoryName=repository, **chosen)
    return len(objects(answer, _LISTINGS[operation]))


@pytest.mark.parametrize("operation", _LISTINGS)
@rule(
    "registry.storage-class-filter",
    level=MUST,
    operations=list(_LISTINGS),
    services=["ecr"],
    evidence=[
        documented(
            "DescribeImages.filter",
            "The image status with which to filter your DescribeImages results. Valid values are "
            "ACTIVE, ARCHIVED, and ACTIVATING. If not specified, only images with ACTIVE status "
            "are returned.",
        )
    ],
)
def test_listings_leave_archived_images_out(
    registry: Registry, repository: str, push_image: PushImage, operation: str
) -> None:
    """Listings have an archived image where they are asked for its status, and else not."""
    push_image("latest")
    archive(registry, repository, "latest")
    wanted = {"no filter": 0, "ACTIVE": 0, "ARCHIVED": 1}

    def observe() -> None:
        found = {
            "no filter": _shown(registry, operation, repository),
            "ACTIVE": _shown(registry, operation, repository, imageStatus="ACTIVE"),
            "ARCHIVED": _shown(registry, operation, repository, imageStatus="ARCHIVED"),
        }
        assert found == wanted, f"{operation} of one archived image: expected {wanted}, got {found}"

    registry.eventually(observe)


@rule(
    "registry.storage-class-not-pulled",
    level=MUST,
    operations=["BatchGetImage"],
    services=["ecr"],
    evidence=[_NO_PULLS],
)
def test_an_archived_image_is_not_pulled(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """BatchGetImage does not give an archived image."""
    push_image("latest")
    request = {"repositoryName": repository, "imageIds": [_LATEST]}
    registry.given("BatchGetImage", **request)
    archive(registry, repository, "latest")

    def observe() -> None:
        response = registry.send("BatchGetImage", request)
        answer = success(response)
        if answer is None:
            refused = refusal(response) is not None and response.status < 500
            assert refused, "BatchGetImage of an archived image is neither answered nor refused"
            return
        assert not objects(answer, "images"), "BatchGetImage gives an archived image"

    registry.eventually(observe)


@rule(
    "registry.storage-class-restored",
    level=MUST,
    operations=["UpdateImageStorageClass"],
    services=["ecr"],
    evidence=[_MOVES, _STATUS],
)
def test_an_image_is_restored(registry: Registry, repository: str, push_image: PushImage) -> None:
    """An archived image that is moved back to STANDARD is ACTIVE, or ACTIVATING at first."""
    push_image("latest")
    archive(registry, repository, "latest")
    answered = _move(registry, repository, "STANDARD").get("imageStatus")
    wanted = ("ACTIVE", "ACTIVATING")
    assert answered in wanted, f"the imageStatus of a restored image is {answered}"

    def observe() -> None:
        found = _status(registry, repository)
        assert found in wanted, f"the status of an image that was restored is {found}"

    registry.eventually(observe)


@rule(
    "registry.storage-class-pushed-again",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[
        documented(
            "Archiving an image",
            "The image can be restored as an active image by manually selecting it to be restored "
            "or by re-pushing the image to the repository.",
            url=_GUIDE,
        )
    ],
)
def test_an_image_is_restored_by_a_push(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """An archived image that is pushed again is ACTIVE, or ACTIVATING at first."""
    manifest = push_image("latest")
    archive(registry, repository, "latest")
    registry.call(
        "PutImage", repositoryName=repository, imageTag="latest",
        imageManifest=manifest.text, imageManifestMediaType=manifest.media_type,
    )  # fmt: skip

    def observe() -> None:
        found = _status(registry, repository)
        assert found in ("ACTIVE", "ACTIVATING"), (
            f"the status of an archived image that was pushed again is {found}"
        )

    registry.eventually(observe)


@rule(
    "registry.storage-class-archived-at-once",
    level=SHOULD,
    operations=["UpdateImageStorageClass"],
    services=["ecr"],
    evidence=[_STATUS],
)
def test_an_image_is_archived_at_once(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """UpdateImageStorageClass to ARCHIVE answers with the status ARCHIVED."""
    push_image("latest")
    status = _move(registry, repository, "ARCHIVE").get("imageStatus")
    assert status == "ARCHIVED", f"the imageStatus of an archived image is {status}"


@rule(
    "registry.storage-class-unknown-repository",
    level=MUST,
    operations=[_UPDATE],
    services=["ecr"],
    evidence=[
        documented(
            "UpdateImageStorageClass.RepositoryNotFoundException",
            "The specified repository could not be found.",
        )
    ],
)
def test_an_image_of_an_unknown_repository_is_refused(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Moving an image of a repository that does not exist is RepositoryNotFoundException."""
    push_image("latest")
    request = {"imageId": _LATEST, "targetStorageClass": "ARCHIVE"}
    registry.given(_UPDATE, repositoryName=repository, **request)
    registry.refused(
        _UPDATE, REPOSITORY_NOT_FOUND, repositoryName=f"{repository}-unknown", **request
    )


@rule(
    "registry.storage-class-own-registry",
    level=MUST,
    operations=[_UPDATE],
    services=["ecr"],
    evidence=[
        documented(
            "UpdateImageStorageClass.registryId",
            "If you do not specify a registry, the default registry is assumed.",
        )
    ],
)
def test_an_image_of_the_own_registry_is_moved(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """An image is moved where the registry is named by the caller's own id, as where none is."""
    push_image("twin")
    push_image("latest")
    request = {"repositoryName": repository, "targetStorageClass": "ARCHIVE"}
    registry.given(_UPDATE, **request, imageId={"imageTag": "twin"})
    registry.call(_UPDATE, **request, imageId=_LATEST, registryId=own_registry(registry))
