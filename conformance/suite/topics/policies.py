"""Repository policies: some that harm nobody, comparing them as IAM reads them, setting them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conformance.suite.answers import describe, refusal, success, text
from conformance.suite.outcomes import Untestable
from conformance.suite.owner import Owner
from conformance.suite.registry import Registry

POLICY_NOT_FOUND = "RepositoryPolicyNotFoundException"

_NAMES = ("Action", "NotAction", "Principal", "NotPrincipal", "Resource", "NotResource")
"""Elements whose value is a name or a list of names, in no order."""


def policy(registry: Registry, *actions: str, sid: str = "conformance") -> str:
    """A policy, as text, that denies everybody some actions, named without their service."""
    return denial(registry.service, *actions, sid=sid)


def denial(service: str, *actions: str, sid: str = "conformance") -> str:
    """The policy of ``policy``, for a service.

    It denies, because on AWS a policy that allows something gives it to whoever comes along.
    """
    statement = {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": [f"{service}:{action}" for action in actions],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def replication_permission(prefix: str, owner: Owner, name: str = "one") -> str:
    """A registry policy that gives an account what it has already.

    It is about repositories that do not exist: their names start with ``prefix``.
    """
    statement = {
        "Sid": f"conformance{name}",
        "Effect": "Allow",
        "Principal": {"AWS": owner.arn("iam", "root", regional=False)},
        "Action": ["ecr:CreateRepository", "ecr:ReplicateImage"],
        "Resource": [owner.arn("ecr", f"repository/{prefix}-{name}/*")],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def reading(given: Any) -> Any:
    """What IAM reads in a policy: a name is a list of one name, and no list of names has an order.

    Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html, and
    for ``"*"`` as a principal
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
    """
    try:
        parsed = json.loads(given)
    except (TypeError, ValueError):
        return given
    if not isinstance(parsed, dict):
        return parsed
    statements = parsed.get("Statement")
    listed = statements if isinstance(statements, list) else [statements]
    return {**parsed, "Statement": [_statement(each) for each in listed]}


def _statement(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    return {key: _element(key, value) for key, value in given.items()}


def _element(key: str, value: Any) -> Any:
    if key not in _NAMES:
        return value
    if key.endswith("Principal"):
        principals = {"AWS": "*"} if value == "*" else value
        if isinstance(principals, Mapping):
            return {kind: _names(found) for kind, found in principals.items()}
    return _names(value)


def _names(value: Any) -> list[str]:
    return sorted(map(str, value)) if isinstance(value, list) else [str(value)]


def same(answer: Mapping[str, Any], wanted: str) -> bool:
    """Whether an answer's ``policyText`` says the same as a policy."""
    found = text(answer, "policyText")
    return found is not None and reading(found) == reading(wanted)


def found_policy(registry: Registry, repository: str) -> dict[str, Any] | None:
    """What ``GetRepositoryPolicy`` answers; ``None`` where it says that there is no policy.

    ``Untestable`` when it says neither.
    """
    response = registry.send("GetRepositoryPolicy", {"repositoryName": repository})
    error, answer = refusal(response), success(response)
    if answer is None and (error is None or error.code != POLICY_NOT_FOUND):
        raise Untestable("GetRepositoryPolicy", describe(response))
    return answer


def refuse_policy(registry: Registry, repository: str, text: str) -> None:
    """Require that a policy cannot be got."""
    answer = found_policy(registry, repository)
    assert answer is None or not same(answer, text), f"the policy is still got: {shown(answer)}"


def put_policy(registry: Registry, repository: str, *actions: str) -> str:
    """Set a policy that denies some actions; gives its text."""
    text = policy(registry, *actions)
    registry.given("SetRepositoryPolicy", repositoryName=repository, policyText=text)
    return text


def keep_policy(registry: Registry, repository: str) -> str:
    """Set a policy; gives its text. ``Untestable`` unless it can be got."""
    text = put_policy(registry, repository, "PutImage", "UploadLayerPart")
    confirm_policy(registry, repository, text)
    return text


def confirm_policy(registry: Registry, repository: str, text: str) -> None:
    """Give up, ``Untestable``, unless the policy can be got."""
    registry.settle("GetRepositoryPolicy", lambda: require_policy(registry, repository, text))


def require_policy(registry: Registry, repository: str, text: str) -> None:
    """Require that a policy can be got."""
    answer = found_policy(registry, repository)
    assert answer is not None, f"there is no policy, though {text!r} was set"
    assert same(answer, text), f"the policy is {shown(answer)}, not {text!r}"


def shown(answer: Mapping[str, Any]) -> str:
    """The policy text of an answer, as a message shows it."""
    return f"{answer.get('policyText')!r}"
