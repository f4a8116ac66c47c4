"""Repository policies.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html. They are kept and
given back, not enforced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from conformance.reference.call import Answer, Call, Outcome, Parameters, existing, named
from conformance.reference.operations.policy_grammar import Policy, as_list, read_policy
from conformance.reference.operations.policy_text import printed
from conformance.reference.refusal import Refusal, invalid
from conformance.reference.state import Registry, Repository


def set_repository_policy(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Put a policy in place of any other; the answer has the text as AWS prints it.

    "Applies a repository policy to the specified repository" (API_SetRepositoryPolicy).
    """
    repository = existing(registry, given["repositoryName"], call)
    policy = _policy(given["policyText"])
    _require_way_back(policy, given, call)
    governed = replace(repository, policy=printed(policy))
    return registry.having(governed), _answer(governed, call)


def get_repository_policy(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """The policy of a repository (API_GetRepositoryPolicy)."""
    repository = existing(registry, given["repositoryName"], call)
    return registry, _answer(repository, call)


def delete_repository_policy(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Delete a repository's policy and answer with it (API_DeleteRepositoryPolicy)."""
    repository = existing(registry, given["repositoryName"], call)
    answer = _answer(repository, call)
    return registry.having(replace(repository, policy=None)), answer


def _answer(repository: Repository, call: Call) -> Answer:
    """The policy, or ``RepositoryPolicyNotFoundException``.

    Recorded: https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo/
    test_ecr_no_policy.
    """
    if repository.policy is None:
        raise Refusal(
            "RepositoryPolicyNotFoundException",
            "Repository policy does not exist for the repository with name "
            f"'{repository.name}' in the registry with id '{call.key.account}'",
        )
    return {**named(repository, call), "policyText": repository.policy}


def _policy(text: str) -> Policy:
    """The policy in a text; a statement in it has no ``Resource``.

    https://github.com/awsdocs/amazon-ecr-user-guide/issues/20; how another text is refused:
    https://github.com/aws/aws-sdk-go/issues/3921.
    """
    policy = read_policy(text)
    if policy is None:
        raise invalid("PolicyText", "Invalid repository policy provided")
    return policy


def _require_way_back(policy: Policy, given: Parameters, call: Call) -> None:
    """Refuse a policy that locks everyone out, unless it is forced.

    "If the policy you are attempting to set on a repository policy would prevent you from setting
    another policy in the future, you must force the SetRepositoryPolicy operation"
    (API_SetRepositoryPolicy). How it is refused is not public.
    """
    locks = any(_locks_out(each, call) for each in as_list(policy["Statement"]))
    if locks and not given.get("force", False):
        raise invalid("PolicyText", "The policy would prevent setting another policy")


def _locks_out(statement: Mapping[str, Any], call: Call) -> bool:
    everyone = statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    action = f"{call.key.service}:SetRepositoryPolicy".lower()
    denied = any(fnmatchcase(action, each.lower()) for each in as_list(statement.get("Action")))
    return statement["Effect"] == "Deny" and everyone and denied and "Condition" not in statement
