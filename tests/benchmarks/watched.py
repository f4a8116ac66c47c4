"""A run of the suite in this process, and what each rule asked and took in it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO

import pytest
from botocore.awsrequest import AWSPreparedRequest

from conformance.certify import run_suite
from conformance.report import Certificate
from conformance.report.judging import Judging
from conformance.suite.run import Run
from conformance.suite.running.assignment import ASSIGNMENT
from conformance.suite.running.opening import surveyed
from conformance.suite.shard import Shard
from conformance.targets import Connection, Target, in_process
from conformance.transport.clock import Clock
from conformance.transport.exchange import Response
from conformance.transport.prepared import operation_of, read_question

ENDPOINT, REGION = "http://growth.invalid", "us-east-1"


@dataclass
class Work:
    """Requests by operation, and CPU seconds: of the suite, and of the target that answers."""

    requests: Counter[str] = field(default_factory=Counter)
    asking: float = 0.0
    answering: float = 0.0

    def add(self, other: Work) -> None:
        """Add other work to this."""
        self.requests += other.requests
        self.asking += other.asking
        self.answering += other.answering


class Counted:
    """A transport over another that knows what was asked of it, and how long answering took."""

    def __init__(self, inner: Connection) -> None:
        self.requests: Counter[str] = Counter()
        self.seconds = 0.0
        self._inner = inner
        self._lock = threading.Lock()

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Give the inner transport's response."""
        began = time.thread_time()
        response = self._inner(request)
        with self._lock:
            self.seconds += time.thread_time() - began
            self.requests[operation_of(read_question(request))] += 1
        return response

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


@dataclass
class Watch:
    """A pytest plugin: the work of each rule, without collecting it."""

    counted: Counted
    works: dict[str, Work] = field(default_factory=dict)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Add what a scenario took to its rule's."""
        asked, answered = self.counted.requests.copy(), self.counted.seconds
        began = time.process_time()
        result = yield
        answering = self.counted.seconds - answered
        asking = time.process_time() - began - answering
        rule = item.stash[ASSIGNMENT].rule.id
        self.works.setdefault(rule, Work()).add(
            Work(self.counted.requests - asked, asking, answering)
        )
        return result

    def of(self, rules: Iterable[str]) -> Work:
        """The work of some rules together."""
        found = Work()
        for rule in rules:
            found.add(self.works[rule])
        return found


@contextmanager
def judged(
    transport: Connection,
    chosen: str,
    shard: Shard | None = None,
    profile: str = "",
    clock: Clock = time,
) -> Iterator[tuple[Watch, Certificate]]:
    """What a run took that judges a transport, and what it came to.

    ``clock`` is the one that the transport goes by.
    """
    counted, target = Counted(transport), Target("growth", ENDPOINT, "growth", None, REGION)
    profiles, watch = (profile,) if profile else (), Watch(counted)
    with in_process(ENDPOINT, counted, clock):
        run = surveyed(Run(target, 1, profiles=profiles, shard=shard))
        with Judging(run, None) as judging:
            with redirect_stdout(StringIO()):
                run_suite(judging, watch, expression=chosen)
            if judging.certificate is None:
                raise RuntimeError(judging.breakdown)
            yield watch, judging.certificate
