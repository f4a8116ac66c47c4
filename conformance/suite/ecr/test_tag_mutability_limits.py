"""Exclusion filters that are refused: too many, too long, of no form, or beside the wrong mode."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import describe
from conformance.suite.evidence import documented, model, observed, unverified
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.mutability import EXCLUDING, filters, setting
from conformance.suite.twins import MALFORMED
from conformance.suite.verdicts import INFO, MUST, SHOULD

_OPERATIONS = ("CreateRepository", "PutImageTagMutability")
_MODE = "IMMUTABLE_WITH_EXCLUSION"
_INVALID = documented(
    "PutImageTagMutability.InvalidParameterException",
    "The specified parameter is invalid. Review the available parameters for the API request.",
)
_TERRAFORM = observed(
    "ImageTagMutabilityExclusionFilter",
    "Add validation for exclusion filters (max 5 filters, max 128 chars, max 2 wildcards)",
    "https://github.com/hashicorp/terraform-provider-aws/pull/43642",
)
_FIVE = tuple(f"tag-{number}-*" for number in range(5))
_ACCEPTED: dict[str, dict[str, Any]] = {
    "five": setting(_MODE, *_FIVE),
    "longest": setting(_MODE, "x" * 128),
    "every-character": setting(_MODE, "Az09._-*"),
}
_REFUSED: dict[str, dict[str, Any]] = {
    "six": setting(_MODE, *_FIVE, "latest"),
    "none": {"imageTagMutability": _MODE, "imageTagMutabilityExclusionFilters": []},
    "empty": setting(_MODE, ""),
    "too-long": setting(_MODE, "x" * 129),
    "question-mark": setting(_MODE, "dev-?"),
    "slash": setting(_MODE, "dev/*"),
    "filter-type": {
        "imageTagMutability": _MODE,
        "imageTagMutabilityExclusionFilters": [{"filterType": "PREFIX", "filter": "dev"}],
    },
}


def _request(registry: Registry, operation: str, suffix: str = "") -> dict[str, str]:
    """The name to ask with: of a new repository, or of one that is made first."""
    if operation == "CreateRepository":
        return {"repositoryName": f"{registry.name_prefix}{suffix}"}
    return {"repositoryName": create_repository(registry, suffix)}


def _refused(registry: Registry, operation: str, wanted: dict[str, Any]) -> None:
    """Require that a setting is refused, after a valid one was accepted."""
    twin = _request(registry, operation, "/valid")
    registry.given(operation, **twin, **setting(_MODE, "latest"))
    request = _request(registry, operation, "/invalid")
    registry.refused(operation, MALFORMED, **request, **wanted)


@pytest.mark.parametrize("kind", _ACCEPTED)
@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "repositories.exclusions-accepted",
    level=MUST,
    operations=_OPERATIONS,
    services=["ecr"],
    evidence=[
        model("ImageTagMutabilityExclusionFilters", "min 1, max 5"),
        model("ImageTagMutabilityExclusionFilterValue", "pattern ^[0-9a-zA-Z._*-]{1,128}$"),
    ],
)
def test_as_many_and_as_long_filters_as_allowed(
    registry: Registry, operation: str, kind: str
) -> None:
    """Five exclusion filters are taken, and one of 128 characters or of every allowed sign."""
    registry.call(operation, **_request(registry, operation), **_ACCEPTED[kind])


@pytest.mark.parametrize("kind", _REFUSED)
@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "repositories.invalid-exclusions-refused",
    level=MUST,
    operations=_OPERATIONS,
    services=["ecr"],
    evidence=[
        model("ImageTagMutabilityExclusionFilters", "min 1, max 5"),
        model("ImageTagMutabilityExclusionFilterValue", "pattern ^[0-9a-zA-Z._*-]{1,128}$"),
        model("ImageTagMutabilityExclusionFilterType", "WILDCARD alone"),
        _INVALID,
    ],
)
def test_invalid_exclusion_filters_are_refused(
    registry: Registry, operation: str, kind: str
) -> None:
    """Exclusion filters that are too many, none, too long or of no known form are invalid."""
    _refused(registry, operation, _REFUSED[kind])


@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "repositories.two-wildcards-accepted",
    level=SHOULD,
    operations=_OPERATIONS,
    services=["ecr"],
    evidence=[_TERRAFORM],
)
def test_two_wildcards_are_accepted(registry: Registry, operation: str) -> None:
    """An exclusion filter with two wildcards is taken."""
    registry.call(operation, **_request(registry, operation), **setting(_MODE, "*-dev-*"))


@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "repositories.three-wildcards-refused",
    level=SHOULD,
    operations=_OPERATIONS,
    services=["ecr"],
    evidence=[_TERRAFORM],
)
def test_three_wildcards_are_refused(registry: Registry, operation: str) -> None:
    """An exclusion filter with three wildcards is invalid."""
    _refused(registry, operation, setting(_MODE, "*-dev-*-*"))


@pytest.mark.parametrize("mode", EXCLUDING)
@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "repositories.exclusion-without-filters-refused",
    level=SHOULD,
    operations=_OPERATIONS,
    services=["ecr"],
    evidence=[
        observed(
            "CreateRepository",
            "Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy "
            "constraint: 'ImageTagMutabilityExclusionFilters can't be null when imageTagMutability "
            "is set as IMMUTABLE_WITH_EXCLUSION'",
            "https://github.com/aws/aws-cdk/pull/35246",
        )
    ],
)
def test_an_exclusion_without_filters_is_refused(
    registry: Registry, operation: str, mode: str
) -> None:
    """A mode with exclusion, but without filters, is invalid."""
    _refused(registry, operation, {"imageTagMutability": mode})


@pytest.mark.parametrize("mode", ["MUTABLE", "IMMUTABLE"])
@pytest.mark.parametrize("operation", _OPERATIONS)
@rule(
    "repositories.filters-without-exclusion",
    level=INFO,
    operations=_OPERATIONS,
    services=["ecr"],
    evidence=[
        unverified(
            "PutImageTagMutability.imageTagMutabilityExclusionFilters",
            "What comes for filters beside a mode without exclusion?",
        )
    ],
)
def test_what_comes_for_filters_without_an_exclusion(
    registry: Registry, observe: list[str], operation: str, mode: str
) -> None:
    """Exclusion filters beside MUTABLE or IMMUTABLE are refused, ignored or kept."""
    wanted = {"imageTagMutability": mode, "imageTagMutabilityExclusionFilters": filters("latest")}
    response = registry.send(operation, {**_request(registry, operation), **wanted})
    observe.append(f"{operation} {mode}: {describe(response)}")
