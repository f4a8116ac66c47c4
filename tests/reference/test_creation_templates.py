"""The settings of repositories that ECR makes on one's behalf."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/templates"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
APPLIED = ["PULL_THROUGH_CACHE", "REPLICATION"]
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "LambdaECRPullPolicy",
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "ecr:BatchGetImage",
        }
    ],
}
LIFECYCLE = '{\r\n "rules": []\r\n}'
LATEST = [{"filterType": "WILDCARD", "filter": "latest*"}]
WHOLE: dict[str, Any] = {
    "description": "Repositories of tests",
    "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": KEY},
    "resourceTags": [{"Key": "environment", "Value": "test"}],
    "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
    "imageTagMutabilityExclusionFilters": LATEST,
    "lifecyclePolicy": LIFECYCLE,
    "appliedFor": ["CREATE_ON_PUSH"],
    "customRoleArn": ROLE,
}


def _create(ecr: Any, prefix: str, **more: Any) -> Any:
    given = {"prefix": prefix, "appliedFor": APPLIED, **more}
    return ecr.create_repository_creation_template(**given)["repositoryCreationTemplate"]


def _update(ecr: Any, prefix: str, **more: Any) -> Any:
    answer = ecr.update_repository_creation_template(prefix=prefix, **more)
    return answer["repositoryCreationTemplate"]


def _described(ecr: Any, *prefixes: str) -> Any:
    named = {"prefixes": list(prefixes)} if prefixes else {}
    answer = ecr.describe_repository_creation_templates(**named)
    assert answer["registryId"] == ACCOUNT
    return answer["repositoryCreationTemplates"]


def test_a_template_has_defaults(ecr: Any) -> None:
    """Mutability and encryption are there though they were not given.

    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecr/
    repository_creation_template_test.go
    """
    answer = ecr.create_repository_creation_template(prefix="team", appliedFor=APPLIED)
    created = answer["repositoryCreationTemplate"]
    assert answer["registryId"] == ACCOUNT
    assert created == {
        "prefix": "team",
        "appliedFor": APPLIED,
        "imageTagMutability": "MUTABLE",
        "encryptionConfiguration": {"encryptionType": "AES256"},
        "createdAt": created["createdAt"],
        "updatedAt": created["createdAt"],
    }
    assert _described(ecr) == [created]


def test_a_template_has_what_was_given(ecr: Any) -> None:
    """Every member of a request is in the template, its lifecycle policy letter by letter."""
    created = _create(ecr, "team", **WHOLE)
    assert {name: created[name] for name in WHOLE} == WHOLE
    assert _described(ecr) == [created]


def test_a_repository_policy_is_printed_as_aws_does(ecr: Any) -> None:
    """The policy comes back as that of a repository does.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
    API_CreateRepositoryCreationTemplate.html has it so.
    """
    created = _create(ecr, "team", repositoryPolicy=json.dumps(POLICY))
    assert created["repositoryPolicy"].startswith('{\n  "Version" : "2012-10-17",\n')
    assert json.loads(created["repositoryPolicy"]) == POLICY
    assert _update(ecr, "team", repositoryPolicy="")["repositoryPolicy"] == ""


def test_a_prefix_has_one_template(ecr: Any) -> None:
    """A prefix with a slash at its end is the same prefix; a longer one and ROOT are others."""
    _create(ecr, "team")
    for prefix in ("team", "team/"):
        with pytest.raises(ClientError, match="TemplateAlreadyExistsException"):
            _create(ecr, prefix)
    _create(ecr, "team/app")
    _create(ecr, "ROOT")
    assert len(_described(ecr)) == 3


@pytest.mark.parametrize(
    "given",
    [
        {"customRoleArn": ROLE.replace(ACCOUNT, "111122223333")},
        {"customRoleArn": "role"},
        {"repositoryPolicy": "{}"},
        {"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION"},
        {"imageTagMutabilityExclusionFilters": LATEST},
        {"resourceTags": [{"Key": "k" * 129, "Value": ""}]},
        {"resourceTags": [{"Key": "k", "Value": "v" * 257}]},
        {"resourceTags": [{"Key": "aws:k", "Value": ""}]},
        {"resourceTags": [{"Key": f"k{number}", "Value": ""} for number in range(51)]},
    ],
)
def test_what_no_repository_could_have_is_refused(ecr: Any, given: dict[str, Any]) -> None:
    """Settings that do not go together are invalid at creation and at update."""
    with pytest.raises(ClientError, match="InvalidParameterException"):
        _create(ecr, "team", **given)
    created = _create(ecr, "team")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        _update(ecr, "team", **given)
    assert _described(ecr) == [created]


def test_an_update_changes_what_is_given(ecr: Any) -> None:
    """What an update does not name stays as it was.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
    API_UpdateRepositoryCreationTemplate.html has an example.
    """
    created = _create(ecr, "team", **WHOLE)
    updated = _update(ecr, "team/", appliedFor=["REPLICATION"], resourceTags=[])
    assert updated["updatedAt"] > created["updatedAt"]
    changes = {"appliedFor": ["REPLICATION"], "resourceTags": []}
    assert updated == {**created, **changes, "updatedAt": updated["updatedAt"]}
    assert _described(ecr) == [updated]


def test_another_mutability_comes_with_its_own_filters(ecr: Any) -> None:
    """A mutability that takes no filters ends those that were there."""
    _create(ecr, "team", **WHOLE)
    updated = _update(ecr, "team", imageTagMutability="IMMUTABLE")
    assert updated["imageTagMutability"] == "IMMUTABLE"
    assert "imageTagMutabilityExclusionFilters" not in updated


def test_deleting_answers_with_the_deleted_template(ecr: Any) -> None:
    """A deleted template is answered once more; its prefix is then free."""
    created = _create(ecr, "team", **WHOLE)
    answer = ecr.delete_repository_creation_template(prefix="team")
    assert answer["registryId"] == ACCOUNT
    assert answer["repositoryCreationTemplate"] == created
    assert _described(ecr) == []
    _create(ecr, "team")


def test_a_prefix_without_a_template_is_not_found(ecr: Any) -> None:
    """It is neither updated nor deleted; describing it finds nothing."""
    _create(ecr, "team")
    with pytest.raises(ClientError, match="TemplateNotFoundException"):
        _update(ecr, "other")
    with pytest.raises(ClientError, match="TemplateNotFoundException"):
        ecr.delete_repository_creation_template(prefix="other")
    assert _described(ecr, "other") == []
    assert [each["prefix"] for each in _described(ecr, "other", "team", "team/")] == ["team"]


def test_templates_are_described_in_pages(ecr: Any) -> None:
    """Pages make up the whole, of all templates and of those asked for."""
    prefixes = [f"team-{number}" for number in range(5)]
    for prefix in prefixes:
        _create(ecr, prefix)
    paginator = ecr.get_paginator("describe_repository_creation_templates")
    for named, wanted in (({}, prefixes), ({"prefixes": prefixes[1:4]}, prefixes[1:4])):
        pages = paginator.paginate(**named, PaginationConfig={"PageSize": 2})
        listed = [each["prefix"] for page in pages for each in page["repositoryCreationTemplates"]]
        assert sorted(listed) == wanted


def test_a_token_belongs_to_one_listing(ecr: Any) -> None:
    """A made-up token is an invalid parameter."""
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ecr.describe_repository_creation_templates(nextToken="made up")
