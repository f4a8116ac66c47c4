"""Settings of a repository that can be changed: tag mutability and scan on push."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from pushing import push, upload

from conformance.suite.artifacts import Manifest, docker_image

IMAGE, OTHER = docker_image("first"), docker_image("second")
LATEST = [{"filterType": "WILDCARD", "filter": "latest*"}]


@pytest.fixture
def app(ecr: Any) -> Any:
    """A client of a registry in which app has an image under v1 and latest."""
    ecr.create_repository(repositoryName="app")
    push(ecr, "app", IMAGE, "v1", "latest")
    for blob in OTHER.blobs:
        upload(ecr, "app", blob)
    return ecr


def _set(client: Any, mutability: str, filters: list[dict[str, str]] | None = None) -> Any:
    given = {} if filters is None else {"imageTagMutabilityExclusionFilters": filters}
    return client.put_image_tag_mutability(
        repositoryName="app", imageTagMutability=mutability, **given
    )


def _without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _moved(client: Any, manifest: Manifest, tag: str) -> bool:
    try:
        client.put_image(repositoryName="app", imageManifest=manifest.text, imageTag=tag)
    except client.exceptions.ImageTagAlreadyExistsException:
        return False
    return True


def _described(client: Any) -> dict[str, Any]:
    (repository,) = client.describe_repositories()["repositories"]
    described: dict[str, Any] = repository
    return described


def test_mutability_is_answered_as_aws_answers_it(app: Any) -> None:
    """The answer has registry, repository and setting, and no list of filters without any.

    AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/
    put-image-tag-mutability.rst
    """
    assert _without_metadata(_set(app, "IMMUTABLE")) == {
        "registryId": "123456789012",
        "repositoryName": "app",
        "imageTagMutability": "IMMUTABLE",
    }
    assert _described(app)["imageTagMutability"] == "IMMUTABLE"


@pytest.mark.parametrize(
    ("mutability", "filters", "v1", "latest"),
    [
        ("MUTABLE", None, True, True),
        ("IMMUTABLE", None, False, False),
        ("IMMUTABLE_WITH_EXCLUSION", LATEST, False, True),
        ("MUTABLE_WITH_EXCLUSION", LATEST, True, False),
    ],
)
def test_mutability_decides_which_tags_move(
    app: Any, mutability: str, filters: list[dict[str, str]] | None, *, v1: bool, latest: bool
) -> None:
    """A tag moves if the setting lets it; for one that a filter fits the opposite holds."""
    _set(app, mutability, filters)
    assert _moved(app, OTHER, "v1") == v1
    assert _moved(app, OTHER, "latest") == latest
    assert _moved(app, OTHER, "new")


def test_filters_are_answered_and_go_when_they_are_not_given_again(app: Any) -> None:
    """Filters are part of the setting: the next setting is without them."""
    answer = _set(app, "IMMUTABLE_WITH_EXCLUSION", LATEST)
    assert answer["imageTagMutabilityExclusionFilters"] == LATEST
    assert _described(app)["imageTagMutabilityExclusionFilters"] == LATEST
    _set(app, "IMMUTABLE")
    assert "imageTagMutabilityExclusionFilters" not in _described(app)
    assert not _moved(app, OTHER, "latest")


@pytest.mark.parametrize(
    ("mutability", "filters"),
    [
        ("IMMUTABLE_WITH_EXCLUSION", None),
        ("MUTABLE_WITH_EXCLUSION", None),
        ("MUTABLE", LATEST),
        ("IMMUTABLE", LATEST),
        ("IMMUTABLE_WITH_EXCLUSION", [{"filterType": "WILDCARD", "filter": "*a*b*"}]),
        ("IMMUTABLE_WITH_EXCLUSION", [{"filterType": "WILDCARD", "filter": "a b"}]),
        ("IMMUTABLE_WITH_EXCLUSION", [{"filterType": "WILDCARD", "filter": "a" * 129}]),
        ("IMMUTABLE_WITH_EXCLUSION", [{"filterType": "REGEX", "filter": "a"}]),
        ("IMMUTABLE_WITH_EXCLUSION", LATEST * 6),
        ("SOMETIMES", None),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(
    app: Any, mutability: str, filters: list[dict[str, str]] | None
) -> None:
    """Filters go with exclusions only, at most five of 128 characters with two wildcards each."""
    with pytest.raises(app.exceptions.InvalidParameterException):
        _set(app, mutability, filters)
    assert _described(app)["imageTagMutability"] == "MUTABLE"


def test_missing_filters_are_refused_in_the_words_of_aws(app: Any) -> None:
    """The text is that of https://github.com/aws/aws-cdk/pull/35246."""
    with pytest.raises(ClientError) as refusal:
        _set(app, "IMMUTABLE_WITH_EXCLUSION")
    assert refusal.value.response["Error"]["Message"] == (
        "Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: "
        "'ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as "
        "IMMUTABLE_WITH_EXCLUSION'"
    )


@pytest.mark.parametrize("given", [{"scanOnPush": True}, {"scanOnPush": False}, {}])
def test_scan_on_push_is_set_and_shown(app: Any, given: dict[str, bool]) -> None:
    """The configuration is answered and described; without a flag it is false.

    AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/
    put-image-scanning-configuration.rst
    """
    app.put_image_scanning_configuration(
        repositoryName="app", imageScanningConfiguration={"scanOnPush": True}
    )
    answer = app.put_image_scanning_configuration(
        repositoryName="app", imageScanningConfiguration=given
    )
    configuration = {"scanOnPush": given.get("scanOnPush", False)}
    assert _without_metadata(answer) == {
        "registryId": "123456789012",
        "repositoryName": "app",
        "imageScanningConfiguration": configuration,
    }
    assert _described(app)["imageScanningConfiguration"] == configuration


def test_a_repository_that_is_not_there_has_no_settings(ecr: Any) -> None:
    """Without the repository, both are refused."""
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        _set(ecr, "IMMUTABLE")
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        ecr.put_image_scanning_configuration(repositoryName="app", imageScanningConfiguration={})
