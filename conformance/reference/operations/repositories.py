"""Repositories: made, described, deleted.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
"""

from __future__ import annotations

from typing import Any

from conformance.reference.access import alias
from conformance.reference.call import Answer, Call, Outcome, Parameters, existing
from conformance.reference.operations.settings import settings_of, shown_scanning
from conformance.reference.operations.tag_mutability import shown_mutability
from conformance.reference.pagination import all_or_page, page
from conformance.reference.refusal import Refusal
from conformance.reference.state import Registry, Repository


def create_repository(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Make an empty repository (API_CreateRepository of each service).

    ECR Public answers with ``catalogData`` even when none was given: https://github.com/aws/
    aws-cli/blob/develop/awscli/examples/ecr-public/create-repository.rst
    """
    name = given["repositoryName"]
    if name in registry.repositories:
        # https://github.com/CircleCI-Public/aws-ecr-orb/issues/22
        raise Refusal(
            "RepositoryAlreadyExistsException",
            f"The repository with name '{name}' already exists in the registry with id "
            f"'{call.key.account}'",
        )
    repository = Repository(name, call.now_in_milliseconds, settings_of(given, call))
    answer: Answer = {"repository": description(repository, call)}
    if call.key.public:
        answer["catalogData"] = dict(repository.settings.catalog)
    return registry.having(repository), answer


def describe_repositories(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """The repositories named, or all of a registry in pages (API_DescribeRepositories).

    "If this parameter is omitted, then all repositories in a
    registry are described".
    """
    all_or_page(given, "repositoryNames")
    if "repositoryNames" in given:
        found = [existing(registry, name, call) for name in dict.fromkeys(given["repositoryNames"])]
        return registry, {"repositories": [description(each, call) for each in found]}
    shown, more = page(registry.repositories, given, call)
    return registry, {"repositories": [description(each, call) for each in shown], **more}


def delete_repository(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Delete a repository that is empty, or any by force (API_DeleteRepository).

    "If the repository isn't empty, you must either delete the contents of the repository or use the
    force option". Layers without an image are no contents.
    """
    repository = existing(registry, given["repositoryName"], call)
    if repository.images and not given.get("force", False):
        # https://github.com/nitrictech/cli/issues/273
        raise Refusal(
            "RepositoryNotEmptyException",
            f"The repository with name '{repository.name}' in registry with id "
            f"'{call.key.account}' cannot be deleted because it still contains images",
        )
    return registry.without(repository.name), {"repository": description(repository, call)}


def description(repository: Repository, call: Call) -> dict[str, Any]:
    """The ``Repository`` of an answer (API_Repository of each service)."""
    common = {
        "registryId": call.key.account,
        "repositoryName": repository.name,
        "repositoryArn": call.key.arn(repository.name),
        "createdAt": repository.created_at,
    }
    return {**common, **(_public if call.key.public else _private)(repository, call)}


def _public(repository: Repository, call: Call) -> dict[str, Any]:
    return {"repositoryUri": f"public.ecr.aws/{alias(call.key, call)}/{repository.name}"}


def _private(repository: Repository, call: Call) -> dict[str, Any]:
    account, region, name = call.key.account, call.key.region, repository.name
    settings = repository.settings
    return {
        "repositoryUri": f"{account}.dkr.ecr.{region}.amazonaws.com/{name}",
        **shown_mutability(settings),
        **shown_scanning(settings),
        "encryptionConfiguration": dict(settings.encryption),
    }
