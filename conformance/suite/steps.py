"""Steps that many scenarios take: make a repository, upload a layer, push and list images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.suite.answers import objects, text
from conformance.suite.artifacts import Blob, Manifest
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry

MAX_PAGES = 300
"""More pages than any scenario's listing has: a target that never ends a listing is stopped."""

REGISTRY_PAGES = 3_000
"""The same for repositories, among which are those of others: as many as 300,000, where quotas are
some ten thousand, and adjustable
(https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html)."""


@dataclass(frozen=True, slots=True)
class ImageEntry:
    """One line of a listing: an image's digest with one of its tags, or with none."""

    digest: str
    tag: str | None


def create_repository(registry: Registry, suffix: str = "", **parameters: Any) -> str:
    """Make a repository under the scenario's own prefix; gives its name."""
    name = registry.name_prefix + suffix
    registry.given("CreateRepository", repositoryName=name, **parameters)
    return name


def upload(registry: Registry, repository: str, blob: Blob) -> None:
    """Upload a layer in one part. ``Untestable`` unless it is stored."""
    upload_id = initiate(registry, repository)
    registry.given(
        "UploadLayerPart",
        repositoryName=repository,
        uploadId=upload_id,
        partFirstByte=0,
        partLastByte=len(blob.content) - 1,
        layerPartBlob=blob.content,
    )
    registry.given(
        "CompleteLayerUpload",
        repositoryName=repository,
        uploadId=upload_id,
        layerDigests=[blob.digest],
    )


def initiate(registry: Registry, repository: str) -> str:
    """Begin a layer upload; gives the upload id."""
    answer = registry.given("InitiateLayerUpload", repositoryName=repository)
    upload_id = answer.get("uploadId")
    if not isinstance(upload_id, str):
        raise Untestable("InitiateLayerUpload", f"no uploadId in {answer}")
    return upload_id


def push(
    registry: Registry, repository: str, manifest: Manifest, tag: str | None = None
) -> dict[str, Any]:
    """Put a manifest whose layers are there already; gives the answer's ``image``."""
    parameters = {
        "repositoryName": repository,
        "imageManifest": manifest.text,
        "imageManifestMediaType": manifest.media_type,
    }
    if tag is not None:
        parameters["imageTag"] = tag
    image = registry.given("PutImage", **parameters).get("image")
    if not isinstance(image, dict):
        raise Untestable("PutImage", "the answer has no image")
    return image


def push_with_layers(
    registry: Registry, repository: str, manifest: Manifest, *tags: str
) -> Manifest:
    """Upload what a manifest refers to, then put it once for each tag, or once without a tag.

    Some emulators take images without having layers at all. What counts here is that the image is
    accepted, so trouble with its layers is told only when it is not.
    """
    trouble = _upload_all(registry, repository, manifest)
    for tag in tags or (None,):
        try:
            push(registry, repository, manifest, tag)
        except Untestable as refusal:
            raise trouble or refusal from None
    return manifest


def _upload_all(registry: Registry, repository: str, manifest: Manifest) -> Untestable | None:
    try:
        for blob in manifest.blobs:
            upload(registry, repository, blob)
    except Untestable as trouble:
        return trouble
    return None


def most_pages(operation: str) -> int:
    """More pages than a listing has."""
    return REGISTRY_PAGES if operation == "DescribeRepositories" else MAX_PAGES


def pages(registry: Registry, operation: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    """The pages of a listing, following ``nextToken`` to the end."""
    token: Any = None
    most = most_pages(operation)
    for _ in range(most):
        more = {} if token is None else {"nextToken": token}
        page = registry.call(operation, **parameters, **more)
        yield page
        token = page.get("nextToken")
        if token is None:
            return
    raise AssertionError(f"{operation}: still a nextToken after {most} pages")


def listed(registry: Registry, repository: str) -> set[ImageEntry]:
    """What a repository holds: one entry for each tag, one for each untagged image.

    Read from ``DescribeImages``, which both services have; ``ListImages`` is ECR's alone.
    """
    return {
        ImageEntry(text(detail, "imageDigest") or "no digest", tag)
        for detail in described(registry, repository)
        for tag in tags_of(detail) or (None,)
    }


def tags_of(detail: Mapping[str, Any]) -> Sequence[str | None]:
    """The ``imageTags`` of an image's description; none where it is untagged."""
    tags = detail.get("imageTags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def described(registry: Registry, repository: str, **parameters: Any) -> list[dict[str, Any]]:
    """The ``imageDetails`` of every page of ``DescribeImages``."""
    return [
        detail
        for page in pages(registry, "DescribeImages", repositoryName=repository, **parameters)
        for detail in objects(page, "imageDetails")
    ]
