"""Images: what ``PutImage`` stores, what it answers, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import structure
from conformance.suite.artifacts import (
    Manifest,
    docker_image,
    docker_list,
    oci_image,
    oci_index,
)
from conformance.suite.evidence import documented, observed
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import push
from conformance.suite.topics.image_answers import (
    AWS_CLI_EXAMPLES,
    unknown_digest,
    upload_all,
)
from conformance.suite.verdicts import MUST, SHOULD

_PUT_EXAMPLE = f"{AWS_CLI_EXAMPLES}/ecr/put-image.rst"
_MEDIA_TYPE = documented(
    "PutImage.imageManifestMediaType",
    "If you push an image manifest that does not contain the mediaType field, you must specify the "
    "imageManifestMediaType in the request.",
    public="If you push an image manifest that doesn't contain the mediaType field, you must "
    "specify the imageManifestMediaType in the request.",
)
_DIGEST = documented(
    "PutImage.imageDigest",
    "The image digest of the image manifest corresponding to the image.",
    public="The image digest of the image manifest that corresponds to the image.",
)
_SINGLE_IMAGES = {"docker-v2": docker_image, "oci": oci_image}


def _put(registry: Registry, repository: str, manifest: Manifest, **more: Any) -> dict[str, Any]:
    """Put a manifest whose layers are there; the check fails unless the answer has an image."""
    parameters = {"repositoryName": repository, "imageManifest": manifest.text, **more}
    image = structure(registry.call("PutImage", **parameters), "image")
    assert image, "PutImage: the answer has no image"
    return image


@pytest.mark.parametrize("kind", _SINGLE_IMAGES)
@rule(
    "images.digest-is-that-of-the-manifest",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        documented("ImageIdentifier.imageDigest", "The sha256 digest of the image manifest."),
        documented("put-image", "an example whose digest is the manifest's", url=_PUT_EXAMPLE),
    ],
)
def test_the_digest_is_that_of_the_exact_manifest(
    registry: Registry, repository: str, kind: str
) -> None:
    """An image's digest is the SHA-256 of the exact bytes of the manifest that was put."""
    manifest = _SINGLE_IMAGES[kind](registry.content_seed)
    upload_all(registry, repository, manifest.blobs)
    image = _put(registry, repository, manifest, imageTag="latest")
    digest = structure(image, "imageId").get("imageDigest")
    assert digest == manifest.digest, f"the manifest's SHA-256 is {manifest.digest}, not {digest}"


@rule(
    "images.put-returns-manifest",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        documented(
            "Image.imageManifest",
            "The image manifest associated with the image.",
            public="The image manifest that's associated with the image.",
        ),
        documented("put-image", "the example answers with the manifest's text", url=_PUT_EXAMPLE),
    ],
)
def test_put_image_returns_the_manifest_byte_for_byte(registry: Registry, repository: str) -> None:
    """PutImage answers with the manifest byte for byte as it was put."""
    manifest = docker_image(registry.content_seed)
    upload_all(registry, repository, manifest.blobs)
    answered = _put(registry, repository, manifest, imageTag="latest").get("imageManifest")
    assert answered == manifest.text, f"the manifest came back changed: {str(answered)[:80]!r}"


@rule(
    "images.put-names-image",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        documented(
            "Image.repositoryName",
            "The name of the repository associated with the image.",
            public="The name of the repository that's associated with the image.",
        ),
        documented(
            "Image.imageId",
            "An object containing the image tag and image digest associated with an image.",
            public="An object that contains the image tag and image digest associated with an "
            "image.",
        ),
    ],
)
def test_put_image_names_the_image(registry: Registry, repository: str) -> None:
    """PutImage answers with the repository and the tag that the image was put under."""
    manifest = docker_image(registry.content_seed)
    upload_all(registry, repository, manifest.blobs)
    image = _put(registry, repository, manifest, imageTag="latest")
    named = image.get("repositoryName"), structure(image, "imageId").get("imageTag")
    assert named == (repository, "latest"), f"put as {repository}:latest, answered {named}"


def _of_type(registry: Registry, repository: str, kind: str) -> Manifest:
    """A manifest of a kind, with all that it refers to in the repository."""
    if kind in _SINGLE_IMAGES:
        manifest = _SINGLE_IMAGES[kind](registry.content_seed)
        upload_all(registry, repository, manifest.blobs)
        return manifest
    child = docker_image if kind == "docker-list" else oci_image
    children = [child(f"{registry.content_seed} {name}") for name in ("amd64", "arm64")]
    for index, manifest in enumerate(children):
        upload_all(registry, repository, manifest.blobs)
        push(registry, repository, manifest, f"child-{index}")
    return docker_list(children) if kind == "docker-list" else oci_index(children)


@pytest.mark.parametrize("kind", [*_SINGLE_IMAGES, "docker-list", "oci-index"])
@rule(
    "images.media-type-accepted",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        documented(
            "Container image manifest formats",
            "Docker Image Manifest V2 Schema 2 (used with Docker version 1.10 and newer); Open "
            "Container Initiative (OCI) Specifications",
            url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-manifest-formats.html",
        ),
        documented(
            "Multi-architecture images",
            "You can push multi-architecture images to an Amazon ECR repository by creating and "
            "pushing Docker manifest lists.",
            url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/"
            "docker-push-multi-architecture-image.html",
        ),
    ],
)
def test_manifests_of_docker_and_oci_are_accepted(
    registry: Registry, repository: str, kind: str
) -> None:
    """Images and lists of images in the formats of Docker and OCI are accepted."""
    manifest = _of_type(registry, repository, kind)
    _put(
        registry, repository, manifest,
        imageTag="latest", imageManifestMediaType=manifest.media_type,
    )  # fmt: skip


@rule(
    "images.media-type-in-manifest-suffices",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        _MEDIA_TYPE,
        documented("put-image", "the example gives no media type", url=_PUT_EXAMPLE),
    ],
)
def test_a_media_type_in_the_manifest_suffices(registry: Registry, repository: str) -> None:
    """A manifest with a mediaType of its own is accepted without imageManifestMediaType."""
    manifest = oci_image(registry.content_seed)
    upload_all(registry, repository, manifest.blobs)
    _put(registry, repository, manifest, imageTag="latest")


@rule(
    "images.media-type-in-request-suffices",
    level=MUST,
    operations=["PutImage"],
    evidence=[_MEDIA_TYPE],
)
def test_a_media_type_in_the_request_suffices(registry: Registry, repository: str) -> None:
    """A manifest without a mediaType is accepted together with imageManifestMediaType."""
    manifest = oci_image(registry.content_seed, with_media_type=False)
    upload_all(registry, repository, manifest.blobs)
    _put(
        registry, repository, manifest,
        imageTag="latest", imageManifestMediaType=manifest.media_type,
    )  # fmt: skip


@rule(
    "images.media-type-required",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        _MEDIA_TYPE,
        observed(
            "PutImage",
            "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON "
            "syntax'",
            "https://github.com/aws/aws-cli/issues/8620",
        ),
    ],
)
def test_a_manifest_of_unknown_type_is_refused(registry: Registry, repository: str) -> None:
    """A manifest without a mediaType is refused without imageManifestMediaType."""
    twin, manifest = (
        oci_image(registry.content_seed, {"of": name}, with_media_type=False)
        for name in ("twin", "request")
    )
    upload_all(registry, repository, twin.blobs)
    push(registry, repository, twin, "twin")
    registry.refused(
        "PutImage", "InvalidParameterException",
        repositoryName=repository, imageManifest=manifest.text, imageTag="latest",
    )  # fmt: skip


@rule(
    "images.right-digest-accepted",
    level=MUST,
    operations=["PutImage"],
    evidence=[_DIGEST, documented("ImageIdentifier.imageDigest",
                                  "The sha256 digest of the image manifest.")],
)  # fmt: skip
def test_the_right_digest_is_accepted(registry: Registry, repository: str) -> None:
    """A manifest is accepted together with its own digest."""
    manifest = docker_image(registry.content_seed)
    upload_all(registry, repository, manifest.blobs)
    _put(registry, repository, manifest, imageTag="latest", imageDigest=manifest.digest)


@rule(
    "images.wrong-digest-refused",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        documented(
            "PutImage.ImageDigestDoesNotMatchException",
            "The specified image digest does not match the digest that Amazon ECR calculated for "
            "the image.",
            public="The specified image digest doesn't match the digest that Amazon ECR calculated "
            "for the image.",
        )
    ],
)
def test_a_wrong_digest_is_refused(registry: Registry, repository: str) -> None:
    """A manifest is refused together with a digest that is not its own."""
    twin, manifest = (docker_image(f"{registry.content_seed} {name}") for name in ("twin", "other"))
    upload_all(registry, repository, twin.blobs + manifest.blobs)
    push(registry, repository, twin, "twin")
    for wrong in (unknown_digest(registry), twin.digest, f"sha256:{0:064}", f"sha256:{'f' * 64}"):
        registry.refused(
            "PutImage", "ImageDigestDoesNotMatchException",
            repositoryName=repository, imageManifest=manifest.text, imageTag="latest",
            imageDigest=wrong,
        )  # fmt: skip


_NO_NEWS = documented(
    "PutImage.ImageAlreadyExistsException",
    "The specified image has already been pushed, and there were no changes to the manifest or "
    "image tag after the last push.",
)


@rule("images.same-image-and-tag-refused", level=MUST, operations=["PutImage"], evidence=[_NO_NEWS])
def test_the_same_image_under_the_same_tag_is_refused(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Putting an image again under a tag that it has already is refused."""
    manifest = push_image("latest")
    registry.refused(
        "PutImage", "ImageAlreadyExistsException",
        repositoryName=repository, imageManifest=manifest.text, imageTag="latest",
        imageManifestMediaType=manifest.media_type,
    )  # fmt: skip


@rule("images.same-untagged-refused", level=SHOULD, operations=["PutImage"], evidence=[_NO_NEWS])
def test_the_same_image_without_a_tag_is_refused(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Putting an image without a tag is refused when it is there already."""
    manifest = push_image()
    registry.refused(
        "PutImage", "ImageAlreadyExistsException",
        repositoryName=repository, imageManifest=manifest.text,
        imageManifestMediaType=manifest.media_type,
    )  # fmt: skip


@rule(
    "images.missing-layer-refused",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        documented(
            "PutImage.LayersNotFoundException",
            "The specified layers could not be found, or the specified layer is not valid for this "
            "repository.",
            public="The specified layers can't be found, or the specified layer isn't valid for "
            "this repository.",
        )
    ],
)
def test_an_image_without_its_layer_is_refused(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A manifest is refused while a layer that it refers to is not in the repository."""
    push_image("twin")
    manifest = docker_image(f"{registry.content_seed} incomplete")
    upload_all(registry, repository, manifest.blobs[:1])
    registry.refused(
        "PutImage", "LayersNotFoundException",
        repositoryName=repository, imageManifest=manifest.text, imageTag="latest",
        imageManifestMediaType=manifest.media_type,
    )  # fmt: skip
