"""boto3's waiters where what they wait for is under way, or never comes.

That they end when a scan or a preview is complete, ``scanning.waiter`` and ``lifecycle.waiter``
say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from conformance.suite.answers import describe, refusal, structure
from conformance.suite.artifacts import docker_image
from conformance.suite.boto_clients import BotoClient
from conformance.suite.evidence import documented, model
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository, push_with_layers
from conformance.suite.topics.image_answers import settled_image
from conformance.suite.topics.lifecycle_policies import GET_PREVIEW, START_PREVIEW, policy_rule
from conformance.suite.topics.lifecycle_previews import start_preview
from conformance.suite.topics.scanning import given_scan, require_manual
from conformance.suite.verdicts import MUST

_FINDINGS = "DescribeImageScanFindings"
_ONCE = {"Delay": 0, "MaxAttempts": 1}
_TIME_IS_UP = "Max attempts exceeded"
_WAITERS = documented(
    "Waiters",
    "to poll the status of an AWS resource and suspend execution until the AWS resource reaches "
    "the state that the waiter is polling for or a failure occurs while polling.",
    url="https://docs.aws.amazon.com/boto3/latest/guide/clients.html",
)
_MODEL = model(
    "waiters-2.json",
    "ImageScanComplete and LifecyclePolicyPreviewComplete: COMPLETE is success, FAILED is failure, "
    "with any other status they ask again",
)

Parameters = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Waiter:
    """A waiter, which asks by ``operation`` for what ``starts`` starts.

    ``start`` makes something to wait for and gives the parameters of the question, ``neglect`` asks
    for something that was never started, which is refused with ``code``. ``status`` reads the state
    of an answer; ``waits`` are those that something under way has, ``ends`` those that it may have
    come to beside ``COMPLETE``.
    """

    name: str
    operation: str
    starts: str
    start: Callable[[Registry], Parameters]
    neglect: Callable[[Registry], Parameters]
    code: str
    status: Callable[[Mapping[str, Any]], Any]
    waits: frozenset[str]
    ends: frozenset[str]

    @property
    def label(self) -> str:
        """What the check is called."""
        return self.name


def _image(registry: Registry) -> Parameters:
    repository, manifest = create_repository(registry), docker_image(registry.content_seed)
    push_with_layers(registry, repository, manifest, "latest")
    settled_image(registry, repository, "latest")
    return {"repositoryName": repository, "imageId": {"imageTag": "latest"}}


def _scanned(registry: Registry) -> Parameters:
    asked = _image(registry)
    require_manual(registry, asked["repositoryName"])
    given_scan(registry, repository=asked["repositoryName"], image_id=asked["imageId"])
    return asked


def _another_image(registry: Registry) -> Parameters:
    return {**_image(registry), "imageId": {"imageTag": "another"}}


def _scan_status(answer: Mapping[str, Any]) -> Any:
    return structure(answer, "imageScanStatus").get("status")


def _previewed(registry: Registry) -> Parameters:
    repository = create_repository(registry)
    start_preview(registry, repository, policy_rule())
    return {"repositoryName": repository}


def _not_previewed(registry: Registry) -> Parameters:
    return {"repositoryName": create_repository(registry)}


def _preview_status(answer: Mapping[str, Any]) -> Any:
    return answer.get("status")


_ALL = (
    _Waiter(
        "ImageScanComplete", _FINDINGS, "StartImageScan", _scanned, _another_image,
        "ImageNotFoundException", _scan_status, frozenset({"IN_PROGRESS", "PENDING"}),
        frozenset({"FAILED", "UNSUPPORTED_IMAGE", "FINDINGS_UNAVAILABLE", "IMAGE_SIZE_EXCEEDED"}),
    ),
    _Waiter(
        "LifecyclePolicyPreviewComplete", GET_PREVIEW, START_PREVIEW, _previewed, _not_previewed,
        "LifecyclePolicyPreviewNotFoundException", _preview_status, frozenset({"IN_PROGRESS"}),
        frozenset({"FAILED", "EXPIRED"}),
    ),
)  # fmt: skip
_OPERATIONS = [each.operation for each in _ALL]


@pytest.mark.parametrize("waiter", _ALL)
@rule(
    "client.waiter-time-out",
    level=MUST,
    operations=_OPERATIONS,
    services=["ecr"],
    evidence=[
        _WAITERS,
        _MODEL,
        documented(f"{GET_PREVIEW}.status", "The status of the lifecycle policy preview request."),
        documented(f"{_FINDINGS}.imageScanStatus", "The current state of the scan."),
    ],
)
def test_a_waiter_runs_out_of_attempts(
    registry: Registry, boto: BotoClient, waiter: _Waiter
) -> None:
    """boto3's waiter of one attempt ends well, or runs out of attempts for what is under way."""
    asked = waiter.start(registry)
    error = registry.eventually(lambda: _ended_in_time(boto, waiter, asked))
    if error is not None:
        status = waiter.status(error.last_response)
        says = f"{waiter.operation}: boto3's waiter is told the status {status!r}"
        assert status in waiter.waits, f"{says} of what was just started"


def _ended_in_time(boto: BotoClient, waiter: _Waiter, asked: Parameters) -> WaiterError | None:
    """How a waiter of one attempt gave up for lack of attempts; ``None`` where it ended well.

    ``Untestable`` where what it waits for has ended otherwise.
    """
    error = boto.waited(waiter.name, waiter.operation, _ONCE, **asked)
    status = None if error is None else waiter.status(error.last_response)
    if status in waiter.ends:
        raise Untestable(waiter.starts, f"what was started is {status}")
    reason = _TIME_IS_UP if error is None else error.kwargs.get("reason")
    assert reason == _TIME_IS_UP, f"{waiter.operation}: boto3's waiter gives up: {reason}"
    return error


@pytest.mark.parametrize("waiter", _ALL)
@rule(
    "client.waiter-failure",
    level=MUST,
    operations=_OPERATIONS,
    services=["ecr"],
    evidence=[
        _WAITERS,
        _MODEL,
        documented(
            f"{GET_PREVIEW}.LifecyclePolicyPreviewNotFoundException",
            "There is no dry run for this repository.",
        ),
        documented(
            f"{_FINDINGS}.ImageNotFoundException",
            "The image requested does not exist in the specified repository.",
        ),
    ],
)
def test_a_waiter_fails_for_what_is_unknown(
    registry: Registry, boto: BotoClient, waiter: _Waiter
) -> None:
    """boto3's waiter gives up at once, with the error's code, for an unknown image or preview."""
    asked = waiter.neglect(registry)
    error = refusal(response := registry.send(waiter.operation, asked))
    if error is None or error.code != waiter.code:
        raise Untestable(waiter.operation, f"no {waiter.code}, but {describe(response)}")
    raised = boto.waited(waiter.name, waiter.operation, _ONCE, **asked)
    reason = "it ended well" if raised is None else str(raised.kwargs.get("reason"))
    named = f"({waiter.code})" in reason
    assert named, (
        f"{waiter.operation}: expected boto3's waiter to give up for {waiter.code}, got {reason}"
    )
