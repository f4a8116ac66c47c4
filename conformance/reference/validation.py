"""Requests judged by the contract before any operation sees them.

Types first, because a body of the wrong types cannot be read at all; then the constraints of the
model, one of which is reported. Members the model does not have are ignored, and null counts as
absent.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from conformance.contract import Breach, Contract, broken_keywords, load_contract, without_nulls
from conformance.reference.call import Parameters
from conformance.reference.json_text import parsed
from conformance.reference.refusal import Refusal, invalid, malformed
from conformance.transport.exchange import NotJson

Excuse = Callable[[str, Breach], bool]
"""Whether an operation overlooks what breaks a constraint of its request."""


def excuse_nothing(_: str, __: Breach) -> bool:
    """Every constraint of the model counts."""
    return False


def read_parameters(
    service: str, operation: str, body: bytes, excuse: Excuse = excuse_nothing
) -> Parameters:
    """The parameters in a request's body.

    Raises ``Refusal``: ``SerializationException`` for what is no JSON or of a wrong type,
    ``InvalidParameterException`` for what breaks a constraint of the model.
    """
    contract = load_contract(service)
    shape = contract.operation(operation).input
    kept, _ = without_nulls(contract, shape, _parse(body))
    found = broken_keywords(contract, shape, kept, "input")
    breaches = [each for each in found if not excuse(operation, each)]
    if breaches:
        raise _first(breaches)
    parameters: Parameters = _decoded(contract, shape, kept)
    return parameters


def _parse(body: bytes) -> object:
    try:
        return parsed(body)
    except NotJson:
        raise malformed("The request body is not JSON") from None


def _first(breaches: list[Breach]) -> Refusal:
    return _refusal(min(breaches, key=_urgency))


def _urgency(breach: Breach) -> tuple[int, str]:
    """What cannot be read comes first, then what is absent; among equals, by place."""
    ranks = {"type": 0, "required": 1}
    return ranks.get(breach.keyword, 2), repr(breach.path)


def _refusal(breach: Breach) -> Refusal:
    name = _name(breach)
    if breach.keyword == "type":
        return malformed(f"The value of {name or 'the body'} is not of type {breach.bound}")
    # A string that is no base64 is one that cannot be read.
    if breach.keyword == "pattern" and "A-Za-z0-9+/" in breach.bound:
        return malformed(f"The value of {name} is not base64")
    return invalid(name, _CONSTRAINTS[breach.keyword](breach))


def _name(breach: Breach) -> str:
    """The member as messages name it: the innermost, without its place in a list.

    An element of ``repositoryNames`` is reported as 'repositoryName'.
    """
    names = [step for step in breach.path if isinstance(step, str)]
    if breach.path and isinstance(breach.path[-1], int) and names == ["repositoryNames"]:
        return "repositoryName"
    return names[-1] if names else ""


def _pattern(breach: Breach) -> str:
    # Three forms, each seen: https://github.com/aws-actions/amazon-ecr-login/issues/225 (lists),
    # https://github.com/chanzuckerberg/single-cell-data-portal/pull/3781 (registryId), and
    # https://github.com/aws-samples/aws-msk-content-streaming/issues/3 (all the rest).
    pattern = breach.bound.removeprefix("^(?:").removesuffix(")$")
    if breach.path[0] == "registryIds":
        satisfied = f"Member must satisfy regular expression pattern: {pattern}"
        return f"Member must satisfy constraint: [{satisfied}]"
    quoted = pattern if breach.path[-1] == "registryId" else f"'{pattern}'"
    return f"must satisfy regular expression {quoted}"


# Strings: https://github.com/aws/aws-dotnet-deploy/issues/549. Lists:
# https://github.com/trek10inc/ecr-cleaner/issues/8. Numbers:
# https://github.com/andrey-pohilko/registry-cli/issues/79. What is absent and what is no value of
# an enumeration have no public text.
_CONSTRAINTS: dict[str, Callable[[Breach], str]] = {
    "required": lambda _: "must not be null",
    "enum": lambda breach: f"must satisfy enum value set: [{', '.join(breach.bound)}]",
    "pattern": _pattern,
    "minLength": lambda breach: f"must have length greater than or equal to {breach.bound}",
    "maxLength": lambda breach: f"must have length less than or equal to {breach.bound}",
    "minItems": lambda breach: f"Member must have length greater than or equal to {breach.bound}",
    "maxItems": lambda breach: f"Member must have length less than or equal to {breach.bound}",
    "minimum": lambda breach: f"Member must have value greater than or equal to {breach.bound}",
    "maximum": lambda breach: f"Member must have value less than or equal to {breach.bound}",
}


def _decoded(contract: Contract, shape_name: str, value: Any) -> Any:
    """The value with blobs as bytes and whole numbers as such (JSON may write 3.0)."""
    shape = contract.shapes[shape_name]
    if shape.type == "structure":
        return {
            name: _decoded(contract, shape.members[name].shape, child)
            for name, child in value.items()
            if name in shape.members
        }
    if shape.type == "list" and shape.member:
        return [_decoded(contract, shape.member, child) for child in value]
    if shape.type == "blob":
        return _blob(value)
    return int(value) if shape.type in ("integer", "long") else value


def _blob(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise malformed("A blob is not base64") from None
