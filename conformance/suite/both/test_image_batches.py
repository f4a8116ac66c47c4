"""Batch operations on images: what cannot be done is a failure of its own, not of the call."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pytest

from conformance.suite.answers import describe, objects, refusal, structure, success, text
from conformance.suite.evidence import Source, documented, model, observed, recorded, unverified
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry
from conformance.suite.topics.image_answers import (
    IMAGE_ID_LISTS,
    failure_codes,
    holds,
    image_id,
    settled,
    settled_image,
    unknown_digest,
)
from conformance.suite.topics.layer_uploads import CONTAINERD_RESOLVER
from conformance.suite.twins import INVALID
from conformance.suite.verdicts import INFO, MUST, SHOULD

_FAILURES = documented("BatchDeleteImage.failures", "Any failures associated with the call.")
_DEBUG_LOG = "https://github.com/aws/aws-cli/issues/6424"
_NOT_FOUND: list[Source] = [
    _FAILURES,
    model("ImageFailureCode", "ImageNotFound; no error of the two operations says so"),
    recorded(
        "BatchDeleteImage",
        '{"failures":[{"failureCode":"ImageNotFound","failureReason":"Requested image not found",'
        '"imageId":{"imageTag":"latest"}}],"imageIds":[]}',
        _DEBUG_LOG,
    ),
]
_INVALID_CODES = model(
    "ImageFailureCode", "InvalidImageDigest, InvalidImageTag, MissingDigestAndTag"
)
_OPERATIONS = tuple(IMAGE_ID_LISTS)
_UNKNOWN = ("tag", "digest")


def _unknown_id(registry: Registry, kind: str) -> dict[str, str]:
    return {"imageTag": "nowhere"} if kind == "tag" else {"imageDigest": unknown_digest(registry)}


def _failure(
    registry: Registry, operation: str, repository: str, asked: Mapping[str, str]
) -> dict[str, Any]:
    """Ask for one image that has to be a failure; gives that failure."""
    answer = registry.call(operation, repositoryName=repository, imageIds=[dict(asked)])
    failures = objects(answer, "failures")
    assert len(failures) == 1, (
        f"{operation} of {_words(asked)}: expected one failure, got {len(failures)}"
    )
    return failures[0]


def _fails(
    registry: Registry,
    operation: str,
    repository: str,
    asked: Mapping[str, str],
    codes: Collection[str],
) -> None:
    """Require that asking for one image fails with one of some codes, and does nothing else."""
    answer = registry.call(operation, repositoryName=repository, imageIds=[dict(asked)])
    found, member = failure_codes(answer), IMAGE_ID_LISTS[operation]
    assert len(found) == 1 and found[0] in codes, (  # noqa: PT018 (one requirement)
        f"{operation} of {_words(asked)}: expected the failure {' or '.join(codes)}, "
        f"got {found or 'no failure'}"
    )
    done = objects(answer, member)
    assert not done, f"{operation} of {_words(asked)}: failed, but {member} has {len(done)} entries"


def _words(asked: Mapping[str, str]) -> str:
    return " and ".join(f"{member} {value[:24]!r}" for member, value in asked.items()) or "no id"


@pytest.mark.parametrize("kind", _UNKNOWN)
@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "images.unknown-image-fails",
    level=MUST,
    operations=_OPERATIONS,
    evidence=_NOT_FOUND,
)
def test_an_unknown_image_is_a_failure(
    registry: Registry, repository: str, push_image: PushImage, operation: str, kind: str
) -> None:
    """An unknown tag or digest is answered with HTTP 200 and the failure ImageNotFound."""
    push_image("known")
    settled_image(registry, repository, "known")
    _fails(registry, operation, repository, _unknown_id(registry, kind), ["ImageNotFound"])


@pytest.mark.parametrize("kind", _UNKNOWN)
@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "images.failure-names-image",
    level=MUST,
    operations=_OPERATIONS,
    evidence=[
        documented(
            "ImageFailure.imageId",
            "The image ID associated with the failure.",
            public="The image ID that's associated with the failure.",
        ),
        recorded("BatchDeleteImage", '"imageId":{"imageTag":"latest"}', _DEBUG_LOG),
    ],
)
def test_a_failure_names_the_image_asked_for(
    registry: Registry, repository: str, operation: str, kind: str
) -> None:
    """A failure's imageId is the tag or digest that was asked for, and nothing else."""
    asked = _unknown_id(registry, kind)
    found = structure(_failure(registry, operation, repository, asked), "imageId")
    named = {member: value for member, value in found.items() if value is not None}
    assert named == asked, f"{operation}: asked for {asked}, the failure's imageId is {named}"


@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "images.mismatch-fails",
    level=MUST,
    operations=_OPERATIONS,
    evidence=[
        _FAILURES,
        model("ImageFailureCode", "ImageTagDoesNotMatchDigest"),
        observed(
            "BatchGetImage",
            "AWS's containerd resolver expects ImageTagDoesNotMatchDigest where an image of that "
            "tag and digest does not exist",
            f"{CONTAINERD_RESOLVER}/base.go",
        ),
    ],
)
def test_a_tag_with_another_digest_is_a_failure(
    registry: Registry, repository: str, push_image: PushImage, operation: str
) -> None:
    """A tag together with another image's digest is the failure ImageTagDoesNotMatchDigest."""
    push_image("one")
    push_image("two")
    by_tag = settled(registry, repository, "one", "two")
    mixed = image_id(ImageEntry(by_tag["two"], "one"))
    _fails(registry, operation, repository, mixed, ["ImageTagDoesNotMatchDigest"])


@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "images.tag-with-unknown-digest-fails",
    level=MUST,
    operations=_OPERATIONS,
    evidence=[_FAILURES, model("ImageFailureCode", "ImageTagDoesNotMatchDigest, ImageNotFound")],
)
def test_a_tag_with_an_unknown_digest_is_a_failure(
    registry: Registry, repository: str, push_image: PushImage, operation: str
) -> None:
    """A tag together with a digest that no image has is a failure."""
    push_image("known")
    settled_image(registry, repository, "known")
    asked = image_id(ImageEntry(unknown_digest(registry), "known"))
    codes = ["ImageTagDoesNotMatchDigest", "ImageNotFound"]
    _fails(registry, operation, repository, asked, codes)


_MALFORMED = {
    "no-id": ({}, "MissingDigestAndTag"),
    "digest": ({"imageDigest": "not-a-digest"}, "InvalidImageDigest"),
    "tag": ({"imageTag": "not a tag!"}, "InvalidImageTag"),
}
"""Ids that can be of no image, each with its failure."""


@pytest.mark.parametrize("kind", _MALFORMED)
@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "images.malformed-id-fails",
    level=SHOULD,
    operations=_OPERATIONS,
    evidence=[
        _INVALID_CODES,
        documented(
            "BatchDeleteImage.imageIds",
            "The format of the imageIds reference is imageTag=tag or imageDigest=digest.",
        ),
        documented(
            "BatchDeleteImage", "Images are specified with either an imageTag or imageDigest."
        ),
        documented(
            "BatchDeleteImage",
            "Images are specified with either the imageTag or imageDigest.",
            public="Images are specified with either an imageTag or imageDigest.",
        ),
        documented(
            "BatchDeleteImage.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
        observed(
            "BatchGetImage",
            "AWS's containerd resolver takes InvalidImageDigest and InvalidImageTag for invalid "
            "image identifiers",
            f"{CONTAINERD_RESOLVER}/base.go",
        ),
    ],
)
def test_a_malformed_id_is_a_failure(
    registry: Registry, repository: str, operation: str, kind: str
) -> None:
    """An id that is no tag and no digest is a failure that says so, or an invalid parameter."""
    # Which of the two it is on AWS is not public, so either will do.
    registry.given(operation, repositoryName=repository, imageIds=[{"imageTag": "nowhere"}])
    asked, code = _MALFORMED[kind]

    def observe() -> None:
        response = registry.send(operation, {"repositoryName": repository, "imageIds": [asked]})
        answer, error = success(response), refusal(response)
        refused = error is not None and error.code == INVALID
        assert refused or (answer is not None and failure_codes(answer) == [code]), (
            f"{operation} of {_words(asked)}: expected the failure {code} or {INVALID}, got "
            f"{describe(response) if answer is None else failure_codes(answer) or 'no failure'}"
        )

    registry.eventually(observe)


@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "images.partial-success",
    level=MUST,
    operations=_OPERATIONS,
    evidence=[
        *_NOT_FOUND,
        documented("BatchDeleteImage.imageIds", "The image IDs of the deleted images."),
    ],
)
def test_known_and_unknown_images_in_one_call(
    registry: Registry, repository: str, push_image: PushImage, operation: str
) -> None:
    """Known images among unknown ones are answered as done, the unknown ones as failures."""
    push_image("known")
    digest = settled_image(registry, repository, "known")
    ids = [_unknown_id(registry, "digest"), {"imageTag": "known"}, _unknown_id(registry, "tag")]

    def partial() -> None:
        answer = registry.call(operation, repositoryName=repository, imageIds=ids)
        done, codes = _done(operation, answer), failure_codes(answer)
        assert done == [digest], f"{operation}: the known image is {digest}, done are {done}"
        assert codes == ["ImageNotFound"] * 2, (
            f"{operation}: two of three images are unknown, the failures are {codes}"
        )

    registry.eventually(partial)


def _done(operation: str, answer: Mapping[str, Any]) -> list[str | None]:
    """The digests of what a batch operation answers as done."""
    entries = objects(answer, IMAGE_ID_LISTS[operation])
    ids = entries if operation == "BatchDeleteImage" else [structure(e, "imageId") for e in entries]
    return [text(each, "imageDigest") for each in ids]


@rule(
    "images.deleted-beside-failure",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[
        documented(
            "BatchDeleteImage",
            "Deletes a list of specified images within a repository.",
            public="Deletes a list of specified images that are within a repository in a public "
            "registry.",
        ),
        *_NOT_FOUND,
    ],
)
def test_a_failure_does_not_keep_other_images(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A failure does not keep the other images of the call from being deleted."""
    for tag in ("one", "two", "kept"):
        push_image(tag)
    kept = settled(registry, repository, "one", "two", "kept")["kept"]
    ids = [{"imageTag": "one"}, _unknown_id(registry, "tag"), {"imageTag": "two"}]
    registry.call("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    holds(registry, repository, {ImageEntry(kept, "kept")})


@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "images.failure-reason",
    level=INFO,
    operations=_OPERATIONS,
    evidence=[
        recorded("BatchDeleteImage", '"failureReason":"Requested image not found"', _DEBUG_LOG),
        unverified("ImageFailure.failureReason", "What are the reasons of the other failures?"),
    ],
)
def test_what_reason_a_failure_gives(
    registry: Registry, repository: str, observe: list[str], operation: str
) -> None:
    """The failure of an unknown tag gives the reason "Requested image not found"."""
    failure = _failure(registry, operation, repository, _unknown_id(registry, "tag"))
    observe.append(f"{operation}: {text(failure, 'failureReason') or 'no reason'}")
