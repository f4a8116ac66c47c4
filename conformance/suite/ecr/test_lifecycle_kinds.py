"""Lifecycle policies of every documented kind are taken."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.evidence import documented, model
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.lifecycle_policies import (
    EVALUATION,
    GUIDE,
    PROPERTIES,
    PUT,
    PolicyRule,
    keep_policy,
    patterns,
    policy_rule,
    policy_text,
    prefixes,
    pushed,
    require_policy,
)
from conformance.suite.topics.lifecycle_twins import (
    ANY,
    ARCHIVE,
    MOST_RULES,
    archived,
    many_rules,
    without,
)
from conformance.suite.verdicts import MUST

_PULLED: dict[str, Any] = {"countType": "sinceImagePulled", "countUnit": "days", "countNumber": 90}

_KINDS: dict[str, list[PolicyRule]] = {
    "count-of-untagged": [policy_rule()],
    "count-of-any": [policy_rule(**ANY)],
    "days-since-push": [policy_rule(**pushed(14))],
    "prefix": [policy_rule(**prefixes("prod"))],
    "prefixes": [policy_rule(**prefixes("alpha", "beta"), **pushed(5))],
    "pattern": [policy_rule(**patterns("prod*"))],
    "patterns-of-four-wildcards": [policy_rule(**patterns("*test*1*2*3", "test*1*2*3*"))],
    "no-description": [without(policy_rule(**pushed(14)), "description")],
    "patterns-beside-prefixes": [policy_rule(1, **patterns("a*")), policy_rule(2, **prefixes("b"))],
    "any-last": [policy_rule(10, **prefixes("prod")), policy_rule(20), policy_rule(990, **ANY)],
    "any-last-but-written-first": [policy_rule(2, **ANY), policy_rule(1)],
    "most-rules": many_rules(MOST_RULES),
}


def _takes(registry: Registry, repository: str, *rules: PolicyRule) -> None:
    """Require that a policy is taken in place of another one, and then is the repository's."""
    keep_policy(registry, repository)
    policy = policy_text(*rules)
    registry.call(PUT, repositoryName=repository, lifecyclePolicyText=policy)
    registry.eventually(lambda: require_policy(registry, repository, policy))


@pytest.mark.parametrize("kind", _KINDS)
@rule(
    "lifecycle.kinds-taken",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented(
            "rulePriority",
            "Values don't need to be sequential across rules in a policy.",
            url=PROPERTIES,
        ),
        documented(
            "tagStatus",
            "Acceptable options are tagged, untagged, or any.",
            url=PROPERTIES,
        ),
        documented(
            "tagPatternList",
            'For example, ["*test*1*2*3", "test*1*2*3*"] is valid',
            url=PROPERTIES,
        ),
        documented(
            "Lifecycle policy evaluation rules",
            "However, a lifecycle policy may contain multiple rules where different rules use both "
            "pattern and prefix lists.",
            url=EVALUATION,
        ),
        documented(
            "Rules per lifecycle policy",
            "The maximum number of rules in a lifecycle policy",
            url=f"{GUIDE}/service-quotas.html",
        ),
    ],
)
def test_every_kind_of_policy_is_taken(registry: Registry, repository: str, kind: str) -> None:
    """A lifecycle policy of each documented kind is put and can be got afterwards."""
    _takes(registry, repository, *_KINDS[kind])


_ARCHIVING: dict[str, list[PolicyRule]] = {
    "days-since-push": [policy_rule(**ANY, action=ARCHIVE, **pushed(30))],
    "days-since-pull": [policy_rule(**ANY, action=ARCHIVE, **_PULLED)],
    "count": [policy_rule(**ANY, action=ARCHIVE)],
    "and-expiring": [
        policy_rule(1, **ANY, action=ARCHIVE, **pushed(30)),
        policy_rule(2, **ANY, **archived(365)),
    ],
    "untagged-of-both-classes": [policy_rule(1), policy_rule(2, **archived(365))],
    "fewest-days-in-the-archive": [policy_rule(**ANY, **archived(90))],
}


@pytest.mark.parametrize("kind", _ARCHIVING)
@rule(
    "lifecycle.archiving-taken",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented(
            "Action",
            "The supported values are expire (to delete images) and transition (to move images to "
            "archive storage).",
            url=PROPERTIES,
        ),
        documented(
            "storageClass",
            "When using a count type of sinceImageTransitioned, this is required, and the only "
            "supported value is archive.",
            url=PROPERTIES,
        ),
        model("ImageActionType", "TRANSITION"),
    ],
)
def test_a_policy_that_archives_is_taken(registry: Registry, repository: str, kind: str) -> None:
    """A lifecycle policy that moves images to archive storage is put and can be got afterwards."""
    _takes(registry, repository, *_ARCHIVING[kind])
