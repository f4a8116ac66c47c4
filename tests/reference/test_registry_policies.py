"""The policy of a registry."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
# The example of https://docs.aws.amazon.com/AmazonECR/latest/userguide/
# registry-permissions-create-replication.html.
STATEMENT = {
    "Sid": "ReplicationAccessCrossAccount",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": ["ecr:CreateRepository", "ecr:ReplicateImage"],
    "Resource": [f"arn:aws:ecr:us-west-2:{ACCOUNT}:repository/*"],
}
POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}


def _policy(**changes: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, **changes}]})


def _without(member: str) -> str:
    statement = {name: value for name, value in STATEMENT.items() if name != member}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_policy_is_given_back(ecr: Any) -> None:
    """Put and get answer with the registry's id and the same policy, no member of it lost."""
    put = ecr.put_registry_policy(policyText=json.dumps(POLICY))
    got = ecr.get_registry_policy()
    for answer in (put, got):
        assert answer["registryId"] == ACCOUNT
        assert json.loads(answer["policyText"]) == POLICY
    assert put["policyText"] == got["policyText"]


def test_a_policy_takes_the_place_of_the_one_before(ecr: Any) -> None:
    """The policy put last is the whole policy."""
    ecr.put_registry_policy(policyText=json.dumps(POLICY))
    ecr.put_registry_policy(policyText=_policy(Sid="Other"))
    statements = json.loads(ecr.get_registry_policy()["policyText"])["Statement"]
    assert [each["Sid"] for each in statements] == ["Other"]


def test_deleting_answers_with_the_deleted_policy(ecr: Any) -> None:
    """A deleted policy is answered once more, and then there is none to get or delete."""
    ecr.put_registry_policy(policyText=json.dumps(POLICY))
    assert json.loads(ecr.delete_registry_policy()["policyText"]) == POLICY
    for operation in (ecr.get_registry_policy, ecr.delete_registry_policy):
        with pytest.raises(ClientError, match="RegistryPolicyNotFoundException"):
            operation()


def test_a_new_registry_has_no_policy(ecr: Any) -> None:
    """A policy that nobody put is not found."""
    with pytest.raises(ClientError, match="RegistryPolicyNotFoundException"):
        ecr.get_registry_policy()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        json.dumps({"Statement": []}),
        _policy(Effect="Maybe"),
        _policy(Resource=12),
        _policy(Resource=[]),
        _policy(NotResource="*"),
        _policy(Foo="bar"),
        _without("Principal"),
        _without("Action"),
    ],
)
def test_what_is_no_policy_is_refused(ecr: Any, text: str) -> None:
    """A text that does not follow the grammar is refused, and the policy there is stays.

    https://github.com/pulumi/pulumi-aws/issues/2326
    """
    ecr.put_registry_policy(policyText=json.dumps(POLICY))
    with pytest.raises(ClientError) as refused:
        ecr.put_registry_policy(policyText=text)
    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterException",
        "Message": "Invalid parameter at 'PolicyText' failed to satisfy constraint: "
        "'Invalid registry policy provided'",
    }
    assert json.loads(ecr.get_registry_policy()["policyText"]) == POLICY


def test_a_statement_need_not_say_what_it_is_about(ecr: Any) -> None:
    """A policy of statements without a resource is taken, as is one single statement."""
    ecr.put_registry_policy(policyText=_without("Resource"))
    ecr.put_registry_policy(policyText=json.dumps({"Statement": STATEMENT}))
