"""Rules that judge every exchange."""

from __future__ import annotations

import pytest
from canned import Answer, error, serve
from scenario_session import run_scenarios

from conformance.suite.verdicts import Verdict

CASES = """
from conformance.suite.exchange_rules import exchange_rule, is_refusal, is_success

def declare_exchange(name, concerns):
    return exchange_rule(name, level=MUST, operations=["DescribeRepositories"],
                         concerns=concerns, evidence=[documented("PutImage", "x")])

@declare_exchange("shapes.of-successes", is_success)
def test_of_successes(contract, exchange):
    '''Successes are judged.'''
    if b"wrong" in exchange.response.body:
        yield "it is wrong"

@declare_exchange("shapes.of-refusals", is_refusal)
def test_of_refusals(contract, exchange):
    '''Refusals are judged.'''
    if b"wrong" in exchange.response.body:
        yield "it is wrong"
"""

MISSING = error("RepositoryNotFoundException")
FINE = (200, {"repositories": []})


@pytest.mark.parametrize(
    ("first", "second", "of_successes", "of_refusals"),
    [
        (FINE, MISSING, Verdict.PASS, Verdict.PASS),
        ((200, {"wrong": []}), MISSING, Verdict.FAIL, Verdict.PASS),
        (FINE, error("Missing", "wrong"), Verdict.PASS, Verdict.FAIL),
        (FINE, FINE, Verdict.PASS, Verdict.UNTESTABLE),
        (MISSING, MISSING, Verdict.UNTESTABLE, Verdict.UNTESTABLE),
        (error("Missing", "wrong"), MISSING, Verdict.UNTESTABLE, Verdict.FAIL),
        ((200, b"<html>"), (200, b"<html>"), Verdict.UNTESTABLE, Verdict.UNTESTABLE),
    ],
)
def test_a_rule_judges_what_concerns_it(
    pytester: pytest.Pytester,
    first: Answer,
    second: Answer,
    of_successes: Verdict,
    of_refusals: Verdict,
) -> None:
    """Without an answer to judge, or without any success, nothing was learned of the rule."""

    def answer(operation: str, parameters: dict[str, object]) -> Answer:
        if operation == "DescribeRepositories" and parameters:
            return next(described, second)
        return (200, {}) if operation == "CreateRepository" else MISSING

    described = iter([first, first])  # in the survey, then in the walk
    with serve(answer) as endpoint:
        outcome = run_scenarios(pytester, endpoint, CASES, "--conformance-service", "ecr")
    assert {name: check.verdict for name, check in outcome.checks.items()} == {
        "ecr.shapes.of-successes[DescribeRepositories]": of_successes,
        "ecr.shapes.of-refusals[DescribeRepositories]": of_refusals,
    }


SETTING = """
@declare("registry.of-a-setting", operations=["PutRegistryPolicy"])
def test_of_a_setting(registry):
    '''A setting of the registry is put.'''
    registry.call("PutRegistryPolicy", policyText="{}")
"""


def test_a_rule_watches_operations_that_its_own_scenario_never_sees(
    pytester: pytest.Pytester,
) -> None:
    """Answers about settings of a whole registry, which no walk puts, are judged as they come."""

    def answer(operation: str, parameters: dict[str, object]) -> Answer:
        return (200, {"wrong": []}) if operation == "PutRegistryPolicy" else FINE

    with serve(answer) as endpoint:
        outcome = run_scenarios(pytester, endpoint, CASES + SETTING, "--conformance-service", "ecr")
    assert outcome.checks["ecr.registry.of-a-setting"].verdict is Verdict.PASS
    assert outcome.checks["ecr.shapes.of-successes[PutRegistryPolicy]"].verdict is Verdict.FAIL


def test_who_lacks_an_operation_is_not_judged_by_saying_so(pytester: pytest.Pytester) -> None:
    """An answer to an operation that no survey tried is none where it says there is no such one."""

    def answer(operation: str, parameters: dict[str, object]) -> Answer:
        there = operation in ("CreateRepository", "DescribeRepositories", "DeleteRepository")
        return FINE if there else error("UnknownOperationException", "wrong")

    with serve(answer) as endpoint:
        outcome = run_scenarios(pytester, endpoint, CASES + SETTING, "--conformance-service", "ecr")
    assert outcome.checks["ecr.registry.of-a-setting"].verdict is Verdict.UNSUPPORTED
    assert "ecr.shapes.of-refusals[PutRegistryPolicy]" not in outcome.checks
