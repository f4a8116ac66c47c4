"""Lifecycle policies that are wrong in one point, each beside a valid twin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.suite.evidence import documented
from conformance.suite.registry import Registry
from conformance.suite.topics.lifecycle_policies import (
    PUT,
    PolicyRule,
    patterns,
    policy_rule,
    policy_text,
    put_policy,
)
from conformance.suite.twins import invalid_codes

MOST_RULES = 50
"""Rules of one policy, by the service quotas
(https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html)."""

ANY: dict[str, Any] = {"tagStatus": "any"}
ARCHIVE: dict[str, Any] = {"type": "transition", "targetStorageClass": "archive"}

REFUSED = documented(
    f"{PUT}.InvalidParameterException",
    "The specified parameter is invalid. Review the available parameters for the API request.",
)


def archived(days: int) -> dict[str, Any]:
    """The members of a selection by the days that an image has been in the archive."""
    since = {"countType": "sinceImageTransitioned", "countUnit": "days", "countNumber": days}
    return {"storageClass": "archive", **since}


def many_rules(count: int) -> list[PolicyRule]:
    """So many rules that go together."""
    return [policy_rule(number, **patterns(f"v{number}-*")) for number in range(1, count + 1)]


def without(given: PolicyRule, *path: str) -> PolicyRule:
    """A rule without one of its members, or without one of a member's."""
    name, *inner = path
    rest = {key: value for key, value in given.items() if key != name}
    return {**rest, name: without(given[name], *inner)} if inner else rest


@dataclass(frozen=True, slots=True)
class SpoiltPolicy:
    """The rules of a policy that is wrong in one point, and those of its valid twin."""

    label: str
    twin: list[PolicyRule]
    rules: list[Any]


def spoilt_rule(label: str, right: PolicyRule, wrong: PolicyRule) -> SpoiltPolicy:
    """A policy of one rule that is wrong in one point."""
    return SpoiltPolicy(label, [right], [wrong])


def refuses_spoilt(registry: Registry, repository: str, spoilt: SpoiltPolicy) -> None:
    """Require that a policy is refused whose valid twin was accepted before."""
    put_policy(registry, repository, *spoilt.twin)
    refuses(registry, repository, policy_text(*spoilt.rules))


def refuses(registry: Registry, repository: str, text: str) -> None:
    """Require that a text is refused as an invalid parameter."""
    codes = invalid_codes(registry, PUT)
    registry.refused(PUT, codes, repositoryName=repository, lifecyclePolicyText=text)
