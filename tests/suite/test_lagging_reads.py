"""A right target whose reads lag behind writes is not accused of what a stale read said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lagging import TARGET, checks, judge, lagging_reference, verdicts

from conformance.errors import ExitCode
from conformance.reference import Behaviour
from conformance.reference.call import Call, Outcome, Parameters
from conformance.reference.operations.table import OPERATIONS
from conformance.reference.state import Registry
from conformance.suite.run import Run
from conformance.suite.running.opening import Plan, open_run, surveyed
from conformance.suite.running.recordings import Recorder, keep_recording, recorded
from conformance.suite.shard import Shard
from conformance.suite.verdicts import Verdict

SEED = 1
MISLED = "client.waiter-failure or client.exception-class or tags.kept or template-update-keeps"
"""Rules of which some scenarios read once what they have just made."""


@pytest.fixture
def shard(request: pytest.FixtureRequest) -> Shard | None:
    """The part of the suite that is tried, ``None`` for all of it."""
    chosen = request.config.getoption("--lagging")
    return None if chosen == "all" else Shard.parse(chosen)


def test_reads_that_lag_are_certified(shard: Shard | None) -> None:
    """The reference passes every rule though its reads lag by up to five seconds."""
    with lagging_reference() as reference:
        judging = judge(replace(surveyed(Run(TARGET, SEED)), shard=shard))
    blamed = {each.id: each.message for each in checks(judging) if each.verdict > Verdict.PASS}
    assert blamed == {}
    assert judging.certificate is not None
    assert judging.certificate.exit_code is ExitCode.CONFORMANT
    assert judging.leftovers == []
    assert not any(registry.repositories for registry in reference.world.values())


def _keeps_the_policy(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """DeleteRepositoryPolicy answers as it should and deletes nothing."""
    _, answer = OPERATIONS["ecr"]["DeleteRepositoryPolicy"](registry, given, call)
    return registry, answer


def test_what_is_broken_is_seen_beside_lagging_reads() -> None:
    """A lag excuses nothing: what never comes to be seen is condemned."""
    operations = {**OPERATIONS["ecr"], "DeleteRepositoryPolicy": _keeps_the_policy}
    with lagging_reference(Behaviour({**OPERATIONS, "ecr": operations})):
        judging = judge(surveyed(Run(TARGET, SEED)), "ecr.policies.deleted-gone")
    assert verdicts(judging) == {"ecr.policies.deleted-gone": Verdict.FAIL}


def test_a_replay_of_lagging_reads_has_the_same_verdicts(tmp_path: Path) -> None:
    """Where scenarios were run twice, the attempt that counted is the one that is replayed."""
    folder = tmp_path / "cassettes"
    with lagging_reference(), recorded(Run(TARGET, SEED), Recorder(folder), None) as run:
        opened = surveyed(run)
        before = judge(opened, MISLED)
        keep_recording(opened)
    with open_run(Plan(str(folder))) as run:
        after = judge(run, MISLED)
    assert run.target.consistency == "eventual"
    assert set(verdicts(before).values()) == {Verdict.PASS}
    assert verdicts(after) == verdicts(before)
    assert after.unused == []
