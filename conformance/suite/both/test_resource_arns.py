"""The ARNs by which resource tags are put, listed and taken away: those of no repository here."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from conformance.suite.answers import describe
from conformance.suite.evidence import documented, observed, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.repository_answers import REPOSITORY_NOT_FOUND, require_gone
from conformance.suite.topics.resource_tags import pairs, tagged
from conformance.suite.twins import INVALID
from conformance.suite.verdicts import INFO, MUST, SHOULD

_ONE = {"team": "blue"}
_BY_ARN = ("TagResource", "UntagResource", "ListTagsForResource")
_MORE: dict[str, dict[str, object]] = {
    "TagResource": {"tags": pairs(_ONE)},
    "UntagResource": {"tagKeys": ["team"]},
    "ListTagsForResource": {},
}

_MISSING = ("never-made", "deleted")


@pytest.mark.parametrize("kind", _MISSING)
@pytest.mark.parametrize("operation", _BY_ARN)
@rule(
    "resource-tags.missing-repository-refused",
    level=MUST,
    operations=_BY_ARN,
    evidence=[
        documented(
            "TagResource.RepositoryNotFoundException",
            "The specified repository could not be found.",
            public="The specified repository can't be found.",
        )
    ],
)
def test_the_arn_of_a_missing_repository_is_refused(
    registry: Registry, operation: str, kind: str
) -> None:
    """The ARN of a repository that does not exist is refused with RepositoryNotFoundException."""
    arn = tagged(registry, _ONE)
    registry.given(operation, resourceArn=arn, **_MORE[operation])
    if kind == "deleted":
        _delete(registry)
    missing = arn if kind == "deleted" else f"{arn}-missing"
    registry.eventually(
        lambda: registry.refused(
            operation, REPOSITORY_NOT_FOUND, resourceArn=missing, **_MORE[operation]
        )
    )


def _delete(registry: Registry) -> None:
    """Delete the scenario's repository; ``Untestable`` where it stays."""
    registry.given("DeleteRepository", repositoryName=registry.name_prefix)
    try:
        require_gone(registry, registry.name_prefix)
    except AssertionError as error:
        raise Untestable("DeleteRepository", str(error)) from None


@pytest.mark.parametrize("operation", _BY_ARN)
@rule(
    "resource-tags.no-arn-invalid",
    level=SHOULD,
    operations=_BY_ARN,
    evidence=[
        documented(
            "TagResource.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
        observed(
            "ListTagsForResource",
            "InvalidParameterException: The ARN provided is invalid.",
            "https://github.com/boto/boto3/issues/2774",
        ),
    ],
)
def test_a_text_that_is_no_arn_is_invalid(registry: Registry, operation: str) -> None:
    """A resourceArn that is no ARN, but the repository's name, is an invalid parameter."""
    arn = tagged(registry, _ONE)
    registry.given(operation, resourceArn=arn, **_MORE[operation])
    name = registry.name_prefix
    registry.refused(operation, INVALID, resourceArn=name, **_MORE[operation])


_STRANGERS = ("111122223333", "444455556666")
"""Accounts that AWS's documentation uses as examples; a recording leaves them as they are."""


def _stranger(account: re.Match[str]) -> str:
    return next(each for each in _STRANGERS if each != account[0])


_FOREIGN: dict[str, tuple[str, Callable[[re.Match[str]], str]]] = {
    "account": (r"(?<=:)\d{12}(?=:)", _stranger),
    "service": (":ecr(-public)?:", lambda _: ":ecs:"),
    "kind": (":repository/", lambda _: ":cluster/"),
    "name": (".*:repository/", lambda _: ""),
}
"""How to make an ARN one of another account, service or kind of resource, or a name alone."""


@pytest.mark.parametrize("foreign", _FOREIGN)
@pytest.mark.parametrize("operation", _BY_ARN)
@rule(
    "resource-tags.foreign-arn-refused",
    level=MUST,
    operations=_BY_ARN,
    evidence=[
        documented(
            "TagResource.resourceArn",
            "Currently, the only supported resource is an Amazon ECR repository.",
            public="Currently, the supported resource is an Amazon ECR Public repository.",
        ),
        documented(
            "TagResource.RepositoryNotFoundException",
            "Check the spelling of the specified repository and ensure that you are performing "
            "operations on the correct registry.",
            public="Check the spelling of the specified repository and ensure that you're "
            "performing operations on the correct registry.",
        ),
    ],
)
def test_the_arn_of_something_else_is_refused(
    registry: Registry, operation: str, foreign: str
) -> None:
    """An ARN of another account, service or kind of resource, or a name alone, is refused.

    Which of the three errors comes is not public.
    """
    arn = tagged(registry, _ONE)
    registry.given(operation, resourceArn=arn, **_MORE[operation])
    other = re.sub(*_FOREIGN[foreign], arn, count=1)
    if other == arn:
        raise Untestable("CreateRepository", f"in the ARN {arn!r} there is no {foreign} to change")
    codes = {INVALID, REPOSITORY_NOT_FOUND, "AccessDeniedException"}
    registry.refused(operation, codes, resourceArn=other, **_MORE[operation])


@rule(
    "resource-tags.another-region",
    level=INFO,
    operations=["ListTagsForResource"],
    services=["ecr"],
    evidence=[
        unverified("ListTagsForResource", "What comes for an ARN of another region than asked?")
    ],
)
def test_what_comes_for_an_arn_of_another_region(registry: Registry, observe: list[str]) -> None:
    """An ARN of the repository's name in another region is refused, or its region ignored."""
    arn = tagged(registry, _ONE)
    other = re.sub(":ecr:[^:]*:", ":ecr:eu-west-3:", arn)
    response = registry.send("ListTagsForResource", {"resourceArn": other})
    observe.append(describe(response))
