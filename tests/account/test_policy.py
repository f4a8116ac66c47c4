"""``ecr-conformance aws policy``: what a run is permitted is enough, and no more than it needs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from minimal_policy import actions_of, missed, whole_policy
from permitted import checks_with

from conformance.account.policy import policy_for, print_policy
from conformance.certify import rules_chosen
from conformance.contract import SERVICES
from conformance.errors import NothingRan, UsageError
from conformance.reference.identity_policy import denial
from conformance.reference.identity_policy_grammar import read_identity_policy
from conformance.suite.catalogue import all_rules
from conformance.suite.running.footprint import Footprint, known_footprints
from conformance.suite.running.permissions import REGISTRY_WIDE

MOST = 6144
"""Characters of a managed policy, white space aside
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""


def printed(capsys: pytest.CaptureFixture[str], *rules: str, **options: Any) -> str:
    """The policy for some rules, as it is printed."""
    chosen = {"services": (), "region": "us-east-1", "changes": False, **options}
    print_policy(rules, **chosen)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("expression", "changes"),
    [
        ("repositories.invalid-name-refused or ecr.tags.delete-last-tag-deletes-image", False),
        ("ecr.validation.batch-delete-image or authorization", False),
        ("ecr.registry.signing-missing-refused or protocol.content-type", True),
    ],
)
def test_what_is_permitted_is_enough(
    expression: str, *, changes: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that may do what the policy for its rules says is told of no missing permission."""
    policy = printed(capsys, *rules_chosen(expression=expression), changes=changes)
    found = checks_with(policy, expression, changes=changes)
    assert found["left"] == []
    assert found["checks"]
    assert not [each for each in found["checks"].items() if "permission" in each[1][1]]


@pytest.mark.parametrize("place", [7, 40, 70])
def test_no_more_is_permitted_than_rules_need(place: int) -> None:
    """Without any one of its actions, some rule cannot be decided and says which one is missing."""
    policy = whole_policy()
    action = list(actions_of(policy))[place]
    assert missed(policy, action), action


def test_the_policy_for_all_rules_can_be_attached() -> None:
    """The policy for all rules is no longer than a managed policy of IAM may be."""
    assert len(json.dumps(whole_policy(), separators=(",", ":"))) <= MOST


def test_no_repository_of_others_can_be_changed() -> None:
    """Nothing that changes a repository is allowed on one that has another name than a run's."""
    policy = read_identity_policy(json.dumps(whole_policy()).encode(), "policy")
    theirs = "arn:aws:ecr:us-east-1:111122223333:repository/team/application"
    for operation in ("DeleteRepository", "BatchDeleteImage", "PutImage", "SetRepositoryPolicy"):
        assert denial(policy, f"ecr:{operation}", theirs)
        assert denial(policy, f"ecr:{operation}", theirs.replace("team", "ecrc-1")) is None


def test_settings_of_the_registry_take_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    """Without leave to change them, no action that changes a whole registry is allowed."""
    policy = json.loads(printed(capsys, *rules_chosen()))
    allowed = {action for each in policy["Statement"] for action in each["Action"]}
    assert not {action for action in allowed if action.partition(":")[2] in REGISTRY_WIDE}
    assert "iam:CreateServiceLinkedRole" not in allowed


@settings(deadline=None)
@given(rules=st.sets(st.sampled_from(sorted(all_rules())), min_size=1), changes=st.booleans())
def test_a_policy_is_understood(rules: set[str], *, changes: bool) -> None:
    """Whatever is chosen, what is printed is a policy."""
    footprint = known_footprints().of(rules, (), changes=changes)
    policy = policy_for(footprint, SERVICES, "aws")
    assert read_identity_policy(json.dumps(policy).encode(), "policy")


def test_a_service_that_was_not_chosen_is_not_permitted(capsys: pytest.CaptureFixture[str]) -> None:
    """A policy for ECR alone has no action of ECR Public, nor of what only that needs."""
    policy = printed(capsys, *rules_chosen(), services=["ecr"])
    assert "ecr-public" not in policy
    assert "sts:" not in policy


def test_arns_are_of_the_regions_partition(capsys: pytest.CaptureFixture[str]) -> None:
    """In China, ARNs are China's, and there is no ECR Public."""
    policy = printed(capsys, *rules_chosen(), region="cn-north-1", changes=True)
    assert "arn:aws:" not in policy
    assert "arn:aws-cn:ecr:*:*:repository/ecrc-*" in policy
    assert "ecr-public" not in policy


def test_what_cannot_be_chosen_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """No rule, a service that is not there, or a Region that there is not, is an error."""
    with pytest.raises(NothingRan):
        printed(capsys)
    with pytest.raises(UsageError, match="no ecr-public in cn-north-1"):
        printed(capsys, *rules_chosen(), services=["ecr-public"], region="cn-north-1")
    with pytest.raises(UsageError, match="no Region 'moon-1'"):
        printed(capsys, *rules_chosen(), region="moon-1")


def test_sweeping_is_permitted(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is chosen, what a killed run has left can be found and deleted."""
    policy = read_identity_policy(printed(capsys, "ecr.authorization.token").encode(), "policy")
    mine = "arn:aws:ecr:eu-west-1:111122223333:repository/ecrc-00000000-00000000"
    assert denial(policy, "ecr:DescribeRepositories", mine.rpartition("/")[0] + "/*") is None
    assert denial(policy, "ecr:ListTagsForResource", mine) is None
    assert denial(policy, "ecr:DeleteRepository", mine) is None


def test_footprints_add_up() -> None:
    """Two footprints ask for all that either does, and for as many requests as both."""
    both = Footprint(1, 1, own=frozenset("a")) + Footprint(2, 0, beyond=frozenset("b"))
    assert both == Footprint(3, 1, own=frozenset("a"), beyond=frozenset("b"))
    assert both.actions == {"a", "b"}
    assert Footprint.from_json(both.to_json()) == both
