"""Finding the rules: every scenario module of the suite, imported."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection
from difflib import get_close_matches

import conformance.suite
from conformance.errors import UsageError
from conformance.suite.rules import Rule, declared_rules


def all_rules() -> dict[str, Rule]:
    """Every rule of the suite, by id."""
    for module in pkgutil.walk_packages(conformance.suite.__path__, "conformance.suite."):
        if module.name.rpartition(".")[2].startswith("test_"):
            importlib.import_module(module.name)
    return declared_rules()


def rules_about(service: str, operations: Collection[str]) -> list[Rule]:
    """The rules of a service that concern one of some operations, sorted by id."""
    found = [rule for rule in all_rules().values() if rule.service == service]
    return sorted(
        (rule for rule in found if not set(rule.operations).isdisjoint(operations)),
        key=lambda rule: rule.id,
    )


def rule_called(rule_id: str) -> Rule:
    """The rule with an id, or of a check's id. Raises ``UsageError`` for an unknown one."""
    rules = all_rules()
    found = rules.get(rule_id.partition("[")[0])
    if found is None:
        similar = get_close_matches(rule_id, rules, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(similar)}?" if similar else "ecr-conformance rules"
        raise UsageError(f"there is no rule {rule_id!r}", hint)
    return found
