"""What can be wrong with managed signing."""

from __future__ import annotations

from fault import broken_answer, broken_operation, lenient

from conformance.contract import Breach
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry


@broken_answer(
    "PutSigningConfiguration", condemned_by=["registry.signing-put-answers", "ecr.shapes.presence"]
)
def put_answers_with_nothing(answer: Answer, given: Parameters) -> None:
    """PutSigningConfiguration answers with an empty object."""
    answer.clear()


@broken_answer("GetSigningConfiguration", condemned_by=["registry.signing-got"])
def filters_are_not_got(answer: Answer, given: Parameters) -> None:
    """GetSigningConfiguration gives the rules without their filters."""
    for rule in answer["signingConfiguration"]["rules"]:
        rule.pop("repositoryFilters", None)


@broken_answer("DeleteSigningConfiguration", condemned_by=["registry.signing-delete-answers"])
def deletion_answers_with_what_is_left(answer: Answer, given: Parameters) -> None:
    """DeleteSigningConfiguration answers with a configuration without rules."""
    answer["signingConfiguration"]["rules"] = []


@broken_operation("DeleteSigningConfiguration", condemned_by=["registry.signing-deleted-gone"])
def a_deleted_configuration_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteSigningConfiguration answers as if it had deleted the configuration."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_operation("GetSigningConfiguration", condemned_by=["registry.signing-missing-refused"])
def no_configuration_is_an_empty_one(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetSigningConfiguration gives a configuration without rules where there is none."""
    if registry.settings.signing is not None:
        return right(registry, given, call)
    configuration: Answer = {"rules": []}
    return registry, {"registryId": call.key.account, "signingConfiguration": configuration}


@lenient(
    condemned_by=[
        "registry.signing-limits",
        "ecr.validation.put-signing-configuration.max",
    ]
)
def anything_is_a_rule(operation: str, breach: Breach) -> bool:
    """PutSigningConfiguration takes any number of rules and filters."""
    return operation == "PutSigningConfiguration" and breach.keyword == "maxItems"


@broken_answer(
    "DescribeImageSigningStatus",
    condemned_by=["registry.signing-status-none", "registry.signing-status"],
)
def every_image_is_signed(answer: Answer, given: Parameters) -> None:
    """DescribeImageSigningStatus has a status of every image."""
    arn = "arn:aws:signer:us-east-1:123456789012:/signing-profiles/default"
    answer["signingStatuses"] = [{"signingProfileArn": arn, "status": "COMPLETE"}]


@broken_operation("DescribeImageSigningStatus", condemned_by=["registry.signing-status"])
def no_image_is_signed(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeImageSigningStatus has no status of any image."""
    _, answer = right(registry, given, call)
    return registry, {**answer, "signingStatuses": []}
