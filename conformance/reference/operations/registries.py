"""Public registries: what each account's is called, and what the ECR Public Gallery shows of it.

https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html
"""

from __future__ import annotations

from conformance.reference.access import alias
from conformance.reference.call import Answer, Call, Outcome, Parameters
from conformance.reference.pagination import page
from conformance.reference.state import Registry


def describe_registries(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """The caller's registry, the only one there is (ECR Public's API_DescribeRegistries).

    "Returns details for a public registry"
    """
    shown, more = page({call.key.account: _description(call)}, given, call)
    return registry, {"registries": shown, **more}


def get_registry_catalog_data(registry: Registry, _: Parameters, __: Call) -> Outcome:
    """What was put last, at first nothing (ECR Public's API_GetRegistryCatalogData).

    "Retrieves catalog metadata for a public registry"
    """
    return registry, {"registryCatalogData": dict(registry.settings.catalog)}


def put_registry_catalog_data(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Set a registry's display name (ECR Public's API_PutRegistryCatalogData).

    "Create or update the catalog data for a public registry"; "The registry display name is only
    publicly visible in the Amazon ECR Public Gallery for verified accounts", so that any account is
    taken to set one. Without a name there is none afterwards: whether AWS keeps the old one is not
    public.
    """
    changed = registry.set(
        catalog={"displayName": given["displayName"]} if "displayName" in given else {}
    )
    return get_registry_catalog_data(changed, given, call)


def _description(call: Call) -> Answer:
    """The ``Registry`` of an answer (ECR Public's API_Registry).

    "When the first public repository is created, your public registry is assigned a default
    registry alias"; but ``registryUri``, always there, needs one, so that a registry has it from
    the start here. AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/
    ecr-public/describe-registries.rst
    """
    account, name = call.key.account, alias(call.key, call)
    return {
        "registryId": account,
        "registryArn": f"arn:aws:ecr-public::{account}:registry/{account}",
        "registryUri": f"public.ecr.aws/{name}",
        "verified": False,
        "aliases": [
            {
                "name": name,
                "status": "ACTIVE",
                "primaryRegistryAlias": True,
                "defaultRegistryAlias": True,
            }
        ],
    }
