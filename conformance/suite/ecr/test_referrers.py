"""Referrers: artifacts, such as signatures, whose manifests name an image as their subject."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.suite.answers import objects, text
from conformance.suite.artifacts import Manifest, oci_image
from conformance.suite.evidence import documented, model
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import pages, push
from conformance.suite.topics.archive import archive
from conformance.suite.topics.listings import FROM_THE_END, MOST_ON_A_PAGE, NEXT_PAGE, THE_REST
from conformance.suite.verdicts import MUST

_LIST = "ListImageReferrers"
_SIGNATURE, _SBOM = "application/vnd.cncf.notary.signature", "application/spdx+json"
_LISTS = documented(_LIST, "Lists the artifacts associated with a specified subject image.")
_NO_FILTER = documented(
    "ListImageReferrers.filter",
    "If no filter is specified, only artifacts with ACTIVE status are returned.",
)


def _subject(push_image: PushImage, registry: Registry, name: str = "subject") -> Manifest:
    return push_image(name, manifest=oci_image(f"{registry.content_seed} {name}"))


def _artifact(registry: Registry, subject: Manifest, kind: str = _SIGNATURE) -> Manifest:
    """An OCI image manifest of some type that names another one as its subject."""
    image = oci_image(f"{registry.content_seed} {kind} {subject.digest}")
    descriptor = {name: value for name, value in subject.descriptor().items() if name != "platform"}
    value = {**json.loads(image.text), "artifactType": kind, "subject": descriptor}
    return Manifest(json.dumps(value, indent=3), image.media_type, image.blobs)


def _referrers(
    registry: Registry, repository: str, subject: Manifest, **more: Any
) -> list[dict[str, Any]]:
    """Every page of the artifacts of an image."""
    asked = {
        "repositoryName": repository,
        "subjectId": {"imageDigest": subject.digest},
        **more,
    }
    return [each for page in pages(registry, _LIST, **asked) for each in objects(page, "referrers")]


def _require(
    registry: Registry, repository: str, subject: Manifest, *wanted: Manifest, **more: Any
) -> None:
    """Require that an image comes to have exactly these artifacts."""

    def observe() -> None:
        found = _referrers(registry, repository, subject, **more)
        digests = sorted(text(each, "digest") or "no digest" for each in found)
        expected = sorted(each.digest for each in wanted)
        says = f"{_LIST}: expected {len(expected)} artifacts, got {len(digests)}"
        assert len(digests) == len(expected), says
        assert digests == expected, f"{_LIST}: the artifacts are others than those expected"

    registry.eventually(observe)


@rule(
    "registry.referrers-listed",
    level=MUST,
    operations=[_LIST],
    services=["ecr"],
    evidence=[
        _LISTS,
        documented("ImageReferrer.digest", "The digest of the artifact manifest."),
        documented("ImageReferrer.mediaType", "The media type of the artifact manifest."),
        documented("ImageReferrer.artifactType", "A string identifying the type of artifact."),
        documented(
            "ImageReferrer.artifactStatus",
            "The status of the artifact. Valid values are ACTIVE, ARCHIVED, or ACTIVATING.",
        ),
    ],
)
def test_an_artifact_is_listed(registry: Registry, repository: str, push_image: PushImage) -> None:
    """ListImageReferrers gives an artifact with digest, media type and type, and as active."""
    subject = _subject(push_image, registry)
    artifact = push_image(manifest=_artifact(registry, subject))
    wanted = [(artifact.digest, artifact.media_type, _SIGNATURE)]

    def observe() -> None:
        members = ("digest", "mediaType", "artifactType")
        listed = _referrers(registry, repository, subject)
        found = [tuple(each.get(member) for member in members) for each in listed]
        assert found == wanted, f"{_LIST}: expected {wanted}, got {found}"
        # That a status is always told is nowhere said.
        status = listed[0].get("artifactStatus", "ACTIVE")
        assert status == "ACTIVE", f"{_LIST}: the status of a new artifact is {status}"

    registry.eventually(observe)


@rule(
    "registry.referrers-of-subject",
    level=MUST,
    operations=[_LIST],
    services=["ecr"],
    evidence=[_LISTS],
)
def test_artifacts_of_others_are_not_listed(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """ListImageReferrers has no artifacts of other images, and none of an image without any."""
    subject, other = _subject(push_image, registry), _subject(push_image, registry, "other")
    artifact = push_image(manifest=_artifact(registry, subject))
    _require(registry, repository, subject, artifact)
    _require(registry, repository, other)


@rule(
    "registry.referrers-by-type",
    level=MUST,
    operations=[_LIST],
    services=["ecr"],
    evidence=[
        documented(
            "ListImageReferrersFilter.artifactTypes",
            "The artifact types with which to filter your ListImageReferrers results.",
        )
    ],
)
def test_artifacts_are_filtered_by_type(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """With artifact types in the filter, ListImageReferrers gives the artifacts of those alone."""
    subject = _subject(push_image, registry)
    signature = push_image(manifest=_artifact(registry, subject))
    sbom = push_image(manifest=_artifact(registry, subject, _SBOM))
    for types, wanted in (([_SBOM], [sbom]), ([_SIGNATURE, _SBOM], [signature, sbom])):
        _require(registry, repository, subject, *wanted, filter={"artifactTypes": types})


@rule(
    "registry.referrers-active",
    level=MUST,
    operations=[_LIST],
    services=["ecr"],
    evidence=[
        _NO_FILTER,
        documented(
            "ListImageReferrersFilter.artifactStatus",
            "Valid values are ACTIVE, ARCHIVED, ACTIVATING, or ANY. If not specified, only "
            "artifacts with ACTIVE status are returned.",
        ),
    ],
)
@pytest.mark.parametrize("status", ["no-filter", "ACTIVE", "ARCHIVED", "ANY"])
def test_archived_artifacts_are_listed_by_status(
    registry: Registry, repository: str, push_image: PushImage, status: str
) -> None:
    """An archived artifact is listed where its status, or any, is asked for, and else not."""
    subject = _subject(push_image, registry)
    artifact = push_image("signature", manifest=_artifact(registry, subject))
    archive(registry, repository, "signature")
    wanted = [artifact] if status in ("ARCHIVED", "ANY") else []
    chosen = {} if status == "no-filter" else {"filter": {"artifactStatus": status}}
    _require(registry, repository, subject, *wanted, **chosen)


@rule(
    "registry.referrers-deleted",
    level=MUST,
    operations=[_LIST],
    services=["ecr"],
    evidence=[_LISTS],
)
def test_a_deleted_artifact_is_not_listed(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """ListImageReferrers does not have an artifact that was deleted."""
    subject = _subject(push_image, registry)
    left = push_image(manifest=_artifact(registry, subject))
    gone = push_image(manifest=_artifact(registry, subject, _SBOM))
    _require(registry, repository, subject, left, gone)
    image_ids = [{"imageDigest": gone.digest}]
    registry.given("BatchDeleteImage", repositoryName=repository, imageIds=image_ids)
    _require(registry, repository, subject, left)


@rule(
    "registry.referrers-pages",
    level=MUST,
    operations=[_LIST],
    services=["ecr"],
    evidence=[
        documented(
            "ListImageReferrers.maxResults",
            "When this parameter is used, ListImageReferrers only returns maxResults results in a "
            "single page along with a nextToken response element.",
        ),
        MOST_ON_A_PAGE,
        THE_REST,
        FROM_THE_END,
        *NEXT_PAGE,
        model("FiftyMaxResults", "min 1, max 50"),
    ],
)
def test_artifacts_are_listed_in_pages(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """ListImageReferrers gives at most maxResults artifacts at once, and each on some page."""
    subject = _subject(push_image, registry)
    kinds = [_SIGNATURE, _SBOM, "application/vnd.conformance.third"]
    artifacts = [push_image(manifest=_artifact(registry, subject, each)) for each in kinds]
    _require(registry, repository, subject, *artifacts, maxResults=2)
    first = registry.call(
        _LIST, repositoryName=repository, subjectId={"imageDigest": subject.digest}, maxResults=2
    )
    size = len(objects(first, "referrers"))
    assert size <= 2, f"{_LIST}: with maxResults 2, a page has {size} artifacts"


_BY_DEFAULT = 20


@rule(
    "registry.referrers-default",
    level=MUST,
    operations=[_LIST],
    services=["ecr"],
    evidence=[
        documented(
            "ListImageReferrers.maxResults",
            "If this parameter is not used, then ListImageReferrers returns up to 20 results and a "
            "nextToken value, if applicable.",
        )
    ],
)
def test_a_page_has_twenty_artifacts_by_default(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Without maxResults a page of artifacts has 20 at most."""
    subject = _subject(push_image, registry)
    first = push_image(manifest=_artifact(registry, subject))
    others = [_annotated(first, number) for number in range(_BY_DEFAULT)]
    for other in others:
        push(registry, repository, other)
    asked = {"repositoryName": repository, "subjectId": {"imageDigest": subject.digest}}

    def observe() -> None:
        there = objects(registry.given(_LIST, **asked, maxResults=50), "referrers")
        assert len(there) > _BY_DEFAULT, f"of {1 + len(others)} artifacts, {len(there)} are listed"

    registry.settle(_LIST, observe)
    size = len(objects(registry.call(_LIST, **asked), "referrers"))
    assert size <= _BY_DEFAULT, f"{_LIST}: without maxResults, a page has {size} artifacts"


def _annotated(artifact: Manifest, number: int) -> Manifest:
    """Another artifact of the same subject, type and layers."""
    value = {**json.loads(artifact.text), "annotations": {"number": str(number)}}
    return Manifest(json.dumps(value, indent=3), artifact.media_type, artifact.blobs)
