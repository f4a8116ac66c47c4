"""Where images are to be copied."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from pushing import push

from conformance.suite.artifacts import docker_image

ACCOUNT = "123456789012"
PARIS = {"region": "eu-west-3", "registryId": ACCOUNT}
OHIO = {"region": "us-east-2", "registryId": ACCOUNT}
ELSEWHERE = {"region": "eu-west-1", "registryId": "111122223333"}
IMAGE = docker_image("replicated")


def _rule(*destinations: dict[str, str], prefixes: tuple[str, ...] = ()) -> dict[str, Any]:
    filters = [{"filter": prefix, "filterType": "PREFIX_MATCH"} for prefix in prefixes]
    return {
        "destinations": list(destinations),
        **({"repositoryFilters": filters} if filters else {}),
    }


def _configure(ecr: Any, *rules: dict[str, Any]) -> Any:
    return ecr.put_replication_configuration(replicationConfiguration={"rules": list(rules)})


def _statuses(ecr: Any, repository: str, **image_id: str) -> list[dict[str, str]]:
    answer = ecr.describe_image_replication_status(repositoryName=repository, imageId=image_id)
    statuses: list[dict[str, str]] = answer["replicationStatuses"]
    return statuses


def test_a_new_registry_has_a_configuration_without_rules(ecr: Any) -> None:
    """A registry that nobody configured has an empty list of rules.

    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecr/
    replication_configuration.go reads it so.
    """
    answer = ecr.describe_registry()
    assert answer["registryId"] == ACCOUNT
    assert answer["replicationConfiguration"] == {"rules": []}


def test_a_configuration_is_described_as_it_was_put(ecr: Any) -> None:
    """DescribeRegistry gives back every member of the rules."""
    rule = {**_rule(PARIS, ELSEWHERE, prefixes=("team/",)), "deleteReplication": {"enabled": True}}
    assert _configure(ecr, rule)["replicationConfiguration"] == {"rules": [rule]}
    assert ecr.describe_registry()["replicationConfiguration"] == {"rules": [rule]}


def test_a_configuration_takes_the_place_of_the_one_before(ecr: Any) -> None:
    """The rules put last are all the rules there are, be they none."""
    _configure(ecr, _rule(PARIS))
    _configure(ecr, _rule(OHIO))
    assert ecr.describe_registry()["replicationConfiguration"]["rules"] == [_rule(OHIO)]
    _configure(ecr)
    assert ecr.describe_registry()["replicationConfiguration"] == {"rules": []}


def test_a_registry_is_not_replicated_to_itself(ecr: Any) -> None:
    """The registry's own account and region are no destination, another account's region is one."""
    with pytest.raises(ClientError, match="InvalidParameterException"):
        _configure(ecr, _rule(PARIS, {"region": "eu-west-1", "registryId": ACCOUNT}))
    _configure(ecr, _rule(ELSEWHERE))


def test_all_rules_together_have_25_destinations_at_most(ecr: Any) -> None:
    """Destinations count once, however many rules name them."""
    places = [{"region": f"xx-north-{number}", "registryId": ACCOUNT} for number in range(26)]
    _configure(ecr, _rule(*places[:20]), _rule(*places[10:25]))
    with pytest.raises(ClientError, match="InvalidParameterException"):
        _configure(ecr, _rule(*places[:20]), _rule(*places[10:]))


def test_an_image_has_a_status_for_each_destination(ecr: Any) -> None:
    """Destinations that two rules share are reported once."""
    _configure(ecr, _rule(PARIS, OHIO), _rule(OHIO, ELSEWHERE))
    ecr.create_repository(repositoryName="app")
    push(ecr, "app", IMAGE, "v1")
    done = [{**place, "status": "COMPLETE"} for place in (PARIS, OHIO, ELSEWHERE)]
    assert _statuses(ecr, "app", imageTag="v1") == done
    assert _statuses(ecr, "app", imageDigest=IMAGE.digest) == done


def test_an_image_of_a_registry_without_rules_has_no_status(ecr: Any) -> None:
    """Without replication the list is there and empty."""
    ecr.create_repository(repositoryName="app")
    push(ecr, "app", IMAGE, "v1")
    answer = ecr.describe_image_replication_status(repositoryName="app", imageId={"imageTag": "v1"})
    assert answer["repositoryName"] == "app"
    assert answer["imageId"] == {"imageTag": "v1", "imageDigest": IMAGE.digest}
    assert answer["replicationStatuses"] == []


def test_a_filter_is_the_beginning_of_a_repository_name(ecr: Any) -> None:
    """A rule with filters is about the repositories whose names begin with one of them."""
    _configure(ecr, _rule(PARIS, prefixes=("team/", "prod")))
    replicated = {}
    for name in ("team/app", "production", "myteam/app", "dev"):
        ecr.create_repository(repositoryName=name)
        push(ecr, name, IMAGE, "v1")
        replicated[name] = bool(_statuses(ecr, name, imageTag="v1"))
    assert replicated == {"team/app": True, "production": True, "myteam/app": False, "dev": False}


def test_what_was_there_before_is_replicated_only_when_pushed_again(ecr: Any) -> None:
    """A rule is about pushes to come; an image keeps its statuses when the rule goes.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
    """
    ecr.create_repository(repositoryName="app")
    push(ecr, "app", IMAGE, "v1")
    _configure(ecr, _rule(PARIS))
    assert _statuses(ecr, "app", imageTag="v1") == []
    ecr.put_image(repositoryName="app", imageManifest=IMAGE.text, imageTag="v2")
    _configure(ecr)
    assert _statuses(ecr, "app", imageTag="v1") == [{**PARIS, "status": "COMPLETE"}]


def test_only_what_is_there_has_a_replication_status(ecr: Any) -> None:
    """A repository or an image that does not exist is not found, an empty identifier is invalid."""
    with pytest.raises(ClientError, match="RepositoryNotFoundException"):
        _statuses(ecr, "app", imageTag="v1")
    ecr.create_repository(repositoryName="app")
    with pytest.raises(ClientError, match="ImageNotFoundException"):
        _statuses(ecr, "app", imageTag="v1")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        _statuses(ecr, "app")
