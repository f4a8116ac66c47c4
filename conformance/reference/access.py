"""Which registry a request is about, and whether the caller may ask that.

A registry belongs to an account, and only that account may use it. Sharing one by a policy is not
part of this reference yet.
"""

from __future__ import annotations

from conformance.contract import load_contract
from conformance.reference.call import Call, Parameters
from conformance.reference.refusal import Refusal
from conformance.reference.state import Registry, RegistryKey


def is_account(text: str) -> bool:
    """Whether a text has the form of an account's id: twelve digits."""
    return len(text) == 12 and text.isascii() and text.isdecimal()


def own_registry(service: str, account: str, region: str) -> RegistryKey:
    """An account's registry: one in each region, or its only one in ECR Public."""
    return RegistryKey(service, account, "" if service == "ecr-public" else region)


def alias(key: RegistryKey, call: Call) -> str:
    """The default alias of a public registry, which AWS assigns.

    https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html
    """
    return "r" + call.seal_hex(f"alias {key.account}")[:7]


def registry_asked_for(call: Call, given: Parameters) -> RegistryKey:
    """The registry that ``registryId`` names, or else the caller's own.

    "If you do not specify a registry, the default registry is assumed" (API_PutImage and all that
    take ``registryId``). Some operations of ECR Public take an alias too.

    Raises ``RegistryNotFoundException``, "The registry doesn't exist", where an alias is unknown
    and the operation declares it.
    """
    registry_id = given.get("registryId", call.caller)
    own = own_registry(call.key.service, call.caller, call.region)
    if own.public and registry_id == alias(own, call):
        return own
    if own.public and not is_account(registry_id):
        _unknown_registry(registry_id, call)
    return own_registry(call.key.service, registry_id, call.region)


def require_access(registry: Registry, given: Parameters, call: Call) -> None:
    """Refuse what another account's registry has; what it lacks is reported as missing to everyone.

    "By default, only the AWS account that created the repository has access to the repository"
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html).
    """
    if call.key.account == call.caller:
        return
    name = given.get("repositoryName")
    if name is None or call.operation == "CreateRepository" or name in registry.repositories:
        raise Refusal(
            "AccessDeniedException",
            f"User: arn:aws:iam::{call.caller}:root is not authorized to perform: "
            f"{call.key.service}:{call.operation}",
        )


def _unknown_registry(registry_id: str, call: Call) -> None:
    code = "RegistryNotFoundException"
    operation = load_contract(call.key.service).operation(call.operation)
    if any(error.code == code for error in operation.errors):
        raise Refusal(code, f"The registry with id '{registry_id}' does not exist")
