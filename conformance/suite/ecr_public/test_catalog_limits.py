"""The limits of catalog data: one element at the limit, and one beyond it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from conformance.suite.answers import success
from conformance.suite.evidence import documented, model
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.catalog_data import (
    CATALOG_DATA,
    catalog_data,
    keep_data,
    logo,
    require_data,
    require_kept,
)
from conformance.suite.twins import INVALID
from conformance.suite.verdicts import MUST

_ONLY = ["ecr-public"]
_ABOUT = ["PutRepositoryCatalogData", "CreateRepository"]
_LIMITS = model(
    "RepositoryCatalogDataInput",
    "description: 1,024 characters at most; aboutText and usageText: 25,600; architectures and "
    "operatingSystems: 50 at most, each of 1 to 50 characters; logoImageBlob: 512,000 bytes",
)
_REFUSED = documented(
    "PutRepositoryCatalogData.InvalidParameterException",
    "The specified parameter is invalid. Review the available parameters for the API request.",
)
_TOO_MANY_BYTES = 512_003
"""Three more than the limit, so that the base64 text is longer, too."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A member of catalog data with a value just within its limit, and one just beyond it."""

    label: str
    member: str
    within: Any
    beyond: Any


def _names(count: int) -> list[str]:
    return [f"name {number}" for number in range(count)]


_TEXTS = {"description": 1024, "aboutText": 25_600, "usageText": 25_600}
_LISTS = ("architectures", "operatingSystems")
LIMITS = (
    *(Limit(member, member, "x" * most, "x" * (most + 1)) for member, most in _TEXTS.items()),
    *(Limit(f"{member}-count", member, _names(50), _names(51)) for member in _LISTS),
    *(Limit(f"{member}-length", member, ["x" * 50], ["x" * 51]) for member in _LISTS),
    *(Limit(f"{member}-empty", member, ["x"], [""]) for member in _LISTS),
)


def _request(operation: str, repository: str, data: dict[str, Any]) -> dict[str, Any]:
    """The parameters that set catalog data; ``CreateRepository`` is told of a new repository."""
    new = "-new" if operation == "CreateRepository" else ""
    return {"repositoryName": repository + new, "catalogData": data}


@pytest.mark.parametrize("limit", LIMITS)
@rule(
    "catalog.within-limits",
    level=MUST,
    operations=["PutRepositoryCatalogData"],
    services=_ONLY,
    evidence=[_LIMITS],
)
def test_data_at_its_limit_is_kept(registry: Registry, repository: str, limit: Limit) -> None:
    """Catalog data whose texts and lists are as long as they can be is kept in full."""
    keep_data(registry, create_repository(registry, "/control"), CATALOG_DATA)
    data = {limit.member: limit.within}
    registry.call("PutRepositoryCatalogData", repositoryName=repository, catalogData=data)
    require_kept(registry, repository, data)


@pytest.mark.parametrize("operation", _ABOUT)
@pytest.mark.parametrize("limit", LIMITS)
@rule(
    "catalog.beyond-limits",
    level=MUST,
    operations=_ABOUT,
    services=_ONLY,
    evidence=[_LIMITS, _REFUSED],
)
def test_data_beyond_its_limit_is_refused(
    registry: Registry, repository: str, limit: Limit, operation: str
) -> None:
    """Catalog data with a text or list beyond its limit is refused as an invalid parameter."""
    within, beyond = {limit.member: limit.within}, {limit.member: limit.beyond}
    registry.given(operation, **_request(operation, repository, within))
    other = create_repository(registry, "-other")
    registry.refused(operation, INVALID, **_request(operation, other, beyond))


@rule(
    "catalog.logo-beyond-limit",
    level=MUST,
    operations=["PutRepositoryCatalogData"],
    services=_ONLY,
    evidence=[_LIMITS, _REFUSED],
)
def test_a_logo_beyond_its_limit_is_refused(registry: Registry, repository: str) -> None:
    """A logo of more than 512,000 bytes is refused as an invalid parameter."""
    good, large = (logo(registry.content_seed, size) for size in (0, _TOO_MANY_BYTES))
    request = _request("PutRepositoryCatalogData", repository, {"logoImageBlob": good})
    registry.given("PutRepositoryCatalogData", **request)
    registry.refused(
        "PutRepositoryCatalogData", INVALID, **{**request, "catalogData": {"logoImageBlob": large}}
    )


@rule(
    "catalog.refused-keeps-old",
    level=MUST,
    operations=["PutRepositoryCatalogData"],
    services=_ONLY,
    evidence=[_REFUSED, _LIMITS],
)
def test_refused_data_changes_nothing(registry: Registry, repository: str) -> None:
    """Catalog data that is refused for one member leaves every member as it was."""
    keep_data(registry, repository, CATALOG_DATA)
    bad = {"description": "another", "architectures": ["x" * 51]}
    response = registry.send(
        "PutRepositoryCatalogData", _request("PutRepositoryCatalogData", repository, bad)
    )
    if success(response) is not None:
        raise Untestable("PutRepositoryCatalogData", "a name of 51 characters was not refused")
    registry.eventually(
        lambda: require_data(catalog_data(registry, repository), CATALOG_DATA, "after the refusal")
    )
