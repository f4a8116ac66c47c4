"""A difference on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conformance.report.brief import product_name
from conformance.report.difference import Change, Difference, RuleChange
from conformance.report.plain_text import one_line
from conformance.suite.verdicts import Verdict

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_difference"]

_STYLES = {
    Change.REGRESSED: "bold red",
    Change.LOST: "bold magenta",
    Change.FIXED: "bold green",
}


def print_difference(difference: Difference, console: Console) -> None:
    """Print what changed, the worst first, without colours where there is no terminal."""
    from rich.text import Text

    for line, style in _lines(difference):
        # Rule ids are copied, so they are never wrapped.
        console.print(Text(one_line(line), style=style), soft_wrap=True)


def _lines(difference: Difference) -> Iterator[tuple[str, str]]:
    before, after = difference.before, difference.after
    yield f"{product_name(before)} -> {product_name(after)}", "bold"
    yield f"{before.conclusion} -> {after.conclusion}", ""
    for odd in difference.disagreements:
        yield f"not the same {odd.what}: {' -> '.join(odd.values)}", "yellow"
    for change in Change:
        rules = difference.of(change)
        if rules:
            yield "", ""
            yield f"{change.value.capitalize()}: {len(rules)}", _STYLES.get(change, "bold")
        for each in rules:
            yield from _rule(each)
    counts = ", ".join(f"{count} {what}" for what, count in difference.unchanged.items())
    yield "", ""
    yield f"Unchanged: {counts}", ""


def _rule(each: RuleChange) -> Iterator[tuple[str, str]]:
    verdicts = f"{_label(each.before)} -> {_label(each.after)}"
    # Of a rule that was broken already, it is not plain what has regressed.
    partly = each.before is not Verdict.PASS and each.checks
    more = f" in {len(each.checks)} more checks" if partly else ""
    yield f"  {each.rule.id}  {each.rule.level.value}  {verdicts}{more}", ""
    if each.message and each.change is not Change.FIXED:
        yield f"      {each.message}", "dim"


def _label(verdict: Verdict | None) -> str:
    return "-" if verdict is None else verdict.label
