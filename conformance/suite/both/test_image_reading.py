"""Reading images: which ones ``DescribeImages`` describes, and what it refuses to."""

from __future__ import annotations

import pytest

from conformance.suite.answers import text
from conformance.suite.evidence import documented, model, observed
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry, described
from conformance.suite.topics.image_answers import image_id, settled, settled_image, unknown_digest
from conformance.suite.twins import INVALID
from conformance.suite.verdicts import MUST, SHOULD

_DESCRIBES = documented(
    "DescribeImages",
    "Returns metadata about the images in a repository.",
    public="Returns metadata that's related to the images in a repository in a public registry.",
)
_ASKED_FOR = documented(
    "DescribeImages.imageIds", "The list of image IDs for the requested repository."
)
_DIGEST = documented("ImageDetail.imageDigest", "The sha256 digest of the image manifest.")
_NOT_FOUND = documented(
    "DescribeImages.ImageNotFoundException",
    "The image requested does not exist in the specified repository.",
    public="The image requested doesn't exist in the specified repository.",
)
_REFUSAL = "ImageNotFoundException"
_WAYS = ("tag", "digest", "both")
_KINDS = ("tag", "digest")


def _digests(registry: Registry, repository: str, *asked: dict[str, str]) -> list[str]:
    """The digests of what ``DescribeImages`` describes, asked for some images."""
    details = described(registry, repository, imageIds=list(asked))
    return sorted(text(each, "imageDigest") or "no digest" for each in details)


@rule(
    "images.empty-repository",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[_DESCRIBES],
)
def test_an_empty_repository_has_no_images(registry: Registry, repository: str) -> None:
    """DescribeImages of a new repository is an empty list of imageDetails."""

    def empty() -> None:
        answer = registry.call("DescribeImages", repositoryName=repository)
        found = answer.get("imageDetails")
        assert found == [], f"a new repository's imageDetails are {str(found)[:80]}"

    registry.eventually(empty)


@pytest.mark.parametrize("way", _WAYS)
@rule(
    "images.described-alone",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[_ASKED_FOR, _DIGEST],
)
def test_the_image_asked_for_is_described_alone(
    registry: Registry, repository: str, push_image: PushImage, way: str
) -> None:
    """DescribeImages of one image, by tag, by digest or both, describes that image alone."""
    push_image("latest")
    push_image("other")
    digest = settled(registry, repository, "latest", "other")["latest"]
    whole = image_id(ImageEntry(digest, "latest"))
    named = {"tag": ["imageTag"], "digest": ["imageDigest"]}.get(way, list(whole))

    def alone() -> None:
        asked = {member: whole[member] for member in named}
        found = _digests(registry, repository, asked)
        assert found == [digest], f"asked for {digest} by {way}, described are {found}"

    registry.eventually(alone)


@rule(
    "images.several-described",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[_ASKED_FOR, _DIGEST],
)
def test_every_image_asked_for_is_described(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """DescribeImages of several images describes each of them, and no other."""
    for tag in ("one", "two", "other"):
        push_image(tag)
    by_tag = settled(registry, repository, "one", "two", "other")
    wanted = sorted((by_tag["one"], by_tag["two"]))
    ids = [{"imageTag": "one"}, {"imageDigest": by_tag["two"]}]

    def each() -> None:
        found = _digests(registry, repository, *ids)
        assert found == wanted, f"asked for {wanted}, described are {found}"

    registry.eventually(each)


def _known(registry: Registry, repository: str, push_image: PushImage) -> dict[str, str]:
    """An id that ``DescribeImages`` accepts; without one, a refusal would tell nothing."""
    push_image("known")
    settled_image(registry, repository, "known")
    known = {"imageTag": "known"}
    registry.given("DescribeImages", repositoryName=repository, imageIds=[known])
    return known


def _unknown(registry: Registry, kind: str) -> dict[str, str]:
    return {"imageTag": "nowhere"} if kind == "tag" else {"imageDigest": unknown_digest(registry)}


@pytest.mark.parametrize("kind", _KINDS)
@rule(
    "images.unknown-image-refused",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[
        _NOT_FOUND,
        observed(
            "DescribeImages",
            "ImageNotFoundException: The image with imageId {imageDigest:'null', imageTag:'…'} "
            "does not exist within the repository",
            "https://github.com/hashicorp/terraform-provider-aws/issues/35268",
        ),
    ],
)
def test_describing_an_unknown_image_is_refused(
    registry: Registry, repository: str, push_image: PushImage, kind: str
) -> None:
    """DescribeImages of an unknown image is refused with ImageNotFoundException."""
    _known(registry, repository, push_image)
    ids = [_unknown(registry, kind)]
    registry.refused("DescribeImages", _REFUSAL, repositoryName=repository, imageIds=ids)


@pytest.mark.parametrize("kind", _KINDS)
@rule(
    "images.unknown-beside-known-refused",
    level=SHOULD,
    operations=["DescribeImages"],
    evidence=[_NOT_FOUND, model("DescribeImagesResponse", "it has no member for failures")],
)
def test_describing_an_unknown_image_beside_a_known_one_is_refused(
    registry: Registry, repository: str, push_image: PushImage, kind: str
) -> None:
    """DescribeImages of a known and an unknown image is refused with ImageNotFoundException."""
    ids = [_known(registry, repository, push_image), _unknown(registry, kind)]
    registry.refused("DescribeImages", _REFUSAL, repositoryName=repository, imageIds=ids)


_MALFORMED = {"tag": {"imageTag": "not a tag!"}, "digest": {"imageDigest": "not-a-digest"}}


@pytest.mark.parametrize("kind", _KINDS)
@rule(
    "images.malformed-id-refused",
    level=SHOULD,
    operations=["DescribeImages"],
    evidence=[
        observed(
            "DescribeImages",
            "Invalid parameter at 'imageTag' failed to satisfy constraint: 'must satisfy regular "
            "expression '[a-zA-Z0-9-_.]+''",
            "https://github.com/datawire/forge/issues/99",
        ),
        observed(
            "DescribeImages",
            "Invalid parameter at 'imageDigest' failed to satisfy constraint: 'must satisfy "
            "regular expression '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+''",
            "https://github.com/pulumi/pulumi-aws/issues/2466",
        ),
    ],
)
def test_describing_a_malformed_id_is_refused(
    registry: Registry, repository: str, push_image: PushImage, kind: str
) -> None:
    """DescribeImages of what is no tag or no digest is refused as an invalid parameter."""
    _known(registry, repository, push_image)
    ids = [_MALFORMED[kind]]
    registry.refused("DescribeImages", INVALID, repositoryName=repository, imageIds=ids)
