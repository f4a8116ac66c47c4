"""Putting an image into the archive, for scenarios that are about something else."""

from __future__ import annotations

from conformance.suite.answers import objects, success
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry

ARCHIVED = "ARCHIVED"
_UPDATE = "UpdateImageStorageClass"


def archive(registry: Registry, repository: str, tag: str) -> None:
    """Archive an image.

    ``Untestable`` unless the answer says that it is archived, and where DescribeImages has it among
    the active ones nevertheless.
    """
    answer = registry.given(
        _UPDATE,
        repositoryName=repository,
        imageId={"imageTag": tag},
        targetStorageClass="ARCHIVE",
    )
    status = answer.get("imageStatus")
    if status != ARCHIVED:
        raise Untestable(_UPDATE, f"the imageStatus is {status}")

    def observe() -> None:
        assert not _described_as_active(registry, repository, tag), "the image is active still"

    registry.settle(_UPDATE, observe)


def _described_as_active(registry: Registry, repository: str, tag: str) -> bool:
    response = registry.send("DescribeImages", {"repositoryName": repository})
    details = objects(success(response) or {}, "imageDetails")
    return any(
        {"imageTags": [tag], "imageStatus": "ACTIVE"}.items() <= detail.items()
        for detail in details
    )
