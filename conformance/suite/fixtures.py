"""What scenarios ask for: a registry, a repository in it, a way to push images."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache, partial
from typing import Protocol

import pytest

from conformance.contract import Contract, load_contract
from conformance.suite.accounts import in_another_account, require_apart
from conformance.suite.artifacts import Manifest, docker_image
from conformance.suite.boto_clients import BotoClient
from conformance.suite.cleanup import Cleanup
from conformance.suite.clients import boto3_client, wire_client
from conformance.suite.exchange_rules import Conversation
from conformance.suite.generated.arrangements import Arrangement, Arrangements, arrange
from conformance.suite.outcomes import NotApplicable, Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import SERVICES
from conformance.suite.run import Run
from conformance.suite.running.assignment import (
    ASSIGNMENT,
    CAREFUL,
    FURTHER,
    LEFTOVERS,
    LOG,
    OBSERVATIONS,
    RUN,
    SEEN,
    SHARED_LEFT,
    TRANSPORT,
)
from conformance.suite.running.outgoing import THROUGH, straight
from conformance.suite.running.permissions import left_alone
from conformance.suite.running.scenes import Scenes, arrangement_scene, walk_scene
from conformance.suite.running.separate_checks import SeparateChecks
from conformance.suite.running.settling import SETTLED, UnhurriedTransport
from conformance.suite.running.turns import Turns, changes_settings
from conformance.suite.steps import create_repository, push_with_layers
from conformance.suite.topics.backfills import stop_all
from conformance.suite.topics.registry_settings import Known, settings_put_back
from conformance.suite.walk import Memory, aftermath, program
from conformance.transport.cassettes.scene import ScenarioTransport
from conformance.transport.exchange import Exchange
from conformance.transport.log import ExchangeLog


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """The run that the scenario is part of."""
    found: Run = request.config.stash[RUN]
    return found


@pytest.fixture(scope="session")
def scenes(request: pytest.FixtureRequest, run: Run) -> Iterator[Scenes]:
    """What opens the way to the target."""
    opened = Scenes(run, request.config.stash.get(THROUGH, straight))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def turns(run: Run) -> Iterator[Turns]:
    """The turns that the scenarios of a worker take with those of others."""
    made = Turns(run)
    yield made
    made.close()


@pytest.fixture
def transport(
    request: pytest.FixtureRequest, scenes: Scenes, turns: Turns
) -> Iterator[ScenarioTransport]:
    """The scenario's way to the target, its turn there, until all of it is cleaned up."""
    assignment = request.node.stash[ASSIGNMENT]
    busy = partial(Untestable, next(iter(assignment.operations), ""))
    with (
        turns.take(alone=_is_alone(request), busy=busy),
        scenes.open(assignment.check_id) as opened,
    ):
        request.node.stash[TRANSPORT] = opened
        yield UnhurriedTransport(opened) if _is_careful(request) else opened


def _is_alone(request: pytest.FixtureRequest) -> bool:
    operations = request.node.stash[ASSIGNMENT].operations
    return changes_settings(request.fixturenames, operations)


def _is_careful(request: pytest.FixtureRequest) -> bool:
    return bool(request.node.stash.get(CAREFUL, False))


@pytest.fixture
def registry(
    request: pytest.FixtureRequest, run: Run, transport: ScenarioTransport, service: str
) -> Iterator[Registry]:
    """The service under test as this scenario sees it, cleaned up after it."""
    assignment = request.node.stash[ASSIGNMENT]
    log = ExchangeLog(transport, service)
    request.node.stash[LOG] = log
    made = make_registry(run, log, transport, service, assignment.check_id)
    made = replace(made, concerned=assignment.operations)
    yield made
    _tell_left(request, Cleanup(made).delete_everything())


def _tell_left(request: pytest.FixtureRequest, sentences: list[str]) -> None:
    request.node.stash.setdefault(LEFTOVERS, []).extend(sentences)


@pytest.fixture
def other_service(
    request: pytest.FixtureRequest, run: Run, transport: ScenarioTransport, registry: Registry
) -> Iterator[Registry]:
    """The other service of the same target, whose exchanges are in the same log.

    Where the target says that it lacks that service, or it was not chosen, what is between the two
    does not apply.
    """
    (service,) = set(SERVICES) - {registry.service}
    found = run.capabilities.get(service)
    if found is None or "CreateRepository" in found.lacking:
        raise NotApplicable(f"{service} was not chosen, or the target does not implement it")
    assignment = request.node.stash[ASSIGNMENT]
    log = registry.log.beside(service)
    made = make_registry(run, log, transport, service, assignment.check_id)
    yield made
    _tell_left(request, Cleanup(made).delete_everything())


@pytest.fixture
def other_account(request: pytest.FixtureRequest, registry: Registry) -> Iterator[Registry]:
    """The same service of the same target for another account, whose exchanges are logged, too.

    Where the target does not keep accounts apart, what is between two accounts does not apply.
    """
    made = in_another_account(registry)
    try:
        require_apart(registry, made)
        yield made
    finally:
        _tell_left(request, Cleanup(made).delete_everything())


def make_registry(
    run: Run, log: ExchangeLog, transport: ScenarioTransport, service: str, scenario: str
) -> Registry:
    """A registry client for one scenario, or for data that several scenarios share.

    It only arranges: no check is about its answers.
    """
    contract, run = load_contract(service), run.through(transport)
    return Registry(
        service=service,
        contract=contract,
        target=run.target,
        log=log,
        client=wire_client(run.target, contract, log),
        concerned=(),
        capability=run.capability(service),
        name_prefix=run.name_prefix(scenario),
        content_seed=run.content_seed(scenario),
        clock=transport.clock,
    )


@pytest.fixture(scope="session")
def walks(run: Run, scenes: Scenes) -> Callable[[str], list[Exchange]]:
    """One walk through each service, made when first asked for (see ``conversation``)."""

    @cache
    def walk(service: str) -> list[Exchange]:
        name = walk_scene(service)
        with scenes.open(name) as transport:
            return _walk(run.through(transport), load_contract(service), transport, name)

    return walk


@pytest.fixture
def conversation(
    request: pytest.FixtureRequest,
    transport: ScenarioTransport,
    walks: Callable[[str], list[Exchange]],
    service: str,
) -> Conversation:
    """A success and a refusal of every operation, shared by the scenarios of a worker."""
    log = request.node.stash[LOG] = ExchangeLog(transport, service)
    log.exchanges.extend(walks(service))
    # The scenario judges them; the watch would do it again for every scenario that shares them.
    request.node.stash[SEEN] = len(log.exchanges)
    return Conversation(load_contract(service), log)


def _walk(
    run: Run, contract: Contract, transport: ScenarioTransport, scenario: str
) -> list[Exchange]:
    log = ExchangeLog(transport, contract.service)
    client = wire_client(run.target, contract, log)
    shared = run.shared(scenario)
    name, seed = run.name_prefix(shared), run.content_seed(shared)
    lacking = {*run.capability(contract.service).lacking, *left_alone(run.target)}
    memory: Memory = {}
    patience = SETTLED if run.target.consistency == "eventual" else 0.0
    for steps, succeed in ((program, True), (aftermath, False)):
        for step in steps(contract, name, seed, memory):
            if step.operation not in lacking:
                step.take_in_time(client, transport.clock, patience, succeeds=succeed)
    return log.exchanges


@pytest.fixture
def boto(registry: Registry) -> BotoClient:
    """A boto3 client of the service under test, whose exchanges are those of the registry."""
    return BotoClient(registry, boto3_client(registry.target, registry.service, registry.log))


@pytest.fixture
def repository(registry: Registry) -> str:
    """The name of an empty repository."""
    return create_repository(registry)


class PushImage(Protocol):
    """How scenarios push images."""

    def __call__(self, *tags: str, manifest: Manifest | None = None) -> Manifest:
        """Push a new image, or ``manifest``, layers included, under some tags or none."""
        ...


@pytest.fixture
def push_image(registry: Registry, repository: str) -> PushImage:
    """Push into ``repository``; each call without ``manifest`` makes another image."""
    count = iter(range(1000))

    def push(*tags: str, manifest: Manifest | None = None) -> Manifest:
        seed = f"{registry.content_seed} {next(count)}"
        return push_with_layers(registry, repository, manifest or docker_image(seed), *tags)

    return push


@pytest.fixture(scope="session")
def known_settings() -> Known:
    """How the scenarios of a worker found what is set for the whole registry."""
    return {}


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, run: Run, registry: Registry, known_settings: Known
) -> Iterator[None]:
    """Leave to change what is set for the whole registry; it is put back afterwards."""
    known = known_settings if run.cassettes is None else {}  # a cassette stands alone
    with settings_put_back(registry, known) as complaints:
        if _is_careful(request):  # another scenario may just have put them back
            registry.let_settle()
        yield
    _tell_left(request, complaints)


@pytest.fixture
def backfills(registry: Registry, settings: None) -> Iterator[None]:
    """Leave to start replication backfills; they are stopped afterwards."""
    yield
    stop_all(registry)


@pytest.fixture(scope="session")
def arrangements(
    request: pytest.FixtureRequest, run: Run, scenes: Scenes
) -> Iterator[Arrangements]:
    """What the generated requests of an operation start from, shared by a worker's scenarios."""
    with ExitStack() as opened:

        def make(service: str, name: str, operation: str) -> Registry:
            transport = opened.enter_context(scenes.open(arrangement_scene(service, operation)))
            log = ExchangeLog(transport, service)
            shared = run.shared(name)
            made = make_registry(run, log, transport, service, shared)
            return replace(made, concerned=(operation,))

        made = Arrangements(make)
        yield made
        request.config.stash[SHARED_LEFT] = made.delete_everything()


@pytest.fixture
def arrangement(
    request: pytest.FixtureRequest,
    run: Run,
    registry: Registry,
    separately: SeparateChecks,
) -> Arrangement:
    """What the generated requests of the scenario's one operation start from."""
    (operation,) = request.node.stash[ASSIGNMENT].operations
    alone = _is_alone(request)
    if alone:  # nobody else may see what is set
        request.getfixturevalue("backfills")
    if alone or run.cassettes is not None or _is_careful(request):  # a cassette stands alone, too
        return arrange(registry, operation)
    arrangements: Arrangements = request.getfixturevalue("arrangements")
    shared = arrangements.of(registry.service, operation)
    separately.arrangement = shared.exchanges
    return shared


@pytest.fixture
def separately(request: pytest.FixtureRequest, registry: Registry) -> SeparateChecks:
    """Several checks of one scenario, each judged for itself."""
    made = SeparateChecks(request.node.stash[ASSIGNMENT], registry.log)
    request.node.stash[FURTHER] = made.checks
    return made


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> list[str]:
    """What an informational rule saw; append sentences, the report prints them."""
    observations: list[str] = []
    request.node.stash[OBSERVATIONS] = observations
    return observations
