"""Artifacts that refer to an image."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pushing import push

from conformance.suite.artifacts import (
    OCI_INDEX,
    OCI_MANIFEST,
    Manifest,
    docker_image,
    oci_image,
)

IMAGE = docker_image("subject")
SUBJECT = {"imageDigest": IMAGE.digest}
SIGNATURE, SBOM = "application/vnd.cncf.notary.signature", "application/spdx+json"
NOBODY = f"sha256:{'0' * 64}"


def _artifact(seed: str, kind: str | None = SIGNATURE, **more: Any) -> Manifest:
    """An OCI image manifest with the image as its subject."""
    image = oci_image(seed)
    value = {**json.loads(image.text), "subject": IMAGE.descriptor(), **more}
    typed = {} if kind is None else {"artifactType": kind}
    return Manifest(json.dumps({**value, **typed}), OCI_MANIFEST, image.blobs)


@pytest.fixture
def app(ecr: Any) -> Any:
    """A client of a registry in which app has an image."""
    ecr.create_repository(repositoryName="app")
    push(ecr, "app", IMAGE, "latest")
    return ecr


def _referrers(client: Any, digest: str = IMAGE.digest, **given: Any) -> list[dict[str, Any]]:
    answer = client.list_image_referrers(
        repositoryName="app",
        subjectId={"imageDigest": digest},
        **({"filter": given} if given else {}),
    )
    assert "nextToken" not in answer
    referrers: list[dict[str, Any]] = answer["referrers"]
    return referrers


def _digests(client: Any, **given: Any) -> set[str]:
    return {each["digest"] for each in _referrers(client, **given)}


def test_an_artifact_is_listed_under_its_subject(app: Any) -> None:
    """It shows its digest, type, size, annotations and status; other images are not listed."""
    artifact = _artifact("signature", annotations={"by": "me"})
    push(app, "app", artifact)
    push(app, "app", oci_image("no artifact"))
    assert _referrers(app) == [
        {
            "digest": artifact.digest,
            "mediaType": OCI_MANIFEST,
            "artifactType": SIGNATURE,
            "size": sum(len(blob.content) for blob in artifact.blobs),
            "annotations": {"by": "me"},
            "artifactStatus": "ACTIVE",
        }
    ]
    assert _referrers(app, artifact.digest) == []


def test_without_a_type_an_artifact_has_that_of_its_configuration(app: Any) -> None:
    """The type of an artifact is artifactType, or else its configuration's media type.

    https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
    """
    push(app, "app", _artifact("untyped", None))
    (referrer,) = _referrers(app)
    assert referrer["artifactType"] == "application/vnd.oci.image.config.v1+json"
    assert "annotations" not in referrer


def test_an_index_is_an_artifact_too(app: Any) -> None:
    """An index may have a subject; without a type of its own it has none."""
    value = {
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "manifests": [],
        "subject": IMAGE.descriptor(),
    }
    push(app, "app", Manifest(json.dumps(value), OCI_INDEX))
    (referrer,) = _referrers(app)
    assert referrer["mediaType"] == OCI_INDEX
    assert "artifactType" not in referrer


def test_an_artifact_is_an_image_that_shows_its_subject(app: Any) -> None:
    """DescribeImages has the artifact, and the digest of its subject."""
    artifact = _artifact("signature")
    push(app, "app", artifact)
    details = app.describe_images(repositoryName="app")["imageDetails"]
    subjects = {each["imageDigest"]: each.get("subjectManifestDigest") for each in details}
    assert subjects == {IMAGE.digest: None, artifact.digest: IMAGE.digest}


def test_the_filter_chooses_by_type(app: Any) -> None:
    """Artifacts of one of the types are listed; an empty list of types chooses nothing out."""
    signature, sbom = _artifact("signature"), _artifact("sbom", SBOM)
    push(app, "app", signature)
    push(app, "app", sbom)
    both = {signature.digest, sbom.digest}
    assert _digests(app) == both == _digests(app, artifactTypes=[])
    assert _digests(app, artifactTypes=[SBOM]) == {sbom.digest}
    assert _digests(app, artifactTypes=[SBOM, SIGNATURE]) == both
    assert _digests(app, artifactTypes=["application/unknown"]) == set()


def test_the_filter_chooses_by_status(app: Any) -> None:
    """Archived artifacts are listed only when they are asked for."""
    archived, active = _artifact("archived"), _artifact("active")
    push(app, "app", archived)
    push(app, "app", active)
    app.update_image_storage_class(
        repositoryName="app",
        imageId={"imageDigest": archived.digest},
        targetStorageClass="ARCHIVE",
    )
    assert _digests(app) == {active.digest} == _digests(app, artifactStatus="ACTIVE")
    assert _digests(app, artifactTypes=[SIGNATURE]) == {active.digest}
    assert _digests(app, artifactStatus="ARCHIVED") == {archived.digest}
    assert _digests(app, artifactStatus="ACTIVATING") == set()
    assert _digests(app, artifactStatus="ANY") == {archived.digest, active.digest}
    (referrer,) = _referrers(app, artifactStatus="ARCHIVED")
    assert referrer["artifactStatus"] == "ARCHIVED"


def test_an_artifact_may_come_before_its_subject_and_outlive_it(ecr: Any) -> None:
    """It is listed whether the subject is there or not, as long as it is there itself."""
    ecr.create_repository(repositoryName="app")
    artifact = _artifact("early")
    push(ecr, "app", artifact)
    assert _digests(ecr) == {artifact.digest}
    push(ecr, "app", IMAGE)
    ecr.batch_delete_image(repositoryName="app", imageIds=[SUBJECT])
    assert _digests(ecr) == {artifact.digest}
    ecr.batch_delete_image(repositoryName="app", imageIds=[{"imageDigest": artifact.digest}])
    assert _digests(ecr) == set()


def test_referrers_are_listed_in_pages(app: Any) -> None:
    """Every referrer is on exactly one page: of twenty, unless asked otherwise."""
    artifacts = [_artifact(f"artifact {number}") for number in range(21)]
    for artifact in artifacts:
        push(app, "app", artifact)
    asked: dict[str, Any] = {"repositoryName": "app", "subjectId": SUBJECT}
    first = app.list_image_referrers(**asked)
    rest = app.list_image_referrers(**asked, nextToken=first["nextToken"])
    assert (len(first["referrers"]), len(rest["referrers"])) == (20, 1)
    found = [each["digest"] for page in (first, rest) for each in page["referrers"]]
    assert sorted(found) == sorted(artifact.digest for artifact in artifacts)
    assert "nextToken" not in rest
    assert len(app.list_image_referrers(**asked, maxResults=50)["referrers"]) == 21
    assert len(app.list_image_referrers(**asked, maxResults=1)["referrers"]) == 1
    for misuse in (
        {"maxResults": 51},
        {"nextToken": "made-up"},
        {"nextToken": first["nextToken"], "filter": {"artifactStatus": "ANY"}},
        {"nextToken": first["nextToken"], "subjectId": {"imageDigest": NOBODY}},
    ):
        with pytest.raises(app.exceptions.InvalidParameterException):
            app.list_image_referrers(**{**asked, **misuse})


def test_what_has_no_referrers_has_an_empty_list(app: Any) -> None:
    """Neither an image without artifacts nor a digest without an image is an error."""
    assert _referrers(app) == [] == _referrers(app, NOBODY)


def test_what_is_no_digest_is_refused(app: Any) -> None:
    """A subject is named by its digest."""
    with pytest.raises(app.exceptions.InvalidParameterException):
        _referrers(app, "latest")


@pytest.mark.parametrize(
    "filters",
    [{"artifactStatus": "LOST"}, {"artifactTypes": ["a"] * 6}, {"artifactTypes": ["a" * 256]}],
)
def test_a_filter_beyond_its_bounds_is_refused(app: Any, filters: dict[str, Any]) -> None:
    """A filter has at most five types of at most 255 characters, and a status that there is."""
    with pytest.raises(app.exceptions.InvalidParameterException):
        _referrers(app, **filters)


@pytest.mark.parametrize(
    "member",
    [{"subject": "latest"}, {"subject": {"digest": NOBODY}}, {"annotations": ["a"]},
     {"annotations": {"a": 1}}],
)  # fmt: skip
def test_a_manifest_with_a_bad_subject_or_annotations_is_refused(
    app: Any, member: dict[str, Any]
) -> None:
    """A subject is a descriptor, annotations are texts by name."""
    artifact = _artifact("bad", **member)
    with pytest.raises(app.exceptions.InvalidParameterException):
        app.put_image(repositoryName="app", imageManifest=artifact.text)


def test_a_repository_that_is_not_there_has_no_referrers(ecr: Any) -> None:
    """Without the repository it is the repository that is not found."""
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        _referrers(ecr)
