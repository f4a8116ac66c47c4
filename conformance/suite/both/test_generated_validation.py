"""Every constraint of every operation's input, one step to either side.

The requests are generated from the service model: see ``conformance.contract.generators``. Each
operation has a rule for each kind of constraint, with a check for each place of its request; the
scenarios are alike, so they are made rather than written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from conformance.contract import load_contract
from conformance.contract.generators import constraints
from conformance.suite.evidence import Source, documented, model, unverified
from conformance.suite.generated.arrangements import Arrangement
from conformance.suite.generated.constraint_cases import (
    BREAKING,
    OTHER_TYPES,
    VALID,
    by_place,
    cases_of,
)
from conformance.suite.generated.generated_requests import Cases, refuses, sorts, takes
from conformance.suite.generated.varied_requests import Request
from conformance.suite.registry import Registry
from conformance.suite.rules import SERVICES, rule
from conformance.suite.running.separate_checks import SeparateChecks
from conformance.suite.verdicts import INFO, MUST, SHOULD, Level

Scenario = Callable[..., None]
Maker = Callable[[str, str], Scenario]
"""Makes the scenario of an operation and a kind of cases."""
Judge = Callable[[Registry, str, Request, Cases], None]
"""Judges the cases of one place: those of an operation that vary a request."""

_REQUIREMENTS = {
    "required": "{} refuses a request without a member that it requires.",
    "type": "{} refuses an object or a list in the place of another type, and the reverse.",
    "encoding": "{} refuses a blob that is not base64.",
    "enum": "{} refuses a value beyond an enumeration.",
    "min": "{} refuses what is less, shorter or fewer than the minimum.",
    "max": "{} refuses what is more, longer or larger than the maximum.",
    "pattern": "{} refuses text that does not match its pattern.",
    VALID: "{} does not refuse as invalid what the service model allows.",
    OTHER_TYPES: "{} takes or refuses values of types that are close to the right one.",
}


def _judging(judge: Judge) -> Maker:
    """Makes scenarios in which each place of a request is a check."""

    def make(operation: str, kind: str) -> Scenario:
        def scenario(
            registry: Registry, arrangement: Arrangement, separately: SeparateChecks
        ) -> None:
            cases = cases_of(registry.contract, operation, kind)
            for place, found in by_place(cases).items():
                with separately.check(place):
                    judge(registry, operation, arrangement.request, found)

        return scenario

    return make


def _observing(operation: str, kind: str) -> Scenario:
    def scenario(registry: Registry, arrangement: Arrangement, observe: list[str]) -> None:
        cases = cases_of(registry.contract, operation, kind)
        taken, refused = sorts(registry, operation, arrangement.request, cases)
        observe.append(f"taken: {', '.join(taken) or 'none'}")
        observe.append(f"refused as invalid: {', '.join(refused) or 'none'}")

    return scenario


_SCENARIOS: dict[str, tuple[Level, Maker]] = {
    **dict.fromkeys(BREAKING, (MUST, _judging(refuses))),
    VALID: (SHOULD, _judging(takes)),
    OTHER_TYPES: (INFO, _observing),
}


def _evidence(operation: str, kind: str, services: list[str]) -> list[Source]:
    contract = load_contract(services[0])
    shape = contract.operation(operation).input
    if kind == OTHER_TYPES:
        return [unverified(shape, "which types does ECR take for each other?")]
    if kind == VALID:
        return [model(shape, "what its constraints allow")]
    facts = [str(each) for each in constraints(contract, shape) if each.kind == kind]
    declared = {error.code for error in contract.operation(operation).errors}
    said = documented(
        f"{operation}.InvalidParameterException",
        "The specified parameter is invalid. Review the available parameters for the API request.",
    )
    return [
        model(shape, "; ".join(facts)),
        *([said] if "InvalidParameterException" in declared else []),
    ]


def _declare(operation: str, kind: str, services: list[str]) -> None:
    level, make = _SCENARIOS[kind]
    words = re.sub(r"(?<!^)(?=[A-Z])", "-", operation).lower()
    scenario: Any = make(operation, kind)
    scenario.__name__ = scenario.__qualname__ = f"test_{words}_{kind}".replace("-", "_")
    scenario.__doc__ = _REQUIREMENTS[kind].format(operation)
    declare = rule(
        f"validation.{words}.{kind}",
        level=level,
        operations=[operation],
        services=services,
        evidence=_evidence(operation, kind, services),
    )
    globals()[scenario.__name__] = declare(scenario)


def _declare_all() -> None:
    operations = {name: None for each in SERVICES for name in load_contract(each).operations}
    for operation in operations:
        for kind in _SCENARIOS:
            services = [
                service
                for service in SERVICES
                if operation in load_contract(service).operations
                and cases_of(load_contract(service), operation, kind)
            ]
            if services:
                _declare(operation, kind, services)


_declare_all()
