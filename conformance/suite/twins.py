"""Valid twins: requests that the target accepts, to be spoilt in one point.

A refusal says something about the spoilt point only where the same request without it was
accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.contract import load_contract
from conformance.suite.registry import Registry
from conformance.suite.rules import SERVICES
from conformance.suite.running.permissions import left_alone
from conformance.suite.walk import WALKED_OPERATIONS, program

INVALID = "InvalidParameterException"
"""What ECR answers to a parameter that breaks a constraint."""

MALFORMED = frozenset({INVALID, "SerializationException", "ValidationError", "ValidationException"})
"""What may come for a request that does not fit its shape at all: the operations declare the first,
the others are AWS's common errors
(https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html). Which of them ECR
sends is not public."""


def _asks_for_a_repository(operation: str) -> bool:
    members = {
        member
        for contract in map(load_contract, SERVICES)
        if operation in contract.operations
        for member in contract.shapes[contract.operations[operation].input].members
    }
    return bool({"repositoryName", "repositoryNames"} & members)


ON_A_REPOSITORY = tuple(
    operation
    for operation in WALKED_OPERATIONS
    if _asks_for_a_repository(operation)
    # The first makes one; the other answers with failures.
    and operation not in ("CreateRepository", "BatchGetRepositoryScanningConfiguration")
)
"""The operations that need a repository, by name, which is there already."""


def invalid_codes(registry: Registry, operation: str) -> frozenset[str]:
    """What an operation may answer to a parameter that breaks a constraint.

    Operations that came later declare a second error for that: "There was an exception validating
    this request" (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
    API_PutLifecyclePolicy.html). When which one comes is not public.
    """
    declared = {error.code for error in registry.contract.operation(operation).errors}
    return frozenset({INVALID} | ({"ValidationException"} & declared))


_READING = ("BatchCheck", "BatchGet", "Describe", "Get", "List", "Validate")


def valid_request(registry: Registry, operation: str) -> dict[str, Any]:
    """Walk through the service up to ``operation``; gives the parameters that it takes there.

    What only reads, or takes leave that the owner has not given, is left out on the way.
    """
    untried = {*registry.capability.lacking, *left_alone(registry.target)}
    for step in program(registry.contract, registry.name_prefix, registry.content_seed):
        if step.operation == operation:
            return step.parameters
        reads = step.operation.startswith(_READING)
        if not reads and step.operation not in untried:
            step.take(registry.client)
    raise ValueError(f"the walk has no step {operation}")


def accepted_request(registry: Registry, operation: str) -> dict[str, Any]:
    """The parameters of a request that the target has accepted; else the check is untestable."""
    parameters = valid_request(registry, operation)
    registry.given(operation, **parameters)
    return parameters


def on_repository(request: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The same request about another repository."""
    if "repositoryNames" in request:
        return {**request, "repositoryNames": [name]}
    return {**request, "repositoryName": name}
