"""What the ECR Public Gallery shows of repositories and registries."""

from __future__ import annotations

from typing import Any

import pytest

DATA = {
    "description": "A repository",
    "architectures": ["ARM", "ARM 64", "x86", "x86-64", "abacus"],
    "operatingSystems": ["Linux"],
    "aboutText": "## Quick reference.",
    "usageText": "## Use it so.",
}


def _get(public: Any) -> dict[str, Any]:
    data: dict[str, Any] = public.get_repository_catalog_data(repositoryName="app")["catalogData"]
    return data


def test_a_repository_made_without_catalogue_data_has_empty_data(public: Any) -> None:
    """Data that was never given is there, and empty."""
    public.create_repository(repositoryName="app")
    assert _get(public) == {}


def test_data_given_at_creation_is_there(public: Any) -> None:
    """What CreateRepository was given is what is shown."""
    public.create_repository(repositoryName="app", catalogData=DATA)
    assert _get(public) == DATA


def test_data_is_put_in_place_of_any_other(public: Any) -> None:
    """The answer has the data that were put, and so has the next reader.

    AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr-public/
    put-repository-catalog-data.rst
    """
    public.create_repository(repositoryName="app", catalogData={"description": "Old"})
    put = public.put_repository_catalog_data(repositoryName="app", catalogData=DATA)
    assert put["catalogData"] == DATA == _get(public)
    public.put_repository_catalog_data(repositoryName="app", catalogData={"aboutText": "New"})
    assert _get(public) == {"aboutText": "New"}


def test_a_logo_is_shown_by_its_address(public: Any) -> None:
    """The bytes of a logo are not given back, but an address."""
    public.create_repository(repositoryName="app")
    data = {"logoImageBlob": b"\x89PNG" + bytes(511_996)}
    put = public.put_repository_catalog_data(repositoryName="app", catalogData=data)
    assert put["catalogData"].keys() == {"logoUrl"}
    assert put["catalogData"] == _get(public)


@pytest.mark.parametrize(
    "data",
    [
        {"description": "d" * 1025}, {"aboutText": "a" * 25_601}, {"usageText": "u" * 25_601},
        {"architectures": ["x86"] * 51}, {"architectures": ["a" * 51]},
        {"operatingSystems": ["Linux"] * 51}, {"operatingSystems": ["o" * 51]},
        {"logoImageBlob": bytes(512_003)},
    ],
)  # fmt: skip
def test_data_beyond_its_bounds_are_refused(public: Any, data: dict[str, Any]) -> None:
    """Texts, lists and the logo have a greatest size, and what is refused changes nothing."""
    public.create_repository(repositoryName="app", catalogData=DATA)
    with pytest.raises(public.exceptions.InvalidParameterException):
        public.put_repository_catalog_data(repositoryName="app", catalogData=data)
    assert _get(public) == DATA


def test_a_repository_that_is_not_there_has_no_data(public: Any) -> None:
    """Without the repository, reading and putting are refused; data goes with its repository."""
    public.create_repository(repositoryName="app", catalogData=DATA)
    public.delete_repository(repositoryName="app")
    with pytest.raises(public.exceptions.RepositoryNotFoundException):
        _get(public)
    with pytest.raises(public.exceptions.RepositoryNotFoundException):
        public.put_repository_catalog_data(repositoryName="app", catalogData=DATA)
    public.create_repository(repositoryName="app")
    assert _get(public) == {}


def test_a_registry_is_described_as_aws_describes_it(public: Any) -> None:
    """There is one registry, active under the alias that the URIs of its repositories have.

    AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr-public/
    describe-registries.rst
    """
    made = public.create_repository(repositoryName="app")["repository"]
    alias = made["repositoryUri"].split("/")[1]
    answer = public.describe_registries()
    assert "nextToken" not in answer
    assert answer["registries"] == [
        {
            "registryId": "123456789012",
            "registryArn": "arn:aws:ecr-public::123456789012:registry/123456789012",
            "registryUri": f"public.ecr.aws/{alias}",
            "verified": False,
            "aliases": [
                {
                    "name": alias,
                    "status": "ACTIVE",
                    "primaryRegistryAlias": True,
                    "defaultRegistryAlias": True,
                }
            ],
        }
    ]


def test_registries_are_listed_in_pages(public: Any) -> None:
    """One page holds them all, and a token that was never given is refused."""
    pages = public.get_paginator("describe_registries").paginate(PaginationConfig={"PageSize": 1})
    assert [len(page["registries"]) for page in pages] == [1]
    for misuse in ({"nextToken": "made-up"}, {"maxResults": 1001}):
        with pytest.raises(public.exceptions.InvalidParameterException):
            public.describe_registries(**misuse)


def test_a_registry_has_a_display_name_once_one_is_put(public: Any) -> None:
    """At first there is none; one that is put is answered and read back.

    AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr-public/
    put-registry-catalog-data.rst
    """
    assert public.get_registry_catalog_data()["registryCatalogData"] == {}
    put = public.put_registry_catalog_data(displayName="Ours")
    assert put["registryCatalogData"] == {"displayName": "Ours"}
    assert public.get_registry_catalog_data()["registryCatalogData"] == {"displayName": "Ours"}
    assert public.put_registry_catalog_data()["registryCatalogData"] == {}


def test_a_display_name_has_at_most_a_hundred_characters(public: Any) -> None:
    """A longer name is refused, and the old one stays."""
    public.put_registry_catalog_data(displayName="n" * 100)
    with pytest.raises(public.exceptions.InvalidParameterException):
        public.put_registry_catalog_data(displayName="n" * 101)
    kept = public.get_registry_catalog_data()["registryCatalogData"]
    assert kept == {"displayName": "n" * 100}
