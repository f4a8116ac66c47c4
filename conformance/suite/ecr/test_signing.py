"""Managed signing: which images are signed as they are pushed, and with what.

The signing profile here does not exist. That AWS takes it is not documented, so where it is
refused, nothing else is held against the target.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.suite.answers import objects, structure, success, text
from conformance.suite.evidence import documented, model
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.registry_rules import signing_rule
from conformance.suite.twins import MALFORMED, invalid_codes
from conformance.suite.verdicts import MUST

_MISSING = documented(
    "GetSigningConfiguration.SigningConfigurationNotFoundException",
    "The specified signing configuration was not found. This occurs when attempting to retrieve or "
    "delete a signing configuration that does not exist.",
)
_STATUS = documented(
    "DescribeImageSigningStatus.signingStatuses",
    "A list of signing statuses for the specified image. Each status corresponds to a signing "
    "profile.",
)


def _put(registry: Registry, pattern: str = "") -> dict[str, Any]:
    """Put a configuration of one rule; gives the rule."""
    wanted = signing_rule(registry, pattern)
    registry.given("PutSigningConfiguration", signingConfiguration={"rules": [wanted]})
    return wanted


def _require_rule(answer: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Require that an answer has a configuration of one rule."""
    rules = objects(structure(answer, "signingConfiguration"), "rules")
    found = [{member: each.get(member) for member in wanted} for each in rules]
    assert found == [wanted], f"the signing rules are {found}, not {[wanted]}"


def _without_configuration(registry: Registry) -> None:
    """Delete a configuration that somebody else has put."""
    before = success(registry.send("GetSigningConfiguration", {}))
    if before is None:
        return

    def observe() -> None:
        after = success(registry.send("GetSigningConfiguration", {}))
        assert after != before, "the signing configuration is still got"

    if success(registry.send("DeleteSigningConfiguration", {})) is not None:
        registry.settle("DeleteSigningConfiguration", observe)


@rule(
    "registry.signing-put-answers",
    level=MUST,
    operations=["PutSigningConfiguration"],
    services=["ecr"],
    evidence=[
        documented(
            "PutSigningConfiguration.signingConfiguration",
            "The registry's updated signing configuration.",
        )
    ],
)
def test_put_answers_with_the_configuration(registry: Registry, settings: None) -> None:
    """PutSigningConfiguration answers with the configuration that it was given."""
    wanted = signing_rule(registry)
    configuration = {"rules": [wanted]}
    answer = registry.given("PutSigningConfiguration", signingConfiguration=configuration)
    _require_rule(answer, wanted)


@rule(
    "registry.signing-got",
    level=MUST,
    operations=["GetSigningConfiguration"],
    services=["ecr"],
    evidence=[
        documented(
            "GetSigningConfiguration.signingConfiguration",
            "The registry's signing configuration.",
        ),
        documented(
            "SigningRule",
            "A signing rule that specifies a signing profile and optional repository filters.",
        ),
        documented(
            "SigningRepositoryFilter", "Each filter consists of a filter type and filter value."
        ),
    ],
)
def test_the_configuration_is_got(registry: Registry, settings: None) -> None:
    """GetSigningConfiguration gives the signing configuration that was put."""
    wanted = _put(registry)
    registry.eventually(lambda: _require_rule(registry.call("GetSigningConfiguration"), wanted))


@rule(
    "registry.signing-delete-answers",
    level=MUST,
    operations=["DeleteSigningConfiguration"],
    services=["ecr"],
    evidence=[
        documented(
            "DeleteSigningConfiguration.signingConfiguration",
            "The registry's deleted signing configuration.",
        )
    ],
)
def test_delete_answers_with_the_configuration(registry: Registry, settings: None) -> None:
    """DeleteSigningConfiguration answers with the configuration that it deleted."""
    wanted = _put(registry)
    _require_rule(registry.call("DeleteSigningConfiguration"), wanted)


@rule(
    "registry.signing-deleted-gone",
    level=MUST,
    operations=["DeleteSigningConfiguration"],
    services=["ecr"],
    evidence=[
        documented("DeleteSigningConfiguration", "Deletes the registry's signing configuration."),
        _MISSING,
    ],
)
def test_a_deleted_configuration_is_gone(registry: Registry, settings: None) -> None:
    """A deleted signing configuration cannot be got any more."""
    wanted = _put(registry)
    registry.call("DeleteSigningConfiguration")

    def observe() -> None:
        answer = success(registry.send("GetSigningConfiguration", {})) or {}
        left = objects(structure(answer, "signingConfiguration"), "rules")
        profiles = [each.get("signingProfileArn") for each in left]
        still = wanted["signingProfileArn"] in profiles
        assert not still, "the deleted signing configuration is still got"

    registry.eventually(observe)


_ON_A_CONFIGURATION = ("GetSigningConfiguration", "DeleteSigningConfiguration")


@pytest.mark.parametrize("operation", _ON_A_CONFIGURATION)
@rule(
    "registry.signing-missing-refused",
    level=MUST,
    operations=_ON_A_CONFIGURATION,
    services=["ecr"],
    evidence=[_MISSING],
)
def test_a_missing_configuration_is_refused(
    registry: Registry, settings: None, operation: str
) -> None:
    """Getting or deleting no signing configuration is SigningConfigurationNotFoundException."""
    _without_configuration(registry)
    registry.refused(operation, "SigningConfigurationNotFoundException")


def _eleven_rules(good: dict[str, Any]) -> list[dict[str, Any]]:
    return [good] * 11


def _many_filters(good: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**good, "repositoryFilters": good["repositoryFilters"] * 101}]


def _no_profile(good: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**good, "signingProfileArn": "arn:aws:s3:::conformance"}]


def _another_filter_type(good: dict[str, Any]) -> list[dict[str, Any]]:
    filters = [{**each, "filterType": "PREFIX_MATCH"} for each in good["repositoryFilters"]]
    return [{**good, "repositoryFilters": filters}]


_SPOILT = {
    "11-rules": _eleven_rules,
    "101-filters": _many_filters,
    "no-profile": _no_profile,
    "filter-type": _another_filter_type,
}


@pytest.mark.parametrize("spoilt", _SPOILT)
@rule(
    "registry.signing-limits",
    level=MUST,
    operations=["PutSigningConfiguration"],
    services=["ecr"],
    evidence=[
        documented("SigningConfiguration.rules", "Maximum of 10 rules."),
        documented("SigningRule.repositoryFilters", "Maximum of 100 filters per rule."),
        documented(
            "SigningRepositoryFilter.filterType",
            "Currently, only WILDCARD_MATCH is supported, which uses wildcard patterns to match "
            "repository names.",
        ),
        model("SigningProfileArn, SigningRepositoryFilterType", "a pattern, an enumeration"),
    ],
)
def test_a_configuration_beyond_a_limit_is_refused(
    registry: Registry, settings: None, spoilt: str
) -> None:
    """More than 10 rules or 100 filters, a foreign ARN or another filter type are refused."""
    good = _put(registry)
    codes = MALFORMED | invalid_codes(registry, "PutSigningConfiguration")
    bad = {"rules": _SPOILT[spoilt](good)}
    registry.refused("PutSigningConfiguration", codes, signingConfiguration=bad)


def _profiles(registry: Registry, repository: str) -> list[str | None]:
    """The profiles of the statuses of the image under ``latest``."""
    asked = {"repositoryName": repository, "imageId": {"imageTag": "latest"}}
    answer = registry.call("DescribeImageSigningStatus", **asked)
    found = answer.get("repositoryName")
    assert found == repository, f"DescribeImageSigningStatus of {repository} names {found}"
    return [text(each, "signingProfileArn") for each in objects(answer, "signingStatuses")]


@rule(
    "registry.signing-status-none",
    level=MUST,
    operations=["DescribeImageSigningStatus"],
    services=["ecr"],
    evidence=[
        _STATUS,
        documented("DescribeImageSigningStatus.repositoryName", "The name of the repository."),
    ],
)
def test_an_image_that_is_not_signed_has_no_status(
    registry: Registry, settings: None, repository: str, push_image: PushImage
) -> None:
    """DescribeImageSigningStatus has no status of an image pushed without a configuration."""
    _without_configuration(registry)
    push_image("latest")
    found = _profiles(registry, repository)
    assert found == [], f"without a signing configuration, there are statuses of {found}"


@rule(
    "registry.signing-status",
    level=MUST,
    operations=["DescribeImageSigningStatus"],
    services=["ecr"],
    evidence=[
        _STATUS,
        documented(
            "DescribeImageSigningStatus",
            "If the image matched signing rules that reference different signing profiles, a "
            "status is returned for each profile.",
        ),
        documented(
            "SigningRepositoryFilter.filter",
            "When using WILDCARD_MATCH, the * character matches any sequence of characters.",
        ),
    ],
)
@pytest.mark.parametrize("case", ["matching", "other"])
def test_an_image_has_a_status_of_its_profile(
    registry: Registry, settings: None, repository: str, push_image: PushImage, case: str
) -> None:
    """An image has a status of the profile of a rule that matches its repository, else none."""
    pattern = f"{repository}*" if case == "matching" else f"{repository}-other*"
    profile = _put(registry, pattern)["signingProfileArn"]
    push_image("latest")
    wanted = [profile] if case == "matching" else []

    def observe() -> None:
        found = _profiles(registry, repository)
        assert found == wanted, f"with the filter {pattern}, there are statuses of {found}"

    registry.eventually(observe)
