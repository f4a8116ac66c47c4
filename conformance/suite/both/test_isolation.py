"""What is apart: private and public repositories, and the registries of two Regions."""

from __future__ import annotations

from conformance.suite.answers import describe, objects, refusal, success
from conformance.suite.evidence import documented
from conformance.suite.outcomes import Untestable
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.repository_answers import exists, names_of, settle_existence
from conformance.suite.verdicts import MUST, SHOULD

_DESCRIBES = documented(
    "DescribeRepositories",
    "Describes image repositories in a registry.",
    public="Describes repositories that are in a public registry.",
)
_TWO_KINDS = documented(
    "CreateRepository",
    "Creates a repository.",
    public="Creates a repository in a public registry.",
)


def _made_elsewhere(other_service: Registry) -> str:
    """Make a repository in the other service; gives its name. ``Untestable`` unless it is there.

    A name that both services would take: the scenarios of the other service have other ones.
    """
    name = create_repository(other_service, "-elsewhere")
    settle_existence(other_service, name)
    return name


@rule(
    "repositories.of-other-service-unknown",
    level=MUST,
    operations=["DescribeRepositories"],
    evidence=[_DESCRIBES, _TWO_KINDS],
)
def test_a_repository_of_the_other_service_is_unknown(
    registry: Registry, other_service: Registry, repository: str
) -> None:
    """A repository of the other service, ECR or ECR Public, is unknown to this one."""
    name = _made_elsewhere(other_service)
    settle_existence(registry, repository)
    says = f"a repository of {other_service.service} is described by {registry.service}"
    assert not exists(registry, name), f"DescribeRepositories: {says}"


@rule(
    "repositories.name-of-other-service-free",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        _TWO_KINDS,
        documented(
            "CreateRepository.RepositoryAlreadyExistsException",
            "The specified repository already exists in the specified registry.",
        ),
    ],
)
def test_a_name_of_the_other_service_is_free(registry: Registry, other_service: Registry) -> None:
    """A name that a repository of the other service has, ECR or ECR Public, is free in this one."""
    name = _made_elsewhere(other_service)
    registry.call("CreateRepository", repositoryName=name)


@rule(
    "repositories.of-other-region-unknown",
    level=SHOULD,
    operations=["DescribeRepositories"],
    services=["ecr"],
    evidence=[
        documented(
            "Private registry settings in Amazon ECR",
            "The private registry settings are configured separately for each Region.",
            url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-settings.html",
        ),
        documented(
            "Repository.repositoryArn",
            # botocore's releases end this sentence differently.
            "The ARN contains the arn:aws:ecr namespace, followed by the region of the repository, "
            "Amazon Web Services account ID of the repository owner,",
        ),
    ],
)
def test_a_repository_of_another_region_is_unknown(registry: Registry, repository: str) -> None:
    """A request that is signed for another Region is refused, or does not see the repository.

    AWS has an endpoint in each Region, and refuses what is signed for another one; emulators tell
    Regions by the signature.
    """
    region = owner_of(registry).another_region
    settle_existence(registry, repository)
    elsewhere = registry.signed_for(region)
    response = elsewhere.send("DescribeRepositories", {"repositoryNames": [repository]})
    answer = success(response)
    if answer is None and refusal(response) is None:
        raise Untestable("DescribeRepositories", describe(response))
    found = names_of(objects(answer or {}, "repositories"))
    says = f"a request signed for {region} sees a repository of {registry.target.region}"
    assert repository not in found, f"DescribeRepositories: {says}"
