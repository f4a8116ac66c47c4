"""Fetching images: the manifests that ``BatchGetImage`` gives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.artifacts import Manifest, docker_image, oci_image
from conformance.suite.evidence import documented, unverified
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry
from conformance.suite.topics.image_answers import (
    AWS_CLI_EXAMPLES,
    failure_codes,
    image_id,
    settled,
    settled_image,
    shown,
)
from conformance.suite.verdicts import INFO, MUST

_MANIFEST_FORMATS = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-manifest-formats.html"
)
_IMAGES = documented(
    "BatchGetImage.images",
    "A list of image objects corresponding to the image references in the request.",
)
_MANIFEST = documented("Image.imageManifest", "The image manifest associated with the image.")
_GET_EXAMPLE = f"{AWS_CLI_EXAMPLES}/ecr/batch-get-image.rst"
_DIGEST = documented("ImageIdentifier.imageDigest", "The sha256 digest of the image manifest.")
_WAYS = ("tag", "digest", "both")
_KINDS: dict[str, Callable[[str], Manifest]] = {"docker-v2": docker_image, "oci": oci_image}
_TYPED: dict[str, Callable[[str], Manifest]] = {
    **_KINDS,
    "oci-typed-by-request": partial(oci_image, with_media_type=False),
}


def _asked(way: str, digest: str) -> dict[str, str]:
    """The identifier of the image that is tagged ``latest``."""
    whole = image_id(ImageEntry(digest, "latest"))
    return {"tag": {"imageTag": "latest"}, "digest": {"imageDigest": digest}}.get(way, whole)


def _got(registry: Registry, repository: str, asked: dict[str, str], **more: Any) -> dict[str, Any]:
    """The one image that ``BatchGetImage`` gives; the check fails unless it is one."""
    answer = registry.call("BatchGetImage", repositoryName=repository, imageIds=[asked], **more)
    images = objects(answer, "images")
    assert len(images) == 1, (
        f"BatchGetImage of one image by {' and '.join(asked)}: expected one image, got "
        f"{len(images)} (failures: {failure_codes(answer)})"
    )
    return images[0]


@pytest.mark.parametrize("way", _WAYS)
@rule(
    "images.get-returns-manifest",
    level=MUST,
    operations=["BatchGetImage"],
    services=["ecr"],
    evidence=[
        _MANIFEST,
        _DIGEST,
        documented(
            "batch-get-image",
            "the example's Docker image, got by tag, has a manifest whose SHA-256 is its digest",
            url=_GET_EXAMPLE,
        ),
    ],
)
def test_the_manifest_comes_back_byte_for_byte(
    registry: Registry, repository: str, push_image: PushImage, way: str
) -> None:
    """BatchGetImage gives the manifest byte for byte as it was put, by tag, by digest or both."""
    manifest = push_image("latest")
    asked = _asked(way, settled_image(registry, repository, "latest"))

    def unchanged() -> None:
        found = _got(registry, repository, asked).get("imageManifest")
        assert found == manifest.text, f"the manifest came back changed: {str(found)[:80]!r}"

    registry.eventually(unchanged)


@pytest.mark.parametrize("kind", _KINDS)
@rule(
    "images.accepted-media-type",
    level=MUST,
    operations=["BatchGetImage"],
    services=["ecr"],
    evidence=[
        documented("BatchGetImage.acceptedMediaTypes", "The accepted media types for the request."),
        documented(
            "Container image manifest formats",
            "When you pull an image from Amazon ECR by tag, Amazon ECR returns the image manifest "
            "format that is stored in the repository. The format is returned only if that format "
            "is understood by the client.",
            url=_MANIFEST_FORMATS,
        ),
    ],
)
def test_an_accepted_manifest_is_given_as_it_is(
    registry: Registry, repository: str, push_image: PushImage, kind: str
) -> None:
    """An image whose media type is accepted is given with its manifest byte for byte."""
    manifest = push_image("latest", manifest=_KINDS[kind](registry.content_seed))
    settled_image(registry, repository, "latest")
    accepted = [manifest.media_type]

    def unchanged() -> None:
        asked = {"imageTag": "latest"}
        image = _got(registry, repository, asked, acceptedMediaTypes=accepted)
        found = image.get("imageManifest")
        assert found == manifest.text, f"the manifest came back changed: {str(found)[:80]!r}"

    registry.eventually(unchanged)


@pytest.mark.parametrize("kind", _TYPED)
@rule(
    "images.get-media-type",
    level=MUST,
    operations=["BatchGetImage"],
    services=["ecr"],
    evidence=[
        documented("Image.imageManifestMediaType", "The manifest media type of the image."),
        documented(
            "PutImage.imageManifestMediaType",
            "The media type of the image manifest. If you push an image manifest that does not "
            "contain the mediaType field, you must specify the imageManifestMediaType in the "
            "request.",
        ),
    ],
)
def test_the_manifest_media_type_is_the_image_s(
    registry: Registry, repository: str, push_image: PushImage, kind: str
) -> None:
    """The imageManifestMediaType that BatchGetImage gives is that of the image as it was put."""
    manifest = push_image("latest", manifest=_TYPED[kind](registry.content_seed))
    digest = settled_image(registry, repository, "latest")

    def same() -> None:
        image = _got(registry, repository, {"imageDigest": digest})
        # AWS's examples, from before there was the member, do without it.
        found = image.get("imageManifestMediaType", manifest.media_type)
        assert found == manifest.media_type, f"put as {manifest.media_type}, given as {found}"

    registry.eventually(same)


@pytest.mark.parametrize("way", _WAYS)
@rule(
    "images.get-names-image",
    level=MUST,
    operations=["BatchGetImage"],
    services=["ecr"],
    evidence=[
        documented(
            "Image.imageId",
            "An object containing the image tag and image digest associated with an image.",
        ),
        documented("Image.repositoryName", "The name of the repository associated with the image."),
        documented(
            "batch-get-image",
            '"imageDigest": "sha256:4a1c6567c38904384ebc64e35b7eeddd8451110c299e3368d22100664'
            '87d97e5", "imageTag": "v1.13.6"',
            url=_GET_EXAMPLE,
        ),
    ],
)
def test_an_image_is_given_with_its_names(
    registry: Registry, repository: str, push_image: PushImage, way: str
) -> None:
    """BatchGetImage gives an image with its repository, its digest and the tag asked for."""
    push_image("latest")
    digest = settled_image(registry, repository, "latest")
    asked = _asked(way, digest)

    def named() -> None:
        image = _got(registry, repository, asked)
        found = structure(image, "imageId")
        # By digest alone, whether a tag comes too is not public.
        tag = found.get("imageTag") if "imageTag" in asked else None
        got = image.get("repositoryName"), found.get("imageDigest"), tag
        wanted = repository, digest, asked.get("imageTag")
        assert got == wanted, f"repository, digest and tag are {got}, not {wanted}"

    registry.eventually(named)


@rule(
    "images.get-every-image",
    level=MUST,
    operations=["BatchGetImage"],
    services=["ecr"],
    evidence=[_IMAGES],
)
def test_every_image_asked_for_is_given(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """BatchGetImage of several tags gives the image of each, and no other."""
    for tag in ("one", "two", "other"):
        push_image(tag)
    by_tag = settled(registry, repository, "one", "two", "other")
    wanted = {ImageEntry(by_tag[tag], tag) for tag in ("one", "two")}
    ids = [{"imageTag": "one"}, {"imageTag": "two"}]

    def each() -> None:
        answer = registry.call("BatchGetImage", repositoryName=repository, imageIds=ids)
        found = {_entry(structure(image, "imageId")) for image in objects(answer, "images")}
        assert found == wanted, f"asked for {shown(wanted)}, given {shown(found)}"

    registry.eventually(each)


def _entry(named: dict[str, Any]) -> ImageEntry:
    return ImageEntry(text(named, "imageDigest") or "no digest", text(named, "imageTag"))


@rule(
    "images.get-by-digest-of-several-tags",
    level=INFO,
    operations=["BatchGetImage"],
    services=["ecr"],
    evidence=[
        unverified(
            "BatchGetImage.images",
            "Is an image of several tags, asked for by digest, given once or once for each tag?",
        )
    ],
)
def test_what_a_digest_with_several_tags_gives(
    registry: Registry, repository: str, push_image: PushImage, observe: list[str]
) -> None:
    """An image of two tags, asked for by digest, is given once or once for each tag."""
    push_image("one", "two")
    ids = [{"imageDigest": settled_image(registry, repository, "one", "two")}]
    answer = registry.call("BatchGetImage", repositoryName=repository, imageIds=ids)
    entries = [_entry(structure(image, "imageId")) for image in objects(answer, "images")]
    observe.append(f"{len(entries)} images: {[entry.tag or 'no tag' for entry in entries]}")
