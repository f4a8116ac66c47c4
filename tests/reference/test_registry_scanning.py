"""Which repositories a registry scans, and how often."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"


def _rule(frequency: str, *filters: str) -> dict[str, Any]:
    listed = [{"filter": each, "filterType": "WILDCARD"} for each in filters]
    return {"scanFrequency": frequency, "repositoryFilters": listed}


def _configure(ecr: Any, scan_type: str, *rules: dict[str, Any]) -> Any:
    answer = ecr.put_registry_scanning_configuration(scanType=scan_type, rules=list(rules))
    return answer["registryScanningConfiguration"]


def _configuration(ecr: Any) -> Any:
    answer = ecr.get_registry_scanning_configuration()
    assert answer["registryId"] == ACCOUNT
    return answer["scanningConfiguration"]


def _scanning(ecr: Any, repository: str) -> tuple[bool, str, list[str]]:
    answer = ecr.batch_get_repository_scanning_configuration(repositoryNames=[repository])
    assert answer["failures"] == []
    (found,) = answer["scanningConfigurations"]
    filters = [each["filter"] for each in found["appliedScanFilters"]]
    return found["scanOnPush"], found["scanFrequency"], filters


def test_a_new_registry_has_basic_scanning_without_rules(ecr: Any) -> None:
    """What nobody configured is there to be read.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
    API_PutRegistryScanningConfiguration.html
    """
    assert _configuration(ecr) == {"scanType": "BASIC", "rules": []}


def test_a_configuration_is_given_back_as_it_was_put(ecr: Any) -> None:
    """The answers to a put and to a get have the type and every member of the rules."""
    rules = [_rule("CONTINUOUS_SCAN", "prod*", "team/*"), _rule("SCAN_ON_PUSH", "*")]
    assert _configure(ecr, "ENHANCED", *rules) == {"scanType": "ENHANCED", "rules": rules}
    assert _configuration(ecr) == {"scanType": "ENHANCED", "rules": rules}


def test_a_configuration_takes_the_place_of_the_one_before(ecr: Any) -> None:
    """What is not given again is gone."""
    _configure(ecr, "ENHANCED", _rule("SCAN_ON_PUSH", "*"))
    ecr.put_registry_scanning_configuration()
    assert _configuration(ecr) == {"scanType": "BASIC", "rules": []}


@pytest.mark.parametrize(
    ("scan_type", "frequency"), [("BASIC", "CONTINUOUS_SCAN"), ("ENHANCED", "MANUAL")]
)
def test_a_type_of_scanning_has_its_frequencies(ecr: Any, scan_type: str, frequency: str) -> None:
    """A frequency of the other type is invalid, and nothing changes.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegistryScanningRule.html
    """
    with pytest.raises(ClientError, match="InvalidParameterException"):
        _configure(ecr, scan_type, _rule("SCAN_ON_PUSH", "*"), _rule(frequency, "*"))
    assert _configuration(ecr) == {"scanType": "BASIC", "rules": []}


def test_a_repository_is_scanned_by_hand_at_first(ecr: Any) -> None:
    """Without rules a repository's own setting counts, which is no scan on push.

    https://github.com/turbot/steampipe-plugin-aws/pull/1719
    """
    arn = ecr.create_repository(repositoryName="app")["repository"]["repositoryArn"]
    answer = ecr.batch_get_repository_scanning_configuration(repositoryNames=["app"])
    assert answer["failures"] == []
    assert answer["scanningConfigurations"] == [
        {
            "repositoryArn": arn,
            "repositoryName": "app",
            "scanOnPush": False,
            "scanFrequency": "MANUAL",
            "appliedScanFilters": [],
        }
    ]
    ecr.put_image_scanning_configuration(
        repositoryName="app", imageScanningConfiguration={"scanOnPush": True}
    )
    assert _scanning(ecr, "app") == (True, "SCAN_ON_PUSH", [])


def test_enhanced_scanning_does_not_heed_the_repositorys_own_setting(ecr: Any) -> None:
    """A repository that no rule matches is not scanned."""
    ecr.create_repository(repositoryName="app", imageScanningConfiguration={"scanOnPush": True})
    _configure(ecr, "ENHANCED", _rule("SCAN_ON_PUSH", "other"))
    assert _scanning(ecr, "app") == (False, "MANUAL", [])


def test_a_rule_is_applied_where_one_of_its_filters_matches(ecr: Any) -> None:
    """The filters that match are those applied."""
    ecr.create_repository(repositoryName="team/app")
    _configure(ecr, "BASIC", _rule("SCAN_ON_PUSH", "team/*", "prod", "*app"))
    assert _scanning(ecr, "team/app") == (True, "SCAN_ON_PUSH", ["team/*", "*app"])


def test_continuous_scanning_goes_before_scan_on_push(ecr: Any) -> None:
    """Where both rules match the continuous one is applied, and it is no scan on push.

    https://github.com/turbot/steampipe-plugin-aws/issues/1716
    """
    for name in ("app", "other"):
        ecr.create_repository(repositoryName=name)
    _configure(ecr, "ENHANCED", _rule("SCAN_ON_PUSH", "*"), _rule("CONTINUOUS_SCAN", "app"))
    assert _scanning(ecr, "app") == (False, "CONTINUOUS_SCAN", ["app"])
    assert _scanning(ecr, "other") == (True, "SCAN_ON_PUSH", ["*"])


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("prod", ["prod", "repo-prod", "prod-repo", "repo-prod-repo", "prodrepo"]),
        ("*prod", ["prod", "repo-prod"]),
        ("prod*", ["prod", "prod-repo", "prodrepo"]),
        ("*prod*", ["prod", "repo-prod", "prod-repo", "repo-prod-repo", "prodrepo"]),
        ("prod*repo", ["prod-repo", "prodrepo"]),
    ],
)
def test_filters_match_as_in_the_user_guide(ecr: Any, pattern: str, matching: list[str]) -> None:
    """The examples of the user guide, where a filter without a wildcard matches any part.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
    """
    names = ["prod", "repo-prod", "prod-repo", "repo-prod-repo", "prodrepo"]
    _configure(ecr, "BASIC", _rule("SCAN_ON_PUSH", pattern))
    for name in names:
        ecr.create_repository(repositoryName=name)
    assert [name for name in names if _scanning(ecr, name)[0]] == matching


def test_a_repository_that_does_not_exist_is_a_failure(ecr: Any) -> None:
    """The others are answered all the same, each once."""
    ecr.create_repository(repositoryName="app")
    answer = ecr.batch_get_repository_scanning_configuration(
        repositoryNames=["app", "other", "app"]
    )
    assert [each["repositoryName"] for each in answer["scanningConfigurations"]] == ["app"]
    (failure,) = answer["failures"]
    assert failure["repositoryName"] == "other"
    assert failure["failureCode"] == "REPOSITORY_NOT_FOUND"
    assert failure["failureReason"]
