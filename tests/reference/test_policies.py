"""Repository policies come back as AWS prints them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

_DENY_ALL = {"Effect": "Deny", "Principal": "*", "Action": "ecr:*"}


def test_a_policy_is_printed_as_aws_prints_it(ecr: Any) -> None:
    """Members are put in AWS's order, two spaces a level, lists in one line.

    The printed text is that of a recording: https://github.com/cloud-custodian/cloud-custodian/
    tree/main/tests/data/placebo/test_cross_account_ecr.
    """
    ecr.create_repository(repositoryName="app")
    given = (
        '{"Statement":[{"Action":"ecr:BatchGetImage","Effect":"Allow","Principal":"*"}],'
        '"Id":"Foo","Version":"2012-10-17"}'
    )
    answer = ecr.set_repository_policy(repositoryName="app", policyText=given)
    assert answer["policyText"] == (
        '{\n  "Version" : "2012-10-17",\n  "Id" : "Foo",\n  "Statement" : [ {\n'
        '    "Effect" : "Allow",\n    "Principal" : "*",\n    "Action" : "ecr:BatchGetImage"\n'
        "  } ]\n}"
    )
    assert ecr.get_repository_policy(repositoryName="app")["policyText"] == answer["policyText"]


@pytest.mark.parametrize(
    "policy",
    [
        "no json",
        "[]",
        json.dumps({"Version": "2012-10-17", "Statement": []}),
        json.dumps({"Version": "2020-01-01", "Statement": [_DENY_ALL]}),
        json.dumps({"Statement": [{**_DENY_ALL, "Resource": "*"}]}),
        json.dumps({"Statement": [{**_DENY_ALL, "Effect": "Maybe"}]}),
        json.dumps({"Statement": [{**_DENY_ALL, "Principal": "somebody"}]}),
        json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*"}]}),
    ],
)
def test_what_is_no_policy_is_refused(ecr: Any, policy: str) -> None:
    """A text that does not follow the grammar of policies is an invalid parameter."""
    ecr.create_repository(repositoryName="app")
    with pytest.raises(ClientError, match="Invalid repository policy provided"):
        ecr.set_repository_policy(repositoryName="app", policyText=policy)


def test_a_policy_that_locks_everyone_out_has_to_be_forced(ecr: Any) -> None:
    """A policy that forbids everyone to set another is taken with force only."""
    ecr.create_repository(repositoryName="app")
    policy = {"repositoryName": "app", "policyText": json.dumps({"Statement": [_DENY_ALL]})}
    with pytest.raises(ClientError, match="PolicyText"):
        ecr.set_repository_policy(**policy)
    ecr.set_repository_policy(**policy, force=True)
