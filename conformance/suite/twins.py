"""Valid twins: requests that the target accepts, to be spoilt in one point.

A refusal says something about the spoilt point only where the same request without it was
accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.suite.registry import Registry
from conformance.suite.walk import CORE_OPERATIONS, program

INVALID = "InvalidParameterException"
"""What ECR answers to a parameter that breaks a constraint."""

MALFORMED = frozenset({INVALID, "SerializationException", "ValidationError", "ValidationException"})
"""What may come for a request that does not fit its shape at all: the operations declare the first,
the others are AWS's common errors
(https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html). Which of them ECR
sends is not public."""

ON_A_REPOSITORY = tuple(
    operation
    for operation in CORE_OPERATIONS
    if operation not in ("CreateRepository", "GetAuthorizationToken")
)
"""The operations of the first release that need a repository which is there already."""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A request that is wrong in one point.

    ``changes`` replace members of the valid twin. ``label`` says what is wrong with them.
    """

    operation: str
    label: str
    changes: Mapping[str, Any]


def valid_request(registry: Registry, operation: str) -> dict[str, Any]:
    """Walk through the service up to ``operation``; gives the parameters that it takes there."""
    for step in program(registry.contract, registry.name_prefix):
        if step.operation == operation:
            return {**step.fixed, **{name: step.memory.get(name, "") for name in step.learned}}
        if step.operation not in registry.unsupported:
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
