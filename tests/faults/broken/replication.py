"""What can be wrong with replication and its status."""

from __future__ import annotations

from fault import broken_answer, broken_operation, lenient

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry


@broken_answer("DescribeRegistry", condemned_by=["registry.described"])
def the_registry_is_always_the_same(answer: Answer, given: Parameters) -> None:
    """DescribeRegistry answers with a registryId of zeros."""
    answer["registryId"] = "000000000000"


@broken_answer(
    "PutReplicationConfiguration",
    condemned_by=["registry.replication-put-answers", "ecr.shapes.presence"],
)
def put_answers_with_nothing(answer: Answer, given: Parameters) -> None:
    """PutReplicationConfiguration answers with an empty object."""
    answer.clear()


@broken_operation(
    "PutReplicationConfiguration",
    condemned_by=[
        "registry.replication-described",
        "registry.replication-replaced",
        "registry.replication-emptied",
        "registry.replication-many-filters",
    ],
)
def put_is_forgotten(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutReplicationConfiguration keeps the first configuration for good."""
    changed, answer = right(registry, given, call)
    return (registry if registry.settings.replication else changed), answer


@broken_answer(
    "DescribeRegistry",
    condemned_by=[
        "registry.replication-described",
        "registry.replication-replaced",
        "registry.replication-many-filters",
    ],
)
def filters_are_not_described(answer: Answer, given: Parameters) -> None:
    """DescribeRegistry gives the rules without their filters."""
    for rule in answer["replicationConfiguration"]["rules"]:
        rule.pop("repositoryFilters", None)


@broken_operation("PutReplicationConfiguration", condemned_by=["registry.replication-replaced"])
def rules_are_added(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
    """PutReplicationConfiguration adds its rules to those that are there."""
    changed, answer = right(registry, given, call)
    new = changed.settings.replication
    if not new:
        return changed, answer
    old = [rule for rule in registry.settings.replication if rule not in new]
    return changed.set(replication=(*old, *new)), answer


@broken_operation("PutReplicationConfiguration", condemned_by=["registry.replication-emptied"])
def there_is_always_a_rule(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutReplicationConfiguration without rules changes nothing."""
    changed, answer = right(registry, given, call)
    return (changed if changed.settings.replication else registry), answer


@broken_operation(
    "PutReplicationConfiguration",
    condemned_by=[
        "registry.replication-many-filters",
        "ecr.validation.put-replication-configuration.valid",
    ],
)
def a_rule_has_fifty_filters(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutReplicationConfiguration refuses a rule of more than 50 filters."""
    for rule in given["replicationConfiguration"]["rules"]:
        if len(rule.get("repositoryFilters", ())) > 50:
            raise Refusal("InvalidParameterException", "too many filters")
    return right(registry, given, call)


@lenient(
    condemned_by=[
        "registry.replication-limits",
        "ecr.validation.put-replication-configuration.max",
    ]
)
def rules_have_any_number_of_filters(operation: str, breach: Breach) -> bool:
    """PutReplicationConfiguration takes any number of filters."""
    return operation == "PutReplicationConfiguration" and breach.keyword == "maxItems"


@broken_answer("DescribeImageReplicationStatus", condemned_by=["registry.replication-status"])
def no_image_is_replicated(answer: Answer, given: Parameters) -> None:
    """DescribeImageReplicationStatus has no status of any image."""
    answer["replicationStatuses"] = []


@broken_answer(
    "DescribeImageReplicationStatus",
    condemned_by=["registry.replication-status-none", "registry.replication-status"],
)
def every_image_is_replicated(answer: Answer, given: Parameters) -> None:
    """DescribeImageReplicationStatus has a status of every image."""
    status = {"region": "eu-west-1", "registryId": "123456789012", "status": "COMPLETE"}
    answer["replicationStatuses"] = [status]


@broken_operation(
    "DescribeImageReplicationStatus",
    "DescribeImageSigningStatus",
    "UpdateImageStorageClass",
    condemned_by=["registry.unknown-image-refused"],
)
def a_missing_image_is_no_repository(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """An image that is missing is refused with RepositoryNotFoundException."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        raise Refusal("RepositoryNotFoundException", refusal.message) from None
