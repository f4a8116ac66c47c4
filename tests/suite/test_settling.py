"""Reads that wait until what was written before is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.awsrequest import AWSPreparedRequest
from scenario_registry import registry_of

from conformance.errors import TransportError
from conformance.suite.registry import Registry
from conformance.suite.running.settling import SETTLED, UnhurriedTransport
from conformance.transport.cassettes.scene import Live
from conformance.transport.clock import ReplayedClock
from conformance.transport.exchange import Response

NAME = "any"


def unhurried(answer: Callable[[AWSPreparedRequest], Response]) -> tuple[Registry, ReplayedClock]:
    """A registry whose reads wait, and the clock that shows for how long."""
    clock = ReplayedClock(0.0)
    return registry_of(UnhurriedTransport(Live(answer, clock)), clock=clock), clock


def answering(status: int) -> Callable[[AWSPreparedRequest], Response]:
    """A target that answers everything with a status."""
    return lambda _: Response(status, (), b"{}")


def test_a_read_waits_after_a_change() -> None:
    """A read is sent when enough time has passed since a change; the next one at once."""
    registry, clock = unhurried(answering(200))
    registry.client.send("CreateRepository", {"repositoryName": NAME})
    registry.client.send("DescribeRepositories", {})
    assert clock.monotonic() == SETTLED
    registry.client.send("DescribeRepositories", {})
    assert clock.monotonic() == SETTLED


def test_changes_do_not_wait() -> None:
    """What changes something sees every change before it, and is sent at once."""
    registry, clock = unhurried(answering(200))
    for _ in range(3):
        registry.client.send("PutImage", {"repositoryName": NAME, "imageManifest": "{}"})
    assert clock.monotonic() == 0.0


def test_a_read_waits_only_for_the_rest() -> None:
    """Time that has passed anyway is not waited for."""
    registry, clock = unhurried(answering(200))
    registry.client.send("CreateRepository", {"repositoryName": NAME})
    clock.sleep(SETTLED - 1)
    registry.client.send("DescribeRepositories", {})
    assert clock.monotonic() == SETTLED


@pytest.mark.parametrize(("status", "waited"), [(400, 0.0), (500, SETTLED)])
def test_what_was_refused_changes_nothing(status: int, waited: float) -> None:
    """After a refusal nobody waits; after a fault of the server something may have changed."""
    registry, clock = unhurried(answering(status))
    registry.client.send("CreateRepository", {"repositoryName": NAME})
    registry.client.send("DescribeRepositories", {})
    assert clock.monotonic() == waited


def test_a_change_without_an_answer_may_have_arrived() -> None:
    """After a change that got no answer, a read waits."""

    def silent(_: AWSPreparedRequest) -> Response:
        raise TransportError("no answer")

    registry, clock = unhurried(silent)
    registry.client.send("CreateRepository", {"repositoryName": NAME})
    registry.client.send("DescribeRepositories", {})
    assert clock.monotonic() == SETTLED
