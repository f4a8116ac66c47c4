"""Repository policies of the kinds that AWS's examples show are taken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.suite.evidence import documented, recorded
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.policies import keep_policy, require_policy
from conformance.suite.verdicts import MUST

_EXAMPLES = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html"
_STATEMENT = {"Effect": "Deny", "Principal": "*", "Action": "PutImage"}
_KINDS: dict[str, dict[str, Any]] = {
    "id": {"Id": "Foo", "Statement": [_STATEMENT]},
    "earlier-version": {"Version": "2008-10-17", "Statement": [_STATEMENT]},
    "condition": {
        "Statement": [
            {
                "Sid": "IPAllow",
                **_STATEMENT,
                "Condition": {"NotIpAddress": {"aws:SourceIp": "54.240.143.0/24"}},
            }
        ]
    },
    "two-statements": {
        "Statement": [
            {"Sid": "First", **_STATEMENT},
            {"Sid": "Second", **_STATEMENT, "Action": ["UploadLayerPart", "CompleteLayerUpload"]},
        ]
    },
}
"""Policies, but for the version; their actions are written without the service."""


@pytest.mark.parametrize("kind", _KINDS)
@rule(
    "policies.kinds-taken",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    services=["ecr"],
    evidence=[
        recorded(
            "SetRepositoryPolicy",
            "a policy with an Id, without a Sid, with a text as Action, is set",
            "https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo/"
            "test_cross_account_ecr",
        ),
        documented(
            "Private repository policy examples in Amazon ECR",
            "The Condition block uses the NotIpAddress conditions and the aws:SourceIp condition "
            "key, which is an AWS-wide condition key.",
            url=_EXAMPLES,
        ),
    ],
)
def test_every_kind_of_policy_is_taken(registry: Registry, repository: str, kind: str) -> None:
    """A repository policy of each kind in AWS's examples is set and can be got afterwards."""
    keep_policy(registry, repository)
    text = json.dumps({"Version": "2012-10-17", **_KINDS[kind]})
    for action in ("PutImage", "UploadLayerPart", "CompleteLayerUpload"):
        text = text.replace(f'"{action}"', f'"{registry.service}:{action}"')
    registry.call("SetRepositoryPolicy", repositoryName=repository, policyText=text)
    registry.eventually(lambda: require_policy(registry, repository, text))
