"""The rules that drift touches: by what is answered differently, and by a contract that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.contract import load_contract
from conformance.contract.changes import Change, changes
from conformance.contract.published import installed_models
from conformance.suite.catalogue import all_rules, rules_about
from conformance.suite.exchange_rules import exchange_rules
from conformance.suite.rules import Rule
from conformance.transport.cassettes.difference import Difference

__all__ = ["ContractDrift", "Touched", "contract_drift", "touched_rules"]


@dataclass(frozen=True, slots=True)
class ContractDrift:
    """How the installed botocore (``installed``) differs from the contract lock (``locked``)."""

    service: str
    locked: str
    installed: str
    changes: Sequence[Change]

    def to_json(self) -> dict[str, Any]:
        """The difference as a JSON object."""
        return {
            "service": self.service,
            "locked": self.locked,
            "installed": self.installed,
            "changes": [
                {
                    "effect": each.effect,
                    "place": each.place,
                    "detail": each.detail,
                    "operations": list(each.operations),
                }
                for each in self.changes
            ],
        }


@dataclass(frozen=True, slots=True)
class Touched:
    """A rule that drift touches.

    ``scenarios`` are cassettes that differ, named as ``Difference`` does; ``operations`` those of
    its operations whose contract differs.
    """

    rule: Rule
    scenarios: tuple[str, ...]
    operations: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The touched rule as a JSON object."""
        return {
            "id": self.rule.id,
            "level": self.rule.level.value,
            "scenarios": list(self.scenarios),
            "operations": list(self.operations),
        }


def contract_drift() -> Iterator[ContractDrift]:
    """How the installed botocore differs from the contract lock, service by service."""
    for service, published in installed_models().items():
        locked, installed = load_contract(service), published.contract
        found = changes(locked, installed)
        yield ContractDrift(service, locked.source, installed.source, found)


def touched_rules(answers: Difference, contracts: Sequence[ContractDrift]) -> list[Touched]:
    """The rules that different answers and contracts touch, sorted by id."""
    scenarios, operations = _by_answers(answers), _by_contract(contracts)
    return [
        Touched(rule, tuple(scenarios.get(name, ())), tuple(sorted(operations.get(name, ()))))
        for name, rule in sorted(all_rules().items())
        if name in scenarios or name in operations
    ]


def _by_answers(answers: Difference) -> Mapping[str, list[str]]:
    """The scenarios that were answered differently, by rule id."""
    found: dict[str, list[str]] = defaultdict(list)
    for scenario, differences in answers.scenarios.items():
        for rule_id in _decided_in(scenario, {each.operation for each in differences}):
            found[rule_id].append(scenario)
    return found


def _decided_in(scenario: str, operations: set[str]) -> list[str]:
    """The rules that a scenario decides; what scenarios share has those of every exchange."""
    service, _, name = scenario.partition("/")
    if "." in name:
        return [f"{service}.{name.partition('[')[0]}"]
    watching = exchange_rules()
    return [rule.id for rule in rules_about(service, operations) if rule.id in watching]


def _by_contract(contracts: Sequence[ContractDrift]) -> Mapping[str, set[str]]:
    """The operations that the contract says something else of now, by rule id."""
    found: dict[str, set[str]] = {}
    for contract in contracts:
        concerned = {name for change in contract.changes for name in change.operations}
        for rule in rules_about(contract.service, concerned):
            found[rule.id] = concerned & set(rule.operations)
    return found
