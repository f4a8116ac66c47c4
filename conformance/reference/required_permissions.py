"""Which permissions a request needs: an action, and the resource it is allowed on.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
and, for ECR Public, list_amazonelasticcontainerregistrypublic.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.contract import load_contract
from conformance.reference.access import is_account, own_registry
from conformance.reference.json_text import parsed
from conformance.reference.operations.policy_grammar import as_list
from conformance.reference.protocol import Caller, operation_of
from conformance.reference.refusal import Refusal
from conformance.transport.exchange import NotJson, Request

Permission = tuple[str, str]
"""An action, such as ``ecr:PutImage``, and a resource: an ARN, or * where there is none."""

_BEARER_TOKEN = ("sts:GetServiceBearerToken", "*")
"""Needed as documented: "This API requires the ecr-public:GetAuthorizationToken and
sts:GetServiceBearerToken permissions" (ECR Public's API_GetAuthorizationToken)."""


def required_permissions(request: Request, caller: Caller) -> list[Permission]:
    """All that a caller has to be allowed, in the order in which it is looked at.

    What there is not needs no permission, downloads were permitted by who signed them, and STS: "No
    permissions are required to perform this operation" (API_GetCallerIdentity).
    """
    try:
        service, operation = operation_of(request)
    except Refusal:
        return []
    given = _members(request.body)
    resources = _resources(service, operation, given, caller)
    needed = [(f"{service}:{operation}", resource) for resource in resources]
    if operation == "CreateRepository" and given.get("tags"):
        needed += _tagging(service, resources)
    if (service, operation) == ("ecr-public", "GetAuthorizationToken"):
        needed.append(_BEARER_TOKEN)
    return needed


def _tagging(service: str, resources: list[str]) -> list[Permission]:
    """What tags need where they are given to a new repository.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-supported-iam-actions-tagging.html
    """
    return [(f"{service}:TagResource", resource) for resource in resources]


def _resources(service: str, operation: str, given: Mapping[str, Any], caller: Caller) -> list[str]:
    """The repositories that a request names, by their ARNs.

    Where it could have named some and does not, all are meant, as
    https://github.com/aws-amplify/amplify-cli/issues/10828 shows for DescribeRepositories.
    """
    contract = load_contract(service)
    known = contract.shapes[contract.operation(operation).input].members
    if not known.keys() & {"repositoryName", "repositoryNames", "resourceArn"}:
        return ["*"]
    arn = given.get("resourceArn")
    if "resourceArn" in known and isinstance(arn, str):
        return [arn]
    registry = own_registry(service, _account(given, caller), caller.region)
    listed = as_list(given.get("repositoryNames"))
    names = [each for each in (given.get("repositoryName"), *listed) if isinstance(each, str)]
    return [registry.arn(name) for name in names or ["*"]]


def _account(given: Mapping[str, Any], caller: Caller) -> str:
    """Whose registry is asked for; one that is called by its alias is the caller's own."""
    registry_id = given.get("registryId")
    if isinstance(registry_id, str) and is_account(registry_id):
        return registry_id
    return caller.account


def _members(body: bytes) -> Mapping[str, Any]:
    """The members of a request. Of a body that cannot be read there are none."""
    try:
        members = parsed(body)
    except NotJson:
        return {}
    return members if isinstance(members, dict) else {}
