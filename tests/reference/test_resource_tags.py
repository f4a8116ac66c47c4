"""Tags of repositories."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
NOWHERE = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/nowhere"


def _pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _made(client: Any, name: str = "app", **tags: str) -> str:
    made = client.create_repository(repositoryName=name, tags=_pairs(tags))["repository"]
    arn: str = made["repositoryArn"]
    return arn


def _tag(client: Any, arn: str, tags: dict[str, str]) -> None:
    client.tag_resource(resourceArn=arn, tags=_pairs(tags))


def _tags(client: Any, arn: str) -> dict[str, str]:
    listed = client.list_tags_for_resource(resourceArn=arn)["tags"]
    return {tag["Key"]: tag["Value"] for tag in listed}


def _refused(client: Any, arn: str, tags: dict[str, str]) -> str:
    with pytest.raises(ClientError) as refusal:
        _tag(client, arn, tags)
    code: str = refusal.value.response["Error"]["Code"]
    return code


@pytest.fixture(params=["ecr", "public"])
def client(request: pytest.FixtureRequest) -> Any:
    """A client of each service in turn."""
    return request.getfixturevalue(request.param)


def test_a_repository_has_the_tags_it_was_created_with(client: Any) -> None:
    """Tags given at creation are listed; without any the list is empty.

    AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/
    list-tags-for-resource.rst
    """
    arn = _made(client, Stage="Integ")
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [
        {"Key": "Stage", "Value": "Integ"}
    ]
    assert _tags(client, _made(client, "bare")) == {}


def test_tags_are_added_to_those_that_are_there(client: Any) -> None:
    """A new key is added, an old one gets the new value, what is not named stays."""
    arn = _made(client, Stage="Integ", Owner="me")
    _tag(client, arn, {"Stage": "Prod", "stage": "", "Team": "ours"})
    assert _tags(client, arn) == {"Stage": "Prod", "stage": "", "Owner": "me", "Team": "ours"}


def test_tags_are_taken_away_by_key(client: Any) -> None:
    """Only the tags whose keys are named go, and a key that no tag has is no error."""
    arn = _made(client, Stage="Integ", Owner="me")
    client.untag_resource(resourceArn=arn, tagKeys=["Stage", "Unknown"])
    assert _tags(client, arn) == {"Owner": "me"}


def test_no_tag_at_all_changes_nothing(client: Any) -> None:
    """Empty lists are taken."""
    arn = _made(client, Stage="Integ")
    _tag(client, arn, {})
    client.untag_resource(resourceArn=arn, tagKeys=[])
    assert _tags(client, arn) == {"Stage": "Integ"}


def test_tags_go_with_their_repository(client: Any) -> None:
    """A repository that is made anew has none of the tags of the one before it."""
    arn = _made(client, Stage="Integ")
    client.delete_repository(repositoryName="app")
    with pytest.raises(client.exceptions.RepositoryNotFoundException):
        _tags(client, arn)
    assert _tags(client, _made(client)) == {}


def test_a_repository_has_at_most_fifty_tags(client: Any) -> None:
    """The fifty-first key is refused and none of its request kept; an old key is no new tag."""
    arn = _made(client, **{f"key-{number}": "" for number in range(49)})
    assert _refused(client, arn, {"one": "", "two": ""}) == "TooManyTagsException"
    assert len(_tags(client, arn)) == 49
    _tag(client, arn, {"one": ""})
    _tag(client, arn, {"one": "again"})
    assert _refused(client, arn, {"two": ""}) == "TooManyTagsException"
    assert _tags(client, arn)["one"] == "again"


def test_a_repository_with_too_many_tags_is_not_created(client: Any) -> None:
    """Creation follows the same rules, and fails as a whole."""
    with pytest.raises(client.exceptions.TooManyTagsException):
        _made(client, **{f"key-{number}": "" for number in range(51)})
    with pytest.raises(client.exceptions.InvalidTagParameterException):
        _made(client, **{"aws:key": ""})
    assert client.describe_repositories()["repositories"] == []


@pytest.mark.parametrize("length", [1, 128])
def test_keys_and_values_have_a_greatest_length(ecr: Any, length: int) -> None:
    """A key has 1 to 128 characters, a value at most 256."""
    arn = _made(ecr)
    _tag(ecr, arn, {"é" * length: "é" * 256})
    assert _tags(ecr, arn) == {"é" * length: "é" * 256}


@pytest.mark.parametrize(
    "tag",
    [{"": "value"}, {"k" * 129: ""}, {"key": "v" * 257}, {"aws:key": ""}, {"AWS:key": ""},
     {"key": "aws:value"}],
)  # fmt: skip
def test_a_tag_that_is_too_long_or_reserved_is_refused(ecr: Any, tag: dict[str, str]) -> None:
    """A key or value of a wrong length, or with the prefix that AWS keeps to itself, is refused."""
    arn = _made(ecr)
    assert _refused(ecr, arn, {"fine": "", **tag}) == "InvalidTagParameterException"
    assert _tags(ecr, arn) == {}


def test_in_ecr_public_a_value_is_optional(public: Any) -> None:
    """A tag without a value has an empty one; one without a key is refused."""
    arn = _made(public)
    public.tag_resource(resourceArn=arn, tags=[{"Key": "Stage"}])
    assert _tags(public, arn) == {"Stage": ""}
    with pytest.raises(public.exceptions.InvalidTagParameterException):
        public.tag_resource(resourceArn=arn, tags=[{"Value": "Integ"}])


@pytest.mark.parametrize(
    "arn",
    [
        "app", "arn:aws:ecr", f"arn:aws:ecr:eu-west-1:{ACCOUNT}:app", "arn:aws:s3:::repository/app",
        f"arn:aws:ecr-public::{ACCOUNT}:repository/app", f"{NOWHERE}:latest",
        "arn:aws:ecr:eu-west-1:12:repository/app",
    ],
)  # fmt: skip
def test_what_is_no_arn_of_a_repository_is_invalid(ecr: Any, arn: str) -> None:
    """A text that is not the ARN of an ECR repository is refused, in AWS's words.

    https://github.com/boto/boto3/issues/2774
    """
    _made(ecr)
    with pytest.raises(ecr.exceptions.InvalidParameterException) as refusal:
        _tags(ecr, arn)
    assert refusal.value.response["Error"]["Message"] == "The ARN provided is invalid."


@pytest.mark.parametrize(
    "arn",
    [
        NOWHERE,
        f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/app",
        "arn:aws:ecr:eu-west-1:111122223333:repository/app",
    ],
)
@pytest.mark.parametrize("operation", ["tag_resource", "untag_resource", "list_tags_for_resource"])
def test_the_arn_of_no_repository_is_not_found(ecr: Any, operation: str, arn: str) -> None:
    """A repository that is not in the registry is not found, whatever is asked of its tags."""
    _made(ecr)
    more = {"tag_resource": {"tags": []}, "untag_resource": {"tagKeys": []}}.get(operation, {})
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        getattr(ecr, operation)(resourceArn=arn, **more)


def test_the_other_partitions_have_repositories_too(ecr: Any) -> None:
    """What AWS calls its partition is no part of which repository it is."""
    arn = _made(ecr, Stage="Integ")
    assert _tags(ecr, arn.replace("arn:aws:", "arn:aws-cn:")) == {"Stage": "Integ"}
