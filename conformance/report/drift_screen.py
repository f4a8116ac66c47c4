"""Drift on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from conformance.report.brief import product_name
from conformance.report.drift import Drift, Questioned
from conformance.report.recordings_screen import difference_lines, origin_line
from conformance.report.touched_rules import ContractDrift, Touched

__all__ = ["drift_lines"]


def drift_lines(found: Drift, before: Path, after: Path) -> Iterator[str]:
    """What drifted: answers, contract, the rules touched, and the verdicts in question."""
    yield f"before: {origin_line(found.before)}"
    yield f"after:  {origin_line(found.after)}"
    yield ""
    yield from difference_lines(found.answers, before, after)
    yield ""
    for contract in found.contracts:
        yield from _contract_lines(contract)
    yield ""
    yield f"rules touched: {len(found.rules) or 'none'}"
    for rule in found.rules:
        yield f"  {rule.rule.id}  {rule.rule.level.value}  {_why(rule)}"
    for report in found.reports:
        yield ""
        yield from _report_lines(report)


def _contract_lines(contract: ContractDrift) -> Iterator[str]:
    count = len(contract.changes) or "no"
    yield (
        f"contract of {contract.service}: lock ({contract.locked}) -> {contract.installed}: "
        f"{count} changes"
    )
    for change in contract.changes:
        yield f"  {change.effect:<10} {change.place}: {change.detail}"


def _why(touched: Touched) -> str:
    why = []
    if touched.scenarios:
        why.append(f"answered differently: {', '.join(touched.scenarios)}")
    if touched.operations:
        why.append(f"contract changed: {', '.join(touched.operations)}")
    return "; ".join(why)


def _report_lines(report: Questioned) -> Iterator[str]:
    count = len(report.verdicts)
    verdicts = "1 verdict" if count == 1 else f"{count or 'no'} verdicts"
    judged = f"{product_name(report.certificate)}, judged {report.certificate.finished}"
    yield f"{judged}: {verdicts} to be looked at again"
    for each in report.verdicts:
        yield f"  {each.rule.id}  {each.rule.level.value}  {each.verdict.label}"
        if each.message:
            yield f"      {each.message}"
