"""Getting a run ready: the target up, and what it lacks found out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from conformance.contract import load_contract
from conformance.errors import UsageError
from conformance.suite.capability import Capability
from conformance.suite.exploration import DEFAULT, Exploration
from conformance.suite.recordings import Recorder, recorded, replayed
from conformance.suite.rules import PROFILES, SERVICES, require_known
from conformance.suite.run import Run, fresh_seed
from conformance.suite.scenes import Scenes
from conformance.suite.survey import survey
from conformance.targets import open_target
from conformance.transport import Transport
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient


@contextmanager
def open_run(
    target: str,
    *,
    region: str,
    seed: int | None,
    services: Sequence[str] = (),
    profiles: Sequence[str] = (),
    exploration: Exploration = DEFAULT,
    recorder: Recorder | None = None,
) -> Iterator[Run]:
    """Start or reach a target, find out what it lacks, and stop it at the end if it was started.

    Without ``seed`` it is a new one, or that of the recording. Raises ``UsageError`` for an unknown target, service or profile and ``TargetUnavailable`` where
    nothing answers.
    """
    require_known("service", services, SERVICES)
    require_known("profile", profiles, PROFILES)
    with open_target(target, region=region) as opened:
        new_seed = fresh_seed() if seed is None else seed
        run = Run(opened, new_seed, tuple(services), tuple(profiles), exploration=exploration)
        with _with_cassettes(run, recorder, seed) as prepared:
            yield surveyed(prepared)


def _with_cassettes(
    run: Run, recorder: Recorder | None, seed: int | None
) -> AbstractContextManager[Run]:
    if run.target.recording is None:
        return nullcontext(run) if recorder is None else recorded(run, recorder, seed)
    if recorder is not None or seed is not None:
        raise UsageError(
            f"{run.target.name} is a recording already, with a seed of its own",
            "name what to record, or leave the options out",
        )
    return nullcontext(replayed(run, Path(run.target.recording)))


def surveyed(run: Run) -> Run:
    """The run with what its target lacks, and whose registry is recorded where one is.

    Raises ``TargetUnavailable`` where nothing answers.
    """
    found = {}
    scenes = Scenes(run)
    with closing(scenes):
        for service in run.services or SERVICES:
            name = f"{service}.survey"
            with scenes.open(name) as transport:
                found[service] = _survey(run, service, transport, name)
    cassettes = run.cassettes and replace(run.cassettes, account=scenes.account)
    return replace(run, capabilities=found, cassettes=cassettes)


def _survey(run: Run, service: str, transport: Transport, name: str) -> Capability:
    contract = load_contract(service)
    log = ExchangeLog(transport, service)
    client = WireClient(contract, log, run.target.endpoint, run.target.region)
    return survey(contract, client, run.name_prefix(name), run.content_seed(name))
