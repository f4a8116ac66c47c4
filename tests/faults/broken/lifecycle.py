"""What can be wrong with lifecycle policies."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from fault import (
    FaultTransport,
    broken_answer,
    broken_operation,
    broken_transport,
    lenient,
    with_members,
)

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters, named
from conformance.reference.operations import lifecycle_rule
from conformance.reference.state import Registry
from conformance.targets import Connection
from conformance.transport import Request, Response
from conformance.transport.exchange import parse_json
from conformance.transport.prepared import operation_of

PUT, GET, DELETE = "PutLifecyclePolicy", "GetLifecyclePolicy", "DeleteLifecyclePolicy"
START, GET_PREVIEW = "StartLifecyclePolicyPreview", "GetLifecyclePolicyPreview"
NOT_FOUND = "LifecyclePolicyNotFoundException"

KINDS = ("lifecycle.kinds-taken", "lifecycle.archiving-taken")
REFUSALS = (
    "lifecycle.archived-too-shortly-refused",
    "lifecycle.incomplete-rule-refused",
    "lifecycle.no-rules-refused",
    "lifecycle.null-refused",
    "lifecycle.too-many-rules-refused",
    "lifecycle.unfitting-rules-refused",
    "lifecycle.unfitting-storage-class-refused",
    "lifecycle.unfitting-tags-refused",
    "lifecycle.unit-of-a-count-refused",
    "lifecycle.unknown-value-refused",
)
"""What is JSON, but no policy."""


def _without_descriptions(answer: Answer) -> None:
    policy = json.loads(answer["lifecyclePolicyText"])
    for rule in policy["rules"]:
        rule.pop("description", None)
    answer["lifecyclePolicyText"] = json.dumps(policy)


@broken_answer(PUT, condemned_by=["lifecycle.put-answers-policy"])
def putting_answers_without_descriptions(answer: Answer, given: Parameters) -> None:
    """PutLifecyclePolicy answers with rules that have lost their description."""
    _without_descriptions(answer)


@broken_answer(GET, condemned_by=["lifecycle.get-returns-policy"])
def getting_gives_no_descriptions(answer: Answer, given: Parameters) -> None:
    """GetLifecyclePolicy gives rules that have lost their description."""
    _without_descriptions(answer)


@broken_answer(GET, condemned_by=["lifecycle.get-returns-policy", "ecr.shapes.types"])
def the_policy_is_an_object(answer: Answer, given: Parameters) -> None:
    """GetLifecyclePolicy gives the policy as an object, not as text."""
    answer["lifecyclePolicyText"] = json.loads(answer["lifecyclePolicyText"])


@broken_operation(PUT, condemned_by=["lifecycle.replaced", *KINDS])
def the_first_policy_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutLifecyclePolicy keeps the policy that is there and answers with the new one."""
    repository = registry.repositories.get(given["repositoryName"])
    changed, answer = right(registry, given, call)
    kept = repository is not None and repository.lifecycle_policy is not None
    return registry if kept else changed, answer


@broken_operation(PUT, condemned_by=["lifecycle.of-one-repository"])
def a_policy_governs_its_namespace(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutLifecyclePolicy puts the policy of the repository of the namespace as well."""
    changed, answer = right(registry, given, call)
    parent = changed.repositories.get(given["repositoryName"].rpartition("/")[0])
    if parent is None or parent.lifecycle_policy is None:
        return changed, answer
    return changed.having(replace(parent, lifecycle_policy=answer["lifecyclePolicyText"])), answer


@broken_answer(DELETE, condemned_by=["lifecycle.delete-answers-policy"])
def deleting_answers_with_no_rules(answer: Answer, given: Parameters) -> None:
    """DeleteLifecyclePolicy answers with what is left of the policy."""
    answer["lifecyclePolicyText"] = '{"rules":[]}'


@broken_operation(DELETE, condemned_by=["lifecycle.deleted-gone"])
def a_deleted_policy_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteLifecyclePolicy answers as if it had deleted the policy."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_transport(condemned_by=["lifecycle.gone-with-repository"])
def policies_are_kept_by_name(reference: Connection) -> Connection:
    """The policy of a deleted repository is that of the next one of its name."""
    kept: dict[str, Any] = {}

    def remember(response: Response, request: Request) -> Response:
        operation = operation_of(request)
        if operation not in (PUT, GET, DELETE):
            return response
        answer, asked = parse_json(response.body), parse_json(request.body)
        name = asked.get("repositoryName") if isinstance(asked, dict) else None
        if not isinstance(name, str):
            return response
        if operation == GET and name in kept and answer.get("__type") == NOT_FOUND:
            return with_members(replace(response, status=200), kept[name])
        if operation == DELETE:
            kept.pop(name, None)
        elif response.status == 200 and operation == PUT:
            kept[name] = {**answer, "lastEvaluatedAt": 0.0}
        return response

    return FaultTransport(reference, remember)


@broken_operation(GET, DELETE, START, condemned_by=["lifecycle.missing-refused"])
def no_policy_is_no_repository(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A policy that is missing is refused with RepositoryNotFoundException."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != NOT_FOUND:
            raise
        raise Refusal("RepositoryNotFoundException", refusal.message) from None


@broken_operation(START, condemned_by=["lifecycle.missing-refused"])
def no_policy_expires_nothing(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartLifecyclePolicyPreview previews a policy of no rules where there is none."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != NOT_FOUND:
            raise
        here = named(registry.repositories[given["repositoryName"]], call)
        return registry, {**here, "lifecyclePolicyText": '{"rules":[]}', "status": "COMPLETE"}


@broken_answer(
    PUT, GET, DELETE, START, GET_PREVIEW, condemned_by=["lifecycle.answers-name-repository"]
)
def the_registry_is_always_the_same(answer: Answer, given: Parameters) -> None:
    """Answers about lifecycle policies have a registryId of zeros."""
    answer["registryId"] = "000000000000"


@broken_answer(DELETE, condemned_by=["lifecycle.last-evaluated-told", "ecr.shapes.presence"])
def deleting_tells_no_time(answer: Answer, given: Parameters) -> None:
    """DeleteLifecyclePolicy does not tell when the policy was last run."""
    del answer["lastEvaluatedAt"]


@broken_operation(
    GET, condemned_by=["lifecycle.last-evaluated-told", "lifecycle.never-run-is-zero"]
)
def policies_are_run_tomorrow(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The lastEvaluatedAt that GetLifecyclePolicy gives is when the policy runs next."""
    changed, answer = right(registry, given, call)
    return changed, {**answer, "lastEvaluatedAt": call.now + 24 * 3600}


@broken_operation(GET, condemned_by=["lifecycle.never-run-is-zero"])
def policies_are_run_when_got(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The lastEvaluatedAt that GetLifecyclePolicy gives is the time of the request."""
    changed, answer = right(registry, given, call)
    return changed, {**answer, "lastEvaluatedAt": call.now}


@broken_operation(PUT, condemned_by=["lifecycle.no-json-refused", *REFUSALS])
def any_text_is_a_policy(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutLifecyclePolicy takes any text and gives it back as it is."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "InvalidParameterException":
            raise
        repository = registry.repositories[given["repositoryName"]]
        text = given["lifecyclePolicyText"]
        changed = registry.having(replace(repository, lifecycle_policy=text))
        return changed, {**named(repository, call), "lifecyclePolicyText": text}


@broken_operation(PUT, condemned_by=REFUSALS)
def any_json_is_a_policy(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutLifecyclePolicy takes any JSON document."""
    try:
        json.loads(given["lifecyclePolicyText"])
    except ValueError:
        return right(registry, given, call)
    return any_text_is_a_policy(right, registry, given, call)


@broken_operation(PUT, condemned_by=["lifecycle.refused-keeps-old"])
def a_refused_text_deletes_the_policy(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutLifecyclePolicy deletes the old policy before it looks at the new one."""
    try:
        return right(registry, given, call)
    except Refusal:
        repository = registry.repositories.get(given["repositoryName"])
        if repository is not None:
            registry.repositories[repository.name] = replace(repository, lifecycle_policy=None)
        raise


@lenient(
    condemned_by=[
        "lifecycle.too-long-refused",
        "ecr.validation.put-lifecycle-policy.max",
    ]
)
def policies_have_any_length(operation: str, breach: Breach) -> bool:
    """PutLifecyclePolicy takes policies of any length."""
    place = (operation, *breach.path, breach.keyword)
    return place == (PUT, "lifecyclePolicyText", "maxLength")


def _amended(
    right: Operation,
    registry: Registry,
    given: Parameters,
    call: Call,
    amend: Callable[[list[Any]], list[Any]],
) -> Outcome:
    """Put the policy with other rules than those given; what has no rules is put as it is."""
    try:
        rules = json.loads(given["lifecyclePolicyText"])["rules"]
    except (TypeError, ValueError, KeyError):
        return right(registry, given, call)
    amended = json.dumps({"rules": amend(rules)}, indent=4)
    return right(registry, {**given, "lifecyclePolicyText": amended}, call)


def _each_selection(amend: Callable[[Any], Any]) -> Callable[[list[Any]], list[Any]]:
    def amend_all(rules: list[Any]) -> list[Any]:
        for rule in rules:
            amend(rule.get("selection", {}))
        return rules

    return amend_all


@broken_operation(PUT, condemned_by=["lifecycle.incomplete-rule-refused"])
def the_unit_is_days_anyway(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A rule about the days since the push needs no countUnit."""

    def amend(selection: Any) -> None:
        if selection.get("countType") == "sinceImagePushed":
            selection.setdefault("countUnit", "days")

    return _amended(right, registry, given, call, _each_selection(amend))


@broken_operation(PUT, condemned_by=["lifecycle.incomplete-rule-refused"])
def rules_are_numbered(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A rule without rulePriority has the next one."""

    def amend(rules: list[Any]) -> list[Any]:
        return [{"rulePriority": number, **rule} for number, rule in enumerate(rules, 1)]

    return _amended(right, registry, given, call, amend)


@broken_operation(PUT, condemned_by=["lifecycle.unknown-value-refused"])
def none_are_kept(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
    """A countNumber of 0 is taken like one of 1."""

    def amend(selection: Any) -> None:
        if selection.get("countNumber") == 0:
            selection["countNumber"] = 1

    return _amended(right, registry, given, call, _each_selection(amend))


@broken_operation(PUT, condemned_by=["lifecycle.unfitting-tags-refused"])
def tags_are_overlooked(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The lists of tags are not looked at unless the tagStatus is tagged."""

    def amend(selection: Any) -> None:
        for name in ("tagPrefixList", "tagPatternList"):
            if selection.get("tagStatus") != "tagged" and selection.get(name):
                del selection[name]

    return _amended(right, registry, given, call, _each_selection(amend))


@broken_operation(PUT, condemned_by=["lifecycle.unfitting-tags-refused"])
def more_wildcards_are_taken(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A tag pattern has as many wildcards as one likes."""

    def amend(selection: Any) -> None:
        patterns = selection.get("tagPatternList")
        if patterns:
            cut = [each if each.count("*") <= 4 else each.replace("*", "") for each in patterns]
            selection["tagPatternList"] = cut

    return _amended(right, registry, given, call, _each_selection(amend))


@broken_operation(PUT, condemned_by=["lifecycle.unit-of-a-count-refused"])
def units_are_overlooked(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The countUnit is not looked at where images are counted."""

    def amend(selection: Any) -> None:
        if selection.get("countType") == "imageCountMoreThan" and selection.get("countUnit"):
            del selection["countUnit"]

    return _amended(right, registry, given, call, _each_selection(amend))


@broken_operation(PUT, condemned_by=["lifecycle.unfitting-storage-class-refused"])
def the_storage_class_is_overlooked(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The storageClass is not looked at where images are counted."""

    def amend(selection: Any) -> None:
        if selection.get("countType") == "imageCountMoreThan":
            selection.pop("storageClass", None)

    return _amended(right, registry, given, call, _each_selection(amend))


@broken_operation(PUT, condemned_by=["lifecycle.unfitting-rules-refused"])
def the_last_of_equals_wins(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Of rules of one priority the last one is put."""

    def amend(rules: list[Any]) -> list[Any]:
        if not all("rulePriority" in rule for rule in rules):
            return rules
        return list({rule["rulePriority"]: rule for rule in rules}.values())

    return _amended(right, registry, given, call, amend)


@broken_operation(PUT, condemned_by=["lifecycle.too-many-rules-refused"])
def fifty_rules_are_put(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Of more than 50 rules the first 50 are put."""
    return _amended(right, registry, given, call, lambda rules: rules[:50])


@broken_operation(PUT, condemned_by=["lifecycle.null-refused"])
def null_is_nothing(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
    """A member that is null is taken as one that is not there."""

    def amend(rules: list[Any]) -> list[Any]:
        kept: list[Any] = json.loads(
            json.dumps(rules),
            object_pairs_hook=lambda pairs: {k: v for k, v in pairs if v is not None},
        )
        return kept

    return _amended(right, registry, given, call, amend)


@broken_operation(PUT, condemned_by=["lifecycle.kinds-taken"])
def any_has_to_be_written_last(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A rule with tagStatus any is refused unless it is the last one written."""

    def amend(rules: list[Any]) -> list[Any]:
        if any(rule.get("selection", {}).get("tagStatus") == "any" for rule in rules[:-1]):
            standard = [each for each in rules if each["selection"].get("storageClass") is None]
            if len(standard) == len(rules):
                raise Refusal("InvalidParameterException", "any is not the last rule")
        return rules

    return _amended(right, registry, given, call, amend)


@broken_operation(PUT, condemned_by=["lifecycle.archiving-taken"])
def nothing_is_archived(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The only action that PutLifecyclePolicy knows is expire."""

    def amend(rules: list[Any]) -> list[Any]:
        if any(rule.get("action", {}).get("type") == "transition" for rule in rules):
            raise Refusal("InvalidParameterException", "the type of an action is expire")
        return rules

    return _amended(right, registry, given, call, amend)


@broken_operation(PUT, condemned_by=["lifecycle.archived-too-shortly-refused"])
def the_archive_is_left_at_any_time(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutLifecyclePolicy lets images expire that were archived a day before."""
    with patch.object(lifecycle_rule, "MINIMUM_DAYS_ARCHIVED", 1):
        return right(registry, given, call)
