"""The stateful rule: programs of calls, written by chance and answered by the reference as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from conformance.suite.checks import Check, digest_of
from conformance.suite.evidence import documented
from conformance.suite.fixtures import make_registry
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.run import Run
from conformance.suite.running.assignment import ASSIGNMENT, FINAL, FURTHER, LEFTOVERS
from conformance.suite.running.long_scenarios import takes_long
from conformance.suite.stateful import ANY_PROGRAM
from conformance.suite.verdicts import SHOULD, Verdict
from conformance.transport.cassettes.scene import ScenarioTransport
from conformance.transport.log import ExchangeLog

if TYPE_CHECKING:
    from conformance.suite.stateful.search import Finding, Search


@pytest.fixture
def search(
    request: pytest.FixtureRequest, run: Run, transport: ScenarioTransport, service: str
) -> Iterator[Search]:
    """A search whose programs each have a prefix and a log of their own."""
    from conformance.suite.stateful.search import Search

    assignment = request.node.stash[ASSIGNMENT]

    def registry(number: int) -> Registry:
        log, scenario = ExchangeLog(transport, service), f"{assignment.check_id} {number}"
        return make_registry(run, log, transport, service, scenario)

    request.node.stash[FINAL] = True  # what differs is asked for again, as long as it may lag
    searching = Search(registry, service, run.exploration)
    yield searching
    request.node.stash[LEFTOVERS] = searching.leftovers


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[Finding], None]:
    """Make a finding a check of the rule."""
    rule_id = request.node.stash[ASSIGNMENT].rule.id
    told: list[Check] = []
    request.node.stash[FURTHER] = told
    return lambda finding: told.append(_check(rule_id, finding))


@takes_long
@rule(
    ANY_PROGRAM,
    level=SHOULD,
    operations=["CreateRepository", "DeleteRepository"],
    evidence=[
        documented(
            "PutImage",
            "Creates or updates the image manifest and tags associated with an image.",
            public="Creates or updates the image manifest and tags that are associated with an "
            "image.",
        ),
        documented(
            "BatchDeleteImage",
            "When you remove the last tag from an image, the image is deleted from your "
            "repository.",
        ),
        documented(
            "CompleteLayerUpload",
            "Informs Amazon ECR that the image layer upload has completed for a specified "
            "registry, repository name, and upload ID.",
            public="Informs Amazon ECR that the image layer upload is complete for a specified "
            "public registry, repository name, and upload ID.",
        ),
    ],
)
def test_any_program_is_answered_as_by_the_reference(
    search: Search, tell: Callable[[Finding], None], observe: list[str]
) -> None:
    """Whatever was called before, a call has the outcome that the reference gives it.

    The check of the rule's own name says how much was compared. Each way in which the two diverge
    is a check of its own, whose exchanges are the shortest program that shows it.

    The rule recommends and does not demand. A MUST has a sentence of AWS's for it; here the
    reference speaks, and what it does is put together from sentences, of which some were observed
    only. A divergence that AWS's words forbid is worth a MUST rule that says so.
    """
    for finding in search.explore():
        tell(finding)
    observe.append(f"{search.compared} answers in {search.programs} programs compared")


def _check(rule_id: str, finding: Finding) -> Check:
    divergence = finding.divergence
    once = "" if finding.repeats else "seen once and not again: "
    exchanges = finding.exchanges
    return Check(
        rule=rule_id,
        id=f"{rule_id}[{divergence.symptom}]",
        operations=(divergence.operation,),
        verdict=Verdict.WARN if finding.repeats else Verdict.UNTESTABLE,
        message=f"{once}{divergence}",
        exchanges=exchanges,
        digest=digest_of(list(exchanges)),
        seconds=sum(each.seconds for each in exchanges),
    )
