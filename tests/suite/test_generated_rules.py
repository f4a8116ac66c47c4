"""The rules of generated requests: what they are about, and what is left out with a reason."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from conformance.contract import SERVICES, load_contract
from conformance.contract.generators import CoverageCase, coverage_cases
from conformance.suite.catalogue import all_rules
from conformance.suite.generated.constraint_cases import (
    ASKS_MORE,
    BREAKING,
    NAMES,
    OTHER_TYPES,
    OVERLOOKED,
    PARTNERS,
    VALID,
    by_place,
    cases_of,
)
from conformance.suite.generated.varied_requests import BESIDE_THE_WALK
from conformance.suite.outcomes import Untestable
from conformance.suite.running.assignment import Assignment
from conformance.suite.running.separate_checks import SeparateChecks
from conformance.suite.verdicts import Level, Verdict
from conformance.suite.walk import program

ALL = [
    (service, operation) for service in SERVICES for operation in load_contract(service).operations
]
KINDS = (*BREAKING, VALID, OTHER_TYPES)


def judged(service: str, operation: str) -> list[CoverageCase]:
    """The cases of an operation that some rule judges."""
    contract = load_contract(service)
    return [case for kind in KINDS for case in cases_of(contract, operation, kind)]


def test_every_operation_has_a_request_to_vary() -> None:
    """Each operation is in the walk of its service or has a request of its own, not both."""
    for service in SERVICES:
        contract = load_contract(service)
        walked = {step.operation for step in program(contract, "name", "seed")}
        assert contract.operations.keys() <= walked | BESIDE_THE_WALK.keys()
        assert not walked & BESIDE_THE_WALK.keys()


@pytest.mark.parametrize(("service", "operation"), ALL)
def test_every_operation_has_rules_of_generated_requests(service: str, operation: str) -> None:
    """Each operation has a rule, and no rule is without a case."""
    prefix = f"{service}.validation."
    rules = [
        rule
        for rule in all_rules().values()
        if rule.id.startswith(prefix)
        and rule.id.rpartition(".")[2] in KINDS
        and rule.operations == (operation,)
    ]
    assert rules
    for rule in rules:
        assert cases_of(load_contract(service), operation, rule.id.rpartition(".")[2])


@pytest.mark.parametrize(("service", "operation"), ALL)
def test_no_broken_request_is_left_out_silently(service: str, operation: str) -> None:
    """What breaks a constraint is judged by a rule, or listed with the reason why it is not."""
    known = judged(service, operation)
    for case in coverage_cases(load_contract(service), operation):
        if not case.valid and case not in known:
            large = case.site.shape in ("LayerPartBlob", "ImageManifest")
            assert large or (operation, str(case.site)) in OVERLOOKED, case.name


@pytest.mark.parametrize(("service", "operation"), ALL)
def test_no_right_request_names_what_others_may_have(service: str, operation: str) -> None:
    """No valid request that is sent varies the name of something."""
    for case in cases_of(load_contract(service), operation, VALID):
        assert not case.site.steps or case.site.steps[0] not in NAMES


def test_what_is_listed_exists() -> None:
    """Exemptions name operations, places and members that the contracts have."""
    places = {
        (operation, str(case.site))
        for service, operation in ALL
        for case in coverage_cases(load_contract(service), operation)
    }
    assert OVERLOOKED.keys() <= places
    assert {*ASKS_MORE, *NAMES, *PARTNERS} <= {place for _, place in places}


def test_the_places_of_a_request_are_told_apart() -> None:
    """The cases of one place stand together, whatever stands between them."""
    cases = cases_of(load_contract("ecr"), "CreateRepository", "max")
    found = by_place(cases)
    assert sorted(map(len, found.values())) == sorted(
        sum(1 for case in cases if str(case.site) == place) for place in found
    )
    assert "tags[].Key" not in found
    assert "repositoryName" in found


def test_each_point_of_a_scenario_is_judged_for_itself() -> None:
    """A point that fails or cannot be tested keeps no other point from being judged."""
    rule = next(each for each in all_rules().values() if each.level is Level.MUST)
    checks = SeparateChecks(
        Assignment(rule, rule.id, rule.operations),
        SimpleNamespace(exchanges=[]),  # type: ignore[arg-type]
    )
    with checks.check("wrong"):
        raise AssertionError("not so")
    with checks.check("unknown"):
        raise Untestable("CreateRepository", "it is not there")
    with checks.check("right"):
        pass
    assert [(each.id, each.verdict) for each in checks.checks] == [
        (f"{rule.id}[wrong]", Verdict.FAIL),
        (f"{rule.id}[unknown]", Verdict.UNTESTABLE),
        (f"{rule.id}[right]", Verdict.PASS),
    ]
    assert checks.checks[0].message == "not so"


def test_an_error_of_the_suite_ends_the_scenario() -> None:
    """What is neither an outcome nor an assertion is not swallowed."""
    rule = next(iter(all_rules().values()))
    checks = SeparateChecks(
        Assignment(rule, rule.id, rule.operations),
        SimpleNamespace(exchanges=[]),  # type: ignore[arg-type]
    )
    with pytest.raises(ZeroDivisionError), checks.check("broken"):
        raise ZeroDivisionError
