"""The policy of a registry: what other accounts may replicate into it or cache through it.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html. It is kept and
given back, not enforced.
"""

from __future__ import annotations

from conformance.reference.call import Answer, Call, Outcome, Parameters
from conformance.reference.operations.policy_grammar import RESOURCE, read_policy
from conformance.reference.operations.policy_text import printed
from conformance.reference.refusal import Refusal, invalid
from conformance.reference.state import Registry


def put_registry_policy(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Put a policy in place of any other.

    "Creates or updates the permissions policy for your registry"; its text "follows the same format
    as IAM policy text" (API_PutRegistryPolicy). Statements may say what they are about, unlike
    those of a repository's policy; that they need not, and that AWS prints the text anew as it does
    with a repository's, is not public. How another text is refused:
    https://github.com/pulumi/pulumi-aws/issues/2326.
    """
    policy = read_policy(given["policyText"], RESOURCE)
    if policy is None:
        raise invalid("PolicyText", "Invalid registry policy provided")
    governed = registry.set(policy=printed(policy))
    return governed, _answer(governed, call)


def get_registry_policy(registry: Registry, _: Parameters, call: Call) -> Outcome:
    """The policy of a registry.

    "Retrieves the permissions policy for a registry" (API_GetRegistryPolicy).
    """
    return registry, _answer(registry, call)


def delete_registry_policy(registry: Registry, _: Parameters, call: Call) -> Outcome:
    """Delete the policy of a registry and answer with it.

    "The contents of the registry permissions policy that was deleted" (API_DeleteRegistryPolicy).
    """
    return registry.set(policy=None), _answer(registry, call)


def _answer(registry: Registry, call: Call) -> Answer:
    """The policy, or ``RegistryPolicyNotFoundException``.

    "The registry doesn't have an associated registry policy". The text is not public.
    """
    text = registry.settings.policy
    if text is None:
        raise Refusal(
            "RegistryPolicyNotFoundException",
            f"Registry policy does not exist in the registry with id '{call.key.account}'",
        )
    return {"registryId": call.key.account, "policyText": text}
