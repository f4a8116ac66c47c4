"""Which repositories mirror which upstream registry."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:ecr-pullthroughcache/hub-AbCdEf"
OTHER_SECRET = SECRET.replace("hub", "other")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/cache"
PUBLIC = "public.ecr.aws"
HUB = {"upstreamRegistryUrl": "registry-1.docker.io", "credentialArn": SECRET}


def _create(ecr: Any, prefix: str, url: str = PUBLIC, **more: str) -> Any:
    given = {"ecrRepositoryPrefix": prefix, "upstreamRegistryUrl": url, **more}
    return _members(ecr.create_pull_through_cache_rule(**given))


def _members(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _described(ecr: Any, **parameters: Any) -> Any:
    return ecr.describe_pull_through_cache_rules(**parameters)["pullThroughCacheRules"]


def test_a_rule_is_described_as_it_was_created(ecr: Any) -> None:
    """Name of the upstream and its prefix are there though they were not given."""
    created = _create(ecr, "mirror")
    assert created == {
        "ecrRepositoryPrefix": "mirror",
        "upstreamRegistryUrl": PUBLIC,
        "upstreamRegistry": "ecr-public",
        "upstreamRepositoryPrefix": "ROOT",
        "registryId": ACCOUNT,
        "createdAt": created["createdAt"],
    }
    assert _described(ecr) == [{**created, "updatedAt": created["createdAt"]}]


@pytest.mark.parametrize(
    ("url", "name", "more"),
    [
        ("public.ecr.aws", "ecr-public", {}),
        ("registry.k8s.io", "k8s", {}),
        ("quay.io", "quay", {}),
        ("registry-1.docker.io", "docker-hub", {"credentialArn": SECRET}),
        ("ghcr.io", "github-container-registry", {"credentialArn": SECRET}),
        ("registry.gitlab.com", "gitlab-container-registry", {"credentialArn": SECRET}),
        ("somebody.azurecr.io", "azure-container-registry", {"credentialArn": SECRET}),
        ("cgr.dev", "chainguard", {"credentialArn": SECRET}),
        (f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com", "ecr", {}),
        ("111122223333.dkr.ecr.us-east-1.amazonaws.com", "ecr", {"customRoleArn": ROLE}),
    ],
)
def test_the_url_says_which_registry_it_is(
    ecr: Any, url: str, name: str, more: dict[str, str]
) -> None:
    """Every supported URL has its name, which may be given too, and its credentials come back."""
    assert _create(ecr, "by-url", url, **more)["upstreamRegistry"] == name
    created = _create(ecr, "by-both", url, upstreamRegistry=name, **more)
    assert more.items() <= created.items()


@pytest.mark.parametrize(
    "url", ["harbor.example.com", "docker.io", "https://public.ecr.aws/", "xghcr.io", "ghcrxio"]
)
def test_another_upstream_is_not_supported(ecr: Any, url: str) -> None:
    """A URL that is none of the supported ones is refused.

    https://github.com/goharbor/harbor/issues/20174
    """
    with pytest.raises(ClientError) as refused:
        _create(ecr, "mirror", url)
    assert refused.value.response["Error"] == {
        "Code": "UnsupportedUpstreamRegistryException",
        "Message": f"The upstream registry URL {url} is invalid. Specify a valid upstream registry "
        "URL and try again",
    }
    assert _described(ecr) == []


@pytest.mark.parametrize(
    "url",
    ["registry-1.docker.io", "ghcr.io", "registry.gitlab.com", "a.azurecr.io", "cgr.dev",
     "111122223333.dkr.ecr.us-east-1.amazonaws.com"],
)  # fmt: skip
def test_some_upstreams_take_credentials(ecr: Any, url: str) -> None:
    """Without a secret, or for ECR of another account without a role, they are refused.

    https://github.com/aws-controllers-k8s/community/issues/2589
    """
    with pytest.raises(ClientError, match=r"UnsupportedUpstream.*requires authentication"):
        _create(ecr, "mirror", url)


def test_a_name_that_is_not_the_urls_is_invalid(ecr: Any) -> None:
    """The name given has to be that of the registry behind the URL."""
    with pytest.raises(ClientError, match="InvalidParameterException"):
        _create(ecr, "mirror", PUBLIC, upstreamRegistry="quay")


@pytest.mark.parametrize("role", ["role", ROLE.replace(ACCOUNT, "111122223333"), f"{ROLE[:-6]}/"])
def test_a_role_is_the_registrys_own(ecr: Any, role: str) -> None:
    """What is no role of the registry's account is refused at creation and at update."""
    with pytest.raises(ClientError, match="InvalidParameterException"):
        _create(ecr, "mirror", customRoleArn=role)
    _create(ecr, "mirror")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ecr.update_pull_through_cache_rule(ecrRepositoryPrefix="mirror", customRoleArn=role)


def test_a_prefix_has_one_rule(ecr: Any) -> None:
    """A prefix with a slash at its end is the same prefix; a longer one is another."""
    _create(ecr, "mirror")
    for prefix in ("mirror", "mirror/"):
        with pytest.raises(ClientError, match="PullThroughCacheRuleAlreadyExistsException"):
            _create(ecr, prefix, "quay.io")
    _create(ecr, "mirror/deep")
    _create(ecr, "ROOT")
    assert len(_described(ecr)) == 3


def test_a_registry_has_fifty_rules(ecr: Any) -> None:
    """The 51st is over the limit.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
    """
    for number in range(50):
        _create(ecr, f"mirror-{number}")
    with pytest.raises(ClientError, match="LimitExceededException"):
        _create(ecr, "mirror")


def test_an_update_changes_what_is_given(ecr: Any) -> None:
    """Another secret takes the place of the first, the rest of the rule stays."""
    created = _create(ecr, "mirror", HUB["upstreamRegistryUrl"], credentialArn=SECRET)
    updated = _members(
        ecr.update_pull_through_cache_rule(ecrRepositoryPrefix="mirror", credentialArn=OTHER_SECRET)
    )
    assert updated == {
        "ecrRepositoryPrefix": "mirror",
        "registryId": ACCOUNT,
        "credentialArn": OTHER_SECRET,
        "upstreamRepositoryPrefix": "ROOT",
        "updatedAt": updated["updatedAt"],
    }
    assert updated["updatedAt"] > created["createdAt"]
    assert _described(ecr) == [{**created, **updated}]


def test_a_role_is_added_by_an_update(ecr: Any) -> None:
    """A rule without a role gets one, and keeps its secret."""
    _create(ecr, "mirror", credentialArn=SECRET)
    ecr.update_pull_through_cache_rule(ecrRepositoryPrefix="mirror", customRoleArn=ROLE)
    (rule,) = _described(ecr)
    assert (rule["credentialArn"], rule["customRoleArn"]) == (SECRET, ROLE)


def test_deleting_answers_with_the_deleted_rule(ecr: Any) -> None:
    """A deleted rule is answered once more; its prefix is then free."""
    created = _create(ecr, "mirror", upstreamRepositoryPrefix="team")
    deleted = _members(ecr.delete_pull_through_cache_rule(ecrRepositoryPrefix="mirror"))
    assert deleted == {name: created[name] for name in created if name != "upstreamRegistry"}
    assert deleted["upstreamRepositoryPrefix"] == "team"
    assert _described(ecr) == []
    _create(ecr, "mirror")


def test_a_rule_is_valid(ecr: Any) -> None:
    """Validation answers with the rule, and without a failure."""
    _create(ecr, "mirror", HUB["upstreamRegistryUrl"], credentialArn=SECRET)
    answer = _members(ecr.validate_pull_through_cache_rule(ecrRepositoryPrefix="mirror"))
    assert answer == {
        "ecrRepositoryPrefix": "mirror",
        "registryId": ACCOUNT,
        "upstreamRepositoryPrefix": "ROOT",
        "isValid": True,
        **HUB,
    }


def test_a_prefix_without_a_rule_is_not_found(ecr: Any) -> None:
    """No operation finds it, and describing it beside one that exists fails the whole call."""
    _create(ecr, "mirror")
    for operation in (
        ecr.update_pull_through_cache_rule,
        ecr.delete_pull_through_cache_rule,
        ecr.validate_pull_through_cache_rule,
    ):
        with pytest.raises(ClientError, match="PullThroughCacheRuleNotFoundException"):
            operation(ecrRepositoryPrefix="other")
    with pytest.raises(ClientError, match="PullThroughCacheRuleNotFoundException"):
        _described(ecr, ecrRepositoryPrefixes=["mirror", "other"])


def test_rules_are_described_by_prefix_and_in_pages(ecr: Any) -> None:
    """Each rule asked for is described once, and pages make up the whole."""
    prefixes = [f"mirror-{number}" for number in range(5)]
    for prefix in prefixes:
        _create(ecr, prefix)
    asked = _described(ecr, ecrRepositoryPrefixes=["mirror-1", "mirror-3", "mirror-1/"])
    assert sorted(each["ecrRepositoryPrefix"] for each in asked) == ["mirror-1", "mirror-3"]
    pages = ecr.get_paginator("describe_pull_through_cache_rules").paginate(
        PaginationConfig={"PageSize": 2}
    )
    listed = [
        each["ecrRepositoryPrefix"] for page in pages for each in page["pullThroughCacheRules"]
    ]
    assert sorted(listed) == prefixes
