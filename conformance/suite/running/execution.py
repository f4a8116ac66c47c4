"""Running scenarios under pytest: which run, in what order, and what each one's verdict is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.contract import load_contract
from conformance.errors import TransportError
from conformance.suite.checks import Check
from conformance.suite.clients import wire_client
from conformance.suite.exchange_rules import Watch, exchange_rules
from conformance.suite.outcomes import TargetGone, Unsupported, Withheld
from conformance.suite.run import Run
from conformance.suite.running.assignment import (
    ASSIGNMENT,
    FINAL,
    FURTHER,
    LEFTOVERS,
    LOG,
    OBSERVATIONS,
    RUN,
    SEEN,
    SHARED_LEFT,
    TRANSPORT,
    Assignment,
    assignment_of,
)
from conformance.suite.running.attempts import careful_attempt, first_attempt, is_doubtful, tell
from conformance.suite.running.capability import MADE_UP_OPERATION
from conformance.suite.running.carried import CHECKS, LEFT, UNUSED, carry, packed, unpacked
from conformance.suite.running.concealing import Concealment
from conformance.suite.running.endings import check_of, judge
from conformance.suite.running.long_scenarios import is_long, with_long_ones_apart
from conformance.suite.running.orphans import orphans
from conformance.suite.running.outgoing import THROUGH, Allowance
from conformance.suite.running.permissions import LEFT_ALONE, left_alone
from conformance.suite.running.settling import SETTLED
from conformance.suite.verdicts import Verdict
from conformance.targets import clock_of
from conformance.transport.cassettes.player import NotRecorded
from conformance.transport.cassettes.scene import ScenarioTransport, Scene
from conformance.transport.exchange import Exchange
from conformance.transport.log import ExchangeLog

_SPENT = "it would take more requests than --max-calls allows"

EXECUTION = "conformance-execution"
"""What the plugin ``Execution`` is called."""

UNRECORDED = "conformance_unrecorded"
"""What a worker's number of scenarios is called that a recording has nothing about."""

ORPHANED = "conformance_orphaned"
"""What a worker's list of cassettes is called whose scenarios are no more."""


class Execution:
    """The part of the plugin that lives where scenarios run: in each worker, or in the one process.

    Outcomes leave it with pytest's reports (see ``carried``), which a worker tells in JSON.
    """

    def __init__(self, run: Run) -> None:
        self._be_part_of(run)
        self._watch = Watch((), run)
        self._gone = ""
        self.unrecorded = 0
        """How many scenarios were left out because they are newer than the recording."""
        self.orphaned: list[str] = []
        """The cassettes of a replayed recording whose scenarios are no more."""

    @pytest.hookimpl
    def pytest_configure(self, config: pytest.Config) -> None:
        """Keep the run, and what its requests pass through, where the fixtures find them."""
        config.stash[RUN] = self._run
        config.stash[THROUGH] = self._allowance.through

    def go_on_as(self, run: Run, config: pytest.Config) -> None:
        """Go on in a fork, as the part of the run that is ``run``; its scenarios are collected."""
        self._be_part_of(run)
        self.pytest_configure(config)

    def _be_part_of(self, run: Run) -> None:
        self._run = run
        self._allowance = Allowance(run.max_calls)
        self._concealment = Concealment(run)

    @pytest.hookimpl
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a scenario once for each service that it has a rule for."""
        rules = getattr(metafunc.function, "conformance_rules", None)
        if rules is None:
            return
        if "service" not in metafunc.fixturenames:
            raise pytest.UsageError(f"{metafunc.function.__name__} does not use the registry")
        metafunc.parametrize("service", list(rules))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> Generator[None, None, None]:
        """Drop what was not chosen; let ``-k`` find rule ids; then keep this run's shard.

        The exchange rules that were chosen watch every exchange, those of other shards too.
        """
        use = self._run.cassettes
        if use is not None and self._run.replays:
            self.orphaned = orphans(Path(use.folder), items)
        _retain(config, items, self._keep)
        yield
        chosen = {item.stash[ASSIGNMENT].rule.id for item in items if _assigned(item)}
        watched = [rule_id for rule_id in exchange_rules() if rule_id in chosen]
        self._watch = Watch(watched, self._run)
        _retain(config, items, self._in_shard)
        if self._run.reads_may_lag:
            items[:] = with_long_ones_apart(items, is_long)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        """Look for garbage among what scenarios make, seldom, and not among what stays anyway."""
        # Else a twentieth of a run's time goes into looking through thousands of collected items.
        gc.freeze()
        gc.set_threshold(5000)

    @pytest.hookimpl
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the controlling process how recording and scenarios differ."""
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[UNRECORDED] = self.unrecorded
            output[ORPHANED] = self.orphaned

    @pytest.hookimpl
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Run a scenario twice where its reads may have been stale; the second attempt counts."""
        if not self._run.reads_may_lag or not _assigned(item):
            return None
        reports = first_attempt(item, nextitem)
        if not self._gone and is_doubtful(item, reports):
            # What the first attempt deleted has to be gone for all reads of the second.
            clock_of(self._run.target).sleep(SETTLED)
            reports = careful_attempt(item, nextitem, reports)
        tell(item, reports)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Leave out what cannot be decided: the target lacks the operation, or it is gone."""
        if not _assigned(item):
            return
        if self._gone:
            raise TargetGone(self._gone)
        assignment = item.stash[ASSIGNMENT]
        if self._allowance.left == 0:
            raise Withheld(next(iter(assignment.operations), "request"), _SPENT)
        lacking = self._run.capability(assignment.rule.service).lacking
        for operation in assignment.operations:
            if operation in lacking:
                self._keep_nothing(assignment)
                raise Unsupported(operation, lacking[operation])
            if operation in left_alone(self._run.target):
                self._keep_nothing(assignment)
                raise Withheld(operation, LEFT_ALONE)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn how a scenario ended into its check's verdict."""
        report = yield
        if not _assigned(item):
            return report
        error = _error(item, call)
        if isinstance(error, Withheld):
            item.stash[FINAL] = True
        checks = [*self._own_check(item, call, error), *self._watched(item)]
        carry(report, CHECKS, map(self._concealment.check, checks))
        if call.when == "teardown":
            shared: list[str] = item.config.stash.get(SHARED_LEFT, [])
            left = [*item.stash.get(LEFTOVERS, []), *shared]
            shared.clear()
            carry(report, LEFT, map(self._concealment.text, left))
            carry(report, UNUSED, self._unused(item))
            self._forget_exchanges(item)
        if error is not None:
            verdict, message = judge(item.stash[ASSIGNMENT], error)
            _set_outcome(report, item, verdict, self._concealment.text(message))
        elif call.when == "call" and (further := item.stash.get(FURTHER, [])):
            worst: Check = max(further, key=lambda check: check.verdict)
            _set_outcome(report, item, worst.verdict, self._concealment.text(worst.message))
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(self) -> Generator[None, Any, Any]:
        """Tell in JSON what a report carries: all but its checks is JSON already."""
        told = yield
        if told is not None and CHECKS in told:
            told[CHECKS] = packed(told[CHECKS])
        return told

    @pytest.hookimpl(wrapper=True)
    def pytest_report_from_serializable(self, data: dict[str, Any]) -> Generator[None, Any, Any]:
        """Read what a worker told."""
        if isinstance(data.get(CHECKS), str):
            data[CHECKS] = unpacked(data[CHECKS])
        return (yield)

    def _keep(self, item: pytest.Item) -> bool:
        assignment = assignment_of(item)
        if assignment is None or not self._run.selects(assignment.rule):
            return False
        if not set(assignment.operations) <= set(load_contract(assignment.rule.service).operations):
            return False
        if not self._recorded(assignment):
            self.unrecorded += 1
            return False
        item.stash[ASSIGNMENT] = assignment
        item.extra_keyword_matches.update({assignment.check_id, assignment.rule.id})
        return True

    def _recorded(self, assignment: Assignment) -> bool:
        """Whether a run that only replays can say anything about a scenario."""
        use = self._run.cassettes
        return use is None or not self._run.replays or use.has(assignment.check_id)

    def _keep_nothing(self, assignment: Assignment) -> None:
        """Record that a scenario asked nothing, so that it is judged in a replay, too."""
        use = self._run.cassettes
        if use is not None and use.records:
            use.keep(assignment.check_id, ())

    def _in_shard(self, item: pytest.Item) -> bool:
        shard = self._run.shard
        return shard is None or not _assigned(item) or shard.holds(item.stash[ASSIGNMENT].rule.id)

    def _own_check(
        self, item: pytest.Item, call: pytest.CallInfo[None], error: BaseException | None
    ) -> Iterator[Check]:
        if error is None and call.when != "call":
            return
        if isinstance(error, TransportError) and TRANSPORT in item.stash:
            self._look_for_life(item.stash[ASSIGNMENT], item.stash[TRANSPORT])
        assignment, exchanges = item.stash[ASSIGNMENT], _exchanges(item)
        if error is not None:
            yield check_of(assignment, *judge(assignment, error), exchanges, call.duration)
            return
        observations = item.stash.get(OBSERVATIONS, [])
        further = item.stash.get(FURTHER, [])
        if observations or not further:
            words = "; ".join(observations)
            yield check_of(assignment, Verdict.PASS, words, exchanges, call.duration)
        yield from further

    def _unused(self, item: pytest.Item) -> list[str]:
        """The scenario, where a replay has answers for it that it did not ask for."""
        scene = item.stash.get(TRANSPORT, None)
        if not isinstance(scene, Scene) or scene.records or scene.missed or not scene.unused:
            return []
        return [item.stash[ASSIGNMENT].check_id]

    def _watched(self, item: pytest.Item) -> Iterator[Check]:
        exchanges = _exchanges(item)
        new = exchanges[item.stash.get(SEEN, 0) :]
        item.stash[SEEN] = len(exchanges)
        contract = load_contract(item.stash[ASSIGNMENT].rule.service)
        return self._watch.observe(contract, new)

    def _forget_exchanges(self, item: pytest.Item) -> None:
        """The item stays until the end of the run; its thousands of exchanges need not."""
        self._concealment.forget()
        if LOG in item.stash:
            del item.stash[LOG]
        if TRANSPORT in item.stash:
            del item.stash[TRANSPORT]

    def _look_for_life(self, assignment: Assignment, transport: ScenarioTransport) -> None:
        """Ask once more; a target that is silent now is asked nothing further in this run."""
        service = assignment.rule.service
        log = ExchangeLog(transport, service)
        client = wire_client(self._run.target, load_contract(service), log)
        try:
            exchange = client.send(MADE_UP_OPERATION, {})
        except NotRecorded:
            return
        if exchange.response is None:
            at = time.strftime("%H:%M:%S")
            self._gone = f"the target stopped answering at {at}: {exchange.failure}"


def _retain(
    config: pytest.Config, items: list[pytest.Item], keep: Callable[[pytest.Item], bool]
) -> None:
    kept = [(item, keep(item)) for item in items]
    items[:] = [item for item, wanted in kept if wanted]
    if len(items) < len(kept):
        config.hook.pytest_deselected(items=[item for item, wanted in kept if not wanted])


def _assigned(item: pytest.Item) -> bool:
    return ASSIGNMENT in item.stash


def _error(item: pytest.Item, call: pytest.CallInfo[None]) -> BaseException | None:
    """What a phase of a scenario ended with; what was not recorded counts more than all else."""
    if call.when != "teardown" and TRANSPORT in item.stash and item.stash[TRANSPORT].missed:
        return item.stash[TRANSPORT].missed[0]
    return None if call.excinfo is None else call.excinfo.value


def _exchanges(item: pytest.Item) -> list[Exchange]:
    log = item.stash.get(LOG, None)
    return [] if log is None else log.exchanges


_SKIPPED = (Verdict.NOT_APPLICABLE, Verdict.WARN, Verdict.UNSUPPORTED, Verdict.UNTESTABLE)


def _set_outcome(
    report: pytest.TestReport, item: pytest.Item, verdict: Verdict, message: str
) -> None:
    """Show pytest's own user what the verdict says: only ``fail`` and ``error`` are failures."""
    if verdict in _SKIPPED:
        report.outcome = "skipped"
        path, line, _ = item.location
        report.longrepr = (path, line or 0, f"{verdict.label}: {message}")
    elif verdict <= Verdict.PASS:
        report.outcome = "passed"
        report.longrepr = None
    elif report.outcome == "passed":  # the scenario went on after the point that failed
        report.outcome = "failed"
        report.longrepr = message
