"""Getting a run ready: the target up, and what it lacks found out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace

from conformance.contract import load_contract
from conformance.suite.capability import Capability
from conformance.suite.rules import PROFILES, SERVICES, require_known
from conformance.suite.run import Run
from conformance.suite.survey import survey
from conformance.targets import connect, open_target
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient


@contextmanager
def open_run(
    target: str,
    *,
    region: str,
    seed: int,
    services: Sequence[str] = (),
    profiles: Sequence[str] = (),
) -> Iterator[Run]:
    """Start or reach a target, find out what it lacks, and stop it at the end if it was started.

    Raises ``UsageError`` for an unknown target, service or profile and ``TargetUnavailable`` where
    nothing answers.
    """
    require_known("service", services, SERVICES)
    require_known("profile", profiles, PROFILES)
    with open_target(target, region=region) as opened:
        yield surveyed(Run(opened, seed, tuple(services), tuple(profiles)))


def surveyed(run: Run) -> Run:
    """The run with what its target lacks. Raises ``TargetUnavailable`` where nothing answers."""
    return replace(run, capabilities=_survey(run))


def _survey(run: Run) -> dict[str, Capability]:
    found = {}
    with closing(connect(run.target)) as connection:
        for service in run.services or SERVICES:
            contract = load_contract(service)
            log = ExchangeLog(connection, service)
            client = WireClient(contract, log, run.target.endpoint, run.target.region)
            found[service] = survey(contract, client, run.name_prefix(f"{service} survey"))
    return found
