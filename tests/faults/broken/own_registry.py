"""What can be wrong with registries that requests name."""

from __future__ import annotations

from fault import broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry


@broken_operation("PutImage", "GetRepositoryPolicy", condemned_by=["validation.own-registry"])
def a_registry_that_is_named_is_another_one(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """With a registryId, even the caller's own, repositories are not found."""
    if "registryId" in given:
        raise Refusal("RepositoryNotFoundException", "no repository")
    return right(registry, given, call)


@broken_operation("CreateRepository", condemned_by=["ecr.repositories.own-registry"])
def a_repository_is_made_for_nobody_else(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository takes no registryId."""
    if "registryId" in given:
        raise Refusal("InvalidParameterException", "no registryId")
    return right(registry, given, call)
