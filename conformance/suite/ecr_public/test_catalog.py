"""Catalog data: what the ECR Public Gallery shows of a repository, put, got and replaced."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import describe, refusal, structure, success, text
from conformance.suite.evidence import documented, observed, unverified
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.catalog_data import (
    CATALOG_DATA,
    NO_CATALOG_DATA,
    OTHER_CATALOG_DATA,
    catalog_data,
    confirm_data,
    keep_data,
    logo,
    put_data,
    require_data,
    require_kept,
)
from conformance.suite.topics.image_answers import AWS_CLI_EXAMPLES
from conformance.suite.verdicts import INFO, MUST, SHOULD

_ONLY = ["ecr-public"]
_PUTS = documented(
    "PutRepositoryCatalogData",
    "Creates or updates the catalog data for a repository in a public registry.",
)
_GETS = documented(
    "GetRepositoryCatalogData.catalogData", "The catalog metadata for the repository."
)
_ANSWERED = documented(
    "PutRepositoryCatalogData.catalogData", "The catalog data for the repository."
)
_NONE = documented(
    "GetRepositoryCatalogData.RepositoryCatalogDataNotFoundException",
    "The repository catalog data doesn't exist.",
)
_NO_DATA_NEEDED = observed(
    "GetRepositoryCatalogData",
    "Terraform reads the catalog data of every repository, of those made without any too, and takes"
    " every error for a failure",
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecrpublic/"
    "repository.go",
)


@rule(
    "catalog.put-answers-data",
    level=MUST,
    operations=["PutRepositoryCatalogData"],
    services=_ONLY,
    evidence=[
        _ANSWERED,
        documented(
            "put-repository-catalog-data",
            '"aboutText": "## Quick reference.", "usageText": "## Supported architectures are as '
            'follows."',
            url=f"{AWS_CLI_EXAMPLES}/ecr-public/put-repository-catalog-data.rst",
        ),
    ],
)
def test_put_repository_catalog_data_answers_with_the_data(
    registry: Registry, repository: str
) -> None:
    """PutRepositoryCatalogData answers with the catalog data that was put."""
    answer = registry.call(
        "PutRepositoryCatalogData", repositoryName=repository, catalogData=CATALOG_DATA
    )
    require_data(structure(answer, "catalogData"), CATALOG_DATA, "answered as")


@rule(
    "catalog.get-returns-data",
    level=MUST,
    operations=["GetRepositoryCatalogData"],
    services=_ONLY,
    evidence=[_GETS, _PUTS],
)
def test_the_data_that_was_put_is_got(registry: Registry, repository: str) -> None:
    """GetRepositoryCatalogData answers with the catalog data that was put."""
    put_data(registry, repository, CATALOG_DATA)

    def observe() -> None:
        answer = registry.call("GetRepositoryCatalogData", repositoryName=repository)
        require_data(structure(answer, "catalogData"), CATALOG_DATA, "got as")

    registry.eventually(observe)


@rule(
    "catalog.created-with-data",
    level=MUST,
    operations=["CreateRepository"],
    services=_ONLY,
    evidence=[
        documented(
            "CreateRepository.catalogData",
            "The details about the repository that are publicly visible in the Amazon ECR Public "
            "Gallery.",
        ),
        _GETS,
    ],
)
def test_the_data_of_a_creation_is_got(registry: Registry, repository: str) -> None:
    """The catalog data that a repository is made with is got afterwards."""
    keep_data(registry, repository, CATALOG_DATA)
    name = f"{registry.name_prefix}/new"
    registry.call("CreateRepository", repositoryName=name, catalogData=CATALOG_DATA)
    require_kept(registry, name, CATALOG_DATA)


@rule(
    "catalog.none",
    level=MUST,
    operations=["GetRepositoryCatalogData"],
    services=_ONLY,
    evidence=[_GETS, _NONE],
)
def test_a_repository_made_without_data_has_none(registry: Registry, repository: str) -> None:
    """A repository made without catalog data has empty data or none at all."""

    def observe() -> None:
        response = registry.send("GetRepositoryCatalogData", {"repositoryName": repository})
        error, answer = refusal(response), success(response)
        if error is not None and error.code == NO_CATALOG_DATA:
            return
        assert answer is not None, (
            f"expected success or {NO_CATALOG_DATA}, got {describe(response)}"
        )
        data = structure(answer, "catalogData")
        found = {member: data[member] for member in (*CATALOG_DATA, "logoUrl") if data.get(member)}
        assert not found, f"the repository was made without catalog data, but it has {found}"

    registry.eventually(observe)


@rule(
    "catalog.none-is-empty",
    level=SHOULD,
    operations=["GetRepositoryCatalogData"],
    services=_ONLY,
    evidence=[_NO_DATA_NEEDED],
)
def test_no_data_is_empty_data(registry: Registry, repository: str) -> None:
    """GetRepositoryCatalogData of a repository made without catalog data succeeds."""
    registry.call("GetRepositoryCatalogData", repositoryName=repository)


@pytest.mark.parametrize("before", ["put", "given"])
@rule(
    "catalog.replaced",
    level=MUST,
    operations=["PutRepositoryCatalogData"],
    services=_ONLY,
    evidence=[_PUTS, _GETS],
)
def test_data_is_put_in_place_of_other(registry: Registry, before: str) -> None:
    """Each member of catalog data that is put again replaces the value that it had before."""
    given: dict[str, Any] = {"catalogData": CATALOG_DATA} if before == "given" else {}
    repository = create_repository(registry, **given)
    if before == "put":
        put_data(registry, repository, CATALOG_DATA)
    confirm_data(registry, repository, CATALOG_DATA)
    registry.call(
        "PutRepositoryCatalogData", repositoryName=repository, catalogData=OTHER_CATALOG_DATA
    )
    require_kept(registry, repository, OTHER_CATALOG_DATA)


@rule(
    "catalog.left-out",
    level=INFO,
    operations=["PutRepositoryCatalogData"],
    services=_ONLY,
    evidence=[
        unverified(
            "PutRepositoryCatalogData.catalogData",
            "Does a member that is not given again keep its value, or is it gone?",
        )
    ],
)
def test_what_becomes_of_a_member_left_out(
    registry: Registry, repository: str, observe: list[str]
) -> None:
    """A member of catalog data that is not given again is kept or gone."""
    keep_data(registry, repository, CATALOG_DATA)
    registry.call(
        "PutRepositoryCatalogData", repositoryName=repository, catalogData={"description": "alone"}
    )
    require_kept(registry, repository, {"description": "alone"})
    found = catalog_data(registry, repository)
    kept = [member for member in CATALOG_DATA if member != "description" and found.get(member)]
    observe.append(f"of what is not given again, it keeps: {', '.join(kept) or 'nothing'}")


@rule(
    "catalog.of-one-repository",
    level=MUST,
    operations=["PutRepositoryCatalogData"],
    services=_ONLY,
    evidence=[_PUTS],
)
def test_data_belongs_to_one_repository(registry: Registry, repository: str) -> None:
    """Catalog data that is put for one repository leaves that of another as it was."""
    keep_data(registry, repository, CATALOG_DATA)
    other = create_repository(registry, "/other")
    registry.call("PutRepositoryCatalogData", repositoryName=other, catalogData=OTHER_CATALOG_DATA)
    require_kept(registry, repository, CATALOG_DATA)


@pytest.mark.parametrize("member", ["architectures", "operatingSystems"])
@rule(
    "catalog.any-name",
    level=MUST,
    operations=["PutRepositoryCatalogData"],
    services=_ONLY,
    evidence=[
        documented(
            "RepositoryCatalogDataInput.architectures",
            "If an unsupported tag is added to your repository catalog data, it's associated with "
            "the repository and can be retrieved using the API but isn't discoverable in the "
            "Amazon ECR Public Gallery.",
        )
    ],
)
def test_any_name_is_an_architecture(registry: Registry, repository: str, member: str) -> None:
    """Architectures and operating systems of any name are kept with the repository."""
    keep_data(registry, create_repository(registry, "/control"), CATALOG_DATA)
    data = {member: ["Plan 9", "z80"]}
    registry.call("PutRepositoryCatalogData", repositoryName=repository, catalogData=data)
    require_kept(registry, repository, data)


@rule(
    "catalog.gone-with-repository",
    level=SHOULD,
    operations=["DeleteRepository"],
    services=_ONLY,
    evidence=[documented("DeleteRepository", "Deletes a repository in a public registry."), _GETS],
)
def test_data_is_gone_with_its_repository(registry: Registry, repository: str) -> None:
    """A repository that is made again has not the catalog data of the one deleted before."""
    keep_data(registry, repository, CATALOG_DATA)
    registry.call("DeleteRepository", repositoryName=repository)
    create_repository(registry)

    def observe() -> None:
        found = catalog_data(registry, repository)
        old = [member for member, value in CATALOG_DATA.items() if found.get(member) == value]
        assert not old, f"the repository was deleted and made again, it still has {', '.join(old)}"

    registry.eventually(observe)


@pytest.mark.parametrize("operation", ["PutRepositoryCatalogData", "GetRepositoryCatalogData"])
@rule(
    "catalog.logo",
    level=SHOULD,
    operations=["PutRepositoryCatalogData", "GetRepositoryCatalogData"],
    services=_ONLY,
    evidence=[
        documented(
            "RepositoryCatalogData.logoUrl",
            "The URL that contains the logo that's associated with the repository.",
        ),
        documented(
            "put-repository-catalog-data",
            '"logoUrl": "https://d3g9o9u8re44ak.cloudfront.net/logo/df86cf58-ee60-4061-b804-0be24d'
            '97ccb1/4a9ed9b2-69e4-4ede-b924-461462d20ef0.png"',
            url=f"{AWS_CLI_EXAMPLES}/ecr-public/put-repository-catalog-data.rst",
        ),
    ],
)
def test_a_logo_is_answered_as_its_address(
    registry: Registry, repository: str, operation: str
) -> None:
    """A logo is given as logoImageBlob, its bytes, and answered as logoUrl, its address."""
    request: dict[str, Any] = {"repositoryName": repository}
    data = {"logoImageBlob": logo(registry.content_seed)}
    put = registry.given("PutRepositoryCatalogData", **request, catalogData=data)
    if operation == "PutRepositoryCatalogData":
        return _has_logo(put)
    return registry.eventually(
        lambda: _has_logo(registry.call("GetRepositoryCatalogData", **request))
    )


def _has_logo(answer: dict[str, Any]) -> None:
    data = structure(answer, "catalogData")
    scheme, found, _ = (text(data, "logoUrl") or "").partition("://")
    assert found, f"a logo was put, logoUrl is {data.get('logoUrl')!r}, not an address"
    assert scheme in ("http", "https"), f"logoUrl is an address of {scheme}, not of https"
    assert "logoImageBlob" not in data, "the logo is answered as logoImageBlob, not only as logoUrl"
