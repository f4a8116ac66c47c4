"""What can be wrong with pull through cache rules."""

from __future__ import annotations

from typing import Any

from fault import broken_answer, broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry

_NOT_FOUND = "PullThroughCacheRuleNotFoundException"


@broken_answer(
    "CreatePullThroughCacheRule",
    condemned_by=["registry.pull-through-create-answers", "ecr.shapes.presence"],
)
def a_new_rule_is_only_its_prefix(answer: Answer, given: Parameters) -> None:
    """CreatePullThroughCacheRule answers with the registry and the prefix."""
    answer.pop("upstreamRegistryUrl")


@broken_operation("CreatePullThroughCacheRule", condemned_by=["registry.pull-through-own-upstream"])
def private_registries_are_no_upstreams(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreatePullThroughCacheRule knows public upstream registries alone."""
    if ".dkr.ecr." in given["upstreamRegistryUrl"]:
        raise Refusal("UnsupportedUpstreamRegistryException", "there is no such upstream")
    return right(registry, given, call)


@broken_operation(
    "DescribePullThroughCacheRules",
    condemned_by=["registry.pull-through-described", "registry.pull-through-unknown-refused"],
)
def prefixes_do_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribePullThroughCacheRules gives all rules, whatever prefixes are asked for."""
    rest = {name: value for name, value in given.items() if name != "ecrRepositoryPrefixes"}
    return right(registry, rest, call)


@broken_operation(
    "DescribePullThroughCacheRules",
    condemned_by=[
        "registry.pull-through-listed",
        "ecr.client.full-result",
    ],
)
def rules_are_only_given_by_prefix(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribePullThroughCacheRules without prefixes gives nothing."""
    if "ecrRepositoryPrefixes" in given:
        return right(registry, given, call)
    return registry, {"pullThroughCacheRules": []}


@broken_operation(
    "DescribePullThroughCacheRules", condemned_by=["registry.pull-through-unknown-refused"]
)
def unknown_prefixes_are_left_out(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribePullThroughCacheRules answers an unknown prefix with an empty list."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != _NOT_FOUND:
            raise
        return registry, {"pullThroughCacheRules": []}


@broken_operation(
    "ValidatePullThroughCacheRule",
    "UpdatePullThroughCacheRule",
    condemned_by=[
        "registry.pull-through-unknown-refused",
        "ecr.shapes.presence",
        "ecr.shapes.usual-members",
    ],
)
def unknown_prefixes_are_fine(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """An unknown prefix is validated, and updated, as if there were a rule."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != _NOT_FOUND:
            raise
        return registry, {**given, "registryId": call.key.account}


@broken_operation(
    "CreatePullThroughCacheRule", condemned_by=["registry.pull-through-duplicate-refused"]
)
def a_rule_takes_the_place_of_another(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreatePullThroughCacheRule replaces the rule of the same prefix."""
    prefix = given["ecrRepositoryPrefix"]
    rules = registry.settings.pull_through
    others = {name: rule for name, rule in rules.items() if name != prefix}
    return right(registry.set(pull_through=others), given, call)


@broken_operation(
    "CreatePullThroughCacheRule",
    condemned_by=[
        "registry.pull-through-upstream-refused",
        "registry.pull-through-secret-required",
    ],
)
def any_upstream_will_do(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreatePullThroughCacheRule takes any URL, and asks for no secret."""
    changed, answer = right(registry, {**given, "upstreamRegistryUrl": "quay.io"}, call)
    rules, prefix = changed.settings.pull_through, given["ecrRepositoryPrefix"]
    url = {"upstreamRegistryUrl": given["upstreamRegistryUrl"]}
    rule = {**rules[prefix], **url}
    return changed.set(pull_through={**rules, prefix: rule}), {**answer, **url}


@broken_operation(
    "UpdatePullThroughCacheRule",
    condemned_by=[
        "registry.pull-through-update-keeps-upstream",
        "ecr.shapes.presence",
    ],
)
def an_update_is_a_new_rule(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UpdatePullThroughCacheRule keeps nothing of the rule but its prefix."""
    changed, answer = right(registry, given, call)
    rules = changed.settings.pull_through
    kept = {**rules[given["ecrRepositoryPrefix"]]}
    kept.pop("upstreamRegistryUrl", None)
    return changed.set(pull_through={**rules, given["ecrRepositoryPrefix"]: kept}), answer


@broken_answer(
    "ValidatePullThroughCacheRule",
    condemned_by=["registry.pull-through-validated", "ecr.shapes.presence"],
)
def validation_has_no_result(answer: Answer, given: Parameters) -> None:
    """ValidatePullThroughCacheRule does not say whether the rule is valid."""
    answer.pop("isValid")


@broken_answer(
    "DeletePullThroughCacheRule",
    condemned_by=[
        "registry.pull-through-delete-answers",
        "ecr.shapes.presence",
        "ecr.shapes.usual-members",
    ],
)
def deletion_answers_with_nothing(answer: Answer, given: Parameters) -> None:
    """DeletePullThroughCacheRule answers with an empty object."""
    answer.clear()


class _Deleted(dict[str, Any]):
    """A rule that was deleted and is there nevertheless."""


@broken_operation(
    "DeletePullThroughCacheRule",
    condemned_by=["registry.pull-through-deleted-gone", "registry.pull-through-deleted-twice"],
)
def a_deleted_rule_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A rule that was deleted is there until another one is."""
    changed, answer = right(registry, given, call)
    left = changed.settings.pull_through
    stays = {
        prefix: _Deleted(rule)
        for prefix, rule in registry.settings.pull_through.items()
        if prefix not in left
    }
    others = {prefix: rule for prefix, rule in left.items() if not isinstance(rule, _Deleted)}
    return changed.set(pull_through={**others, **stays}), answer


@broken_operation("DeletePullThroughCacheRule", condemned_by=["registry.pull-through-deleted-gone"])
def longer_prefixes_are_deleted_too(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeletePullThroughCacheRule deletes the rules of all prefixes that begin alike."""
    changed, answer = right(registry, given, call)
    prefix, rules = given["ecrRepositoryPrefix"], changed.settings.pull_through
    left = {name: rule for name, rule in rules.items() if not name.startswith(prefix)}
    return changed.set(pull_through=left), answer


@broken_operation(
    "DeletePullThroughCacheRule",
    condemned_by=[
        "registry.pull-through-deleted-twice",
        "registry.pull-through-unknown-refused",
        "ecr.shapes.presence",
        "ecr.shapes.usual-members",
    ],
)
def deleting_nothing_is_fine(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeletePullThroughCacheRule of a prefix without a rule succeeds."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != _NOT_FOUND:
            raise
        return registry, {"ecrRepositoryPrefix": given["ecrRepositoryPrefix"]}


@broken_operation("CreatePullThroughCacheRule", condemned_by=["registry.pull-through-upstreams"])
def quay_is_not_known(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreatePullThroughCacheRule knows ECR Public and Kubernetes alone."""
    if given["upstreamRegistryUrl"] == "quay.io":
        raise Refusal("UnsupportedUpstreamRegistryException", "not supported")
    return right(registry, given, call)


@broken_answer("CreatePullThroughCacheRule", condemned_by=["registry.pull-through-root"])
def the_upstream_has_the_prefix_too(answer: Answer, given: Parameters) -> None:
    """CreatePullThroughCacheRule takes its prefix for that of the upstream."""
    answer["upstreamRepositoryPrefix"] = given["ecrRepositoryPrefix"]
