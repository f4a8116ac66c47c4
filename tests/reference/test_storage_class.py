"""Images in the archive, and restored from it."""

from __future__ import annotations

from typing import Any

import pytest
from pushing import push, upload

from conformance.suite.artifacts import docker_image

IMAGE, OTHER = docker_image("archived"), docker_image("active")
DIGEST = {"imageDigest": IMAGE.digest}


@pytest.fixture
def app(ecr: Any) -> Any:
    """A client of a registry in which app has an image under one and two, and one untagged."""
    ecr.create_repository(repositoryName="app")
    push(ecr, "app", IMAGE, "one", "two")
    push(ecr, "app", OTHER)
    return ecr


def _move(client: Any, target: str, image_id: dict[str, str] | None = None) -> dict[str, Any]:
    answer = client.update_image_storage_class(
        repositoryName="app", imageId=image_id or DIGEST, targetStorageClass=target
    )
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _described(client: Any) -> dict[str, Any]:
    (detail,) = client.describe_images(repositoryName="app", imageIds=[DIGEST])["imageDetails"]
    described: dict[str, Any] = detail
    return described


def _listed(client: Any, **given: str) -> set[str]:
    """The digests that ListImages and DescribeImages agree on."""
    asked = {"repositoryName": "app", **({"filter": given} if given else {})}
    listed = {entry["imageDigest"] for entry in client.list_images(**asked)["imageIds"]}
    details = client.describe_images(**asked)["imageDetails"]
    assert {detail["imageDigest"] for detail in details} == listed
    return listed


@pytest.mark.parametrize(
    "image_id", [DIGEST, {"imageTag": "two"}, {**DIGEST, "imageTag": "one"}], ids=repr
)
def test_an_image_is_archived_and_restored(app: Any, image_id: dict[str, str]) -> None:
    """The answer has the image's digest, the tag it was asked by, and the status it has then."""
    answer = {
        "registryId": "123456789012",
        "repositoryName": "app",
        "imageId": {**DIGEST, **image_id},
    }
    assert _move(app, "ARCHIVE", image_id) == {**answer, "imageStatus": "ARCHIVED"}
    assert _move(app, "STANDARD", image_id) == {**answer, "imageStatus": "ACTIVE"}


def test_status_and_times_are_described(app: Any) -> None:
    """An image shows its status, and when it was last archived and restored."""
    fresh = _described(app)
    assert fresh["imageStatus"] == "ACTIVE"
    assert not {"lastArchivedAt", "lastActivatedAt"} & fresh.keys()
    _move(app, "ARCHIVE")
    archived = _described(app)
    assert archived["imageStatus"] == "ARCHIVED"
    assert archived["lastArchivedAt"] > archived["imagePushedAt"]
    assert "lastActivatedAt" not in archived
    _move(app, "STANDARD")
    restored = _described(app)
    assert restored["imageStatus"] == "ACTIVE"
    assert restored["lastActivatedAt"] > restored["lastArchivedAt"] == archived["lastArchivedAt"]


def test_an_image_that_is_there_already_stays_as_it_is(app: Any) -> None:
    """Moving an image to the class it is in changes nothing."""
    assert _move(app, "STANDARD")["imageStatus"] == "ACTIVE"
    assert "lastActivatedAt" not in _described(app)
    _move(app, "ARCHIVE")
    archived = _described(app)
    assert _move(app, "ARCHIVE")["imageStatus"] == "ARCHIVED"
    assert _described(app) == archived


def test_archived_images_are_listed_when_they_are_asked_for(app: Any) -> None:
    """Listings have active images only, unless a filter says otherwise."""
    _move(app, "ARCHIVE")
    assert _listed(app) == {OTHER.digest} == _listed(app, imageStatus="ACTIVE")
    assert _listed(app, imageStatus="ARCHIVED") == {IMAGE.digest}
    assert _listed(app, imageStatus="ACTIVATING") == set()
    assert _listed(app, imageStatus="ANY") == {IMAGE.digest, OTHER.digest}
    assert _listed(app, imageStatus="ANY", tagStatus="TAGGED") == {IMAGE.digest}
    assert _listed(app, imageStatus="ANY", tagStatus="UNTAGGED") == {OTHER.digest}
    assert _listed(app, imageStatus="ARCHIVED", tagStatus="UNTAGGED") == set()


def test_an_archived_image_cannot_be_pulled(app: Any) -> None:
    """BatchGetImage does not give it, whatever it is called by, until it is restored."""
    ids = [DIGEST, {"imageTag": "one"}, {"imageDigest": OTHER.digest}]
    _move(app, "ARCHIVE")
    answer = app.batch_get_image(repositoryName="app", imageIds=ids)
    assert [image["imageId"] for image in answer["images"]] == ids[2:]
    assert [failure["imageId"] for failure in answer["failures"]] == ids[:2]
    _move(app, "STANDARD")
    assert app.batch_get_image(repositoryName="app", imageIds=ids)["failures"] == []


@pytest.mark.parametrize("tag", [{}, {"imageTag": "one"}, {"imageTag": "three"}], ids=repr)
def test_an_archived_image_that_is_pushed_again_is_restored(app: Any, tag: dict[str, str]) -> None:
    """Pushing is another way to restore, under no tag, an old one, or a new one."""
    _move(app, "ARCHIVE")
    app.put_image(repositoryName="app", imageManifest=IMAGE.text, **tag)
    restored = _described(app)
    assert (restored["imageStatus"], "lastActivatedAt" in restored) == ("ACTIVE", True)
    assert set(restored["imageTags"]) == {"one", "two", *tag.values()}
    with pytest.raises(app.exceptions.ImageAlreadyExistsException):
        app.put_image(repositoryName="app", imageManifest=IMAGE.text, **tag)


def test_pushing_again_does_not_mind_immutable_tags(app: Any) -> None:
    """A tag that stays on its image is not overwritten, one that moves is."""
    app.put_image_tag_mutability(repositoryName="app", imageTagMutability="IMMUTABLE")
    _move(app, "ARCHIVE")
    with pytest.raises(app.exceptions.ImageTagAlreadyExistsException):
        app.put_image(repositoryName="app", imageManifest=OTHER.text, imageTag="one")
    app.put_image(repositoryName="app", imageManifest=IMAGE.text, imageTag="one")
    assert _described(app)["imageStatus"] == "ACTIVE"


def test_an_image_with_every_tag_it_may_have_is_restored_by_pushing_it(ecr: Any) -> None:
    """A tag that is on the image already is no tag too many."""
    ecr.create_repository(repositoryName="app")
    push(ecr, "app", IMAGE, *(f"v{number}" for number in range(1000)))
    _move(ecr, "ARCHIVE")
    ecr.put_image(repositoryName="app", imageManifest=IMAGE.text, imageTag="v0")
    assert _described(ecr)["imageStatus"] == "ACTIVE"


def test_an_archived_image_is_deleted_like_any(app: Any) -> None:
    """Deleting needs no restoring, and an image pushed anew was never archived."""
    _move(app, "ARCHIVE")
    assert app.batch_delete_image(repositoryName="app", imageIds=[DIGEST])["failures"] == []
    app.put_image(repositoryName="app", imageManifest=IMAGE.text)
    assert "lastArchivedAt" not in _described(app)


def test_an_image_that_is_not_there_is_not_moved(app: Any) -> None:
    """An identifier that names no image is refused: by what it lacks, or as invalid."""
    unknown = {"imageDigest": f"sha256:{'0' * 64}"}
    for image_id in (unknown, {"imageTag": "three"}, {**DIGEST, "imageTag": "three"}):
        with pytest.raises(app.exceptions.ImageNotFoundException):
            _move(app, "ARCHIVE", image_id)
    for target, image_id in (("ARCHIVE", {"imageTag": "a b"}), ("ATTIC", DIGEST)):
        with pytest.raises(app.exceptions.InvalidParameterException):
            _move(app, target, image_id)
    with pytest.raises(app.exceptions.InvalidParameterException):
        app.update_image_storage_class(
            repositoryName="app", imageId={}, targetStorageClass="ARCHIVE"
        )


def test_a_repository_that_is_not_there_has_no_images_to_move(ecr: Any) -> None:
    """Without the repository it is the repository that is not found."""
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        _move(ecr, "ARCHIVE")


def test_ecr_public_has_no_archive(public: Any) -> None:
    """Images of ECR Public show no status."""
    public.create_repository(repositoryName="app")
    for blob in IMAGE.blobs:
        upload(public, "app", blob)
    public.put_image(repositoryName="app", imageManifest=IMAGE.text)
    (detail,) = public.describe_images(repositoryName="app")["imageDetails"]
    assert "imageStatus" not in detail
