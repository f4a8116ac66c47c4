"""The rules of a page in their order: failures first, by what a reader does all day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from conformance.report.certificate import Certificate
from conformance.report.commands import certify_command
from conformance.report.importance import by_importance
from conformance.report.judged_rule import JudgedRule
from conformance.report.waivers import Waiver
from conformance.suite.verdicts import Level, Verdict

__all__ = ["IN_PAGE", "Row", "Section", "operation_numbers", "sections", "shortened"]

_LINE = 280
"""Characters of a message in the line of a rule."""

_TITLES = {
    Verdict.FAIL: "Failures",
    Verdict.ERROR: "Errors of the suite or the connection",
    Verdict.WARN: "Recommendations not met",
    Verdict.UNTESTABLE: "Untestable",
    Verdict.UNSUPPORTED: "Not implemented",
    Verdict.PASS: "Passes",
    Verdict.NOT_APPLICABLE: "Not applicable",
}
"""The sections in their order."""

IN_PAGE = (Verdict.FAIL, Verdict.ERROR)
"""The verdicts of rules that are unfolded from the start, and are on the page with evidence."""

_TOLD = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN, Verdict.UNTESTABLE)
"""The verdicts whose message a rule's line has."""


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as a line: ``unmet`` of its checks have its verdict, ``message`` is of the first.

    ``operations`` are the numbers of its operations, ``waived`` the waivers of its checks by id;
    ``command`` judges it again.
    """

    judged: JudgedRule
    verdict: Verdict
    message: str
    unmet: int
    operations: tuple[int, ...]
    waived: Mapping[str, Waiver]
    command: str

    @property
    def in_page(self) -> bool:
        """Whether its evidence is on the page itself."""
        return self.verdict in IN_PAGE


@dataclass(frozen=True, slots=True)
class Section:
    """The rules with one verdict, by service and profile."""

    verdict: Verdict
    title: str
    profiles: tuple[tuple[str, tuple[Row, ...]], ...]

    @property
    def size(self) -> int:
        """How many rules there are."""
        return sum(len(rows) for _, rows in self.profiles)

    @property
    def in_page(self) -> bool:
        """Whether it is unfolded from the start."""
        return self.verdict in IN_PAGE


def sections(certificate: Certificate) -> list[Section]:
    """The rules of a certificate by verdict, those without a rule left out."""
    numbers, waived, facts = (
        operation_numbers(certificate),
        certificate.waived,
        certificate.provenance,
    )
    by_verdict = defaultdict[Verdict, list[JudgedRule]](list)
    for judged in certificate.rules:
        by_verdict[_verdict(judged)].append(judged)

    def row(judged: JudgedRule) -> Row:
        own = {each.id: waived[each.id] for each in judged.checks if each.id in waived}
        return _row(judged, numbers, own, certify_command(facts, judged.rule.id))

    return [
        Section(
            verdict,
            title,
            tuple((name, tuple(map(row, rules))) for name, rules in _profiles(by_verdict[verdict])),
        )
        for verdict, title in _TITLES.items()
        if by_verdict[verdict]
    ]


def operation_numbers(certificate: Certificate) -> dict[str, int]:
    """A number for each operation that a rule concerns: rows name them by it, to be short."""
    names = {name for judged in certificate.rules for name in judged.rule.operations}
    return {name: number for number, name in enumerate(sorted(names))}


def shortened(text: str, limit: int = _LINE) -> str:
    """A text of at most so many characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _verdict(judged: JudgedRule) -> Verdict:
    """A failure is one even beside an error."""
    return Verdict.FAIL if judged.failed and judged.rule.level is Level.MUST else judged.verdict


def _row(
    judged: JudgedRule, numbers: dict[str, int], waived: Mapping[str, Waiver], command: str
) -> Row:
    verdict = _verdict(judged)
    first = judged.first(verdict) if verdict in _TOLD else None
    return Row(
        judged=judged,
        verdict=verdict,
        message=shortened(first.message) if first else "",
        unmet=sum(check.verdict is verdict for check in judged.checks) if first else 0,
        operations=tuple(numbers[name] for name in judged.rule.operations),
        waived=waived,
        command=command,
    )


def _profiles(rules: list[JudgedRule]) -> Iterator[tuple[str, list[JudgedRule]]]:
    ordered = by_importance(rules)
    for name, group in groupby(ordered, lambda each: f"{each.rule.service}.{each.rule.profile}"):
        yield name, list(group)
