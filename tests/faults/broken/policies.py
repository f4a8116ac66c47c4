"""What can be wrong with repository policies."""

from __future__ import annotations

import json
from dataclasses import replace

from fault import broken_answer, broken_operation, lenient

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters, named
from conformance.reference.state import Registry


@broken_answer("SetRepositoryPolicy", condemned_by=["policies.set-answers-policy"])
def setting_answers_without_statements(answer: Answer, given: Parameters) -> None:
    """SetRepositoryPolicy answers with a policy of which only the version is left."""
    answer["policyText"] = '{"Version": "2012-10-17"}'


@broken_answer("GetRepositoryPolicy", condemned_by=["policies.get-returns-policy"])
def getting_drops_all_actions_but_one(answer: Answer, given: Parameters) -> None:
    """GetRepositoryPolicy gives the first of several actions of a statement."""
    policy = json.loads(answer["policyText"])
    for statement in policy["Statement"]:
        statement["Action"] = statement["Action"][0]
    answer["policyText"] = json.dumps(policy)


@broken_operation(
    "SetRepositoryPolicy",
    condemned_by=["policies.replaced", "policies.force-accepted", "policies.kinds-taken"],
)
def the_first_policy_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """SetRepositoryPolicy keeps the policy that is there and answers with the new one."""
    repository = registry.repositories.get(given["repositoryName"])
    changed, answer = right(registry, given, call)
    kept = repository is not None and repository.policy is not None
    return registry if kept else changed, answer


@broken_operation("SetRepositoryPolicy", condemned_by=["policies.replaced", "policies.kinds-taken"])
def statements_are_added(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """SetRepositoryPolicy adds its statements to those that are there, unless it is forced."""
    repository = registry.repositories.get(given["repositoryName"])
    changed, answer = right(registry, given, call)
    if repository is None or repository.policy is None or given.get("force"):
        return changed, answer
    merged = json.loads(repository.policy)
    merged["Statement"] += json.loads(given["policyText"])["Statement"]
    again, _ = right(registry, {**given, "policyText": json.dumps(merged)}, call)
    return again, answer


@broken_operation("SetRepositoryPolicy", condemned_by=["policies.of-one-repository"])
def a_policy_governs_its_namespace(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """SetRepositoryPolicy sets the policy of the repository of the namespace as well."""
    changed, answer = right(registry, given, call)
    parent = changed.repositories.get(given["repositoryName"].rpartition("/")[0])
    if parent is None or parent.policy is None:
        return changed, answer
    return changed.having(replace(parent, policy=answer["policyText"])), answer


@broken_operation("DeleteRepositoryPolicy", condemned_by=["policies.delete-answers-policy"])
def deleting_answers_with_an_empty_policy(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepositoryPolicy answers with what is left of the policy."""
    changed, answer = right(registry, given, call)
    return changed, {**answer, "policyText": "{}"}


@broken_operation("DeleteRepositoryPolicy", condemned_by=["policies.deleted-gone"])
def a_deleted_policy_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepositoryPolicy answers as if it had deleted the policy."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_operation("GetRepositoryPolicy", condemned_by=["policies.missing-refused"])
def no_policy_is_an_empty_one(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetRepositoryPolicy gives an empty policy where none was ever set."""
    repository = registry.repositories.get(given["repositoryName"])
    if repository is None or repository.policy is not None or repository.images:
        return right(registry, given, call)
    return registry, {**named(repository, call), "policyText": "{}"}


@broken_operation(
    "GetRepositoryPolicy", "DeleteRepositoryPolicy", condemned_by=["policies.missing-refused"]
)
def no_policy_is_no_repository(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A policy that is missing is refused with RepositoryNotFoundException."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        raise Refusal("RepositoryNotFoundException", refusal.message) from None


@broken_answer(
    "SetRepositoryPolicy",
    "GetRepositoryPolicy",
    "DeleteRepositoryPolicy",
    condemned_by=["policies.answers-name-repository"],
)
def the_registry_is_always_the_same(answer: Answer, given: Parameters) -> None:
    """Answers about policies have a registryId of zeros."""
    answer["registryId"] = "000000000000"


@broken_operation(
    "SetRepositoryPolicy",
    condemned_by=[
        "policies.no-json-refused",
        "policies.no-policy-refused",
        "policies.lock-out-refused",
    ],
)
def any_text_is_a_policy(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """SetRepositoryPolicy takes any text and gives it back as it is."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "InvalidParameterException":
            raise
        repository = registry.repositories[given["repositoryName"]]
        text = given["policyText"]
        changed = registry.having(replace(repository, policy=text))
        return changed, {**named(repository, call), "policyText": text}


@broken_operation(
    "SetRepositoryPolicy",
    condemned_by=["policies.no-policy-refused", "policies.lock-out-refused"],
)
def any_json_is_a_policy(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """SetRepositoryPolicy takes any JSON document."""
    try:
        json.loads(given["policyText"])
    except ValueError:
        return right(registry, given, call)
    return any_text_is_a_policy(right, registry, given, call)


@broken_operation("SetRepositoryPolicy", condemned_by=["policies.refused-keeps-old"])
def a_refused_text_deletes_the_policy(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """SetRepositoryPolicy deletes the old policy before it looks at the new one."""
    try:
        return right(registry, given, call)
    except Refusal:
        repository = registry.repositories.get(given["repositoryName"])
        if repository is not None:
            registry.repositories[repository.name] = replace(repository, policy=None)
        raise


@lenient(
    condemned_by=[
        "policies.too-long-refused",
        "validation.set-repository-policy.max",
    ]
)
def policies_have_any_length(operation: str, breach: Breach) -> bool:
    """SetRepositoryPolicy takes policies of any length."""
    place = (operation, *breach.path, breach.keyword)
    return place == ("SetRepositoryPolicy", "policyText", "maxLength")


@broken_operation(
    "SetRepositoryPolicy",
    condemned_by=[
        "policies.force-accepted",
        "policies.lock-out-refused",
    ],
)
def force_is_not_known(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """SetRepositoryPolicy refuses to be forced."""
    if given.get("force"):
        raise Refusal("InvalidParameterException", "There is no parameter force")
    return right(registry, given, call)


@broken_operation("SetRepositoryPolicy", condemned_by=["policies.lock-out-refused"])
def everybody_may_lock_out(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """SetRepositoryPolicy takes a policy that forbids to set another one, forced or not."""
    return right(registry, {**given, "force": True}, call)


@broken_operation("SetRepositoryPolicy", condemned_by=["policies.kinds-taken"])
def policies_have_one_version(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """SetRepositoryPolicy knows the current version of the policy language alone."""
    changed, answer = right(registry, given, call)
    if json.loads(answer["policyText"]).get("Version") != "2012-10-17":
        raise Refusal("InvalidParameterException", "Invalid repository policy provided")
    return changed, answer
