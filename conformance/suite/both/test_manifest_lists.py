"""Manifest lists and image indexes: what they refer to stays while they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from conformance.suite.artifacts import Manifest, docker_image, docker_list, oci_image, oci_index
from conformance.suite.evidence import documented, model, observed, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry, described, push
from conformance.suite.topics.image_answers import failure_codes, holds, settled, stored
from conformance.suite.verdicts import INFO, MUST, SHOULD


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of list, and the kind of image it lists."""

    label: str
    image: Callable[[str], Manifest]
    collection: Callable[[Sequence[Manifest]], Manifest]


FORMATS = (
    Format("docker-list", docker_image, docker_list),
    Format("oci-index", oci_image, oci_index),
)
_REFERENCED = [
    model("ImageFailureCode", "ImageReferencedByManifestList"),
    observed(
        "BatchDeleteImage",
        "These reference other images, so we need to delete them first as otherwise the "
        "referenced images can not be deleted.",
        "https://github.com/zeek/zeek/pull/3015",
    ),
]


@dataclass(frozen=True, slots=True)
class Family:
    """A list and its two children, each under a tag, with the digests they are stored under."""

    amd64: ImageEntry
    arm64: ImageEntry
    parent: ImageEntry


def _family(registry: Registry, repository: str, kind: Format) -> Family:
    """Push a list and its children. ``Untestable`` unless each is stored under its own digest."""
    children = [kind.image(f"{registry.content_seed} {tag}") for tag in ("amd64", "arm64")]
    parent = kind.collection(children)
    entries = []
    for manifest, tag in ((children[0], "amd64"), (children[1], "arm64"), (parent, "list")):
        digest = stored(registry, repository, manifest, tag)
        if digest != manifest.digest:
            raise Untestable("PutImage", f"the manifest {manifest.digest} is stored as {digest}")
        entries.append(ImageEntry(digest, tag))
    settled(registry, repository, "amd64", "arm64", "list")
    return Family(*entries)


def _delete_by_digest(registry: Registry, repository: str, entry: ImageEntry) -> list[str | None]:
    ids = [{"imageDigest": entry.digest}]
    return failure_codes(registry.call("BatchDeleteImage", repositoryName=repository, imageIds=ids))


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.label)
@rule(
    "images.listed-image-not-deletable",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=_REFERENCED,
)
def test_an_image_in_a_list_cannot_be_deleted(
    registry: Registry, repository: str, kind: Format
) -> None:
    """Deleting an image that a manifest list refers to fails with ImageReferencedByManifestList."""
    family = _family(registry, repository, kind)
    codes = _delete_by_digest(registry, repository, family.amd64)
    assert codes == ["ImageReferencedByManifestList"], (
        f"a list refers to the image, but deleting it gave {codes or 'no failure'}"
    )


@rule(
    "images.listed-image-stays",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=_REFERENCED,
)
def test_an_image_in_a_list_stays(registry: Registry, repository: str) -> None:
    """An image that a manifest list refers to is still there after an attempt to delete it."""
    family = _family(registry, repository, FORMATS[0])
    _delete_by_digest(registry, repository, family.amd64)
    holds(registry, repository, {family.amd64, family.arm64, family.parent})


@rule(
    "images.listed-image-keeps-last-tag",
    level=SHOULD,
    operations=["BatchDeleteImage"],
    evidence=[
        observed(
            "BatchDeleteImage",
            "The actual behaviour is that if the image only has one tag, and is also referenced in "
            "a manifest list, then the tag can",
            "https://github.com/aws/containers-roadmap/issues/1567",
        ),
        model("ImageFailureCode", "ImageReferencedByManifestList"),
    ],
)
def test_the_last_tag_of_an_image_in_a_list_cannot_be_deleted(
    registry: Registry, repository: str
) -> None:
    """Deleting the only tag of an image that a manifest list refers to fails."""
    family = _family(registry, repository, FORMATS[0])
    ids = [{"imageTag": "amd64"}]
    answer = registry.call("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    codes = failure_codes(answer)
    assert codes == ["ImageReferencedByManifestList"], (
        f"a list refers to {family.amd64.digest}, but deleting its tag gave {codes or 'no failure'}"
    )


@rule(
    "images.deleting-list-keeps-its-images",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[
        documented(
            "BatchDeleteImage",
            "Deletes a list of specified images within a repository.",
            public="Deletes a list of specified images that are within a repository in a public "
            "registry.",
        )
    ],
)
def test_deleting_a_list_keeps_its_images(registry: Registry, repository: str) -> None:
    """Deleting a manifest list deletes the list alone; the images it refers to stay."""
    family = _family(registry, repository, FORMATS[0])
    _delete_by_digest(registry, repository, family.parent)
    holds(registry, repository, {family.amd64, family.arm64})


@rule(
    "images.deletable-after-its-list",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[
        documented(
            "BatchDeleteImage",
            "You can completely delete an image (and all of its tags) by specifying the image's "
            "digest in your request.",
            public="You can completely delete an image (and all of its tags) by specifying the "
            "digest of the image in your request.",
        ),
        *_REFERENCED,
    ],
)
def test_an_image_is_deletable_after_its_list(registry: Registry, repository: str) -> None:
    """An image is deleted once no manifest list refers to it any more."""
    family = _family(registry, repository, FORMATS[0])
    if _delete_by_digest(registry, repository, family.parent):
        raise Untestable("BatchDeleteImage", "the list could not be deleted")
    settled(registry, repository, "amd64", "arm64")

    def deletable() -> None:
        codes = _delete_by_digest(registry, repository, family.amd64)
        assert codes == [], f"the list is gone, but deleting the image gave {codes}"

    registry.eventually(deletable)
    holds(registry, repository, {family.arm64})


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.label)
@rule(
    "images.list-of-missing-images-refused",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        documented(
            "PutImage.ReferencedImagesNotFoundException",
            "The manifest list is referencing an image that does not exist.",
            public="The manifest list is referencing an image that doesn't exist.",
        )
    ],
)
def test_a_list_of_missing_images_is_refused(
    registry: Registry, repository: str, kind: Format
) -> None:
    """A manifest list is refused while an image that it refers to is not in the repository."""
    present, missing = (kind.image(f"{registry.content_seed} {name}") for name in ("here", "away"))
    stored(registry, repository, present, "here")
    push(registry, repository, kind.collection([present]), "twin")
    incomplete = kind.collection([present, missing])
    registry.refused(
        "PutImage", "ReferencedImagesNotFoundException",
        repositoryName=repository, imageManifest=incomplete.text, imageTag="list",
        imageManifestMediaType=incomplete.media_type,
    )  # fmt: skip


@rule(
    "images.list-size",
    level=INFO,
    operations=["DescribeImages"],
    evidence=[
        documented(
            "ImageDetail.imageSizeInBytes",
            "If the image is a manifest list, this will be the max size of all manifests in the "
            "list.",
            public="If the image is a manifest list, this is the max size of all manifests in the "
            "list.",
        ),
        unverified("ImageDetail.imageSizeInBytes", "Is that the size of images or of manifests?"),
    ],
)
def test_what_size_a_list_has(registry: Registry, repository: str, observe: list[str]) -> None:
    """The size of a manifest list is the greatest size of what it lists."""
    _family(registry, repository, FORMATS[0])
    observe.extend(
        f"{detail.get('imageTags')} has {detail.get('imageSizeInBytes')} bytes"
        for detail in described(registry, repository)
    )
