"""Lifecycle policies: writing them, comparing them as ECR reads them, putting and finding them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conformance.suite.answers import describe, refusal, success, text
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry

PUT = "PutLifecyclePolicy"
GET = "GetLifecyclePolicy"
DELETE = "DeleteLifecyclePolicy"
START_PREVIEW = "StartLifecyclePolicyPreview"
GET_PREVIEW = "GetLifecyclePolicyPreview"

NOT_FOUND = "LifecyclePolicyNotFoundException"
PREVIEW_NOT_FOUND = "LifecyclePolicyPreviewNotFoundException"

GUIDE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide"
PROPERTIES = f"{GUIDE}/lifecycle_policy_parameters.html"
EVALUATION = f"{GUIDE}/LifecyclePolicies.html"

PolicyRule = dict[str, Any]
_DESCRIPTION = "Keep images as long as they are new or few, and let Amazon ECR expire the others"
"""Long enough that no policy, nor what is left of one, is shorter than a policy has to be."""


def policy_rule(priority: int = 1, *, action: Any = None, **selection: Any) -> PolicyRule:
    """A rule that keeps nine images without tags, but for what ``selection`` says."""
    default = {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 9}
    return {
        "rulePriority": priority,
        "description": _DESCRIPTION,
        "selection": {**default, **selection},
        "action": {"type": "expire"} if action is None else action,
    }


def patterns(*wanted: str, **more: Any) -> dict[str, Any]:
    """The members of a selection by tag patterns."""
    return {"tagStatus": "tagged", "tagPatternList": list(wanted), **more}


def prefixes(*wanted: str, **more: Any) -> dict[str, Any]:
    """The members of a selection by tag prefixes."""
    return {"tagStatus": "tagged", "tagPrefixList": list(wanted), **more}


def pushed(days: int) -> dict[str, Any]:
    """The members of a selection by the days since the push."""
    return {"countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}


def policy_text(*rules: Any) -> str:
    """The text of a policy, indented, so that writing it anew shows."""
    return json.dumps({"rules": rules}, indent=3)


def reading(given: Any) -> Any:
    """What ECR reads in a policy: rules have a priority, so their order says nothing.

    ECR puts them into that order: https://github.com/hashicorp/terraform-provider-aws/issues/22639.
    Tags of a list all have to match, in no order, and ``standard`` is the storage class that a rule
    has anyway (https://docs.aws.amazon.com/AmazonECR/latest/userguide/
    lifecycle_policy_parameters.html).
    """
    try:
        parsed = json.loads(given)
    except (TypeError, ValueError):
        return given
    rules = parsed.get("rules") if isinstance(parsed, dict) else None
    if not isinstance(rules, list):
        return parsed
    read = [json.dumps(_rule_reading(each), sort_keys=True) for each in rules]
    return {**parsed, "rules": sorted(read)}


def _rule_reading(given: Any) -> Any:
    selection = given.get("selection") if isinstance(given, dict) else None
    if not isinstance(selection, dict):
        return given
    read = {name: _unordered(value) for name, value in selection.items()}
    if read.get("storageClass") == "standard":
        del read["storageClass"]
    return {**given, "selection": read}


def _unordered(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, list) else value


def same(answer: Mapping[str, Any], wanted: str) -> bool:
    """Whether an answer's ``lifecyclePolicyText`` says the same as a policy."""
    found = text(answer, "lifecyclePolicyText")
    return found is not None and reading(found) == reading(wanted)


def shown(answer: Mapping[str, Any]) -> str:
    """The policy of an answer as a message shows it, in one line."""
    found = text(answer, "lifecyclePolicyText")
    return "missing" if found is None else one_line(found)


def one_line(policy: str) -> str:
    """A policy's text without blanks between."""
    try:
        return json.dumps(json.loads(policy), separators=(",", ":"))
    except ValueError:
        return repr(policy)


def put_policy(registry: Registry, repository: str, *rules: PolicyRule) -> str:
    """Put a policy, of one rule where none is given; gives its text."""
    policy = policy_text(*(rules or (policy_rule(),)))
    registry.given(PUT, repositoryName=repository, lifecyclePolicyText=policy)
    return policy


def keep_policy(registry: Registry, repository: str) -> str:
    """Put a policy; gives its text. ``Untestable`` unless it can be got."""
    policy = put_policy(registry, repository)
    confirm_policy(registry, repository, policy)
    return policy


def confirm_policy(registry: Registry, repository: str, policy: str) -> None:
    """Give up, ``Untestable``, unless the policy can be got."""
    registry.settle(GET, lambda: require_policy(registry, repository, policy))


def found_policy(registry: Registry, repository: str) -> dict[str, Any] | None:
    """What ``GetLifecyclePolicy`` answers; ``None`` where it says that there is no policy.

    ``Untestable`` when it says neither.
    """
    response = registry.send(GET, {"repositoryName": repository})
    error, answer = refusal(response), success(response)
    if answer is None and (error is None or error.code != NOT_FOUND):
        raise Untestable(GET, describe(response))
    return answer


def require_policy(registry: Registry, repository: str, policy: str) -> None:
    """Require that a policy can be got."""
    answer = found_policy(registry, repository)
    assert answer is not None, f"there is no lifecycle policy, though {one_line(policy)} was put"
    assert same(answer, policy), f"the policy is {shown(answer)}, not {one_line(policy)}"


def require_no_policy(registry: Registry, repository: str) -> None:
    """Require that there is no policy."""
    answer = found_policy(registry, repository)
    assert answer is None, f"there still is a lifecycle policy: {shown(answer or {})}"
