"""Which rules explain a divergence of the stateful rule."""

from __future__ import annotations

import pytest
from samples import check, rule

from conformance.report.explanation import explained
from conformance.suite.rules import Rule
from conformance.suite.stateful import ANY_PROGRAM
from conformance.suite.verdicts import Level, Verdict

ANY = rule(ANY_PROGRAM, Level.SHOULD, operations=["CreateRepository", "DeleteRepository"])
DIVERGENCE = check(
    ANY,
    Verdict.WARN,
    "PutImage: expected LayersNotFoundException, got success",
    "PutImage",
    operations=("PutImage",),
)


def words(*others: tuple[Rule, Verdict, str]) -> str:
    """What the divergence says when other rules ended in some way."""
    checks = [check(of, verdict, message) for of, verdict, message in others]
    rules = {of.id: of for of in (ANY, *(of for of, _, _ in others))}
    return explained([DIVERGENCE, *checks], rules)[0].message


def test_a_broken_rule_of_the_same_outcome_explains_it() -> None:
    """A rule about the same operation that misses the same error is named, the verdict stays."""
    of = rule("images.layers-have-to-be-there", operations=["PutImage"])
    told = words((of, Verdict.FAIL, "expected LayersNotFoundException, got HTTP 200"))
    assert told == f"{DIVERGENCE.message}; explained by {of.id}"


@pytest.mark.parametrize(
    ("operation", "service", "verdict", "message"),
    [
        ("PutImage", "ecr", Verdict.PASS, ""),
        ("PutImage", "ecr", Verdict.UNTESTABLE, "LayersNotFoundException"),
        ("PutImage", "ecr", Verdict.FAIL, "expected ImageAlreadyExistsException, got HTTP 200"),
        ("ListImages", "ecr", Verdict.FAIL, "expected LayersNotFoundException, got HTTP 200"),
        ("PutImage", "ecr-public", Verdict.FAIL, "expected LayersNotFoundException"),
    ],
)
def test_what_is_unlike_it_explains_nothing(
    operation: str, service: str, verdict: Verdict, message: str
) -> None:
    """A rule that is kept, undecided, of another outcome, operation or service is not named."""
    of = rule("images.something-else", service=service, operations=[operation])
    assert words((of, verdict, message)) == DIVERGENCE.message


def test_few_rules_are_named_and_the_rest_counted() -> None:
    """Of many rules that explain a divergence three are named."""
    several = [rule(f"images.layers-{name}", operations=["PutImage"]) for name in "abcde"]
    told = words(*((of, Verdict.FAIL, "expected LayersNotFoundException") for of in several))
    assert told.endswith("explained by " + ", ".join(of.id for of in several[:3]) + " and 2 more")


def test_other_checks_stay_as_they_are() -> None:
    """Only divergences get words added."""
    of = rule("images.a", operations=["PutImage"])
    failed = check(of, Verdict.FAIL, "expected LayersNotFoundException, got HTTP 200")
    assert explained([failed], {of.id: of}) == (failed,)
