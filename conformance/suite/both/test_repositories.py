"""Repositories: what ``CreateRepository`` makes, answers and refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest

from conformance.suite.answers import structure, text
from conformance.suite.clock import clock
from conformance.suite.evidence import documented, model
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.image_answers import AWS_CLI_EXAMPLES
from conformance.suite.topics.repository_answers import ARN_FORMS, described_repositories, made
from conformance.suite.verdicts import MUST, SHOULD

_SUFFIXES = {"plain": "", "nested": "/in/a/namespace"}
_NAME = documented("Repository.repositoryName", "The name of the repository.")
_REGISTRY = documented(
    "Repository.registryId",
    "The Amazon Web Services account ID associated with the registry that contains the repository.",
    public="The Amazon Web Services account ID that's associated with the public registry that "
    "contains the repository.",
)
_ARN_EXAMPLE = documented(
    "Repository.repositoryArn",
    "For example, arn:aws:ecr:region:012345678910:repository/repository-name.",
    public="For example, arn:aws:ecr:region:012345678910:repository/test.",
)
_ARN = documented(
    "Repository.repositoryArn",
    # botocore's releases end this sentence differently.
    "The ARN contains the arn:aws:ecr namespace, followed by the region of the repository, Amazon "
    "Web Services account ID of the repository owner,",
)

MINUTES_APART = 10
"""How far a repository's date may be from the target's clock."""


def _created(registry: Registry, suffix: str = "", **parameters: Any) -> dict[str, Any]:
    """Make a repository; the check fails unless the answer has one."""
    name = registry.name_prefix + suffix
    answer = registry.call("CreateRepository", repositoryName=name, **parameters)
    repository = structure(answer, "repository")
    assert repository, "CreateRepository: the answer has no repository"
    return repository


@pytest.mark.parametrize("kind", _SUFFIXES)
@rule(
    "repositories.create-answers-name",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        _NAME,
        documented(
            "CreateRepository.repositoryName",
            "it can be prepended with a namespace to group the repository into a category (such as "
            "project-a/nginx-web-app).",
            public="prepended with a namespace to group the repository into a category (for "
            "example project-a/nginx-web-app).",
        ),
    ],
)
def test_create_repository_answers_with_the_name(registry: Registry, kind: str) -> None:
    """CreateRepository answers with the repository's name, its namespace included."""
    repository = _created(registry, _SUFFIXES[kind])
    wanted, name = registry.name_prefix + _SUFFIXES[kind], repository.get("repositoryName")
    assert name == wanted, f"the repository {wanted} is answered as {name}"


@pytest.mark.parametrize("kind", _SUFFIXES)
@rule(
    "repositories.arn",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[_ARN, _ARN_EXAMPLE],
)
def test_the_arn_identifies_the_repository(registry: Registry, kind: str) -> None:
    """A repository's ARN has the service, the account and, after ``repository/``, the name."""
    arn = text(_created(registry, _SUFFIXES[kind]), "repositoryArn") or ""
    form, name = ARN_FORMS[registry.service], registry.name_prefix + _SUFFIXES[kind]
    found = form.fullmatch(arn)
    assert found is not None, f"the ARN is {arn!r}, not arn:aws:ecr:region:account:repository/name"
    assert found[2] == name, f"the ARN of {name} names {found[2]}"


@rule(
    "repositories.public-arn",
    level=SHOULD,
    operations=["CreateRepository"],
    services=["ecr-public"],
    evidence=[
        documented(
            "create-repository",
            "arn:aws:ecr-public::123456789012:repository/project-a/nginx-web-app",
            url=f"{AWS_CLI_EXAMPLES}/ecr-public/create-repository.rst",
        ),
        documented(
            "Resource types defined by Amazon Elastic Container Registry Public",
            "arn:${Partition}:ecr-public::${Account}:repository/${RepositoryName}",
            url="https://docs.aws.amazon.com/service-authorization/latest/reference/"
            "list_amazonelasticcontainerregistrypublic.html",
        ),
    ],
)
def test_the_arn_of_a_public_repository_has_no_region(registry: Registry) -> None:
    """The ARN of a public repository is of the service ecr-public and has no region."""
    arn = text(_created(registry), "repositoryArn") or ""
    assert re.match(r"arn:aws[a-z-]*:ecr-public::", arn), (
        f"the ARN is {arn!r}, it does not begin with arn:aws:ecr-public::"
    )


@rule(
    "repositories.registry-id",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[_REGISTRY, _ARN, model("RegistryId", "pattern [0-9]{12}")],
)
def test_the_registry_id_is_the_account_of_the_arn(registry: Registry) -> None:
    """A repository's registryId is the account of twelve digits that its ARN has."""
    repository = _created(registry)
    account, arn = repository.get("registryId"), text(repository, "repositoryArn") or ""
    assert re.fullmatch("[0-9]{12}", str(account)), f"registryId is {account}, not twelve digits"
    assert f":{account}:" in arn, f"registryId is {account}, but the ARN is {arn!r}"


@pytest.mark.parametrize("kind", _SUFFIXES)
@rule(
    "repositories.uri",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        documented(
            "Repository.repositoryUri",
            "The URI for the repository. You can use this URI for container image push and pull "
            "operations.",
        )
    ],
)
def test_the_uri_is_that_of_an_image(registry: Registry, kind: str) -> None:
    """A repository's URI is a registry's host and the repository's name, without a scheme."""
    uri = text(_created(registry, _SUFFIXES[kind]), "repositoryUri") or ""
    name = registry.name_prefix + _SUFFIXES[kind]
    host = uri.removesuffix(f"/{name}")
    assert host not in ("", uri), f"the URI of {name} is {uri!r}, it does not end with /{name}"
    assert "://" not in uri, f"the URI is {uri!r}, the name of an image to push has no scheme"


@rule(
    "repositories.created-at",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        documented(
            "Repository.createdAt",
            "The date and time, in JavaScript date format, when the repository was created.",
        ),
        model("CreationTimestamp", "timestamp; in the protocol json a number of seconds"),
    ],
)
def test_the_date_of_creation_is_now(registry: Registry) -> None:
    """A new repository's createdAt is the present time in seconds."""
    created = _created(registry).get("createdAt")
    assert isinstance(created, (int, float)), f"createdAt is {created!r}, not a number of seconds"
    apart = abs(created - clock(registry)) / 60
    assert apart <= MINUTES_APART, f"createdAt is {created}, {apart:.0f} minutes from now"


@rule(
    "repositories.default-mutability",
    level=MUST,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[
        documented(
            "CreateRepository.imageTagMutability",
            "If this parameter is omitted, the default setting of MUTABLE will be used which will "
            "allow image tags to be overwritten.",
        )
    ],
)
def test_tags_are_mutable_by_default(registry: Registry) -> None:
    """A repository made without imageTagMutability is MUTABLE."""
    found = _created(registry).get("imageTagMutability", "MUTABLE")
    assert found == "MUTABLE", f"imageTagMutability is {found}, the default is MUTABLE"


@rule(
    "repositories.default-scanning",
    level=MUST,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[
        documented(
            "ImageScanningConfiguration.scanOnPush",
            "If this parameter is not specified, it will default to false and images will not be "
            "scanned unless a scan is manually started",
        )
    ],
)
def test_images_are_not_scanned_by_default(registry: Registry) -> None:
    """A repository made without imageScanningConfiguration has scanOnPush false."""
    found = structure(_created(registry), "imageScanningConfiguration").get("scanOnPush", False)
    assert found is False, f"scanOnPush is {found}, the default is false"


@rule(
    "repositories.default-encryption",
    level=MUST,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[
        documented(
            "Encryption at rest",
            "By default, Amazon ECR uses server-side encryption with Amazon S3-managed encryption "
            "keys which encrypts your data at rest using an AES-256 encryption algorithm.",
            url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
        ),
        documented(
            "EncryptionConfiguration",
            "By default, when no encryption configuration is set or the AES256 encryption type is "
            "used, Amazon ECR uses server-side encryption with Amazon S3-managed encryption keys "
            "which encrypts your data at rest using an AES256 encryption algorithm.",
        ),
        model("EncryptionType", "AES256, KMS, KMS_DSSE"),
    ],
)
def test_images_are_encrypted_with_aes256_by_default(registry: Registry) -> None:
    """A repository made without encryptionConfiguration has the encryptionType AES256."""
    encryption = structure(_created(registry), "encryptionConfiguration")
    found = encryption.get("encryptionType", "AES256")
    assert found == "AES256", f"encryptionType is {found}, the default is AES256"


@rule(
    "repositories.immutability-kept",
    level=MUST,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[
        documented(
            "CreateRepository.imageTagMutability",
            "If IMMUTABLE is specified, all image tags within the repository will be immutable "
            "which will prevent them from being overwritten.",
        ),
        documented("Repository.imageTagMutability",
                   "The tag mutability setting for the repository."),
    ],
)  # fmt: skip
def test_immutability_is_kept(registry: Registry) -> None:
    """CreateRepository answers with the imageTagMutability that was asked for."""
    found = _created(registry, imageTagMutability="IMMUTABLE").get("imageTagMutability")
    assert found == "IMMUTABLE", f"made IMMUTABLE, answered as {found}"


@rule(
    "repositories.scan-on-push-kept",
    level=SHOULD,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[
        documented(
            "create-repository",
            '"imageScanningConfiguration": { "scanOnPush": true }',
            url=f"{AWS_CLI_EXAMPLES}/ecr/create-repository.rst",
        )
    ],
)
def test_scanning_on_push_is_kept(registry: Registry) -> None:
    """CreateRepository answers with the imageScanningConfiguration that was asked for."""
    repository = _created(registry, imageScanningConfiguration={"scanOnPush": True})
    found = repository.get("imageScanningConfiguration")
    assert found == {"scanOnPush": True}, f"made with scanOnPush true, answered with {found}"


@rule(
    "repositories.catalog-data",
    level=MUST,
    operations=["CreateRepository"],
    services=["ecr-public"],
    evidence=[
        documented(
            "CreateRepository.catalogData",
            "The details about the repository that are publicly visible in the Amazon ECR Public "
            "Gallery.",
        ),
        documented(
            "create-repository",
            '"description": "My project-a ECR Public Repository", "architectures": [ "ARM", '
            '"ARM 64", "x86", "x86-64" ], "operatingSystems": [ "Linux" ]',
            url=f"{AWS_CLI_EXAMPLES}/ecr-public/create-repository.rst",
        ),
    ],
)
def test_create_repository_answers_with_the_catalog_data(registry: Registry) -> None:
    """CreateRepository answers with the catalog data that was given."""
    lists = {"architectures": ["ARM 64", "x86-64"], "operatingSystems": ["Linux"]}
    data = {"description": "of no use", "aboutText": "# About", "usageText": "# Usage", **lists}
    answer = registry.call(
        "CreateRepository", repositoryName=registry.name_prefix, catalogData=data
    )
    kept = structure(answer, "catalogData")
    for member, given in data.items():
        found = kept.get(member)
        assert _unordered(found) == _unordered(given), (
            f"catalogData.{member} was {given!r}, answered as {found!r}"
        )


def _unordered(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, list) else value


_OTHER_SETTINGS = {"imageTagMutability": "IMMUTABLE"}, {"imageTagMutability": "MUTABLE"}
_EXISTS = documented(
    "CreateRepository.RepositoryAlreadyExistsException",
    "The specified repository already exists in the specified registry.",
)


@rule(
    "repositories.duplicate-refused",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[_EXISTS],
)
def test_a_second_repository_of_the_same_name_is_refused(registry: Registry) -> None:
    """Making a repository whose name is taken is refused with RepositoryAlreadyExistsException."""
    name = registry.name_prefix
    made(registry, name)
    registry.refused("CreateRepository", "RepositoryAlreadyExistsException", repositoryName=name)


@rule(
    "repositories.duplicate-changes-nothing",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[_EXISTS],
)
def test_an_attempt_to_make_a_repository_again_changes_nothing(registry: Registry) -> None:
    """An attempt to make a repository again leaves the first as it was."""
    name = registry.name_prefix
    first, second = _OTHER_SETTINGS if registry.service == "ecr" else ({}, {})
    made(registry, name, **first)
    before = registry.eventually(lambda: described_repositories(registry, name))
    registry.send("CreateRepository", {"repositoryName": name, **second})
    after = described_repositories(registry, name)
    assert after == before, f"the repository was {before}, after the second attempt it is {after}"
