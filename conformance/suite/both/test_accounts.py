"""What is apart: the registries of two accounts, and their repositories of one name."""

from __future__ import annotations

from conformance.suite.accounts import EACH_HAS_ITS_OWN
from conformance.suite.answers import objects
from conformance.suite.artifacts import docker_image
from conformance.suite.evidence import Source, documented
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository, listed, pages, push_with_layers
from conformance.suite.topics.image_answers import settled, shown
from conformance.suite.topics.policies import keep_policy, refuse_policy
from conformance.suite.topics.repository_answers import (
    exists,
    names_of,
    require_gone,
    settle_existence,
)
from conformance.suite.verdicts import MUST


def _default_of(operation: str) -> Source:
    """Which registry a request is about that names none."""
    return documented(
        f"{operation}.registryId",
        "If you do not specify a registry, the default registry is assumed.",
        public="If you do not specify a registry, the default public registry is assumed.",
    )


def _made_in(*registries: Registry) -> str:
    """Make a repository of the scenario's name in each registry; gives the name."""
    for registry in registries:
        settle_existence(registry, create_repository(registry))
    return registries[0].name_prefix


@rule(
    "repositories.of-other-account-unknown",
    level=MUST,
    operations=["DescribeRepositories"],
    evidence=[EACH_HAS_ITS_OWN, _default_of("DescribeRepositories")],
)
def test_a_repository_of_another_account_is_unknown(
    registry: Registry, other_account: Registry
) -> None:
    """A repository of another account is unknown in the registry of one's own."""
    name = _made_in(other_account)
    says = "a repository of another account is described in the own registry"
    assert not exists(registry, name), f"DescribeRepositories: {says}"


@rule(
    "repositories.of-other-account-unlisted",
    level=MUST,
    operations=["DescribeRepositories"],
    evidence=[
        EACH_HAS_ITS_OWN,
        documented(
            "DescribeRepositories.repositoryNames",
            "If this parameter is omitted, then all repositories in a registry are described.",
        ),
    ],
)
def test_a_repository_of_another_account_is_not_listed(
    registry: Registry, other_account: Registry, repository: str
) -> None:
    """All repositories of a registry are listed without those of another account."""
    name = create_repository(other_account, "-theirs")
    settle_existence(other_account, name)
    settle_existence(registry, repository)
    found = names_of(
        [
            each
            for page in pages(registry, "DescribeRepositories", maxResults=1000)
            for each in objects(page, "repositories")
        ]
    )
    says = "a repository of another account is listed in the own registry"
    assert name not in found, f"DescribeRepositories: {says}"


@rule(
    "repositories.name-of-other-account-free",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        EACH_HAS_ITS_OWN,
        documented(
            "CreateRepository.RepositoryAlreadyExistsException",
            "The specified repository already exists in the specified registry.",
        ),
    ],
)
def test_a_name_of_another_account_is_free(registry: Registry, other_account: Registry) -> None:
    """A name that a repository of another account has is free in the registry of one's own."""
    registry.call("CreateRepository", repositoryName=_made_in(other_account))


@rule(
    "repositories.deleted-in-own-account-alone",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[EACH_HAS_ITS_OWN, _default_of("DeleteRepository")],
)
def test_a_repository_is_deleted_in_its_account_alone(
    registry: Registry, other_account: Registry
) -> None:
    """Deleting a repository leaves the one of that name in another account."""
    name = _made_in(other_account, registry)
    registry.call("DeleteRepository", repositoryName=name)
    require_gone(registry, name)
    says = "the repository of that name in another account is gone, too"
    assert exists(other_account, name), f"DeleteRepository: {says}"


@rule(
    "images.of-other-account-unlisted",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[EACH_HAS_ITS_OWN, _default_of("DescribeImages")],
)
def test_an_image_of_another_account_is_not_described(
    registry: Registry, other_account: Registry
) -> None:
    """An image in another account's repository is not in the own one of that name."""
    name = _made_in(other_account, registry)
    push_with_layers(other_account, name, docker_image(registry.content_seed), "theirs")
    settled(other_account, name, "theirs")
    found = listed(registry, name)
    assert not found, f"DescribeImages: nothing was pushed in this account, it has {shown(found)}"


@rule(
    "tags.deleted-in-own-account-alone",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[EACH_HAS_ITS_OWN, _default_of("BatchDeleteImage")],
)
def test_a_tag_is_deleted_in_its_account_alone(registry: Registry, other_account: Registry) -> None:
    """Deleting by a tag leaves that tag in another account's repository of the same name."""
    name = _made_in(other_account, registry)
    for each in (other_account, registry):
        push_with_layers(each, name, docker_image(registry.content_seed), "shared")
        settled(each, name, "shared")
    registry.call("BatchDeleteImage", repositoryName=name, imageIds=[{"imageTag": "shared"}])
    settled(registry, name)
    tags = {entry.tag for entry in listed(other_account, name)}
    says = "the tag of that name in another account is gone, too"
    assert "shared" in tags, f"BatchDeleteImage: {says}"


@rule(
    "policies.of-other-account-unknown",
    level=MUST,
    operations=["GetRepositoryPolicy"],
    evidence=[EACH_HAS_ITS_OWN, _default_of("GetRepositoryPolicy")],
)
def test_a_policy_of_another_account_is_unknown(
    registry: Registry, other_account: Registry
) -> None:
    """The policy of another account's repository is not that of the own one of the same name."""
    name = _made_in(other_account, registry)
    refuse_policy(registry, name, keep_policy(other_account, name))
