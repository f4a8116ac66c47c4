"""The page of one certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from conformance.report.certificate import Certificate
from conformance.report.commands import certify_command, run_command
from conformance.report.duration import duration
from conformance.report.findings import not_implemented, why_untestable
from conformance.report.html.matrix import matrices
from conformance.report.html.packing import packed
from conformance.report.html.page import render, render_macro
from conformance.report.html.wire import shown_exchanges
from conformance.report.importance import by_importance
from conformance.report.judged_rule import JudgedRule
from conformance.report.plain_text import visible
from conformance.report.provenance import Provenance
from conformance.report.reproduction import reproduce
from conformance.report.summary import summarise
from conformance.suite.checks import Check
from conformance.suite.rules import SERVICES
from conformance.suite.verdicts import Level, Verdict

__all__ = ["report_page"]

_FRAGMENTS = "fragments.html.jinja"
_IN_FULL = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN)
"""The verdicts of checks whose exchanges and scripts the page has."""

_IN_PAGE = (Verdict.FAIL, Verdict.ERROR)
"""The verdicts of rules that are unfolded from the start, and whose evidence the page has."""

_SCRIPTS = (
    ("aws", "AWS CLI", "a command for a shell"),
    ("curl", "curl", "a command for a shell"),
    ("boto3", "boto3", "a program for python3"),
)
"""The scripts that repeat a check, the shortest way to paste first."""

_FIRST = 8
"""How many failures the top of the page tells."""

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
"""The sections of rules in their order."""


@dataclass(frozen=True, slots=True)
class Section:
    """The rules with one verdict, by service and profile; ``in_full``: unfolded from the start."""

    verdict: Verdict
    title: str
    profiles: tuple[tuple[str, tuple[JudgedRule, ...]], ...]

    @property
    def size(self) -> int:
        """How many rules there are."""
        return sum(len(rules) for _, rules in self.profiles)

    @property
    def in_full(self) -> bool:
        """Whether it is unfolded from the start."""
        return self.verdict in _IN_PAGE


def report_page(certificate: Certificate) -> str:
    """The page as HTML."""
    facts = certificate.provenance
    return render(
        "report.html.jinja",
        "report.js",
        certificate=certificate,
        facts=facts,
        summary=summarise(certificate, shown=_FIRST),
        duration=duration(facts.started, certificate.finished),
        run_command=run_command(facts),
        rule_command=lambda rule: certify_command(facts, rule.id),
        services=[
            name for name in SERVICES if any(p.service == name for p in certificate.profiles)
        ],
        matrices=matrices(certificate),
        sections=_sections(certificate),
        verdict_of=section_verdict,
        message_of=first_message,
        shortened=shortened,
        operations=_operations(certificate),
        not_implemented=not_implemented(certificate),
        why_untestable=why_untestable(certificate),
        packs=_packs(certificate),
    )


def first_message(judged: JudgedRule) -> str:
    """What the line of a rule says of its checks."""
    first = judged.first(section_verdict(judged))
    return shortened(first.message) if first else ""


def shortened(text: str, limit: int = _LINE) -> str:
    """A text of at most so many characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def section_verdict(judged: JudgedRule) -> Verdict:
    """Where a rule is shown: a failure is one even beside an error."""
    return Verdict.FAIL if judged.failed and judged.rule.level is Level.MUST else judged.verdict


def _sections(certificate: Certificate) -> list[Section]:
    by_verdict = defaultdict[Verdict, list[JudgedRule]](list)
    for judged in certificate.rules:
        by_verdict[section_verdict(judged)].append(judged)
    return [
        Section(verdict, title, tuple(_by_profile(by_verdict[verdict])))
        for verdict, title in _TITLES.items()
        if by_verdict[verdict]
    ]


def _by_profile(rules: list[JudgedRule]) -> Iterator[tuple[str, tuple[JudgedRule, ...]]]:
    for name, group in groupby(by_importance(rules), _pack_of):
        yield name, tuple(group)


def _operations(certificate: Certificate) -> dict[str, int]:
    """The number of each operation that a rule concerns: rows name them by it, to be short."""
    names = {name for judged in certificate.rules for name in judged.rule.operations}
    return {name: number for number, name in enumerate(sorted(names))}


def _pack_of(judged: JudgedRule) -> str:
    return f"{judged.rule.service}.{judged.rule.profile}"


def _packs(certificate: Certificate) -> dict[str, str]:
    """What is behind folds, a pack for each profile, so that opening a fold unpacks little."""
    groups = groupby(certificate.rules, _pack_of)
    facts = certificate.provenance
    return {name: packed(dict(_fragments(list(rules), facts))) for name, rules in groups}


def _fragments(rules: Sequence[JudgedRule], facts: Provenance) -> Iterator[tuple[str, str]]:
    """What is behind the folds of a profile's rules.

    ``rule <id>`` is the rest of a rule, ``aws``, ``curl`` and ``boto3 <check>`` its scripts, and
    ``wire <check>`` the names of its exchanges: checks of one scenario share many.
    """
    for judged in rules:
        yield f"rule {visible(judged.rule.id)}", _rest(judged, facts)
    checks = [check for judged in rules for check in judged.checks if check.verdict in _IN_FULL]
    numbers: dict[str, int] = {}
    wires = {f"wire {visible(check.id)}": _wire(check, numbers) for check in checks}
    yield from ((str(number), fragment) for fragment, number in numbers.items())
    yield from wires.items()
    for name, label, how in _SCRIPTS:
        for check in checks:
            yield (
                f"{name} {visible(check.id)}",
                _fragment("script", label, how, _script(check, name)),
            )


def _rest(judged: JudgedRule, facts: Provenance) -> str:
    """What the page itself does not have of a rule: where it fails, the page has the evidence."""
    checks = _fragment("rule_checks", judged, first_message(judged))
    if section_verdict(judged) in _IN_PAGE:
        return checks
    return _fragment("rule_evidence", judged, certify_command(facts, judged.rule.id)) + checks


def _wire(check: Check, numbers: dict[str, int]) -> str:
    """The numbers of a check's exchanges; adds to ``numbers`` those that are new.

    They are in groups: what only led to the verdict, what decided it, and so on in turn.
    """
    shown = shown_exchanges(check)
    decided = [exchange.decided for exchange in shown]
    fragments = [_fragment("wire", exchange) for exchange in shown]
    names = [str(numbers.setdefault(each, len(numbers))) for each in fragments]
    return "|".join(" ".join(group) for group in _alternating(names, decided))


def _alternating(names: Sequence[str], decided: Sequence[bool]) -> list[list[str]]:
    """The names in groups, of which every other one decided; the first did not, or is empty."""
    groups: list[list[str]] = [[]]
    for name, decides in zip(names, decided, strict=True):
        if decides != (len(groups) % 2 == 0):
            groups.append([])
        groups[-1].append(name)
    return groups


def _script(check: Check, name: str) -> str | None:
    scripts = reproduce(check)
    return None if scripts is None else getattr(scripts, name)


def _fragment(macro: str, *values: object) -> str:
    return render_macro(_FRAGMENTS, macro, *values)
