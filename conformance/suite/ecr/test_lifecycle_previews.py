"""Previews of lifecycle policies: begun, asked for and waited for."""

from __future__ import annotations

import pytest

from conformance.suite.answers import describe, refusal, success
from conformance.suite.boto_clients import BotoClient
from conformance.suite.evidence import documented, model
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry, create_repository
from conformance.suite.topics.image_answers import holds
from conformance.suite.topics.lifecycle_policies import (
    GET_PREVIEW,
    PREVIEW_NOT_FOUND,
    START_PREVIEW,
    confirm_policy,
    one_line,
    patterns,
    policy_rule,
    policy_text,
    put_policy,
    require_no_policy,
    same,
    shown,
)
from conformance.suite.topics.lifecycle_previews import (
    COMPLETE,
    IN_PROGRESS,
    applied,
    completed,
    preview,
    push_images,
    results,
    start_preview,
)
from conformance.suite.topics.lifecycle_twins import ANY
from conformance.suite.verdicts import MUST, SHOULD

_WAITING = "LifecyclePolicyPreviewInProgressException"
_EXAMPLE = (
    "https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/"
    "start-lifecycle-policy-preview.rst"
)
_WAITED_FOR = (IN_PROGRESS, COMPLETE, "FAILED")
"""What a waiter ends with, and what comes before that."""

_STATUS = documented(
    f"{START_PREVIEW}.status", "The status of the lifecycle policy preview request."
)
_GIVEN_OR_CURRENT = documented(
    f"{START_PREVIEW}.lifecyclePolicyText",
    "The policy to be evaluated against. If you do not specify a policy, the current policy for "
    "the repository is used.",
)


@rule(
    "lifecycle.preview-started",
    level=MUST,
    operations=[START_PREVIEW],
    services=["ecr"],
    evidence=[
        _STATUS,
        model("LifecyclePolicyPreviewStatus", "IN_PROGRESS, COMPLETE, EXPIRED, FAILED"),
        documented(f"{START_PREVIEW}.lifecyclePolicyText", "The JSON repository policy text."),
    ],
)
def test_a_preview_that_is_started_is_under_way(registry: Registry, repository: str) -> None:
    """Starting a preview answers with its policy, and that it is in progress or complete."""
    policy = policy_text(policy_rule())
    answer = registry.call(START_PREVIEW, repositoryName=repository, lifecyclePolicyText=policy)
    assert same(answer, policy), (
        f"a preview of {one_line(policy)} is answered with the policy {shown(answer)}"
    )
    status = answer.get("status")
    assert status in (IN_PROGRESS, COMPLETE), f"the status of a preview just started is {status!r}"


@rule(
    "lifecycle.preview-started-in-progress",
    level=SHOULD,
    operations=[START_PREVIEW],
    services=["ecr"],
    evidence=[
        documented("start-lifecycle-policy-preview", '"status": "IN_PROGRESS"', url=_EXAMPLE)
    ],
)
def test_a_preview_takes_its_time(registry: Registry, repository: str) -> None:
    """The answer to starting a preview says that it is in progress."""
    policy = policy_text(policy_rule())
    answer = registry.call(START_PREVIEW, repositoryName=repository, lifecyclePolicyText=policy)
    status = answer.get("status")
    assert status == IN_PROGRESS, f"the status of a preview just started is {status!r}"


@rule(
    "lifecycle.preview-missing-refused",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[
        documented(f"{GET_PREVIEW}.{PREVIEW_NOT_FOUND}", "There is no dry run for this repository.")
    ],
)
def test_a_preview_that_was_never_started_is_refused(registry: Registry, repository: str) -> None:
    """Getting a preview where none was started is LifecyclePolicyPreviewNotFoundException."""
    twin = create_repository(registry, "/twin")
    start_preview(registry, twin, policy_rule())
    registry.given(GET_PREVIEW, repositoryName=twin)
    put_policy(registry, repository)
    registry.refused(GET_PREVIEW, PREVIEW_NOT_FOUND, repositoryName=repository)


@rule(
    "lifecycle.preview-under-way",
    level=MUST,
    operations=[START_PREVIEW],
    services=["ecr"],
    evidence=[
        documented(
            f"{START_PREVIEW}.{_WAITING}",
            "The previous lifecycle policy preview request has not completed. Wait and try again.",
        )
    ],
)
def test_another_preview_is_started_or_has_to_wait(registry: Registry, repository: str) -> None:
    """Starting a preview again is accepted, or LifecyclePolicyPreviewInProgressException."""
    start_preview(registry, repository, policy_rule())
    request = {"repositoryName": repository, "lifecyclePolicyText": policy_text(policy_rule())}
    response = registry.send(START_PREVIEW, request)
    error, answer = refusal(response), success(response)
    waits = error is not None and error.code == _WAITING
    taken = answer is not None and answer.get("status") in (IN_PROGRESS, COMPLETE)
    assert waits or taken, (
        f"{START_PREVIEW} a second time: expected a preview or refusal with {_WAITING}, got "
        f"{describe(response)}"
    )


@rule(
    "lifecycle.preview-again",
    level=MUST,
    operations=[START_PREVIEW],
    services=["ecr"],
    evidence=[
        documented(
            f"{START_PREVIEW}.{_WAITING}",
            "The previous lifecycle policy preview request has not completed. Wait and try again.",
        ),
        _GIVEN_OR_CURRENT,
    ],
)
def test_a_complete_preview_gives_way_to_another(registry: Registry) -> None:
    """A preview that is started when the one before is complete takes its place."""
    stock = push_images(registry, ["one"], ["two"])
    preview(registry, stock.repository, policy_rule(5, **ANY, countNumber=1))
    policy = policy_text(policy_rule(8, **ANY, countNumber=1))
    registry.call(START_PREVIEW, repositoryName=stock.repository, lifecyclePolicyText=policy)

    def observe() -> None:
        completed(registry, stock.repository)
        found = set(applied(results(registry, stock.repository)).values())
        assert found == {8}, (
            "the policy of the second preview has a rule of priority 8, the images are decided "
            f"about by {found or 'none'}"
        )

    registry.eventually(observe)


@rule(
    "lifecycle.preview-changes-nothing",
    level=MUST,
    operations=[START_PREVIEW],
    services=["ecr"],
    evidence=[
        documented(
            START_PREVIEW,
            "This allows you to see the results before associating the lifecycle policy with the "
            "repository.",
        )
    ],
)
def test_a_preview_changes_nothing(registry: Registry) -> None:
    """A preview deletes no image, and its policy does not become that of the repository."""
    stock = push_images(registry, ["one"], ["two"])
    policy = policy_text(policy_rule(**ANY, countNumber=1))
    registry.call(START_PREVIEW, repositoryName=stock.repository, lifecyclePolicyText=policy)
    registry.given(GET_PREVIEW, repositoryName=stock.repository)
    both = {ImageEntry(stock.digests[0], "one"), ImageEntry(stock.digests[1], "two")}
    holds(registry, stock.repository, both)
    require_no_policy(registry, stock.repository)


@pytest.mark.parametrize("policy", ["given", "current"])
@rule(
    "lifecycle.preview-of-policy",
    level=MUST,
    operations=[START_PREVIEW],
    services=["ecr"],
    evidence=[_GIVEN_OR_CURRENT],
)
def test_the_policy_given_goes_before_the_current_one(registry: Registry, policy: str) -> None:
    """A preview is of the policy that is given, or else of the one that the repository has."""
    stock = push_images(registry, ["one"], ["two"], [], [])
    current, another = policy_rule(5, countNumber=1), policy_rule(8, **patterns("*"), countNumber=1)
    rules = {"current": current, "given": another}
    confirm_policy(registry, stock.repository, put_policy(registry, stock.repository, current))
    preview(registry, stock.repository, *([another] if policy == "given" else []))
    found = set(applied(results(registry, stock.repository)).values())
    wanted = {rules[policy]["rulePriority"]}
    assert found == wanted, (
        f"the {policy} policy has a rule of priority {wanted}, the images of the preview are "
        f"decided about by {found or 'none'}"
    )


@rule(
    "lifecycle.waiter",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[
        model(
            "LifecyclePolicyPreviewComplete",
            "a waiter: a preview's status becomes COMPLETE within 20 attempts, 5 seconds apart",
        ),
        documented(f"{GET_PREVIEW}.status", "The status of the lifecycle policy preview request."),
    ],
)
def test_the_waiter_ends_when_the_preview_is_complete(
    registry: Registry, boto: BotoClient, repository: str
) -> None:
    """boto3's waiter lifecycle_policy_preview_complete ends well, and the preview is complete."""
    start_preview(registry, repository, policy_rule())
    status = registry.call(GET_PREVIEW, repositoryName=repository).get("status")
    assert status in _WAITED_FOR, f"{GET_PREVIEW}: the waiter waits for no status {status!r}"
    # As long as AWS's waiter waits, which asks less often.
    config = {"Delay": 0.5, "MaxAttempts": 200}
    asked = {"repositoryName": repository}
    boto.registry.eventually(
        lambda: boto.wait("LifecyclePolicyPreviewComplete", GET_PREVIEW, config, **asked)
    )
    status = registry.call(GET_PREVIEW, repositoryName=repository).get("status")
    assert status == COMPLETE, f"{GET_PREVIEW}: boto3 saw a complete preview, now it is {status!r}"
