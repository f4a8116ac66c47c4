"""Reading what repository operations answered, whatever an answer looks like."""

from __future__ import annotations

import re
from typing import Any

from conformance.suite.answers import describe, objects, refusal, structure, success, text
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry

REPOSITORY_NOT_FOUND = "RepositoryNotFoundException"

ARN_FORMS = {
    "ecr": re.compile(r"arn:aws[a-z-]*:ecr:[a-z0-9-]+:([0-9]{12}):repository/(.+)"),
    "ecr-public": re.compile(
        r"arn:aws[a-z-]*:ecr(?:-public)?:[a-z0-9-]*:([0-9]{12}):repository/(.+)"
    ),
}
"""A repository's ARN, with its account and name, by service.

ECR Public's reference says one thing and its example outputs another, so both pass.
"""


def made(registry: Registry, name: str, **parameters: Any) -> dict[str, Any]:
    """Make a repository; gives it as answered. ``Untestable`` unless the answer names it."""
    answer = registry.given("CreateRepository", repositoryName=name, **parameters)
    repository = structure(answer, "repository")
    if text(repository, "repositoryName") != name:
        raise Untestable("CreateRepository", f"the answer does not name the repository {name}")
    return repository


def own_registry(registry: Registry, suffix: str = "-owner") -> str:
    """The id of the registry that repositories are made in, as the target calls it."""
    found = text(made(registry, registry.name_prefix + suffix), "registryId")
    if found is None:
        raise Untestable("CreateRepository", "the answer has no registryId")
    return found


def described_repositories(registry: Registry, *names: str) -> list[dict[str, Any]]:
    """The repositories of these names, as ``DescribeRepositories`` answers."""
    answer = registry.call("DescribeRepositories", repositoryNames=list(names))
    return objects(answer, "repositories")


def names_of(repositories: list[dict[str, Any]]) -> list[str]:
    """The names of some repositories, sorted; ``no name`` for one that has none."""
    return sorted(text(each, "repositoryName") or "no name" for each in repositories)


def exists(registry: Registry, name: str) -> bool:
    """Whether ``DescribeRepositories`` knows a repository of that name.

    ``Untestable`` when its answer says neither.
    """
    response = registry.send("DescribeRepositories", {"repositoryNames": [name]})
    error, answer = refusal(response), success(response)
    if error is not None and error.code == REPOSITORY_NOT_FOUND:
        return False
    if answer is None:
        raise Untestable("DescribeRepositories", describe(response))
    return name in names_of(objects(answer, "repositories"))


def settle_existence(registry: Registry, name: str) -> None:
    """Give up, ``Untestable``, unless a repository comes to be described where it was made."""

    def observe() -> None:
        assert exists(registry, name), f"{registry.service} does not describe {name}"

    registry.settle("CreateRepository", observe)


def settings_of(registry: Registry, repository: str, members: dict[str, Any]) -> dict[str, Any]:
    """What DescribeRepositories gives for some members."""
    answer = registry.given("DescribeRepositories", repositoryNames=[repository])
    found = (objects(answer, "repositories") or [{}])[0]
    return {member: found.get(member) for member in members}


def settle_settings(registry: Registry, repository: str, wanted: dict[str, Any]) -> None:
    """Give up, ``Untestable``, unless a repository comes to be described with some settings."""

    def observe() -> None:
        found = settings_of(registry, repository, wanted)
        assert found == wanted, f"it was made with {wanted}, described with {found}"

    registry.settle("DescribeRepositories", observe)


def require_gone(registry: Registry, name: str) -> None:
    """Require that a deleted repository comes to be unknown."""

    def observe() -> None:
        assert not exists(registry, name), f"{name} was deleted, but DescribeRepositories has it"

    registry.eventually(observe)
