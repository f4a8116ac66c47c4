"""Bringing together what there is to test, what tests it, and why some of it is not tested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from conformance.contract import SERVICES, load_contract
from conformance.coverage.items import Item, items
from conformance.coverage.normative import without_names
from conformance.coverage.reasons import Reason, idle, load_reasons
from conformance.coverage.sightings import Sighting, Sightings, counts
from conformance.suite.catalogue import all_rules
from conformance.suite.evidence import EvidenceKind
from conformance.suite.rules import Rule
from conformance.suite.verdicts import INFO


@dataclass(frozen=True, slots=True)
class Traced:
    """An item with the rules that test it or, where there is none, why.

    ``reason`` is the name of a committed reason, ``pattern`` what of it fits; both are empty where
    ``why`` comes from the contract or from a rule that only informs.
    """

    item: Item
    rules: tuple[str, ...]
    reason: str = ""
    why: str = ""
    pattern: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is neither tested nor excused."""
        return not self.rules and not self.why


@dataclass(frozen=True)
class Coverage:
    """Everything that there is to test, traced."""

    traced: tuple[Traced, ...]
    reasons: tuple[Reason, ...]

    @cached_property
    def open(self) -> list[Traced]:
        """What is neither tested nor excused."""
        return [each for each in self.traced if each.is_open]

    @cached_property
    def idle(self) -> list[str]:
        """Patterns of reasons that excuse nothing."""
        return idle(self.reasons, ((each.reason, each.pattern) for each in self.traced))


def trace(sightings: Sightings) -> Coverage:
    """Find for everything the rules that test it, or the reason why none does."""
    reasons = load_reasons()
    traced: list[Traced] = []
    for service in SERVICES:
        rules = [rule for rule in all_rules().values() if rule.service == service]
        tracer = _Tracer(rules, Quotations(service, rules), sightings, reasons)
        traced += [tracer.traced(item) for item in items(service)]
    return Coverage(tuple(traced), reasons)


@dataclass(frozen=True, slots=True)
class _Tracer:
    """What is known of one service."""

    rules: Sequence[Rule]
    quotations: Quotations
    sightings: Sightings
    reasons: Sequence[Reason]

    def traced(self, item: Item) -> Traced:
        """An item with what tests it, or why nothing does."""
        testing = sorted(set(self._testing(item)))
        if testing:
            return Traced(item, tuple(testing))
        for reason in self.reasons:
            pattern = reason.matching(item)
            if pattern is not None:
                return Traced(item, (), reason.name, reason.text, pattern)
        return Traced(item, (), why=item.excuse or self._unknown(item))

    def _testing(self, item: Item) -> Iterable[str]:
        if item.kind == "operation":
            return (each.id for each in self.rules if counts(each) and item.name in each.operations)
        if item.kind == "sentence":
            return (rule.id for rule in self.quotations.of(item) if rule.level is not INFO)
        return self.sightings.get(Sighting(item.service, item.kind, item.group, item.name), ())

    def _unknown(self, item: Item) -> str:
        """What nobody knows of a sentence, by the rule that only looks at what a target does."""
        informing = self.quotations.of(item) if item.kind == "sentence" else ()
        return next(
            (
                f"Not public: {evidence.quote} {rule.id} only looks at it."
                for rule in informing
                for evidence in rule.evidence
                if evidence.kind is EvidenceKind.UNVERIFIED
            ),
            "",
        )


class Quotations:
    """Which of the rules of a service quote a sentence of its documentation."""

    def __init__(self, service: str, rules: Iterable[Rule]) -> None:
        self._contract = load_contract(service)
        self._quotes = self._gather(rules)

    def of(self, item: Item) -> Iterator[Rule]:
        """The rules that quote the sentence, or a part of it, or more.

        A rule that quotes the same sentence of another place counts where it tests an operation
        that the sentence concerns, too.
        """
        said = without_names(item.text, self._contract)
        for quote, quoting in self._quotes.items():
            if quote in said or said in quote:
                for where, rule in quoting:
                    place = where.partition(".")[0]
                    here = place in item.operations or place == item.name.partition(".")[0]
                    if here or item.operations & set(rule.operations):
                        yield rule

    def _gather(self, rules: Iterable[Rule]) -> dict[str, list[tuple[str, Rule]]]:
        quotes = defaultdict(list)
        for rule in rules:
            for evidence in rule.evidence:
                if evidence.kind is EvidenceKind.DOCUMENTED:
                    words = without_names(" ".join(evidence.quote.split()), self._contract)
                    quotes[words].append((evidence.where, rule))
        return dict(quotes)
