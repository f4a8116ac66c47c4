"""An image's description: its size, its date, its types, and where it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from conformance.suite.answers import objects
from conformance.suite.artifacts import DOCKER_CONFIG, OCI_CONFIG, Manifest, docker_image, oci_image
from conformance.suite.clock import clock
from conformance.suite.evidence import documented, model, recorded
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import described, tags_of
from conformance.suite.topics.image_answers import AWS_CLI_EXAMPLES, settled_image
from conformance.suite.topics.repository_answers import own_registry
from conformance.suite.verdicts import MUST

_MINUTES_APART = 10
_EXAMPLE = f"{AWS_CLI_EXAMPLES}/ecr/describe-images.rst"
_PUBLIC_EXAMPLE = f"{AWS_CLI_EXAMPLES}/ecr-public/describe-images.rst"
_KINDS: dict[str, Callable[[str], Manifest]] = {"docker-v2": docker_image, "oci": oci_image}
_TYPED: dict[str, Callable[[str], Manifest]] = {
    **_KINDS,
    "oci-typed-by-request": partial(oci_image, with_media_type=False),
}
_CONFIGS = {"docker-v2": DOCKER_CONFIG, "oci": OCI_CONFIG}


def _detail(registry: Registry, repository: str) -> dict[str, Any]:
    """What ``DescribeImages`` tells of the one image; the check fails unless it is one."""
    found = described(registry, repository)
    assert len(found) == 1, f"DescribeImages of one image: got {len(found)} imageDetails"
    return found[0]


def _expect(registry: Registry, repository: str, member: str, wanted: str) -> None:
    """Require that a member of the one image's description, where it is there, is as wanted.

    AWS added the members over the years; its older examples do without them.
    """

    def observe() -> None:
        found = _detail(registry, repository).get(member, wanted)
        assert found == wanted, f"{member} is {found!r}, not {wanted!r}"

    registry.eventually(observe)


@rule(
    "images.untagged-has-no-tags",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[
        documented(
            "ImageDetail.imageTags",
            "The list of tags associated with this image.",
            public="The list of tags that's associated with this image.",
        )
    ],
)
def test_an_untagged_image_has_no_tags(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """An image put without a tag is described without tags."""
    push_image()

    def untagged() -> None:
        tags = tags_of(_detail(registry, repository))
        assert not tags, f"an image put without a tag has the imageTags {tags}"

    registry.eventually(untagged)


@rule(
    "images.size",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[
        documented(
            "ImageDetail.imageSizeInBytes", "The size, in bytes, of the image in the repository."
        ),
        documented(
            "describe-images",
            '"imageSizeInBytes": 48318255, which is what the same image\'s manifest gives as sizes '
            "of its config and layers (batch-get-image.rst)",
            url=_EXAMPLE,
        ),
    ],
)
def test_the_size_is_that_of_config_and_layers(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """The imageSizeInBytes of a Docker image is the sum of its config and layers."""
    manifest = push_image("latest")
    size = sum(len(blob.content) for blob in manifest.blobs)

    def whole() -> None:
        found = _detail(registry, repository).get("imageSizeInBytes")
        assert found == size, f"config and layers have {size} bytes, imageSizeInBytes is {found}"

    registry.eventually(whole)


@rule(
    "images.pushed-at",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[
        documented(
            "ImageDetail.imagePushedAt",
            "The date and time, expressed in standard JavaScript date format, at which the current "
            "image was pushed to the repository.",
            public="The date and time, expressed in standard JavaScript date format, that the "
            "current image was pushed to the repository at.",
        ),
        model("PushTimestamp", "timestamp; in the protocol json a number of seconds"),
    ],
)
def test_the_date_of_push_is_now(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A new image's imagePushedAt is the present time in seconds."""
    push_image("latest")

    def now() -> None:
        pushed = _detail(registry, repository).get("imagePushedAt")
        assert isinstance(pushed, (int, float)), f"imagePushedAt is {pushed!r}, not a number"
        apart = abs(pushed - clock(registry)) / 60
        assert apart <= _MINUTES_APART, f"imagePushedAt is {pushed}, {apart:.0f} minutes from now"

    registry.eventually(now)


@pytest.mark.parametrize("kind", _TYPED)
@rule(
    "images.described-media-type",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[
        documented("ImageDetail.imageManifestMediaType", "The media type of the image manifest."),
        documented(
            "describe-images",
            '"imageManifestMediaType": "application/vnd.docker.distribution.manifest.v2+json"',
            url=_PUBLIC_EXAMPLE,
        ),
    ],
)
def test_an_image_is_described_with_its_media_type(
    registry: Registry, repository: str, push_image: PushImage, kind: str
) -> None:
    """The imageManifestMediaType of an image's description is that of the image as it was put."""
    manifest = push_image("latest", manifest=_TYPED[kind](registry.content_seed))
    _expect(registry, repository, "imageManifestMediaType", manifest.media_type)


@pytest.mark.parametrize("kind", _KINDS)
@rule(
    "images.artifact-media-type",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[
        documented("ImageDetail.artifactMediaType", "The artifact media type of the image."),
        documented(
            "describe-images",
            '"artifactMediaType": "application/vnd.docker.container.image.v1+json"',
            url=_PUBLIC_EXAMPLE,
        ),
        documented(
            "Pushing a Helm chart",
            '"artifactMediaType": "application/vnd.cncf.helm.config.v1+json"',
            url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/push-oci-artifact.html",
        ),
        recorded(
            "DescribeImages",
            '"artifactMediaType":"application/vnd.docker.container.image.v1+json"',
            "https://github.com/hashicorp/terraform-provider-aws/issues/35268",
        ),
    ],
)
def test_the_artifact_media_type_is_that_of_the_config(
    registry: Registry, repository: str, push_image: PushImage, kind: str
) -> None:
    """The artifactMediaType of an image is the media type of its config."""
    push_image("latest", manifest=_KINDS[kind](registry.content_seed))
    _expect(registry, repository, "artifactMediaType", _CONFIGS[kind])


@pytest.mark.parametrize("operation", ["BatchGetImage", "DescribeImages"])
@rule(
    "images.registry-and-repository",
    level=MUST,
    operations=["BatchGetImage", "DescribeImages"],
    evidence=[
        documented(
            "ImageDetail.registryId",
            "The Amazon Web Services account ID associated with the registry to which this image "
            "belongs.",
            public="The Amazon Web Services account ID that's associated with the public registry "
            "where this image belongs.",
        ),
        documented(
            "ImageDetail.repositoryName",
            "The name of the repository to which this image belongs.",
            public="The name of the repository where this image belongs.",
        ),
    ],
)
def test_an_image_names_its_registry_and_repository(
    registry: Registry, repository: str, push_image: PushImage, operation: str
) -> None:
    """An image that is read names the registry and the repository that it is in."""
    push_image("latest")
    settled_image(registry, repository, "latest")
    wanted = own_registry(registry), repository
    member = {"BatchGetImage": "images", "DescribeImages": "imageDetails"}[operation]
    ids = [{"imageTag": "latest"}]

    def named() -> None:
        answer = registry.call(operation, repositoryName=repository, imageIds=ids)
        found = [
            (each.get("registryId"), each.get("repositoryName")) for each in objects(answer, member)
        ]
        assert found == [wanted], f"{operation}: registry and repository are {found}, not {wanted}"

    registry.eventually(named)
