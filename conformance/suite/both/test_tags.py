"""Tags: what they are attached to, and what deleting an image by tag or digest leaves."""

from __future__ import annotations

import pytest

from conformance.suite.artifacts import docker_image
from conformance.suite.evidence import documented, model, observed, unverified
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry, described, listed
from conformance.suite.topics.image_answers import (
    AWS_CLI_EXAMPLES,
    failure_codes,
    holds,
    identifiers,
    image_id,
    settled,
    settled_image,
    shown,
)
from conformance.suite.verdicts import INFO, MUST, SHOULD

_REMOVES_A_TAG = documented(
    "BatchDeleteImage",
    "You can remove a tag from an image by specifying the image's tag in your request.",
)
_LAST_TAG = documented(
    "BatchDeleteImage",
    "When you remove the last tag from an image, the image is deleted from your repository.",
)
_BY_DIGEST = documented(
    "BatchDeleteImage",
    "You can completely delete an image (and all of its tags) by specifying the image's digest in "
    "your request.",
    public="You can completely delete an image (and all of its tags) by specifying the digest of "
    "the image in your request.",
)
_DELETED_IDS = documented("BatchDeleteImage.imageIds", "The image IDs of the deleted images.")
_PUBLIC_EXAMPLE = f"{AWS_CLI_EXAMPLES}/ecr-public/batch-delete-image.rst"
_UPDATES_TAGS = documented(
    "PutImage",
    "Creates or updates the image manifest and tags associated with an image.",
    public="Creates or updates the image manifest and tags that are associated with an image.",
)


_OTHER_TAGS = {"of-two": ("two",), "of-three": ("two", "three")}


@pytest.mark.parametrize("several", _OTHER_TAGS)
@rule(
    "tags.delete-one-of-several",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[_REMOVES_A_TAG, _LAST_TAG],
)
def test_deleting_one_tag_of_several_removes_that_tag_alone(
    registry: Registry, repository: str, push_image: PushImage, several: str
) -> None:
    """Deleting one tag of several removes that tag; the image keeps its other tags."""
    others = _OTHER_TAGS[several]
    push_image("one", *others)
    digest = settled_image(registry, repository, "one", *others)
    registry.call("BatchDeleteImage", repositoryName=repository, imageIds=[{"imageTag": "one"}])
    holds(registry, repository, {ImageEntry(digest, tag) for tag in others})


@rule(
    "tags.delete-last-tag-deletes-image",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[_LAST_TAG],
)
def test_deleting_the_last_tag_deletes_the_image(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Deleting an image's last tag deletes the image."""
    push_image("latest")
    settled_image(registry, repository, "latest")
    registry.call("BatchDeleteImage", repositoryName=repository, imageIds=[{"imageTag": "latest"}])
    holds(registry, repository, set())


@rule(
    "tags.delete-every-tag-deletes-image",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[_REMOVES_A_TAG, _LAST_TAG],
)
def test_deleting_every_tag_in_one_call_deletes_the_image(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Deleting all of an image's tags in one call deletes the image."""
    push_image("one", "two")
    settled_image(registry, repository, "one", "two")
    both = [{"imageTag": "one"}, {"imageTag": "two"}]
    registry.call("BatchDeleteImage", repositoryName=repository, imageIds=both)
    holds(registry, repository, set())


@rule(
    "tags.delete-by-digest",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[_BY_DIGEST],
)
def test_deleting_by_digest_deletes_the_image_and_all_its_tags(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Deleting an image by digest deletes it with all of its tags, and no other image."""
    push_image("one", "two")
    digest = settled_image(registry, repository, "one", "two")
    push_image("other")
    other = settled(registry, repository, "one", "two", "other")["other"]
    registry.call("BatchDeleteImage", repositoryName=repository, imageIds=[{"imageDigest": digest}])
    holds(registry, repository, {ImageEntry(other, "other")})


@rule(
    "tags.delete-untagged",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[_BY_DIGEST],
)
def test_an_untagged_image_is_deleted_by_digest(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """An untagged image is deleted by its digest."""
    push_image()
    digest = settled(registry, repository, None)[None]
    registry.call("BatchDeleteImage", repositoryName=repository, imageIds=[{"imageDigest": digest}])
    holds(registry, repository, set())


@rule(
    "tags.deleted-tag-named-with-digest",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[
        _DELETED_IDS,
        documented(
            "batch-delete-image",
            '"imageTag": "precise", "imageDigest": "sha256:19665f1e6d1e504117a1743c0a3d37530863'
            '54a38375961f2e665416ef4b1b2f"',
            url=f"{AWS_CLI_EXAMPLES}/ecr/batch-delete-image.rst",
        ),
        documented(
            "batch-delete-image",
            '"imageDigest": "sha256:f7a86a0760e2f8d7eff07e515fc87bf4bac45c35376c06f9a280f15e'
            'cad6d7e0", "imageTag": "_temp"',
            url=_PUBLIC_EXAMPLE,
        ),
    ],
)
def test_a_deleted_tag_is_named_with_its_digest(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Deleting by tag answers with that tag and the digest of the image it was on."""
    push_image("latest")
    digest = settled_image(registry, repository, "latest")
    ids = [{"imageTag": "latest"}]
    answer = registry.call("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    _names(answer, {ImageEntry(digest, "latest")})


@rule(
    "tags.deleted-digest-named",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[_DELETED_IDS, _BY_DIGEST],
)
def test_a_deleted_digest_is_named(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Deleting by digest answers with that digest and no failure."""
    push_image("latest")
    digest = settled_image(registry, repository, "latest")
    ids = [{"imageDigest": digest}]
    answer = registry.call("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    named = {entry.digest for entry in identifiers(answer)}
    assert named == {digest}, f"{digest} was deleted, imageIds has {sorted(named) or 'nothing'}"
    assert failure_codes(answer) == [], f"deleting by digest failed: {failure_codes(answer)}"


@rule(
    "tags.deleted-digest-names-every-tag",
    level=SHOULD,
    operations=["BatchDeleteImage"],
    evidence=[
        documented(
            "batch-delete-image",
            "To delete an image by using image digest ids, the image and all of its tags are "
            "deleted within a repository in a public registry",
            url=_PUBLIC_EXAMPLE,
        )
    ],
)
def test_deleting_by_digest_names_every_tag(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Deleting by digest answers with one entry of digest and tag for each tag the image had."""
    push_image("one", "two")
    digest = settled_image(registry, repository, "one", "two")
    ids = [{"imageDigest": digest}]
    answer = registry.call("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    _names(answer, {ImageEntry(digest, "one"), ImageEntry(digest, "two")})


@rule(
    "tags.deleted-untagged-named-by-digest-alone",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[
        _DELETED_IDS,
        documented(
            "batch-delete-image",
            '"imageDigest": "sha256:47ba980bc055353d9c0af89b1894f68faa43ca93856917b8406316be86f0127'
            '8"',
            url=_PUBLIC_EXAMPLE,
        ),
    ],
)
def test_a_deleted_untagged_image_is_named_by_its_digest_alone(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Deleting an untagged image answers with its digest and no tag."""
    push_image()
    digest = settled(registry, repository, None)[None]
    ids = [{"imageDigest": digest}]
    answer = registry.call("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    _names(answer, {ImageEntry(digest, None)})


def _names(answer: dict[str, object], expected: set[ImageEntry]) -> None:
    named = identifiers(answer)
    assert named == expected, f"imageIds of the answer is {shown(named)}, not {shown(expected)}"


@rule(
    "tags.delete-by-tag-and-digest",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[
        _LAST_TAG,
        model(
            "ImageFailureCode",
            "ImageTagDoesNotMatchDigest: tag and digest can be given together, and then match",
        ),
    ],
)
def test_a_tag_with_its_own_digest_deletes_the_image(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """An image's only tag, given together with the image's digest, deletes the image."""
    push_image("latest")
    digest = settled_image(registry, repository, "latest")
    ids = [image_id(ImageEntry(digest, "latest"))]
    answer = registry.call("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    assert failure_codes(answer) == [], f"tag and digest match, but {failure_codes(answer)} came"
    holds(registry, repository, set())


@rule(
    "tags.delete-by-tag-and-digest-of-several",
    level=INFO,
    operations=["BatchDeleteImage"],
    evidence=[
        unverified(
            "BatchDeleteImage.imageIds",
            "Does a tag given together with the image's digest remove that tag or the image?",
        )
    ],
)
def test_what_a_tag_with_its_own_digest_deletes(
    registry: Registry, repository: str, push_image: PushImage, observe: list[str]
) -> None:
    """One tag of several, given with the image's digest, removes the tag or deletes the image."""
    push_image("one", "two")
    digest = settled_image(registry, repository, "one", "two")
    ids = [image_id(ImageEntry(digest, "one"))]
    registry.call("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    observe.append(f"afterwards the repository holds {shown(listed(registry, repository))}")


@rule(
    "tags.delete-mismatch-deletes-nothing",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[model("ImageFailureCode", "ImageTagDoesNotMatchDigest is a failure")],
)
def test_a_tag_with_another_digest_deletes_nothing(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A tag given together with another image's digest deletes neither image."""
    push_image("one")
    push_image("two")
    by_tag = settled(registry, repository, "one", "two")
    ids = [image_id(ImageEntry(by_tag["two"], "one"))]
    registry.call("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    holds(registry, repository, {ImageEntry(by_tag[tag], tag) for tag in ("one", "two")})


@rule("tags.put-moves-tag", level=MUST, operations=["PutImage"], evidence=[_UPDATES_TAGS])
def test_a_tag_moves_to_the_image_put_under_it(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Putting another image under an existing tag moves the tag to that image."""
    second = docker_image(f"{registry.content_seed} another")
    push_image("latest")
    old = settled_image(registry, repository, "latest")
    push_image("other", manifest=second)
    new = settled(registry, repository, "latest", "other")["other"]
    registry.call(
        "PutImage", repositoryName=repository, imageManifest=second.text, imageTag="latest"
    )

    def moved() -> None:
        under = {entry.digest for entry in listed(registry, repository) if entry.tag == "latest"}
        assert under == {new}, f"the tag moved from {old} to {new}, but is on {sorted(under)}"

    registry.eventually(moved)


@rule(
    "tags.moved-tag-leaves-image-untagged",
    level=SHOULD,
    operations=["PutImage"],
    evidence=[
        observed(
            "PutImage",
            "When image tags are overridden the older untagged images can sit around",
            "https://github.com/trek10inc/ecr-cleaner/issues/7",
        )
    ],
)
def test_the_image_a_tag_moved_from_stays_untagged(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """An image whose only tag moved to another image stays in the repository, untagged."""
    push_image("latest")
    old = settled_image(registry, repository, "latest")
    push_image("latest")

    def stays() -> None:
        found = listed(registry, repository)
        assert ImageEntry(old, None) in found, f"{old} is not untagged: there is {shown(found)}"

    registry.eventually(stays)


@rule(
    "tags.one-image-of-several-tags",
    level=MUST,
    operations=["PutImage", "DescribeImages"],
    evidence=[
        _UPDATES_TAGS,
        documented("ImageDetail.imageTags", "The list of tags associated with this image.",
                   public="The list of tags that's associated with this image."),
    ],
)  # fmt: skip
def test_one_manifest_under_two_tags_is_one_image(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """One manifest put under two tags is described as one image with both tags."""
    push_image("one", "two")

    def one_image() -> None:
        tags = [detail.get("imageTags") for detail in described(registry, repository)]
        found = [sorted(map(str, each)) if isinstance(each, list) else each for each in tags]
        assert found == [["one", "two"]], f"one image was pushed; imageTags of each: {found}"

    registry.eventually(one_image)
