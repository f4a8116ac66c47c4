"""Immutable tags: a repository in which no tag moves."""

from __future__ import annotations

import pytest

from conformance.suite.answers import describe, success
from conformance.suite.artifacts import Manifest, docker_image
from conformance.suite.evidence import documented, observed, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry, listed, push_with_layers
from conformance.suite.topics.image_answers import settled, shown, upload_all
from conformance.suite.topics.repository_answers import described_repositories, made
from conformance.suite.verdicts import INFO, MUST

_GUIDE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html"
_IMMUTABLE = documented(
    "CreateRepository.imageTagMutability",
    "If IMMUTABLE is specified, all image tags within the repository will be immutable which will "
    "prevent them from being overwritten.",
)
_TAG_EXISTS = documented(
    "PutImage.ImageTagAlreadyExistsException",
    "The specified image is tagged with a tag that already exists. The repository is configured "
    "for tag immutability.",
)
_IMAGE_EXISTS = documented(
    "PutImage.ImageAlreadyExistsException",
    "The specified image has already been pushed, and there were no changes to the manifest or "
    "image tag after the last push.",
)
_NEW = {"tagged": "new", "untagged": None}


def _immutable(registry: Registry) -> str:
    """The name of a new repository of immutable tags; ``Untestable`` where it says otherwise."""
    repository = made(registry, registry.name_prefix, imageTagMutability="IMMUTABLE")
    setting = repository.get("imageTagMutability")
    if setting != "IMMUTABLE":
        raise Untestable("CreateRepository", f"imageTagMutability is {setting}, not IMMUTABLE")
    return registry.name_prefix


def _image(registry: Registry, name: str) -> Manifest:
    return docker_image(f"{registry.content_seed} {name}")


def _request(repository: str, manifest: Manifest, tag: str | None) -> dict[str, str]:
    tagged = {} if tag is None else {"imageTag": tag}
    return {
        "repositoryName": repository,
        "imageManifest": manifest.text,
        "imageManifestMediaType": manifest.media_type,
        **tagged,
    }


def _tagged_first(registry: Registry, repository: str) -> str:
    """Push the image ``first`` under ``latest``; gives its digest."""
    push_with_layers(registry, repository, _image(registry, "first"), "latest")
    return settled(registry, repository, "latest")["latest"]


@rule(
    "tags.immutable-refuses-another-image",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[
        _IMMUTABLE,
        _TAG_EXISTS,
        documented(
            "Preventing image tags from being overwritten",
            "After tag immutability is turned on, the ImageTagAlreadyExistsException error is "
            "returned if you push an image with a tag that is already in the repository.",
            url=_GUIDE,
        ),
    ],
)
def test_another_image_under_an_immutable_tag_is_refused(registry: Registry) -> None:
    """Putting another image under an immutable tag is ImageTagAlreadyExistsException."""
    repository, second = _immutable(registry), _image(registry, "second")
    _tagged_first(registry, repository)
    upload_all(registry, repository, second.blobs)
    registry.refused(
        "PutImage", "ImageTagAlreadyExistsException", **_request(repository, second, "latest")
    )


@rule(
    "tags.immutable-stays",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[_IMMUTABLE, _TAG_EXISTS],
)
def test_an_immutable_tag_stays_on_its_image(registry: Registry) -> None:
    """After another image was put under it, an immutable tag is still on the first image alone."""
    repository, second = _immutable(registry), _image(registry, "second")
    first = _tagged_first(registry, repository)
    upload_all(registry, repository, second.blobs)
    registry.send("PutImage", _request(repository, second, "latest"))

    def stays() -> None:
        found = {entry for entry in listed(registry, repository) if entry.tag == "latest"}
        wanted = {ImageEntry(first, "latest")}
        assert found == wanted, f"the tag was on {shown(wanted)}, now there is {shown(found)}"

    registry.eventually(stays)


@pytest.mark.parametrize("kind", _NEW)
@rule(
    "tags.immutable-takes-new-images",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[_IMMUTABLE, _TAG_EXISTS],
)
def test_a_new_image_is_taken_beside_immutable_tags(registry: Registry, kind: str) -> None:
    """Another image is put into a repository of immutable tags under a new tag or none."""
    repository, second = _immutable(registry), _image(registry, "second")
    _tagged_first(registry, repository)
    upload_all(registry, repository, second.blobs)
    registry.call("PutImage", **_request(repository, second, _NEW[kind]))


@rule(
    "tags.immutable-takes-new-tag",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[
        _IMMUTABLE,
        documented(
            "PutImage",
            "Creates or updates the image manifest and tags associated with an image.",
        ),
    ],
)
def test_an_image_gets_another_immutable_tag(registry: Registry) -> None:
    """An image gets a second tag in a repository of immutable tags, and keeps the first."""
    repository = _immutable(registry)
    first = _tagged_first(registry, repository)
    registry.call("PutImage", **_request(repository, _image(registry, "first"), "second"))
    wanted = {ImageEntry(first, tag) for tag in ("latest", "second")}

    def both() -> None:
        found = listed(registry, repository)
        assert found == wanted, f"the repository holds {shown(found)}, not {shown(wanted)}"

    registry.eventually(both)


@rule(
    "tags.immutable-same-image-refused",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[
        _TAG_EXISTS,
        _IMAGE_EXISTS,
        observed(
            "PutImage",
            "Push fails when image already exists on repository with tag and is immutable",
            "https://github.com/aws/aws-sdk/issues/750",
        ),
        observed(
            "PutImage",
            "when pushing an image to an IMMUTABLE registry, even when the digest has not changed, "
            "it fails with ImageTagAlreadyExistsException",
            "https://github.com/aws/containers-roadmap/issues/2179",
        ),
    ],
)
def test_the_same_image_under_the_same_immutable_tag_is_refused(registry: Registry) -> None:
    """Putting an image again under its immutable tag is refused: image or tag exists already."""
    repository = _immutable(registry)
    _tagged_first(registry, repository)
    codes = {"ImageTagAlreadyExistsException", "ImageAlreadyExistsException"}
    registry.refused("PutImage", codes, **_request(repository, _image(registry, "first"), "latest"))


@rule(
    "tags.immutability-described",
    level=MUST,
    operations=["DescribeRepositories"],
    services=["ecr"],
    evidence=[
        documented(
            "Repository.imageTagMutability", "The tag mutability setting for the repository."
        )
    ],
)
def test_immutability_is_described(registry: Registry) -> None:
    """DescribeRepositories gives the imageTagMutability that a repository was made with."""
    repository = _immutable(registry)

    def observe() -> None:
        described = described_repositories(registry, repository)
        found = [each.get("imageTagMutability") for each in described]
        assert found == ["IMMUTABLE"], f"made IMMUTABLE, described as {found}"

    registry.eventually(observe)


@rule(
    "tags.deleted-immutable-tag-used-again",
    level=INFO,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[
        unverified("PutImage", "Is an immutable tag free again once it, or its image, is deleted?")
    ],
)
def test_what_becomes_of_a_deleted_immutable_tag(registry: Registry, observe: list[str]) -> None:
    """An immutable tag that was deleted is free for another image or not."""
    repository, second = _immutable(registry), _image(registry, "second")
    _tagged_first(registry, repository)
    upload_all(registry, repository, second.blobs)
    ids = [{"imageTag": "latest"}]
    registry.given("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    response = registry.send("PutImage", _request(repository, second, "latest"))
    outcome = "taken" if success(response) is not None else f"answered {describe(response)}"
    observe.append(f"after its deletion, another image under the tag is {outcome}")
