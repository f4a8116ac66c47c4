"""What can be wrong with the policy of a registry."""

from __future__ import annotations

import json

from fault import broken_answer, broken_operation, lenient

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry


@broken_answer("PutRegistryPolicy", condemned_by=["policies.registry-put-answers"])
def put_answers_for_another_registry(answer: Answer, given: Parameters) -> None:
    """PutRegistryPolicy answers with a registryId of zeros."""
    answer["registryId"] = "000000000000"


@broken_answer("GetRegistryPolicy", condemned_by=["policies.registry-got"])
def the_policy_is_got_without_its_actions(answer: Answer, given: Parameters) -> None:
    """GetRegistryPolicy gives only the first action of a statement."""
    policy = json.loads(answer["policyText"])
    for statement in policy["Statement"]:
        statement["Action"] = statement["Action"][0]
    answer["policyText"] = json.dumps(policy)


@broken_operation("PutRegistryPolicy", condemned_by=["policies.registry-replaced"])
def the_first_policy_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutRegistryPolicy keeps the policy that is there."""
    changed, answer = right(registry, given, call)
    return (registry if registry.settings.policy else changed), answer


@broken_answer(
    "DeleteRegistryPolicy", condemned_by=["policies.registry-delete-answers", "ecr.shapes.presence"]
)
def deletion_answers_with_nothing(answer: Answer, given: Parameters) -> None:
    """DeleteRegistryPolicy answers with the registry's id alone."""
    answer.pop("policyText")


@broken_operation("DeleteRegistryPolicy", condemned_by=["policies.registry-deleted-gone"])
def a_deleted_policy_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRegistryPolicy answers as if it had deleted the policy."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_operation("GetRegistryPolicy", condemned_by=["policies.registry-missing-refused"])
def no_policy_is_an_empty_one(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetRegistryPolicy gives an empty policy where there is none."""
    if registry.settings.policy is not None:
        return right(registry, given, call)
    return registry, {"registryId": call.key.account, "policyText": "{}"}


@broken_operation(
    "DeleteRegistryPolicy",
    condemned_by=["policies.registry-missing-refused", "ecr.shapes.presence"],
)
def deleting_nothing_is_fine(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRegistryPolicy succeeds where there is no policy."""
    if registry.settings.policy is not None:
        return right(registry, given, call)
    return registry, {"registryId": call.key.account}


@broken_operation(
    "PutRegistryPolicy",
    condemned_by=["policies.registry-no-policy-refused", "policies.registry-no-statement-refused"],
)
def any_text_is_a_policy(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutRegistryPolicy takes any text."""
    try:
        return right(registry, given, call)
    except Refusal:
        text = given["policyText"]
        return registry.set(policy=text), {"registryId": call.key.account, "policyText": text}


@broken_operation("PutRegistryPolicy", condemned_by=["policies.registry-refused-keeps-old"])
def a_refused_text_empties_the_policy(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutRegistryPolicy has lost the old policy when it refuses the new one."""
    try:
        return right(registry, given, call)
    except Refusal:
        if registry.settings.policy is not None:
            object.__setattr__(registry.settings, "policy", None)
        raise


@lenient(
    condemned_by=[
        "policies.registry-too-long-refused",
        "ecr.validation.put-registry-policy.max",
    ]
)
def policies_have_any_length(operation: str, breach: Breach) -> bool:
    """PutRegistryPolicy takes policies of any length."""
    place = (operation, *breach.path, breach.keyword)
    return place == ("PutRegistryPolicy", "policyText", "maxLength")
