"""Tracing: which rule tests what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.contract import load_contract
from conformance.coverage.document import document
from conformance.coverage.items import Item, items
from conformance.coverage.sightings import Sighting
from conformance.coverage.tracing import Quotations, Traced, trace
from conformance.suite.catalogue import all_rules
from conformance.suite.evidence import documented
from conformance.suite.rules import Rule

BETWEEN = "This value can be between 1 and 1000."


def quoting(where: str, quote: str, *operations: str) -> Rule:
    """A rule that rests on one sentence."""
    rule = all_rules()["ecr.tags.delete-last-tag-deletes-image"]
    evidence = (documented(where, quote)("ecr"),)
    return replace(rule, id="ecr.tags.some", evidence=evidence, operations=operations)


def sentence(place: str, text: str, *operations: str) -> Item:
    """A sentence of ECR's documentation."""
    return Item("ecr", "sentence", operations[0], place, text, frozenset(operations))


MAX = sentence("ListImagesRequest.maxResults", BETWEEN, "ListImages")


@pytest.mark.parametrize(
    ("where", "quote", "operation", "counts"),
    [
        ("ListImages.maxResults", BETWEEN, "DescribeImages", True),
        ("DescribeImages.maxResults", BETWEEN, "ListImages", True),
        ("DescribeImages.maxResults", BETWEEN, "DescribeImages", False),
        ("ListImages.maxResults", f"The most. {BETWEEN}", "ListImages", True),
        ("ListImages.maxResults", "can be between 1 and 1000", "ListImages", True),
        ("ListImages.maxResults", "This value can be between 1 and 50.", "ListImages", False),
    ],
)
def test_a_sentence_is_tested_by_the_rule_that_quotes_it(
    where: str,
    quote: str,
    operation: str,
    counts: bool,  # noqa: FBT001 (a column of a table)
) -> None:
    """A quotation counts at its place, and where the rule tests an operation told the same."""
    quotations = Quotations("ecr", [quoting(where, quote, operation)])
    assert [rule.id for rule in quotations.of(MAX)] == (["ecr.tags.some"] if counts else [])


def test_the_same_said_of_another_operation_counts() -> None:
    """Sentences that differ in the name of the operation alone are the same."""
    quote = "When this parameter is used, DescribeImages only returns maxResults results."
    rule = quoting("DescribeImages.maxResults", quote, "DescribeImages", "ListImages")
    told = quote.replace("DescribeImages", "ListImages")
    of_list = sentence("ListImagesRequest.maxResults", told, "ListImages")
    assert list(Quotations("ecr", [rule]).of(of_list)) == [rule]


def test_what_was_seen_is_traced() -> None:
    """An error that a rule's scenario was answered with is tested by that rule."""
    found = Sighting("ecr", "error", "PutImage", "LayersNotFoundException")
    coverage = trace({found: frozenset({"ecr.images.some"})})
    traced = {(t.item.service, t.item.kind, t.item.group, t.item.name): t for t in coverage.traced}
    assert traced["ecr", "error", "PutImage", "LayersNotFoundException"].rules == (
        "ecr.images.some",
    )
    assert traced["ecr", "error", "PutImage", "ServerException"].reason == "server-fault"
    assert traced["ecr", "error", "PutImage", "RepositoryNotFoundException"].is_open


def test_nothing_is_lost_on_the_way() -> None:
    """Everything that there is to test is traced and told in the document."""
    coverage = trace({})
    assert [t.item for t in coverage.traced] == [*items("ecr"), *items("ecr-public")]
    written = document(coverage)
    for operation in load_contract("ecr").operations:
        assert f"\n### {operation}\n" in written
    assert written.count("**open**") == len(coverage.open)


def test_a_sentence_is_no_markup() -> None:
    """What stands in a sentence shows in the document as it is."""
    angles = sentence("A.b", "Give <accountId>.dkr.ecr.*", "PutImage")
    written = document(replace(trace({}), traced=(Traced(angles, ()),)))
    assert r"“Give \<accountId\>.dkr.ecr.\*”: **open**" in written
