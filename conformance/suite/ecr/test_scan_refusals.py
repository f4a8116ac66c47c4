"""Scans that are refused for what was done to the image before."""

from __future__ import annotations

from conformance.suite.artifacts import docker_image
from conformance.suite.evidence import documented
from conformance.suite.fixtures import PushImage
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository, described, push_with_layers
from conformance.suite.topics.scanning import given_scan, require_manual, require_scan_of_push
from conformance.suite.verdicts import MUST

_START = "StartImageScan"
_ARCHIVE = "UpdateImageStorageClass"


@rule(
    "scanning.limit-counts-scan-of-push",
    level=MUST,
    operations=[_START],
    services=["ecr"],
    evidence=[
        documented(
            _START,
            "A basic image scan can only be started once per 24 hours on an individual image. This "
            "limit includes if an image was scanned on initial push.",
        )
    ],
)
def test_the_scan_of_a_push_counts(registry: Registry) -> None:
    """A scan of an image that was scanned on push the same day is refused, as beyond a limit."""
    name = create_repository(registry, imageScanningConfiguration={"scanOnPush": True})
    try:
        require_scan_of_push(registry, name)
    except AssertionError as error:
        raise Untestable("PutImage", str(error)) from None
    codes = {"LimitExceededException", "ThrottlingException"}
    registry.refused(_START, codes, repositoryName=name, imageId={"imageTag": "latest"})


@rule(
    "scanning.archived-refused",
    level=MUST,
    operations=[_START],
    services=["ecr"],
    evidence=[
        documented(
            f"{_START}.ImageArchivedException",
            "The specified image is archived and cannot be scanned.",
        )
    ],
)
def test_an_archived_image_is_not_scanned(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A scan of an archived image is refused with ImageArchivedException."""
    require_manual(registry, repository)
    twin = create_repository(registry, "-twin")
    push_with_layers(registry, twin, docker_image(f"{registry.content_seed} twin"), "active")
    given_scan(registry, twin, {"imageTag": "active"})
    push_image("archived")
    image = {"repositoryName": repository, "imageId": {"imageTag": "archived"}}
    registry.given(_ARCHIVE, **image, targetStorageClass="ARCHIVE")
    _settle_archived(registry, repository)
    registry.refused(_START, "ImageArchivedException", **image)


def _settle_archived(registry: Registry, repository: str) -> None:
    """Give up, ``Untestable``, unless an image comes to be described as archived."""

    def observe() -> None:
        archived = described(registry, repository, filter={"imageStatus": "ARCHIVED"})
        assert archived, "no image is described as ARCHIVED"

    registry.settle(_ARCHIVE, observe)
