"""Pull time update exclusions: who may pull an image without its pull time being recorded.

The principals here are roles that do not exist. That AWS takes those is not documented, so where
registering one is refused, nothing else is held against the target.
"""

from __future__ import annotations

import pytest

from conformance.suite.answers import text
from conformance.suite.evidence import documented
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import pages
from conformance.suite.verdicts import MUST

_ADDED = documented(
    "RegisterPullTimeUpdateExclusion.principalArn",
    "The ARN of the IAM principal that was added to the pull time update exclusion list.",
)
_REMOVED = documented(
    "DeregisterPullTimeUpdateExclusion.principalArn",
    "The ARN of the IAM principal that was removed from the pull time update exclusion list.",
)
_NOT_FOUND = documented(
    "DeregisterPullTimeUpdateExclusion.ExclusionNotFoundException",
    "The specified pull time update exclusion was not found.",
)
_LIST = "ListPullTimeUpdateExclusions"


def _principal(registry: Registry, name: str = "puller") -> str:
    owner = owner_of(registry)
    return owner.arn("iam", f"role/{registry.name_prefix}-{name}", regional=False)


def _register(registry: Registry) -> str:
    """Register a principal; gives its ARN."""
    principal = _principal(registry)
    registry.given("RegisterPullTimeUpdateExclusion", principalArn=principal)
    return principal


def _is_listed(registry: Registry, principal: str) -> bool:
    found: list[object] = []
    for page in pages(registry, _LIST):
        listed = page.get("pullTimeUpdateExclusions")
        found += listed if isinstance(listed, list) else []
    return principal in found


@rule(
    "registry.exclusion-register-answers",
    level=MUST,
    operations=["RegisterPullTimeUpdateExclusion"],
    services=["ecr"],
    evidence=[
        _ADDED,
        documented(
            "RegisterPullTimeUpdateExclusion.createdAt",
            "The date and time, expressed in standard JavaScript date format, when the exclusion "
            "was created.",
        ),
    ],
)
def test_register_answers_with_the_principal(registry: Registry) -> None:
    """RegisterPullTimeUpdateExclusion answers with the principal and when it was registered."""
    principal = _principal(registry)
    answer = registry.given("RegisterPullTimeUpdateExclusion", principalArn=principal)
    found = text(answer, "principalArn")
    assert found == principal, f"{principal} was registered, the answer has {found}"
    when = answer.get("createdAt")
    assert isinstance(when, (int, float)), f"the createdAt of a new exclusion is {when!r}"


@rule(
    "registry.exclusion-listed",
    level=MUST,
    operations=[_LIST],
    services=["ecr"],
    evidence=[
        documented(
            _LIST,
            "Lists the IAM principals that are excluded from having their image pull times "
            "recorded.",
        )
    ],
)
def test_a_registered_principal_is_listed(registry: Registry) -> None:
    """ListPullTimeUpdateExclusions has a principal that was registered."""
    principal = _register(registry)

    def observe() -> None:
        assert _is_listed(registry, principal), f"{_LIST}: the new principal is missing"

    registry.eventually(observe)


@rule(
    "registry.exclusion-duplicate-refused",
    level=MUST,
    operations=["RegisterPullTimeUpdateExclusion"],
    services=["ecr"],
    evidence=[
        documented(
            "RegisterPullTimeUpdateExclusion.ExclusionAlreadyExistsException",
            "The specified pull time update exclusion already exists for the registry.",
        )
    ],
)
def test_registering_a_principal_again_is_refused(registry: Registry) -> None:
    """Registering a principal twice is ExclusionAlreadyExistsException."""
    principal = _register(registry)
    registry.refused(
        "RegisterPullTimeUpdateExclusion", "ExclusionAlreadyExistsException", principalArn=principal
    )


@rule(
    "registry.exclusion-deregistered",
    level=MUST,
    operations=["DeregisterPullTimeUpdateExclusion"],
    services=["ecr"],
    evidence=[
        _REMOVED,
        documented(
            "DeregisterPullTimeUpdateExclusion",
            "Removes a principal from the pull time update exclusion list for a registry.",
        ),
    ],
)
def test_a_deregistered_principal_is_not_listed(registry: Registry) -> None:
    """DeregisterPullTimeUpdateExclusion answers with the principal, which is listed no more."""
    principal = _register(registry)
    answer = registry.call("DeregisterPullTimeUpdateExclusion", principalArn=principal)
    found = text(answer, "principalArn")
    assert found == principal, f"{principal} was deregistered, the answer has {found}"

    def observe() -> None:
        assert not _is_listed(registry, principal), "the deregistered principal is still listed"

    registry.eventually(observe)


@pytest.mark.parametrize("case", ["never", "no-more"])
@rule(
    "registry.exclusion-unknown-refused",
    level=MUST,
    operations=["DeregisterPullTimeUpdateExclusion"],
    services=["ecr"],
    evidence=[_NOT_FOUND],
)
def test_deregistering_what_is_not_registered_is_refused(registry: Registry, case: str) -> None:
    """Deregistering a principal never registered, or no more, is ExclusionNotFoundException."""
    principal = _register(registry)
    registry.given("DeregisterPullTimeUpdateExclusion", principalArn=principal)
    asked = principal.replace("-puller", "-other") if case == "never" else principal
    registry.refused(
        "DeregisterPullTimeUpdateExclusion", "ExclusionNotFoundException", principalArn=asked
    )
