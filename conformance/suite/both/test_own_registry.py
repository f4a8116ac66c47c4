"""The caller's own registry: the one that is meant where none is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.contract import load_contract
from conformance.suite.evidence import documented
from conformance.suite.registry import Registry
from conformance.suite.rules import SERVICES, rule
from conformance.suite.topics.repository_answers import own_registry
from conformance.suite.twins import accepted_request, valid_request
from conformance.suite.verdicts import MUST
from conformance.suite.walk import WALKED_OPERATIONS

_DEFAULT = documented(
    "BatchDeleteImage.registryId",
    "If you do not specify a registry, the default registry is assumed.",
    public="If you do not specify a registry, the default public registry is assumed.",
)
_ONCE = frozenset(
    {
        "BatchDeleteImage",
        "CompleteLayerUpload",
        "CreatePullThroughCacheRule",
        "DeleteLifecyclePolicy",
        "DeletePullThroughCacheRule",
        "DeleteRepository",
        "DeleteRepositoryPolicy",
        "PutImage",
        "StartImageScan",
        "StartLifecyclePolicyPreview",
        "UploadLayerPart",
    }
)
"""What cannot be asked twice with the same parameters."""


def _takes_a_registry(service: str, operation: str) -> bool:
    contract = load_contract(service)
    if operation not in contract.operations:
        return False
    return "registryId" in contract.shapes[contract.operations[operation].input].members


_OPERATIONS = tuple(
    operation
    for operation in WALKED_OPERATIONS
    # ECR takes a registry to make a repository in, ECR Public does not.
    if operation != "CreateRepository" and any(_takes_a_registry(s, operation) for s in SERVICES)
)


@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "repositories.own-registry-accepted",
    level=MUST,
    operations=_OPERATIONS,
    evidence=[_DEFAULT],
)
def test_the_own_registry_is_accepted(registry: Registry, operation: str) -> None:
    """What succeeds without a registryId succeeds with that of the own registry."""
    own = own_registry(registry)
    prefix = f"{registry.name_prefix}-twin"
    twin = replace(registry, name_prefix=prefix) if operation in _ONCE else registry
    request = accepted_request(twin, operation)
    if operation in _ONCE:
        request = valid_request(registry, operation)
    registry.call(operation, **request, registryId=own)


@rule(
    "repositories.made-in-own-registry",
    level=MUST,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[_DEFAULT],
)
def test_a_repository_is_made_in_the_own_registry(registry: Registry) -> None:
    """A repository that is made in the registry of the caller's own id is in the default one."""
    name = registry.name_prefix
    registry.call("CreateRepository", repositoryName=name, registryId=own_registry(registry))
    registry.settle(
        "DescribeRepositories",
        lambda: registry.given("DescribeRepositories", repositoryNames=[name]),
    )
