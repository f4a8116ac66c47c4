"""Looking for programs that a target and the reference answer differently."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from conformance.contract import SERVICES, load_contract
from conformance.reference import Behaviour, ReferenceTransport, Refusal
from conformance.reference.call import Call, Operation, Outcome, Parameters
from conformance.reference.operations.table import OPERATIONS
from conformance.reference.state import Registry as State
from conformance.suite.exploration import DEFAULT, Exploration
from conformance.suite.registry import Registry
from conformance.suite.running.capability import Capability
from conformance.suite.stateful.search import Finding, Search
from conformance.targets import Target
from conformance.targets.target import Consistency
from conformance.transport import Transport
from conformance.transport.clock import Clock, SkippingClock
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

ENDPOINT = "http://search.invalid"
SHORT = Exploration(depth=12, budget=12)

Broken = Callable[[Operation, State, Parameters, Call], Outcome]


def search(
    transport: Transport,
    service: str,
    exploration: Exploration = SHORT,
    lagging_by: Clock | None = None,
) -> Search:
    """A search in a service of a target that is a transport.

    Where its reads lag, they do so by a clock.
    """
    contract, clock = load_contract(service), lagging_by or time
    consistency: Consistency = "strong" if lagging_by is None else "eventual"
    target = Target("here", ENDPOINT, "here", None, "us-east-1", consistency)

    def registry(number: int) -> Registry:
        log = ExchangeLog(transport, service)
        client = WireClient(contract, log, ENDPOINT, "us-east-1")
        capability = Capability(tried=tuple(contract.operations))
        return Registry(
            service, contract, target, log, client, (), capability, f"program-{number}", "", clock
        )

    return Search(registry, service, exploration)


def with_broken(
    operation: str, broken: Broken, lag: float = 0.0, clock: Clock = time
) -> ReferenceTransport:
    """A reference one of whose operations is another one."""
    table = {
        service: {**right, operation: partial(broken, right[operation])}
        for service, right in OPERATIONS.items()
        if operation in right
    }
    behaviour = Behaviour(operations={**OPERATIONS, **table}, lag=lag)
    return ReferenceTransport(behaviour=behaviour, clock=clock.time)


def _keeps_the_image(right: Operation, state: State, given: Parameters, call: Call) -> Outcome:
    """BatchDeleteImage answers as it should and deletes nothing."""
    _, answer = right(state, given, call)
    return state, answer


def _keeps_the_policy(right: Operation, state: State, given: Parameters, call: Call) -> Outcome:
    """DeleteRepositoryPolicy answers as it should and deletes nothing."""
    _, answer = right(state, given, call)
    return state, answer


def _makes_it_again(right: Operation, state: State, given: Parameters, call: Call) -> Outcome:
    """CreateRepository makes a repository that exists once more, empty."""
    repositories = {k: v for k, v in state.repositories.items() if k != given["repositoryName"]}
    return right(replace(state, repositories=repositories), given, call)


def _forgets_tags(right: Operation, state: State, given: Parameters, call: Call) -> Outcome:
    """TagResource accepts tags and keeps none."""
    _, answer = right(state, given, call)
    return state, answer


BROKEN = {
    "BatchDeleteImage": _keeps_the_image,
    "CreateRepository": _makes_it_again,
    "DeleteRepositoryPolicy": _keeps_the_policy,
    "TagResource": _forgets_tags,
}


def findings(operation: str, service: str = "ecr") -> list[Finding]:
    """What a search finds in a reference one of whose operations is broken."""
    broken = with_broken(operation, BROKEN[operation])
    return list(search(broken, service, DEFAULT).explore())


@pytest.mark.parametrize("service", SERVICES)
def test_two_references_never_diverge(service: str) -> None:
    """A reference answers every program as another reference does, and is left empty."""
    searching = search(ReferenceTransport(), service)
    assert list(searching.explore()) == []
    assert searching.programs == SHORT.budget
    assert searching.compared > SHORT.budget
    assert searching.leftovers == []


@pytest.mark.parametrize("operation", BROKEN)
def test_what_is_broken_is_found_and_blamed(operation: str) -> None:
    """A search in a broken reference finds a divergence, and blames what is broken."""
    found = findings(operation)
    assert operation in {each.divergence.operation for each in found}
    assert all(each.repeats for each in found)


@pytest.mark.parametrize("operation", ["CreateRepository", "DeleteRepositoryPolicy", "TagResource"])
def test_a_divergence_is_told_by_the_shortest_program(operation: str) -> None:
    """What takes no image to show is shown by four calls at most."""
    shortest = min(len(each.divergence.program) for each in findings(operation))
    assert shortest <= 4


def test_the_same_seed_finds_the_same() -> None:
    """Two searches of one seed try the same programs and tell the same divergences."""
    first, second = findings("TagResource"), findings("TagResource")
    assert [str(each.divergence) for each in first] == [str(each.divergence) for each in second]


def test_a_divergence_that_does_not_come_again_is_told_apart() -> None:
    """What a target answers wrongly once, and then never again, does not repeat."""
    wrong = iter([True])

    def once(right: Operation, state: State, given: Parameters, call: Call) -> Outcome:
        if given["repositoryName"].endswith("-a") and next(wrong, False):
            raise Refusal("LimitExceededException", "for once")
        return right(state, given, call)

    found = list(search(with_broken("CreateRepository", once), "ecr").explore())
    assert found
    assert not any(each.repeats for each in found)


def test_lagging_reads_do_not_diverge() -> None:
    """A reference whose reads lag behind writes answers every program as another one does."""
    clock = SkippingClock()
    lagging = ReferenceTransport(behaviour=Behaviour(lag=5.0), clock=clock.time)
    assert list(search(lagging, "ecr", lagging_by=clock).explore()) == []


def test_what_is_broken_is_found_beside_lagging_reads() -> None:
    """Where reads lag, what is broken is found, and nothing is told of what was only stale."""
    clock = SkippingClock()
    broken = with_broken("TagResource", _forgets_tags, 5.0, clock)
    found = list(search(broken, "ecr", DEFAULT, lagging_by=clock).explore())
    assert {each.divergence.operation for each in found} == {"TagResource"}
    assert all(each.repeats for each in found)
