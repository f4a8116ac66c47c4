"""Which images are signed as they are pushed."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from pushing import push

from conformance.suite.artifacts import docker_image

ACCOUNT = "123456789012"
PROFILES = f"arn:aws:signer:eu-west-1:{ACCOUNT}:/signing-profiles/"
FIRST, SECOND = f"{PROFILES}first", f"{PROFILES}second"
IMAGE = docker_image("signed")


def _rule(profile: str, *filters: str) -> dict[str, Any]:
    listed = [{"filter": each, "filterType": "WILDCARD_MATCH"} for each in filters]
    return {"signingProfileArn": profile, **({"repositoryFilters": listed} if filters else {})}


def _configure(ecr: Any, *rules: dict[str, Any]) -> Any:
    answer = ecr.put_signing_configuration(signingConfiguration={"rules": list(rules)})
    return answer["signingConfiguration"]


def _push(ecr: Any, repository: str, *tags: str) -> None:
    ecr.create_repository(repositoryName=repository)
    push(ecr, repository, IMAGE, *tags)


def _profiles(ecr: Any, repository: str) -> list[str]:
    answer = ecr.describe_image_signing_status(
        repositoryName=repository, imageId={"imageDigest": IMAGE.digest}
    )
    assert {each["status"] for each in answer["signingStatuses"]} <= {"COMPLETE"}
    return [each["signingProfileArn"] for each in answer["signingStatuses"]]


def test_a_configuration_is_given_back_as_it_was_put(ecr: Any) -> None:
    """The answers to a put and to a get have every member of the rules."""
    rules = [_rule(FIRST, "team/*", "*/production"), _rule(SECOND)]
    assert _configure(ecr, *rules) == {"rules": rules}
    answer = ecr.get_signing_configuration()
    assert answer["registryId"] == ACCOUNT
    assert answer["signingConfiguration"] == {"rules": rules}


def test_a_configuration_takes_the_place_of_the_one_before(ecr: Any) -> None:
    """The rules put last are all the rules there are, be they none."""
    _configure(ecr, _rule(FIRST))
    _configure(ecr, _rule(SECOND))
    assert ecr.get_signing_configuration()["signingConfiguration"] == {"rules": [_rule(SECOND)]}
    _configure(ecr)
    assert ecr.get_signing_configuration()["signingConfiguration"] == {"rules": []}


def test_a_new_registry_has_no_configuration(ecr: Any) -> None:
    """There is nothing to get, and nothing to delete."""
    for operation in (ecr.get_signing_configuration, ecr.delete_signing_configuration):
        with pytest.raises(ClientError, match="SigningConfigurationNotFoundException"):
            operation()


def test_deleting_answers_with_the_deleted_configuration(ecr: Any) -> None:
    """A deleted configuration is answered once more, and is gone."""
    _configure(ecr, _rule(FIRST))
    answer = ecr.delete_signing_configuration()
    assert answer["registryId"] == ACCOUNT
    assert answer["signingConfiguration"] == {"rules": [_rule(FIRST)]}
    with pytest.raises(ClientError, match="SigningConfigurationNotFoundException"):
        ecr.get_signing_configuration()


def test_an_image_has_a_status_for_each_profile(ecr: Any) -> None:
    """Two rules with one profile make one status."""
    _configure(ecr, _rule(FIRST), _rule(SECOND, "team/*"), _rule(FIRST, "*"))
    _push(ecr, "team/app", "v1")
    answer = ecr.describe_image_signing_status(
        repositoryName="team/app", imageId={"imageTag": "v1"}
    )
    assert (answer["registryId"], answer["repositoryName"]) == (ACCOUNT, "team/app")
    assert answer["imageId"] == {"imageTag": "v1", "imageDigest": IMAGE.digest}
    assert answer["signingStatuses"] == [
        {"signingProfileArn": profile, "status": "COMPLETE"} for profile in (FIRST, SECOND)
    ]


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("myapp/*", ["myapp/web", "myapp/web/front"], ["myapplication", "my/myapp/web"]),
        ("*/production", ["team/production"], ["production", "team/production/app"]),
        ("*prod*", ["prod", "reprod/app"], ["pr/od"]),
        ("prod", ["prod"], ["production", "reprod"]),
    ],
)
def test_a_filter_matches_the_whole_name(
    ecr: Any, pattern: str, matching: list[str], others: list[str]
) -> None:
    """A wildcard stands for any characters, and nothing else does.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SigningRepositoryFilter.html
    """
    _configure(ecr, _rule(FIRST, "elsewhere", pattern))
    for repository in matching + others:
        _push(ecr, repository)
    assert [each for each in matching + others if _profiles(ecr, each)] == matching


def test_what_was_pushed_before_is_signed_only_when_pushed_again(ecr: Any) -> None:
    """A rule is about pushes to come; a signature stays when the configuration goes."""
    _push(ecr, "app", "v1")
    _configure(ecr, _rule(FIRST))
    assert _profiles(ecr, "app") == []
    ecr.put_image(repositoryName="app", imageManifest=IMAGE.text, imageTag="v2")
    ecr.delete_signing_configuration()
    assert _profiles(ecr, "app") == [FIRST]


def test_only_what_is_there_has_a_signing_status(ecr: Any) -> None:
    """A repository or an image that does not exist is not found, an empty identifier is invalid."""
    with pytest.raises(ClientError, match="RepositoryNotFoundException"):
        _profiles(ecr, "app")
    _push(ecr, "app", "v1")
    with pytest.raises(ClientError, match="ImageNotFoundException"):
        ecr.describe_image_signing_status(repositoryName="app", imageId={"imageTag": "v2"})
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ecr.describe_image_signing_status(repositoryName="app", imageId={})
    ecr.delete_repository(repositoryName="app", force=True)
    with pytest.raises(ClientError, match="RepositoryNotFoundException"):
        _profiles(ecr, "app")
