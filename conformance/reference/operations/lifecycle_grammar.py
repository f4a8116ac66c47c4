"""The grammar of lifecycle policies: what holds for their rules together.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from conformance.reference.json_text import parsed
from conformance.reference.operations.lifecycle_rule import (
    Rule,
    invalid_policy,
    object_of,
    read_rule,
    require,
)
from conformance.transport.exchange import NotJson

MAXIMUM_RULES = 50
"""Of one policy: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html."""


@dataclass(frozen=True, slots=True)
class LifecyclePolicy:
    """A policy: its text without blanks between, and its rules, first the one applied first."""

    text: str
    rules: tuple[Rule, ...]


def read_lifecycle_policy(text: str) -> LifecyclePolicy:
    """The policy in a text. Raises ``InvalidParameterException`` for what is none.

    Members that no page has are refused, and so is null: https://github.com/cloudposse/
    terraform-aws-ecr/issues/158. Most texts of refusals are not public, but for their beginning.
    """
    try:
        value = parsed(text.encode())
    except NotJson:
        raise invalid_policy("The policy is not JSON") from None
    listed = object_of(value, "The policy", {"rules"})["rules"]
    require(isinstance(listed, list), "rules is a list")
    require(1 <= len(listed) <= MAXIMUM_RULES, f"There are 1 to {MAXIMUM_RULES} rules")
    rules = sorted((read_rule(each) for each in listed), key=lambda rule: rule.priority)
    _require_fitting_together(rules)
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return LifecyclePolicy(compact, tuple(rules))


def _require_fitting_together(rules: list[Rule]) -> None:
    """Refuse rules of one policy that cannot be told apart. They are sorted by priority.

    "you must give them each a unique value for rulePriority" (user guide,
    lifecycle_policy_parameters). The rest holds for the rules of each storage class, as in AWS's
    example of a rule for all images and one for all archived ones (lifecycle_policy_examples).
    """
    priorities = [rule.priority for rule in rules]
    require(len(set(priorities)) == len(rules), "Each rule has a rulePriority of its own")
    for storage_class in ("STANDARD", "ARCHIVE"):
        _require_fitting([rule for rule in rules if rule.storage_class == storage_class])


def _require_fitting(rules: list[Rule]) -> None:
    """Refuse rules of one storage class that take images from each other.

    "A rule with a tagStatus value of any must have the highest value for rulePriority and be
    evaluated last" (user guide, lifecycle_policy_parameters). "Only one rule selecting a specific
    storage class is allowed to select untagged images"; "The set of all rules selecting a specific
    storage class must contain a unique set of prefixes" (LifecyclePolicies there), taken as: no two
    rules have the same prefixes. Patterns are not spoken of.
    """
    require(
        all(rule.tag_status != "any" for rule in rules[:-1]),
        "The rule with tagStatus any has the highest rulePriority of its storage class",
    )
    untagged = [rule for rule in rules if rule.tag_status == "untagged"]
    require(len(untagged) <= 1, "One rule of a storage class selects untagged images")
    prefixes = [frozenset(rule.prefixes) for rule in rules if rule.prefixes]
    require(
        len(set(prefixes)) == len(prefixes),
        "No two rules of a storage class have the same prefixes",
    )
