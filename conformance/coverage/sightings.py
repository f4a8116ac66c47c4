"""What the rules were seen to test, in a run of the whole suite against the reference.

No table says which rule tests which error or constraint: the exchanges of its scenario do.
"""

from __future__ import annotations

import contextlib
import io
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from conformance.certify import run_suite
from conformance.contract import Contract, Paginator, load_contract
from conformance.contract.generators import broken_constraints
from conformance.coverage.footprints import FootprintObserver
from conformance.coverage.items import Kind, name_of
from conformance.errors import ConformanceError, ExitCode
from conformance.report.judging import Judging
from conformance.suite.answers import refusal, success
from conformance.suite.exchange_rules import exchange_rules
from conformance.suite.generated.constraint_cases import VALID
from conformance.suite.rules import Rule
from conformance.suite.run import Run
from conformance.suite.running.assignment import ASSIGNMENT, LOG
from conformance.suite.running.footprint import Footprints
from conformance.suite.running.opening import surveyed
from conformance.suite.twins import MALFORMED
from conformance.suite.verdicts import INFO
from conformance.targets import Target, open_target
from conformance.transport.exchange import Exchange, NotJson, parse_json

_SEED = 1
_WAITER = "B"
"""The mark in boto3's User-Agent of a request that a waiter sends (botocore.useragent)."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that a request put to the test: the kind and name of an ``Item``."""

    service: str
    kind: Kind
    operation: str
    name: str


Sightings = Mapping[Sighting, frozenset[str]]
"""The rules, by id, that put something to the test."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What a run of the suite showed."""

    sightings: Sightings
    footprints: Footprints


def observe_reference() -> Observed:
    """Let the suite judge the reference and watch. Takes as long as ``certify reference``.

    It is judged as a target that is somebody's. Raises ``ConformanceError`` where the reference
    does not keep every rule.
    """
    observer, footprints = _Observer(), FootprintObserver()
    with (
        open_target("reference") as target,
        Judging(_owned(target, footprints), None) as judging,
        contextlib.redirect_stdout(io.StringIO()),
    ):
        run_suite(judging, observer, footprints)
    certificate = judging.certificate
    if certificate is None or certificate.exit_code is not ExitCode.CONFORMANT:
        raise ConformanceError(
            "what the rules test cannot be told: the reference does not keep all of them",
            "ecr-conformance certify reference",
        )
    return Observed(observer.sightings, footprints.footprints)


def _owned(target: Target, footprints: FootprintObserver) -> Run:
    return surveyed(Run(replace(target, owned=True), _SEED), footprints.through)


class _Observer:
    """A pytest plugin that reads the exchanges of each scenario when it has ended."""

    def __init__(self) -> None:
        self._found: dict[Sighting, set[str]] = defaultdict(set)

    @property
    def sightings(self) -> Sightings:
        return {sighting: frozenset(rules) for sighting, rules in self._found.items()}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        if call.when == "call" and call.excinfo is None and LOG in item.stash:
            assignment = item.stash[ASSIGNMENT]
            if counts(assignment.rule):
                for exchange in item.stash[LOG].exchanges:
                    if exchange.operation in assignment.operations:
                        self._take(exchange, assignment.rule)
        return (yield)

    def _take(self, exchange: Exchange, rule: Rule) -> None:
        for sighting in sightings(load_contract(exchange.service), exchange):
            if is_about(rule, sighting):
                self._found[sighting].add(rule.id)


def counts(rule: Rule) -> bool:
    """Whether a rule tests its operations in particular.

    A rule that only informs cannot fail; one of every exchange says nothing of one operation; one
    of generated valid requests asks no more than that they are not invalid.
    """
    generated = rule.id.rpartition(".")[2] == VALID
    return rule.level is not INFO and not generated and rule.id not in exchange_rules()


def is_about(rule: Rule, sighting: Sighting) -> bool:
    """Whether a rule tests what its scenario met.

    A rule of the profile ``validation`` is about errors for what is invalid; others come to the
    valid requests beside it, and which of them, and how often, may be a matter of time.
    """
    return sighting.kind != "error" or rule.profile != "validation" or sighting.name in MALFORMED


def sightings(contract: Contract, exchange: Exchange) -> Iterator[Sighting]:
    """What one exchange puts to the test."""

    def seen(kind: Kind, name: str) -> Sighting:
        return Sighting(contract.service, kind, exchange.operation, name)

    operation = exchange.operation
    if exchange.response is None or operation not in contract.operations:
        return
    error = refusal(exchange.response)
    if error is not None:
        yield seen("error", error.code)
        yield from (seen("constraint", name) for name in _only_breach(contract, exchange))
    elif success(exchange.response) is not None:
        paginator = contract.paginators.get(operation)
        if paginator is not None and _asks_for_more(exchange, paginator):
            yield seen("paginator", operation)
    if _WAITER in _features(exchange):
        for waiter in contract.waiters.values():
            if waiter.operation == operation:
                yield seen("waiter", waiter.name)


def _only_breach(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """The constraint that a request breaks, where it breaks just one."""
    shape = contract.operations[exchange.operation].input
    try:
        broken = broken_constraints(contract, shape, parse_json(exchange.request.body))
    except NotJson:
        return
    if len(broken) == 1:
        yield name_of(broken[0])


def _asks_for_more(exchange: Exchange, paginator: Paginator) -> bool:
    try:
        request = parse_json(exchange.request.body)
    except NotJson:
        return False
    return isinstance(request, dict) and paginator.input_token in request


def _features(exchange: Exchange) -> set[str]:
    """The features of boto3 that a request tells of in its User-Agent, as ``m/B,C``."""
    headers = {name.lower(): value for name, value in exchange.request.headers}
    marks = (part for part in headers.get("user-agent", "").split() if part.startswith("m/"))
    return {mark for part in marks for mark in part.removeprefix("m/").split(",")}
