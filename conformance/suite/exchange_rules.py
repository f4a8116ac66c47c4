"""Rules that every single exchange has to keep, whatever the scenario was about.

Such a rule is a judgement of one exchange. It has a scenario of its own, which judges one success
and one refusal of each operation, so that it can be chosen and repeated alone; and it watches the
exchanges of every other scenario of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pytest

from conformance.contract import Contract
from conformance.suite.answers import describe, refusal, success
from conformance.suite.checks import Check, digest_of
from conformance.suite.evidence import Source
from conformance.suite.outcomes import Untestable
from conformance.suite.rules import Rule, rule
from conformance.suite.run import Run
from conformance.suite.verdicts import Level, Verdict
from conformance.transport.exchange import Exchange, Response
from conformance.transport.log import ExchangeLog

Judgement = Callable[[Contract, Exchange], Iterable[str]]
"""Yields what is wrong with an exchange, one sentence each; nothing when all is well."""

Concern = Callable[[Response], bool]
"""Whether a rule has anything to say about an answer."""

# All rules look at one answer after another, so what was read of it is remembered for a while. It
# is for judging alone, because nobody may change what others read.
answer_of = lru_cache(maxsize=16)(success)
error_of = lru_cache(maxsize=16)(refusal)


def every_answer(_: Response) -> bool:
    """A rule of all answers."""
    return True


def is_success(response: Response) -> bool:
    """A rule of what successful answers hold."""
    return answer_of(response) is not None


def is_refusal(response: Response) -> bool:
    """A rule of errors."""
    return response.status >= 400


def has_members(response: Response) -> bool:
    """A rule of the members of answers and errors."""
    return is_success(response) or error_of(response) is not None


@dataclass(frozen=True, slots=True)
class ExchangeRule:
    """A rule with the judgement that decides it for one exchange."""

    rule: Rule
    judge: Judgement
    concerns: Concern

    def complaint(self, contract: Contract, exchange: Exchange) -> str:
        """The first thing wrong with the exchange, or nothing."""
        return next(iter(self.judge(contract, exchange)), "")

    def verdict(self, complaint: str) -> Verdict:
        """The verdict that goes with a complaint, or with none."""
        failed = Verdict.FAIL if self.rule.level is Level.MUST else Verdict.WARN
        return failed if complaint else Verdict.PASS

    def check(self, exchange: Exchange, complaint: str) -> Check:
        """The rule's check for the exchange's operation."""
        return Check(
            rule=self.rule.id,
            id=f"{self.rule.id}[{exchange.operation}]",
            operations=(exchange.operation,),
            verdict=self.verdict(complaint),
            message=f"{exchange.operation}: {complaint}" if complaint else "",
            exchanges=(exchange,) if complaint else (),
            digest=digest_of([exchange]),
        )


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges of one walk through a service, for a scenario to look at.

    ``log`` is what the scenario's check will show.
    """

    contract: Contract
    log: ExchangeLog

    def about(self, operation: str) -> list[Exchange]:
        """The exchanges of one operation that have a response."""
        return [
            exchange
            for exchange in self.log.exchanges
            if exchange.operation == operation and exchange.response is not None
        ]

    def end_at(self, exchange: Exchange) -> None:
        """Forget what came after the exchange that decided the check."""
        del self.log.exchanges[self.log.exchanges.index(exchange) + 1 :]


_exchange_rules: dict[str, ExchangeRule] = {}


def exchange_rules() -> dict[str, ExchangeRule]:
    """Every exchange rule declared so far, by rule id."""
    return _exchange_rules


def exchange_rule(
    name: str,
    *,
    level: Level,
    operations: Sequence[str],
    evidence: Sequence[Source],
    concerns: Concern = every_answer,
) -> Callable[[Judgement], Callable[..., None]]:
    """Turn a judgement of one exchange into a scenario and a watch over the whole run.

    ``concerns`` tells which answers are judged; the other arguments are those of ``rule``. The
    scenario runs once for each of ``operations`` that the service has. It is untestable unless the
    operation succeeded once, and unless there was an answer to judge: an endpoint that answers
    everything alike keeps no rule by that.
    """

    def declare(judge: Judgement) -> Callable[..., None]:
        @pytest.mark.parametrize("operation", operations)
        def scenario(conversation: Conversation, operation: str) -> None:
            __tracebackhide__ = True
            answered = conversation.about(operation)
            judged = [each for each in answered if concerns(each.answer)]
            for exchange in judged:
                for complaint in judge(conversation.contract, exchange):
                    conversation.end_at(exchange)
                    raise AssertionError(f"{operation}: {complaint}")
            if not judged:
                raise Untestable(operation, "no answer that the rule is about")
            if not any(is_success(each.answer) for each in answered):
                raise Untestable(operation, f"it never succeeds: {describe(answered[0].answer)}")

        scenario.__name__, scenario.__doc__ = judge.__name__, judge.__doc__
        scenario.__module__ = judge.__module__
        declared = rule(name, level=level, operations=operations, evidence=evidence)(scenario)
        for each in declared.conformance_rules.values():  # type: ignore[attr-defined]
            _exchange_rules[each.id] = ExchangeRule(each, judge, concerns)
        return declared

    return declare


class Watch:
    """Judges every exchange by the chosen exchange rules, and tells each outcome once.

    Every exchange: also those of operations that no walk goes through, because they set something
    for the whole registry, and that a rule's own scenario therefore never sees.
    A check is told again only when it got worse, so a run of thousands of exchanges tells a few
    dozen checks.
    """

    def __init__(self, chosen: Iterable[str], run: Run) -> None:
        self._rules: dict[str, dict[Concern, list[ExchangeRule]]] = {}
        for watched in (_exchange_rules[rule_id] for rule_id in chosen):
            alike = self._rules.setdefault(watched.rule.service, {})
            alike.setdefault(watched.concerns, []).append(watched)
        self._run = run
        self._told: dict[tuple[str, str], Verdict] = {}
        self._there: set[tuple[str, str]] = set()

    def observe(self, contract: Contract, exchanges: Iterable[Exchange]) -> Iterator[Check]:
        """The checks that some exchanges add to what was told before."""
        for exchange in exchanges:
            if not self._counts(contract, exchange):
                continue
            for concerns, rules in self._rules.get(exchange.service, {}).items():
                if concerns(exchange.answer):
                    for watched in rules:
                        yield from self._news(watched, contract, exchange)

    def _news(
        self, watched: ExchangeRule, contract: Contract, exchange: Exchange
    ) -> Iterator[Check]:
        key = watched.rule.id, exchange.operation
        told = self._told.get(key, Verdict.NOT_APPLICABLE)
        if told > Verdict.PASS:
            return  # there is no worse
        complaint = watched.complaint(contract, exchange)
        if watched.verdict(complaint) > told:
            self._told[key] = watched.verdict(complaint)
            yield watched.check(exchange, complaint)

    def _counts(self, contract: Contract, exchange: Exchange) -> bool:
        """Whether there is an answer of an operation that the target claims to have."""
        if exchange.service != contract.service or exchange.operation not in contract.operations:
            return False
        return exchange.response is not None and self._is_there(exchange, exchange.response)

    def _is_there(self, exchange: Exchange, response: Response) -> bool:
        """Whether the target has the operation, as far as is known.

        An operation that no survey tried is there once it was answered otherwise than a made-up
        one.
        """
        capability = self._run.capability(exchange.service)
        if exchange.operation in capability.tried:
            return exchange.operation not in capability.lacking
        key = exchange.service, exchange.operation
        if not capability.says_no(response, exchange.operation):
            self._there.add(key)
        return key in self._there
