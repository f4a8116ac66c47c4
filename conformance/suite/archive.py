"""Putting an image into the archive, for scenarios that are about something else."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry

ARCHIVED = "ARCHIVED"


def archive(registry: Registry, repository: str, image_id: Mapping[str, str]) -> None:
    """Archive an image. ``Untestable`` unless the answer says that it is archived."""
    answer = registry.given(
        "UpdateImageStorageClass",
        repositoryName=repository,
        imageId=image_id,
        targetStorageClass="ARCHIVE",
    )
    status = answer.get("imageStatus")
    if status != ARCHIVED:
        raise Untestable("UpdateImageStorageClass", f"the imageStatus is {status}")
