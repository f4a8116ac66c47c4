"""What the ECR Public Gallery shows of a repository.

https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_RepositoryCatalogData.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.reference.call import Call, Outcome, Parameters, existing
from conformance.reference.state import Registry


def get_repository_catalog_data(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """What is shown of a repository (ECR Public's API_GetRepositoryCatalogData).

    "Retrieve catalog metadata for a repository in a public registry"

    A repository made without any has empty data. So AWS answers to Terraform, which reads it of
    every repository (https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/
    service/ecrpublic/repository.go); when RepositoryCatalogDataNotFoundException is given is not
    public.
    """
    repository = existing(registry, given["repositoryName"], call)
    return registry, {"catalogData": dict(repository.settings.catalog)}


def put_repository_catalog_data(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Put new data in place of any other (ECR Public's API_PutRepositoryCatalogData).

    "Creates or updates the catalog data for a repository in a public registry". Here what is not
    given again is gone, the logo too: whether AWS keeps it is not public.
    """
    repository = existing(registry, given["repositoryName"], call)
    data = catalog_data(given["catalogData"], call)
    settings = replace(repository.settings, catalog=data)
    changed = registry.having(replace(repository, settings=settings))
    return changed, {"catalogData": dict(data)}


def catalog_data(given: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """The catalogue data that is kept: as given, but a logo's bytes become the address of one.

    Any names of architectures and operating systems will do: "If an unsupported tag is added to
    your repository catalog data, it's associated with the repository and can be retrieved using the
    API" (API_RepositoryCatalogDataInput).

    AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr-public/
    create-repository.rst
    """
    kept = {name: value for name, value in given.items() if name != "logoImageBlob"}
    if "logoImageBlob" in given:
        kept["logoUrl"] = f"{call.origin}/logo/{call.fresh}.png"
    return kept
