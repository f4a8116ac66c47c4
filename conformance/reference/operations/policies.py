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
from conformance.reference.json_text import parsed
from conformance.reference.operations.policy_text import printed
from conformance.reference.refusal import Refusal, invalid
from conformance.reference.state import Registry, Repository
from conformance.transport.exchange import NotJson

_POLICY_MEMBERS = {"Version", "Id", "Statement"}
_STATEMENT_MEMBERS = {
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition",
}  # fmt: skip
_VERSIONS = ("2008-10-17", "2012-10-17")


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


def _policy(text: str) -> dict[str, Any]:
    """The policy in a text. How another text is refused: https://github.com/aws/aws-sdk-go/issues/3921."""
    try:
        policy: Any = parsed(text.encode())
    except NotJson:
        policy = None
    if not _is_policy(policy):
        raise invalid("PolicyText", "Invalid repository policy provided")
    checked: dict[str, Any] = policy
    return checked


def _is_policy(policy: Any) -> bool:
    """Whether a value follows the grammar of policies that are attached to a resource.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html, but without
    ``Resource``: https://github.com/awsdocs/amazon-ecr-user-guide/issues/20.
    """
    if not isinstance(policy, dict) or not policy.keys() <= _POLICY_MEMBERS:
        return False
    known = policy.get("Version", _VERSIONS[0]) in _VERSIONS
    statements = _as_list(policy.get("Statement"))
    return known and bool(statements) and all(_is_statement(each) for each in statements)


def _is_statement(statement: Any) -> bool:
    return (
        isinstance(statement, dict)
        and statement.keys() <= _STATEMENT_MEMBERS
        and statement.get("Effect") in ("Allow", "Deny")
        and len(statement.keys() & {"Principal", "NotPrincipal"}) == 1
        and _is_principal(statement.get("Principal", statement.get("NotPrincipal")))
        and len(statement.keys() & {"Action", "NotAction"}) == 1
        and _are_strings(statement.get("Action", statement.get("NotAction")))
        and isinstance(statement.get("Condition", {}), dict)
    )


def _is_principal(principal: Any) -> bool:
    if isinstance(principal, dict):
        return bool(principal) and all(_are_strings(each) for each in principal.values())
    return bool(principal == "*")


def _are_strings(value: Any) -> bool:
    listed = _as_list(value)
    return bool(listed) and all(isinstance(each, str) for each in listed)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _require_way_back(policy: Mapping[str, Any], given: Parameters, call: Call) -> None:
    """Refuse a policy that locks everyone out, unless it is forced.

    "If the policy you are attempting to set on a repository policy would prevent you from setting
    another policy in the future, you must force the SetRepositoryPolicy operation"
    (API_SetRepositoryPolicy). How it is refused is not public.
    """
    locks = any(_locks_out(each, call) for each in _as_list(policy["Statement"]))
    if locks and not given.get("force", False):
        raise invalid("PolicyText", "The policy would prevent setting another policy")


def _locks_out(statement: Mapping[str, Any], call: Call) -> bool:
    everyone = statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    action = f"{call.key.service}:SetRepositoryPolicy".lower()
    denied = any(fnmatchcase(action, each.lower()) for each in _as_list(statement.get("Action")))
    return statement["Effect"] == "Deny" and everyone and denied and "Condition" not in statement
