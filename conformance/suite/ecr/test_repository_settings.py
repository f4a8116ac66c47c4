"""Settings of repositories that can be changed: scanning on push, and what answers say."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import describe, refusal, structure, success
from conformance.suite.evidence import documented
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.image_answers import AWS_CLI_EXAMPLES
from conformance.suite.topics.repository_answers import (
    described_repositories,
    made,
    settings_of,
    settle_settings,
)
from conformance.suite.verdicts import MUST, SHOULD

_UPDATES = documented(
    "PutImageScanningConfiguration",
    "Updates the image scanning configuration for the specified repository.",
)
_ANSWERS = documented(
    "PutImageScanningConfiguration.imageScanningConfiguration",
    "The image scanning configuration setting for the repository.",
)
_EXAMPLE = documented(
    "put-image-scanning-configuration",
    '"repositoryName": "sample-repo", "imageScanningConfiguration": { "scanOnPush": true }',
    url=f"{AWS_CLI_EXAMPLES}/ecr/put-image-scanning-configuration.rst",
)
_FLAGS = {"on": True, "off": False}
_NAMING: dict[str, dict[str, Any]] = {
    "PutImageScanningConfiguration": {"imageScanningConfiguration": {"scanOnPush": True}},
    "PutImageTagMutability": {"imageTagMutability": "IMMUTABLE"},
}


def _scanning(*, on: bool) -> dict[str, Any]:
    return {"imageScanningConfiguration": {"scanOnPush": on}}


def _put(registry: Registry, operation: str, repository: str, **given: Any) -> dict[str, Any]:
    """Change a setting; gives the answer.

    ``Untestable`` where that is ValidationException: PutImageScanningConfiguration declares it, and
    is "being deprecated, in favor of specifying the image scanning configuration at the registry
    level", but what it is for is not public.
    """
    response = registry.send(operation, {"repositoryName": repository, **given})
    error, answer = refusal(response), success(response)
    if error is not None and error.code == "ValidationException":
        raise Untestable(operation, describe(response))
    assert answer is not None, f"{operation}: expected success, got {describe(response)}"
    return answer


def _put_scanning(registry: Registry, repository: str, **configuration: bool) -> dict[str, Any]:
    given = {"imageScanningConfiguration": configuration}
    return _put(registry, "PutImageScanningConfiguration", repository, **given)


def _require_scanning(registry: Registry, repository: str, *, on: bool) -> None:
    """Require that DescribeRepositories comes to show this scanOnPush."""

    def observe() -> None:
        for each in described_repositories(registry, repository) or [{}]:
            found = structure(each, "imageScanningConfiguration").get("scanOnPush", False)
            assert found is on, f"scanOnPush is described as {found}, not {on}"

    registry.eventually(observe)


@pytest.mark.parametrize("flag", _FLAGS)
@rule(
    "repositories.put-scanning-answers",
    level=MUST,
    operations=["PutImageScanningConfiguration"],
    services=["ecr"],
    evidence=[_ANSWERS, _EXAMPLE],
)
def test_put_image_scanning_configuration_answers_with_it(registry: Registry, flag: str) -> None:
    """PutImageScanningConfiguration answers with the scanOnPush that it set."""
    wanted = _FLAGS[flag]
    repository = create_repository(registry, **_scanning(on=not wanted))
    answer = _put_scanning(registry, repository, scanOnPush=wanted)
    found = structure(answer, "imageScanningConfiguration").get("scanOnPush", False)
    assert found is wanted, f"scanOnPush was set to {wanted}, answered as {found}"


@pytest.mark.parametrize("flag", _FLAGS)
@rule(
    "repositories.put-scanning-described",
    level=MUST,
    operations=["PutImageScanningConfiguration"],
    services=["ecr"],
    evidence=[_UPDATES],
)
def test_a_changed_scanning_configuration_is_described(registry: Registry, flag: str) -> None:
    """After PutImageScanningConfiguration, the repository is described with the new scanOnPush."""
    wanted = _FLAGS[flag]
    repository = create_repository(registry, **_scanning(on=not wanted))
    _put_scanning(registry, repository, scanOnPush=wanted)
    _require_scanning(registry, repository, on=wanted)


@rule(
    "repositories.put-scanning-default",
    level=SHOULD,
    operations=["PutImageScanningConfiguration"],
    services=["ecr"],
    evidence=[
        documented(
            "ImageScanningConfiguration.scanOnPush",
            "If this parameter is not specified, it will default to false and images will not be "
            "scanned unless a scan is manually started",
        )
    ],
)
def test_an_empty_scanning_configuration_turns_it_off(registry: Registry) -> None:
    """PutImageScanningConfiguration without scanOnPush sets it to false."""
    repository = create_repository(registry, **_scanning(on=True))
    _put_scanning(registry, repository)
    _require_scanning(registry, repository, on=False)


@rule(
    "repositories.put-scanning-of-one-repository",
    level=MUST,
    operations=["PutImageScanningConfiguration"],
    services=["ecr"],
    evidence=[_UPDATES],
)
def test_a_scanning_configuration_is_of_one_repository(registry: Registry) -> None:
    """PutImageScanningConfiguration of one repository leaves that of another as it was."""
    first = create_repository(registry, **_scanning(on=False))
    second = create_repository(registry, "/second")
    _put_scanning(registry, second, scanOnPush=True)
    _require_scanning(registry, first, on=False)


@rule(
    "repositories.scan-on-push-described",
    level=SHOULD,
    operations=["DescribeRepositories"],
    services=["ecr"],
    evidence=[
        documented(
            "DescribeRepositories.repositories",
            "A list of repository objects corresponding to valid repositories.",
        )
    ],
)
def test_scanning_on_push_is_described(registry: Registry) -> None:
    """DescribeRepositories gives the scanOnPush that a repository was made with."""
    repository = create_repository(registry, **_scanning(on=True))
    _require_scanning(registry, repository, on=True)


@pytest.mark.parametrize("operation", _NAMING)
@rule(
    "repositories.put-settings-answers-name",
    level=MUST,
    operations=list(_NAMING),
    services=["ecr"],
    evidence=[
        documented(
            "PutImageTagMutability.repositoryName",
            "The repository name associated with the request.",
        ),
        documented(
            "PutImageTagMutability.registryId", "The registry ID associated with the request."
        ),
    ],
)
def test_answers_about_settings_name_the_repository(registry: Registry, operation: str) -> None:
    """Answers to changes of settings have the repository's name and the id of its registry."""
    name = f"{registry.name_prefix}/named"
    wanted = name, made(registry, name).get("registryId")
    answer = _put(registry, operation, name, **_NAMING[operation])
    found = answer.get("repositoryName"), answer.get("registryId")
    assert found == wanted, f"{operation}: the answer names {found}, the repository is {wanted}"


@rule(
    "repositories.put-settings-keep-others",
    level=MUST,
    operations=list(_NAMING),
    services=["ecr"],
    evidence=[
        _UPDATES,
        documented(
            "PutImageTagMutability",
            "Updates the image tag mutability settings for the specified repository.",
        ),
    ],
)
@pytest.mark.parametrize("operation", _NAMING)
def test_a_change_of_one_setting_leaves_the_others(registry: Registry, operation: str) -> None:
    """What is set of scanning leaves the tags' mutability, and the other way round."""
    mutable = operation == "PutImageTagMutability"
    before = _scanning(on=True) if mutable else {"imageTagMutability": "IMMUTABLE"}
    repository = create_repository(registry, **before)
    settle_settings(registry, repository, before)
    _put(registry, operation, repository, **_NAMING[operation])
    for member, found in settings_of(registry, repository, before).items():
        assert found == before[member], f"{member} was {before[member]}, now it is {found}"
