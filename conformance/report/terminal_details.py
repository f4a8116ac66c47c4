"""Everything that a run found, for the terminal: what ``--verbose`` adds to the summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from conformance.report.certificate import Certificate
from conformance.report.findings import not_implemented, not_met, rules_with, why_untestable
from conformance.report.judged_rule import JudgedRule
from conformance.report.summary import Finding
from conformance.report.terminal_text import many, plain, remark
from conformance.suite.verdicts import Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["details"]


def details(certificate: Certificate) -> Iterator[RenderableType]:
    """The rules that fail or ended in an error, and what else is to be known."""
    yield from _complaints(certificate, Verdict.FAIL)
    yield from _complaints(certificate, Verdict.ERROR)
    yield from _remarks(certificate)


def _complaints(certificate: Certificate, verdict: Verdict) -> Iterator[RenderableType]:
    """The rules with a verdict, by profile: what each requires and what came."""
    rules = rules_with(certificate, verdict)
    if rules:
        does = "fails" if len(rules) == 1 else "fail"
        erred = "could not be judged, because of an error of the suite or the connection"
        yield ""
        yield plain(
            f"{many(len(rules), 'rule')} {does if verdict is Verdict.FAIL else erred}:", "bold red"
        )
    for name, group in groupby(rules, lambda each: f"{each.rule.service} {each.rule.profile}"):
        yield ""
        yield plain(name, "bold")
        for judged in group:
            yield from _complaint(judged, verdict)


def _complaint(judged: JudgedRule, verdict: Verdict) -> Iterator[RenderableType]:
    found = Finding.of(judged, verdict)
    share = f" ({found.unmet} of {found.checks} checks)" if found.checks > 1 else ""
    yield plain(f"{found.rule}{share}", indent=2)
    yield plain(found.title, indent=6)
    if found.message:
        yield plain(found.message, "red", indent=6)


def _remarks(certificate: Certificate) -> Iterator[RenderableType]:
    remarks: list[tuple[str, Sequence[str]]] = [
        ("Recommendations not met", [judged.rule.id for judged in not_met(certificate)]),
        ("Not implemented", not_implemented(certificate)),
        ("Untestable", why_untestable(certificate)),
    ]
    for title, items in remarks:
        yield from remark(title, items)
