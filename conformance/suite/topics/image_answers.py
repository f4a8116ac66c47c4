"""Reading what image operations answered, whatever an answer looks like, and the ids asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.suite.answers import objects, structure, text
from conformance.suite.artifacts import Blob, Manifest, digest_of
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.steps import ImageEntry, listed, push, upload

IMAGE_ID_LISTS = {"BatchDeleteImage": "imageIds", "BatchGetImage": "images"}
"""The batch operations on images, each with the member of its answer for what succeeded."""

AWS_CLI_EXAMPLES = "https://github.com/aws/aws-cli/blob/develop/awscli/examples"
"""The example outputs that AWS publishes with its command line client."""


def identifiers(answer: Mapping[str, Any]) -> set[ImageEntry]:
    """The ``imageIds`` of an answer."""
    return {
        ImageEntry(text(each, "imageDigest") or "no digest", text(each, "imageTag"))
        for each in objects(answer, "imageIds")
    }


def failure_codes(answer: Mapping[str, Any]) -> list[str | None]:
    """The ``failureCode`` of each of an answer's failures."""
    return [text(failure, "failureCode") for failure in objects(answer, "failures")]


def image_id(entry: ImageEntry) -> dict[str, str]:
    """An ``ImageIdentifier`` of what an entry knows."""
    tag = {} if entry.tag is None else {"imageTag": entry.tag}
    return {"imageDigest": entry.digest, **tag}


def unknown_digest(registry: Registry) -> str:
    """A digest that no image of the scenario has."""
    return digest_of(f"{registry.content_seed} nothing".encode())


def shown(entries: set[ImageEntry]) -> str:
    """Entries in plain words, digests cut to what tells them apart."""
    words = (f"{entry.tag or 'untagged'} {entry.digest[:19]}" for entry in entries)
    return "{" + ", ".join(sorted(words)) + "}"


def holds(registry: Registry, repository: str, expected: set[ImageEntry]) -> None:
    """Require that the repository comes to list exactly these entries."""

    def observe() -> None:
        found = listed(registry, repository)
        assert found == expected, f"the repository holds {shown(found)}, not {shown(expected)}"

    registry.eventually(observe)


def settled(registry: Registry, repository: str, *tags: str | None) -> dict[str | None, str]:
    """The digest under each tag (``None``: the one untagged image), as the target calls it.

    Waits until the repository lists exactly these tags; ``Untestable`` when it does not.
    """

    def observe() -> dict[str | None, str]:
        found = listed(registry, repository)
        by_tag = {entry.tag: entry.digest for entry in found}
        whole = len(found) == len(tags) and set(by_tag) == set(tags)
        assert whole, f"what was pushed is listed as {shown(found)}"
        return by_tag

    return registry.settle("PutImage", observe)


def settled_image(registry: Registry, repository: str, *tags: str) -> str:
    """The digest of the repository's one image, once it has exactly these tags."""
    digests = set(settled(registry, repository, *tags).values())
    if len(digests) != 1:
        raise Untestable("PutImage", f"one image is listed under {len(digests)} digests")
    return digests.pop()


def stored(registry: Registry, repository: str, manifest: Manifest, tag: str | None = None) -> str:
    """Push an image, layers included; gives the digest under which the target stored it."""
    upload_all(registry, repository, manifest.blobs)
    image = push(registry, repository, manifest, tag)
    digest = text(structure(image, "imageId"), "imageDigest")
    if digest is None:
        raise Untestable("PutImage", "the answer does not name the image's digest")
    return digest


def upload_all(registry: Registry, repository: str, blobs: tuple[Blob, ...]) -> None:
    """Upload layers, each by itself."""
    for blob in blobs:
        upload(registry, repository, blob)
