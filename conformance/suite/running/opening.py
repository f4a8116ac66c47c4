"""Getting a run ready: the target up, and what it lacks found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from conformance.contract import load_contract
from conformance.errors import TargetUnavailable, UsageError
from conformance.suite.clients import wire_client
from conformance.suite.exploration import DEFAULT, Exploration
from conformance.suite.rules import PROFILES, SERVICES, require_known
from conformance.suite.run import Run, fresh_seed
from conformance.suite.running.capability import Capability
from conformance.suite.running.outgoing import Allowance, Through, straight
from conformance.suite.running.permissions import left_alone
from conformance.suite.running.recordings import Recorder, recorded, replayed
from conformance.suite.running.scenes import Scenes, survey_scene
from conformance.suite.running.survey import survey
from conformance.suite.running.turns import Turns
from conformance.suite.shard import Shard
from conformance.targets import ORDINARY_ACCESS, AwsAccess, Target, open_target
from conformance.transport import Transport
from conformance.transport.log import ExchangeLog


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be judged, and what of it.

    Empty ``services`` and ``profiles`` mean all of them. Without ``seed`` it is a new one, or that
    of the recording. ``shard`` is the part of the rules to run, ``recorder`` where to keep what is
    answered. ``access`` is how AWS is asked, ``max_calls`` after how many requests no
    further scenario is started; ``consent`` is told of the run before anything but
    whose account it is has been asked, and raises what stops it. ``guard`` is entered once it is
    known what the target lacks, and left when the run is at its end, whatever that is.
    """

    target: str
    services: Sequence[str] = ()
    profiles: Sequence[str] = ()
    region: str = "us-east-1"
    seed: int | None = None
    exploration: Exploration = DEFAULT
    shard: Shard | None = None
    recorder: Recorder | None = None
    access: AwsAccess = ORDINARY_ACCESS
    max_calls: int | None = None
    consent: Callable[[Run], None] | None = None
    guard: Callable[[Run], AbstractContextManager[None]] | None = None


@contextmanager
def open_run(plan: Plan) -> Iterator[Run]:
    """Start or reach a target, find out what it lacks, and stop it at the end if it was started.

    Raises ``UsageError`` for an unknown target, service or profile, and for options that a
    recording does not have; ``TargetUnavailable`` where nothing answers.
    """
    require_known("service", plan.services, SERVICES)
    require_known("profile", plan.profiles, PROFILES)
    with open_target(plan.target, region=plan.region, access=plan.access) as target:
        run = Run(
            target,
            fresh_seed() if plan.seed is None else plan.seed,
            _services(plan, target),
            tuple(plan.profiles),
            exploration=plan.exploration,
            shard=plan.shard,
        )
        with _with_cassettes(run, plan) as prepared:
            if plan.consent is not None:
                plan.consent(prepared)
            allowance = Allowance(plan.max_calls)
            ready = replace(surveyed(prepared, allowance.through), max_calls=allowance.left)
            with nullcontext() if plan.guard is None else plan.guard(ready):
                yield ready


def _services(plan: Plan, target: Target) -> tuple[str, ...]:
    """The services to judge; empty means all of them. Raises ``UsageError`` where one is not."""
    missing = [each for each in plan.services if each not in target.services]
    if missing:
        raise UsageError(
            f"there is no {missing[0]} in {target.region}", "leave --service out, or go elsewhere"
        )
    return tuple(plan.services) or (() if target.services == SERVICES else target.services)


def _with_cassettes(run: Run, plan: Plan) -> AbstractContextManager[Run]:
    recording, recorder = run.target.recording, plan.recorder
    if recording is None:
        return nullcontext(run) if recorder is None else recorded(run, recorder, plan.seed)
    if recorder is not None or plan.seed is not None:
        raise UsageError(
            f"{plan.target} is a recording already, with a seed of its own",
            "name what to record, or leave the options out",
        )
    return nullcontext(replayed(run, Path(recording)))


def surveyed(run: Run, through: Through = straight) -> Run:
    """The run with what its target lacks, and whose registry is recorded where one is.

    All that is asked goes ``through``. Raises ``TargetUnavailable`` where nothing answers, or other
    runs are at its settings all the time.
    """
    found = {}
    busy = partial(TargetUnavailable, hint="try again when other runs have come to their end")
    with (
        closing(Scenes(run, through)) as scenes,
        closing(Turns(run)) as turns,
        turns.take(alone=False, busy=busy),
    ):
        for service in run.services or SERVICES:
            name = survey_scene(service)
            with scenes.open(name) as transport:
                found[service] = _survey(run.through(transport), service, transport, name)
    cassettes = run.cassettes and replace(run.cassettes, account=scenes.account)
    return replace(run, capabilities=found, cassettes=cassettes)


def _survey(run: Run, service: str, transport: Transport, name: str) -> Capability:
    contract = load_contract(service)
    log = ExchangeLog(transport, service)
    client = wire_client(run.target, contract, log)
    prefix, seed = run.name_prefix(name), run.content_seed(name)
    return survey(contract, client, prefix, seed, left_alone(run.target))
