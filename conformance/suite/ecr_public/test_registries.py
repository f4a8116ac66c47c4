"""Public registries: how they are described, and what the ECR Public Gallery calls them."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.evidence import documented, model
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import pages
from conformance.suite.topics.image_answers import AWS_CLI_EXAMPLES
from conformance.suite.topics.repository_answers import made, own_registry
from conformance.suite.twins import INVALID
from conformance.suite.verdicts import MUST, SHOULD

_ONLY = ["ecr-public"]
_ABOUT = ["DescribeRegistries"]
_DESCRIBES = documented("DescribeRegistries", "Returns details for a public registry.")
_ID = documented(
    "Registry.registryId",
    "The Amazon Web Services account ID that's associated with the registry.",
)
_EXAMPLE = documented(
    "describe-registries",
    '"registryArn": "arn:aws:ecr-public::123456789012:registry/123456789012", "registryUri": '
    '"public.ecr.aws/publicregistrycustomalias", "verified": false',
    url=f"{AWS_CLI_EXAMPLES}/ecr-public/describe-registries.rst",
)
_PRIMARY = documented(
    "RegistryAlias.primaryRegistryAlias",
    "If true, the alias is the primary registry alias and is displayed in both the repository URL "
    "and the image URI used in the docker pull commands on the Amazon ECR Public Gallery.",
)
_NAME = "Gallery of the conformance suite"
_LONGEST = 100


def _own(registry: Registry) -> dict[str, Any]:
    """The description of the caller's registry; the check fails unless there is one."""
    account = own_registry(registry)

    def observe() -> dict[str, Any]:
        described = [
            each
            for page in pages(registry, "DescribeRegistries")
            for each in objects(page, "registries")
        ]
        own = [each for each in described if each.get("registryId") == account]
        assert len(own) == 1, (
            f"DescribeRegistries has {len(own)} registries with the id of the account whose "
            f"repositories are made, among {len(described)}"
        )
        return own[0]

    return registry.eventually(observe)


def _description(registry: Registry) -> dict[str, Any]:
    """The description of the caller's registry; ``Untestable`` where there is none."""
    try:
        return _own(registry)
    except AssertionError as error:
        raise Untestable("DescribeRegistries", str(error)) from None


def _aliases(described: dict[str, Any]) -> list[str]:
    return [text(each, "name") or "no name" for each in objects(described, "aliases")]


@rule(
    "catalog.own-registry-described",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[_DESCRIBES, _ID],
)
def test_the_own_registry_is_described(registry: Registry) -> None:
    """DescribeRegistries has the registry whose id new repositories have, once."""
    _own(registry)


@rule(
    "catalog.registry-arn",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[
        documented(
            "Registry.registryArn", "The Amazon Resource Name (ARN) of the public registry."
        ),
        _EXAMPLE,
    ],
)
def test_the_arn_of_a_registry_is_of_its_account(registry: Registry) -> None:
    """A registry's ARN is of the service ecr-public, has no region, and ends with its id."""
    described = _description(registry)
    account, arn = described["registryId"], text(described, "registryArn") or ""
    wanted = f":ecr-public::{account}:registry/{account}"
    assert arn.startswith("arn:aws"), f"the ARN is {arn!r}, it does not begin with arn:aws"
    assert arn.endswith(wanted), f"the ARN is {arn!r}, it does not end with {wanted}"


@rule(
    "catalog.registry-uri",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[
        documented(
            "Registry.registryUri",
            "The URI contains a universal prefix and the registry alias.",
        ),
        documented("RegistryAlias", "A public registry is given an alias when it's created."),
        _EXAMPLE,
    ],
)
def test_the_uri_of_a_registry_has_its_alias(registry: Registry) -> None:
    """A registry's URI is a host and one of the registry's aliases, without a scheme."""
    described = _description(registry)
    uri, names = text(described, "registryUri") or "", _aliases(described)
    assert "://" not in uri, f"the URI is {uri!r}, the name of an image to push has no scheme"
    host, _, alias = uri.partition("/")
    assert host, f"the URI is {uri!r}, it has no host"
    assert alias in names, f"the URI is {uri!r}, the aliases are {names}"


@rule(
    "catalog.one-primary-alias",
    level=SHOULD,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[_PRIMARY, _EXAMPLE],
)
def test_one_alias_is_the_primary_one(registry: Registry) -> None:
    """One of a registry's aliases is the primary alias."""
    aliases = objects(_description(registry), "aliases")
    primary = [each for each in aliases if each.get("primaryRegistryAlias") is True]
    assert len(primary) == 1, f"{len(primary)} of {len(aliases)} aliases are the primary alias"


@rule(
    "catalog.default-alias",
    level=SHOULD,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[
        documented(
            "RegistryAlias.defaultRegistryAlias",
            "When the first public repository is created, your public registry is assigned a "
            "default registry alias.",
        ),
        documented(
            "RegistryAlias.defaultRegistryAlias",
            "Indicates whether the registry alias is the default alias for the registry.",
        ),
        _EXAMPLE,
    ],
)
def test_a_registry_with_a_repository_has_a_default_alias(registry: Registry) -> None:
    """A registry that has a repository has one default alias, which is active."""
    aliases = objects(_description(registry), "aliases")
    found = [each.get("status") for each in aliases if each.get("defaultRegistryAlias") is True]
    assert found == ["ACTIVE"], f"the states of the default aliases are {found}, not ['ACTIVE']"


@rule(
    "catalog.repository-uri-in-registry",
    level=SHOULD,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[
        _PRIMARY,
        documented(
            "create-repository",
            '"repositoryUri": "public.ecr.aws/public-registry-custom-alias/project-a/'
            'nginx-web-app"',
            url=f"{AWS_CLI_EXAMPLES}/ecr-public/create-repository.rst",
        ),
    ],
)
def test_the_uri_of_a_repository_begins_with_that_of_its_registry(registry: Registry) -> None:
    """A repository's URI is that of its registry, a slash and the repository's name."""
    name = registry.name_prefix
    found = text(made(registry, name), "repositoryUri")
    wanted = f"{text(_description(registry), 'registryUri')}/{name}"
    assert found == wanted, f"the repository's URI is {found!r}, its registry's gives {wanted!r}"


def _named(registry: Registry, name: str) -> dict[str, Any]:
    """Name the registry; gives what is answered. ``Untestable`` where the account cannot."""
    answer = registry.given("PutRegistryCatalogData", displayName=name)
    return structure(answer, "registryCatalogData")


_VERIFIED_ONLY = documented(
    "RegistryCatalogData.displayName",
    "Only accounts that have the verified account badge can have a registry display name.",
)


@rule(
    "catalog.display-name-answered",
    level=SHOULD,
    operations=["PutRegistryCatalogData"],
    services=_ONLY,
    evidence=[
        documented(
            "put-registry-catalog-data",
            '"displayName": "YourCustomPublicRepositoryalias"',
            url=f"{AWS_CLI_EXAMPLES}/ecr-public/put-registry-catalog-data.rst",
        ),
        _VERIFIED_ONLY,
    ],
)
@pytest.mark.usefixtures("settings")
def test_put_registry_catalog_data_answers_with_the_name(registry: Registry) -> None:
    """PutRegistryCatalogData, where it succeeds, answers with the display name that was put."""
    found = _named(registry, _NAME).get("displayName")
    assert found == _NAME, f"the display name {_NAME!r} was put, answered as {found!r}"


@rule(
    "catalog.display-name-got",
    level=MUST,
    operations=["GetRegistryCatalogData"],
    services=_ONLY,
    evidence=[
        documented(
            "PutRegistryCatalogData.registryCatalogData",
            "The catalog data for the public registry.",
        ),
        documented(
            "GetRegistryCatalogData.registryCatalogData",
            "The catalog metadata for the public registry.",
        ),
    ],
)
@pytest.mark.usefixtures("settings")
def test_the_name_that_was_put_is_got(registry: Registry) -> None:
    """GetRegistryCatalogData has the display name that PutRegistryCatalogData answered with."""
    put = _named(registry, _NAME).get("displayName")
    if put != _NAME:
        raise Untestable("PutRegistryCatalogData", f"the display name was answered as {put!r}")

    def observe() -> None:
        answer = registry.call("GetRegistryCatalogData")
        found = structure(answer, "registryCatalogData").get("displayName")
        assert found == put, f"the display name was answered as {put!r}, then got as {found!r}"

    registry.eventually(observe)


@rule(
    "catalog.long-display-name",
    level=MUST,
    operations=["PutRegistryCatalogData"],
    services=_ONLY,
    evidence=[
        model("RegistryDisplayName", "max 100"),
        documented(
            "PutRegistryCatalogData.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
    ],
)
@pytest.mark.usefixtures("settings")
def test_a_name_beyond_the_maximum_length_is_refused(registry: Registry) -> None:
    """A display name of more than 100 characters is refused as an invalid parameter."""
    _named(registry, "x" * _LONGEST)
    registry.refused("PutRegistryCatalogData", INVALID, displayName="x" * (_LONGEST + 1))


@rule(
    "catalog.registry-data-got",
    level=MUST,
    operations=["GetRegistryCatalogData"],
    services=_ONLY,
    evidence=[
        model("GetRegistryCatalogDataResponse", "registryCatalogData is required"),
        documented(
            "GetRegistryCatalogData.registryCatalogData",
            "The catalog metadata for the public registry.",
        ),
    ],
)
def test_a_registry_always_has_catalog_data(registry: Registry) -> None:
    """GetRegistryCatalogData answers with registryCatalogData, whether there is a name or not."""
    answer = registry.call("GetRegistryCatalogData")
    found = answer.get("registryCatalogData")
    assert isinstance(found, dict), f"registryCatalogData is {found!r}, not an object"
