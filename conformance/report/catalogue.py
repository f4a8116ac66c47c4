"""The rules on paper: a list of them, and one explained."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.markup import escape

from conformance.suite.catalogue import all_rules, rule_called
from conformance.suite.rules import PROFILES, SERVICES, Rule, require_known


def print_rules(services: Sequence[str], profiles: Sequence[str]) -> None:
    """List the rules of some services and profiles, or of all.

    Raises ``UsageError`` for an unknown service or profile.
    """
    require_known("service", services, SERVICES)
    require_known("profile", profiles, PROFILES)
    chosen = [
        rule
        for rule in sorted(all_rules().values(), key=_place)
        if rule.service in (services or SERVICES) and rule.profile in (profiles or PROFILES)
    ]
    console = Console(soft_wrap=True, highlight=False)
    for (service, profile), rules in groupby(chosen, lambda rule: (rule.service, rule.profile)):
        console.print(f"[bold]{service} · {profile}[/]")
        for rule in rules:
            console.print(f"  {rule.id}  [dim]{rule.level.value}[/]  {escape(rule.title)}")
    console.print(f"{len(chosen)} rules")


def print_rule(rule_id: str) -> None:
    """Show one rule. Raises ``UsageError`` for an unknown id."""
    rule = rule_called(rule_id)
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"[bold]{rule.id}[/]")
    console.print(f"  {escape(rule.title)}\n")
    for name, value in _facts(rule):
        console.print(f"  {name:<11}{escape(value)}")
    console.print("\n  What says so:")
    for evidence in rule.evidence:
        console.print(f"  - {evidence.kind.value}, {escape(evidence.where)}:")
        console.print(f"    {escape(evidence.quote)}")
        if evidence.url:
            console.print(f"    {escape(evidence.url)}")
    console.print(f"\n  To judge it: ecr-conformance certify TARGET -k {rule.id}")


def _facts(rule: Rule) -> list[tuple[str, str]]:
    return [
        ("level", rule.level.value),
        ("profile", f"{rule.profile} of {rule.service}"),
        ("operations", ", ".join(rule.operations)),
        ("scenario", rule.scenario),
    ]


def _place(rule: Rule) -> tuple[int, int, str]:
    return SERVICES.index(rule.service), PROFILES.index(rule.profile), rule.id
