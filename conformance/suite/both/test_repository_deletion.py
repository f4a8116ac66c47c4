"""Deleting repositories: empty ones, ones with images, and what is left of them."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import objects, structure
from conformance.suite.evidence import documented
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry, create_repository, pages
from conformance.suite.topics.image_answers import holds, settled
from conformance.suite.topics.policies import keep_policy, refuse_policy
from conformance.suite.topics.repository_answers import (
    REPOSITORY_NOT_FOUND,
    exists,
    made,
    names_of,
    require_gone,
)
from conformance.suite.verdicts import MUST

_DELETES = documented(
    "DeleteRepository",
    "Deletes a repository.",
    public="Deletes a repository in a public registry.",
)
_DELETED = documented("DeleteRepository.repository", "The repository that was deleted.")
_NOT_EMPTY = documented(
    "DeleteRepository.RepositoryNotEmptyException",
    "The specified repository contains images. To delete a repository that contains images, you "
    "must force the deletion with the force parameter.",
)
_EMPTY = documented(
    "DeleteRepository.force",
    "If false, the repository must be empty before attempting to delete it.",
    public="If the force option is not used, the repository must be empty prior to deletion.",
)
_FORCE = documented(
    "DeleteRepository.force",
    "If true, deleting the repository force deletes the contents of the repository.",
    public="The force option can be used to delete a repository that contains images.",
)
_IDENTITY = ("repositoryArn", "registryId", "repositoryName")
_WITHOUT_FORCE: dict[str, dict[str, Any]] = {"no-force": {}, "force-false": {"force": False}}


@rule(
    "repositories.delete-answers-repository",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[_DELETED],
)
def test_delete_repository_answers_with_the_repository(registry: Registry) -> None:
    """DeleteRepository answers with the repository that it deleted."""
    wanted = made(registry, registry.name_prefix)
    answer = registry.call("DeleteRepository", repositoryName=registry.name_prefix)
    found = structure(answer, "repository")
    for member in _IDENTITY:
        assert found.get(member) == wanted.get(member), (
            f"{member} was {wanted.get(member)}, in the answer it is {found.get(member)}"
        )


@rule(
    "repositories.deleted-unknown",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[_DELETES],
)
def test_a_deleted_repository_is_unknown(registry: Registry) -> None:
    """A deleted repository is not described any more."""
    name = registry.name_prefix
    made(registry, name)
    registry.call("DeleteRepository", repositoryName=name)
    require_gone(registry, name)


@rule(
    "repositories.deleted-unlisted",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[_DELETES],
)
def test_a_deleted_repository_is_not_listed(registry: Registry) -> None:
    """A deleted repository is not in the whole listing any more, others are."""
    other, name = f"{registry.name_prefix}/other", f"{registry.name_prefix}/deleted"
    made(registry, other)
    made(registry, name)
    _settle_listing(registry, {name, other})
    registry.call("DeleteRepository", repositoryName=name)

    def unlisted() -> None:
        listed = _listed(registry) & {name, other}
        assert listed == {other}, f"of {other} and the deleted {name}, {sorted(listed)} are listed"

    registry.eventually(unlisted)


def _listed(registry: Registry) -> set[str]:
    return {
        name
        for page in pages(registry, "DescribeRepositories")
        for name in names_of(objects(page, "repositories"))
    }


def _settle_listing(registry: Registry, names: set[str]) -> None:
    """Give up, ``Untestable``, unless these repositories come to be listed."""

    def observe() -> None:
        missing = names - _listed(registry)
        assert not missing, f"{sorted(missing)} are not listed"

    registry.settle("DescribeRepositories", observe)


@rule(
    "repositories.delete-twice-refused",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[
        documented(
            "DeleteRepository.RepositoryNotFoundException",
            "The specified repository could not be found.",
            public="The specified repository can't be found.",
        )
    ],
)
def test_a_repository_is_deleted_once(registry: Registry) -> None:
    """Deleting a repository a second time is refused with RepositoryNotFoundException."""
    name = registry.name_prefix
    made(registry, name)
    registry.given("DeleteRepository", repositoryName=name)
    registry.eventually(
        lambda: registry.refused("DeleteRepository", REPOSITORY_NOT_FOUND, repositoryName=name)
    )


@pytest.mark.parametrize("force", _WITHOUT_FORCE)
@rule(
    "repositories.delete-with-images-refused",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[_NOT_EMPTY, _EMPTY],
)
def test_a_repository_with_images_is_not_deleted(
    registry: Registry, repository: str, push_image: PushImage, force: str
) -> None:
    """Deleting a repository that has images, without force, is refused."""
    push_image("latest")
    settled(registry, repository, "latest")
    registry.refused(
        "DeleteRepository", "RepositoryNotEmptyException",
        repositoryName=repository, **_WITHOUT_FORCE[force],
    )  # fmt: skip


@rule(
    "repositories.delete-with-untagged-images-refused",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[_NOT_EMPTY],
)
def test_a_repository_with_untagged_images_is_not_deleted(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """Deleting a repository that has untagged images alone, without force, is refused."""
    push_image()
    settled(registry, repository, None)
    registry.refused("DeleteRepository", "RepositoryNotEmptyException", repositoryName=repository)


@rule(
    "repositories.refused-deletion-keeps-images",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[_NOT_EMPTY],
)
def test_a_refused_deletion_keeps_the_images(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A repository that was not deleted for its images still has them."""
    push_image("latest")
    digest = settled(registry, repository, "latest")["latest"]
    registry.send("DeleteRepository", {"repositoryName": repository})

    def still_there() -> None:
        assert exists(registry, repository), "the repository is gone, though it has an image"

    registry.eventually(still_there)
    holds(registry, repository, {ImageEntry(digest, "latest")})


@rule(
    "repositories.forced-deletion",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[_FORCE],
)
def test_a_repository_with_images_is_deleted_by_force(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """With force, a repository is deleted together with its images."""
    push_image("latest")
    push_image()
    settled(registry, repository, "latest", None)
    registry.call("DeleteRepository", repositoryName=repository, force=True)
    require_gone(registry, repository)


@rule(
    "repositories.deletable-after-its-images",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[
        documented(
            "DeleteRepository",
            "If the repository isn't empty, you must either delete the contents of the repository "
            "or use the force option",
            public="If the repository contains images, you must either manually delete all images "
            "in the repository or use the force option.",
        )
    ],
)
def test_a_repository_is_deletable_after_its_images(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A repository whose images were all deleted is deleted without force."""
    push_image("latest")
    digest = settled(registry, repository, "latest")["latest"]
    ids = [{"imageDigest": digest}]
    registry.given("BatchDeleteImage", repositoryName=repository, imageIds=ids)
    settled(registry, repository)
    registry.eventually(lambda: registry.call("DeleteRepository", repositoryName=repository))
    require_gone(registry, repository)


@rule(
    "repositories.made-again-empty",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[_FORCE],
)
def test_a_repository_made_again_is_empty(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A repository that was deleted by force and made again has no image."""
    push_image("latest")
    settled(registry, repository, "latest")
    registry.call("DeleteRepository", repositoryName=repository, force=True)
    require_gone(registry, repository)
    create_repository(registry)
    holds(registry, repository, set())


@rule(
    "repositories.made-again-without-policy",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[
        _DELETES,
        documented(
            "GetRepositoryPolicy.RepositoryPolicyNotFoundException",
            "The specified repository and registry combination does not have an associated "
            "repository policy.",
            public="The specified repository and registry combination doesn't have an associated "
            "repository policy.",
        ),
    ],
)
def test_a_repository_made_again_has_no_policy(registry: Registry, repository: str) -> None:
    """A repository that was deleted and made again has no policy."""
    text = keep_policy(registry, repository)
    registry.call("DeleteRepository", repositoryName=repository)
    require_gone(registry, repository)
    create_repository(registry)
    registry.eventually(lambda: refuse_policy(registry, repository, text))
