"""Describing repositories: by name, several at once, in the whole listing, and unknown ones."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import objects, refusal, success
from conformance.suite.evidence import documented, model, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import pages
from conformance.suite.topics.repository_answers import (
    REPOSITORY_NOT_FOUND,
    described_repositories,
    made,
    names_of,
)
from conformance.suite.twins import ON_A_REPOSITORY, accepted_request, on_repository
from conformance.suite.verdicts import INFO, MUST, SHOULD

_IDENTITY = ("repositoryArn", "registryId", "repositoryName", "repositoryUri")
_BY_NAME = documented("DescribeRepositories.repositoryNames", "A list of repositories to describe.")
_ALL = documented(
    "DescribeRepositories.repositoryNames",
    "If this parameter is omitted, then all repositories in a registry are described.",
)
_NOT_FOUND = documented(
    "DescribeRepositories.RepositoryNotFoundException",
    "The specified repository could not be found. Check the spelling of the specified repository "
    "and ensure that you are performing operations on the correct registry.",
    public="The specified repository can't be found. Check the spelling of the specified "
    "repository and ensure that you're performing operations on the correct registry.",
)
_OWN_REGISTRY = documented(
    "DescribeRepositories.registryId",
    "If you do not specify a registry, the default registry is assumed.",
    public="If you do not specify a registry, the default public registry is assumed.",
)


@rule(
    "repositories.described-as-made",
    level=MUST,
    operations=["DescribeRepositories"],
    evidence=[_BY_NAME, documented("CreateRepository.repository",
                                   "The repository that was created.")],
)  # fmt: skip
def test_a_repository_is_described_as_it_was_made(registry: Registry) -> None:
    """DescribeRepositories names the same ARN, registry and URI as CreateRepository did."""
    name = registry.name_prefix
    wanted = _identity(made(registry, name))

    def same() -> None:
        found = [_identity(each) for each in described_repositories(registry, name)]
        assert found == [wanted], f"made as {wanted}, described as {found}"

    registry.eventually(same)


def _identity(repository: dict[str, Any]) -> dict[str, Any]:
    return {member: repository.get(member) for member in _IDENTITY}


@rule(
    "repositories.date-described-as-made",
    level=MUST,
    operations=["DescribeRepositories"],
    evidence=[
        documented(
            "Repository.createdAt",
            "The date and time, in JavaScript date format, when the repository was created.",
        )
    ],
)
def test_the_date_is_described_as_it_was_made(registry: Registry) -> None:
    """DescribeRepositories gives the createdAt that CreateRepository gave, to the second."""
    name = registry.name_prefix
    created = made(registry, name).get("createdAt")
    if not isinstance(created, (int, float)):
        raise Untestable("CreateRepository", "the answer has no createdAt")

    def same() -> None:
        for found in (each.get("createdAt") for each in described_repositories(registry, name)):
            apart = abs(found - created) if isinstance(found, (int, float)) else None
            assert apart is not None, f"createdAt was {created} when made, now it is {found!r}"
            assert apart <= 1, f"createdAt was {created} when made, now it is {found}"

    registry.eventually(same)


@rule(
    "repositories.several-described",
    level=MUST,
    operations=["DescribeRepositories"],
    evidence=[_BY_NAME, documented("DescribeRepositories.repositories",
                                   "A list of repository objects corresponding to valid "
                                   "repositories.")],
)  # fmt: skip
def test_several_repositories_are_described_at_once(registry: Registry) -> None:
    """Several names give the repositories of these names and no other, in any order."""
    names = sorted(f"{registry.name_prefix}/{letter}" for letter in "abc")
    for name in names:
        made(registry, name)
    wanted = [names[0], names[2]]

    def exactly_these() -> None:
        found = names_of(described_repositories(registry, names[2], names[0]))
        assert found == wanted, f"asked for {wanted}, got {found}"

    registry.eventually(exactly_these)


@rule(
    "repositories.listed",
    level=MUST,
    operations=["DescribeRepositories"],
    evidence=[_ALL],
)
def test_every_repository_is_in_the_whole_listing(registry: Registry) -> None:
    """Without names, DescribeRepositories lists every repository, and each of them once."""
    wanted = {f"{registry.name_prefix}/{letter}" for letter in "ab"}
    for name in sorted(wanted):
        made(registry, name)

    def all_there() -> None:
        found = [
            name
            for page in pages(registry, "DescribeRepositories")
            for name in names_of(objects(page, "repositories"))
            if name in wanted
        ]
        assert sorted(found) == sorted(wanted), f"of {sorted(wanted)}, {found} are listed"

    registry.eventually(all_there)


@rule(
    "repositories.unknown-beside-known-refused",
    level=SHOULD,
    operations=["DescribeRepositories"],
    evidence=[_NOT_FOUND],
)
def test_an_unknown_repository_beside_a_known_one_is_refused(registry: Registry) -> None:
    """An unknown name beside a known one is refused with RepositoryNotFoundException."""
    name = registry.name_prefix
    made(registry, name)
    registry.given("DescribeRepositories", repositoryNames=[name])
    names = [name, f"{name}-nowhere"]
    registry.refused("DescribeRepositories", REPOSITORY_NOT_FOUND, repositoryNames=names)


_ABOUT_AN_UPLOAD = ("UploadLayerPart", "CompleteLayerUpload")


@pytest.mark.parametrize("operation", ON_A_REPOSITORY)
@rule(
    "repositories.unknown-refused",
    level=MUST,
    operations=ON_A_REPOSITORY,
    evidence=[_NOT_FOUND, model("operations", "each declares RepositoryNotFoundException")],
)
def test_an_unknown_repository_is_refused(registry: Registry, operation: str) -> None:
    """Every operation on a repository that is not there is refused with its error for that."""
    request = accepted_request(registry, operation)
    # An upload of one repository is, for another, both an unknown upload and in an unknown place.
    also = {"UploadNotFoundException"} if operation in _ABOUT_AN_UPLOAD else set()
    elsewhere = on_repository(request, f"{registry.name_prefix}-nowhere")
    registry.refused(operation, {REPOSITORY_NOT_FOUND, *also}, **elsewhere)


@rule(
    "repositories.other-registry",
    level=INFO,
    operations=["DescribeRepositories"],
    evidence=[
        _OWN_REGISTRY,
        unverified("DescribeRepositories.registryId", "What comes for another account's registry?"),
    ],
)
def test_what_another_registry_gives(registry: Registry, observe: list[str]) -> None:
    """A repository is not found, not accessible or found in another account's registry."""
    name = registry.name_prefix
    made(registry, name)
    response = registry.send(
        "DescribeRepositories", {"repositoryNames": [name], "registryId": "111122223333"}
    )
    error, answer = refusal(response), success(response)
    code = f"HTTP {response.status}" if error is None else error.code
    found = "no answer" if answer is None else f"{names_of(objects(answer, 'repositories'))}"
    observe.append(f"the same name in another registry gives {code}, {found}")
