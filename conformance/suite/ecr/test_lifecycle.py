"""Lifecycle policies: put, got, replaced and deleted."""

from __future__ import annotations

import pytest

from conformance.suite.clock import clock
from conformance.suite.evidence import documented, recorded
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.lifecycle_policies import (
    DELETE,
    GET,
    GET_PREVIEW,
    NOT_FOUND,
    PUT,
    START_PREVIEW,
    confirm_policy,
    keep_policy,
    one_line,
    policy_rule,
    policy_text,
    pushed,
    put_policy,
    require_no_policy,
    require_policy,
    same,
    shown,
)
from conformance.suite.topics.repository_answers import exists, made
from conformance.suite.verdicts import MUST, SHOULD

_PLACEBO = "https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo"
_PUTS = documented(PUT, "Creates or updates the lifecycle policy for the specified repository.")
_GOT = documented(f"{GET}.lifecyclePolicyText", "The JSON lifecycle policy text.")
_NONE = documented(
    f"{GET}.{NOT_FOUND}",
    "The lifecycle policy could not be found, and no policy is set to the repository.",
)
_EVALUATED = documented(
    f"{GET}.lastEvaluatedAt", "The time stamp of the last time that the lifecycle policy was run."
)
_NEVER_RUN = recorded(
    GET,
    "the answer has a lastEvaluatedAt, which is 0 for a policy that was never run",
    f"{_PLACEBO}/test_ecr_lifecycle_delete",
)


@rule(
    "lifecycle.put-answers-policy",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[documented(f"{PUT}.lifecyclePolicyText", "The JSON repository policy text.")],
)
def test_put_lifecycle_policy_answers_with_the_policy(registry: Registry, repository: str) -> None:
    """PutLifecyclePolicy answers with the policy that it put, as JSON of the same meaning."""
    policy = policy_text(policy_rule())
    answer = registry.call(PUT, repositoryName=repository, lifecyclePolicyText=policy)
    assert same(answer, policy), f"the policy {one_line(policy)} is answered as {shown(answer)}"
    confirm_policy(registry, repository, policy)


@rule(
    "lifecycle.get-returns-policy",
    level=MUST,
    operations=[GET],
    services=["ecr"],
    evidence=[_GOT],
)
def test_the_lifecycle_policy_that_was_put_is_got(registry: Registry, repository: str) -> None:
    """GetLifecyclePolicy answers with the policy that was put, as JSON of the same meaning."""
    policy = put_policy(registry, repository)

    def got() -> None:
        answer = registry.call(GET, repositoryName=repository)
        assert same(answer, policy), f"the policy {one_line(policy)} is got as {shown(answer)}"

    registry.eventually(got)


@rule(
    "lifecycle.replaced",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[_PUTS, _GOT],
)
def test_a_lifecycle_policy_replaces_the_one_before(registry: Registry, repository: str) -> None:
    """A lifecycle policy that is put replaces all rules of the one before."""
    keep_policy(registry, repository)
    policy = policy_text(policy_rule(2, tagStatus="any", **pushed(14)))
    registry.call(PUT, repositoryName=repository, lifecyclePolicyText=policy)
    registry.eventually(lambda: require_policy(registry, repository, policy))


@rule(
    "lifecycle.of-one-repository",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[_PUTS],
)
def test_a_lifecycle_policy_belongs_to_one_repository(registry: Registry, repository: str) -> None:
    """A lifecycle policy that is put for one repository leaves that of another as it was."""
    policy = keep_policy(registry, repository)
    other = create_repository(registry, "/other")
    another = policy_text(policy_rule(**pushed(14)))
    registry.call(PUT, repositoryName=other, lifecyclePolicyText=another)
    registry.eventually(lambda: require_policy(registry, repository, policy))


@rule(
    "lifecycle.delete-answers-policy",
    level=MUST,
    operations=[DELETE],
    services=["ecr"],
    evidence=[documented(f"{DELETE}.lifecyclePolicyText", "The JSON lifecycle policy text.")],
)
def test_delete_lifecycle_policy_answers_with_the_policy(
    registry: Registry, repository: str
) -> None:
    """DeleteLifecyclePolicy answers with the policy that it deleted."""
    policy = keep_policy(registry, repository)
    answer = registry.call(DELETE, repositoryName=repository)
    assert same(answer, policy), (
        f"the policy {one_line(policy)} was deleted, the answer has {shown(answer)}"
    )


@rule(
    "lifecycle.deleted-gone",
    level=MUST,
    operations=[DELETE],
    services=["ecr"],
    evidence=[
        documented(
            DELETE, "Deletes the lifecycle policy associated with the specified repository."
        ),
        _NONE,
    ],
)
def test_a_deleted_lifecycle_policy_is_gone(registry: Registry, repository: str) -> None:
    """A deleted lifecycle policy cannot be got any more."""
    keep_policy(registry, repository)
    registry.call(DELETE, repositoryName=repository)
    registry.eventually(lambda: require_no_policy(registry, repository))


@rule(
    "lifecycle.gone-with-repository",
    level=MUST,
    operations=["DeleteRepository"],
    services=["ecr"],
    evidence=[documented("DeleteRepository", "Deletes a repository."), _NONE],
)
def test_a_repository_made_again_has_no_lifecycle_policy(
    registry: Registry, repository: str
) -> None:
    """A repository that was deleted and made again has no lifecycle policy."""
    keep_policy(registry, repository)
    registry.call("DeleteRepository", repositoryName=repository)

    _wait_until_gone(registry, repository)
    create_repository(registry)
    registry.eventually(lambda: require_no_policy(registry, repository))


def _wait_until_gone(registry: Registry, repository: str) -> None:
    """Give up, ``Untestable``, where it stays, because other rules are about that."""

    def observe() -> None:
        assert not exists(registry, repository), "the repository was deleted, but is described"

    registry.settle("DeleteRepository", observe)


_NEED_A_POLICY = (GET, DELETE, START_PREVIEW)


@pytest.mark.parametrize("operation", _NEED_A_POLICY)
@rule(
    "lifecycle.missing-refused",
    level=MUST,
    operations=_NEED_A_POLICY,
    services=["ecr"],
    evidence=[
        _NONE,
        recorded(
            GET,
            "a repository without a policy gives LifecyclePolicyNotFoundException",
            f"{_PLACEBO}/test_ecr_lifecycle_delete",
        ),
    ],
)
def test_a_missing_lifecycle_policy_is_refused(
    registry: Registry, repository: str, operation: str
) -> None:
    """Getting, deleting or previewing a missing policy is LifecyclePolicyNotFoundException."""
    twin = create_repository(registry, "/twin")
    keep_policy(registry, twin)
    registry.given(operation, repositoryName=twin)
    registry.refused(operation, NOT_FOUND, repositoryName=repository)


_ANSWERING = (PUT, GET, DELETE, START_PREVIEW, GET_PREVIEW)


@pytest.mark.parametrize("operation", _ANSWERING)
@rule(
    "lifecycle.answers-name-repository",
    level=MUST,
    operations=_ANSWERING,
    services=["ecr"],
    evidence=[
        documented(
            f"{GET_PREVIEW}.repositoryName", "The repository name associated with the request."
        ),
        documented(f"{GET_PREVIEW}.registryId", "The registry ID associated with the request."),
    ],
)
def test_answers_about_lifecycle_policies_name_the_repository(
    registry: Registry, operation: str
) -> None:
    """Answers about a lifecycle policy have the repository's name and the id of its registry."""
    name = registry.name_prefix
    wanted = name, made(registry, name).get("registryId")
    policy = keep_policy(registry, name)
    if operation == GET_PREVIEW:
        registry.given(START_PREVIEW, repositoryName=name)
    more = {"lifecyclePolicyText": policy} if operation == PUT else {}
    answer = registry.call(operation, repositoryName=name, **more)
    found = answer.get("repositoryName"), answer.get("registryId")
    assert found == wanted, f"{operation}: the answer names {found}, the repository is {wanted}"


_TIMED = (GET, DELETE)
_AHEAD = 600.0
"""Seconds that clocks may be apart."""


@pytest.mark.parametrize("operation", _TIMED)
@rule(
    "lifecycle.last-evaluated-told",
    level=MUST,
    operations=_TIMED,
    services=["ecr"],
    evidence=[
        _EVALUATED,
        _NEVER_RUN,
        documented(
            "delete-lifecycle-policy",
            '"lastEvaluatedAt": 0.0',
            url="https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/"
            "delete-lifecycle-policy.rst",
        ),
    ],
)
def test_when_a_policy_was_last_run_is_told(
    registry: Registry, repository: str, operation: str
) -> None:
    """Getting or deleting a lifecycle policy tells when it was last run, which is in no future."""
    keep_policy(registry, repository)
    answer = registry.call(operation, repositoryName=repository)
    found = answer.get("lastEvaluatedAt")
    a_number = isinstance(found, (int, float)) and not isinstance(found, bool)
    assert a_number, f"{operation}: lastEvaluatedAt is {found!r}, no time in seconds"
    ahead = float(found or 0) - clock(registry)
    assert ahead <= _AHEAD, (
        f"{operation}: lastEvaluatedAt is {ahead / 60:.0f} minutes in the future"
    )


@rule(
    "lifecycle.never-run-is-zero",
    level=SHOULD,
    operations=[GET],
    services=["ecr"],
    evidence=[_NEVER_RUN],
)
def test_a_new_policy_was_never_run(registry: Registry, repository: str) -> None:
    """The lastEvaluatedAt of a policy that was put just now is 0."""
    keep_policy(registry, repository)
    found = registry.call(GET, repositoryName=repository).get("lastEvaluatedAt")
    assert found == 0, f"lastEvaluatedAt of a new policy is {_kind(found)}, not 0"


def _kind(found: object) -> str:
    return "a time" if isinstance(found, (int, float)) else repr(found)
