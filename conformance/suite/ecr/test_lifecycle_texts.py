"""Texts that are no lifecycle policy, though their rules may be some, are refused."""

from __future__ import annotations

import json

import pytest

from conformance.suite.answers import success
from conformance.suite.evidence import documented, model, observed
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.lifecycle_policies import (
    EVALUATION,
    GUIDE,
    PROPERTIES,
    PUT,
    keep_policy,
    policy_rule,
    policy_text,
    prefixes,
    pushed,
    put_policy,
    require_policy,
)
from conformance.suite.topics.lifecycle_twins import (
    ANY,
    MOST_RULES,
    REFUSED,
    SpoiltPolicy,
    archived,
    many_rules,
    refuses,
    refuses_spoilt,
    spoilt_rule,
)
from conformance.suite.verdicts import MUST, SHOULD

_TEXT = documented(
    f"{PUT}.lifecyclePolicyText", "The JSON repository policy text to apply to the repository."
)


@pytest.mark.parametrize("given", ["no-json", "cut-off"])
@rule(
    "lifecycle.no-json-refused",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[_TEXT, REFUSED],
)
def test_a_policy_that_is_no_json_is_refused(
    registry: Registry, repository: str, given: str
) -> None:
    """A lifecycle policy text that is not JSON is refused as an invalid parameter."""
    policy = put_policy(registry, repository)
    texts = {"no-json": f"rules: {policy.replace('{', '')}", "cut-off": policy.rstrip("}")}
    refuses(registry, repository, texts[given])


_NOT_TOGETHER = [
    SpoiltPolicy(
        "same-priority",
        [policy_rule(1), policy_rule(2, **prefixes("prod"))],
        [policy_rule(1), policy_rule(1, **prefixes("prod"))],
    ),
    SpoiltPolicy(
        "any-not-last",
        [policy_rule(1), policy_rule(2, **ANY)],
        [policy_rule(2), policy_rule(1, **ANY)],
    ),
    SpoiltPolicy(
        "two-untagged",
        [policy_rule(1), policy_rule(2, **prefixes("prod"))],
        [policy_rule(1), policy_rule(2, **pushed(14))],
    ),
    SpoiltPolicy(
        "two-untagged-of-the-archive",
        [policy_rule(1, **archived(365)), policy_rule(2)],
        [policy_rule(1, **archived(365)), policy_rule(2, **archived(400))],
    ),
    SpoiltPolicy(
        "same-prefix",
        [policy_rule(1, **prefixes("prod")), policy_rule(2, **prefixes("beta"))],
        [policy_rule(1, **prefixes("prod")), policy_rule(2, **prefixes("prod"), **pushed(14))],
    ),
]


@pytest.mark.parametrize("spoilt", _NOT_TOGETHER)
@rule(
    "lifecycle.unfitting-rules-refused",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented(
            "rulePriority",
            "When you add rules to a lifecycle policy, you must give them each a unique value for "
            "rulePriority.",
            url=PROPERTIES,
        ),
        documented(
            "rulePriority",
            "A rule with a tagStatus value of any must have the highest value for rulePriority and "
            "be evaluated last.",
            url=PROPERTIES,
        ),
        documented(
            "Lifecycle policy evaluation rules",
            "Only one rule selecting a specific storage class is allowed to select untagged "
            "images.",
            url=EVALUATION,
        ),
        documented(
            "Lifecycle policy evaluation rules",
            "The set of all rules selecting a specific storage class must contain a unique set of "
            "prefixes.",
            url=EVALUATION,
        ),
    ],
)
def test_rules_that_do_not_fit_together_are_refused(
    registry: Registry, repository: str, spoilt: SpoiltPolicy
) -> None:
    """A lifecycle policy of rules that do not go together is refused."""
    refuses_spoilt(registry, repository, spoilt)


@rule(
    "lifecycle.no-rules-refused",
    level=SHOULD,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented(
            "How lifecycle policies work",
            "A lifecycle policy consists of one or more rules that determine which images in a "
            "repository should be expired.",
            url=EVALUATION,
        )
    ],
)
def test_a_policy_without_rules_is_refused(registry: Registry, repository: str) -> None:
    """A lifecycle policy that has no rules is refused."""
    policy = put_policy(registry, repository)
    refuses(registry, repository, policy_text().ljust(len(policy)))


@rule(
    "lifecycle.too-many-rules-refused",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented(
            "Rules per lifecycle policy",
            "Each supported Region: 50 No The maximum number of rules in a lifecycle policy",
            url=f"{GUIDE}/service-quotas.html",
        )
    ],
)
def test_a_policy_of_more_rules_than_the_quota_is_refused(
    registry: Registry, repository: str
) -> None:
    """A lifecycle policy of 51 rules is refused."""
    put_policy(registry, repository, *many_rules(MOST_RULES))
    spoilt = policy_text(*many_rules(MOST_RULES + 1))
    refuses(registry, repository, spoilt)


@rule(
    "lifecycle.too-long-refused",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[model("LifecyclePolicyText", "max 30720"), REFUSED],
)
def test_a_policy_beyond_the_maximum_length_is_refused(registry: Registry, repository: str) -> None:
    """A lifecycle policy text of more than 30,720 characters is refused."""
    policy = put_policy(registry, repository)
    maximum = int(registry.contract.shapes["LifecyclePolicyText"].maximum or 0)
    refuses(registry, repository, policy.ljust(maximum + 1))


_NULLS = [
    spoilt_rule("count-unit", policy_rule(), policy_rule(countUnit=None)),
    spoilt_rule("tag-patterns", policy_rule(), policy_rule(tagPatternList=None)),
    spoilt_rule(
        "target-storage-class",
        policy_rule(),
        policy_rule(action={"type": "expire", "targetStorageClass": None}),
    ),
]


@pytest.mark.parametrize("spoilt", _NULLS)
@rule(
    "lifecycle.null-refused",
    level=SHOULD,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        observed(
            "countUnit",
            "null in the JSON structure is not allowed: instance failed to match exactly one "
            "schema (matched 0 out of 2)",
            "https://github.com/cloudposse/terraform-aws-ecr/pull/132",
        ),
        observed(
            "tagPatternList",
            "instance type (null) does not match any allowed primitive type (allowed: [array])",
            "https://github.com/simple-container-com/api/issues/34",
        ),
        observed(
            "targetStorageClass",
            "InvalidParameterException for targetStorageClass = null",
            "https://github.com/cloudposse/terraform-aws-ecr/issues/158",
        ),
    ],
)
def test_null_is_refused(registry: Registry, repository: str, spoilt: SpoiltPolicy) -> None:
    """A lifecycle policy with a member that is null is refused."""
    refuses_spoilt(registry, repository, spoilt)


@rule(
    "lifecycle.refused-keeps-old",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        REFUSED,
        documented("GetLifecyclePolicy.lifecyclePolicyText", "The JSON lifecycle policy text."),
    ],
)
def test_a_refused_text_leaves_the_lifecycle_policy(registry: Registry, repository: str) -> None:
    """A text that is refused leaves the repository's lifecycle policy as it was."""
    policy = keep_policy(registry, repository)
    spoilt = json.dumps(json.loads(policy)["rules"], indent=3)[:-1].ljust(200)
    response = registry.send(PUT, {"repositoryName": repository, "lifecyclePolicyText": spoilt})
    if success(response) is not None:
        raise Untestable(PUT, "a text that is no policy was not refused")
    registry.eventually(lambda: require_policy(registry, repository, policy))
