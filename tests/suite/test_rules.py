"""The rules themselves: declared well, worded well, and resting on what AWS really says."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any

import botocore.loaders
import pytest

from conformance.errors import UsageError
from conformance.suite.catalogue import all_rules, rule_called
from conformance.suite.evidence import EvidenceKind, documented, unverified
from conformance.suite.rules import Rule, operations_in, rule
from conformance.suite.verdicts import INFO, MUST

RULES = sorted(all_rules().values(), key=lambda each: each.id)
MODAL = re.compile(r"\b(should|must|shall|may|might|could|would|ought)\b")


@cache
def documentation(service: str) -> str:
    """All prose of a service's model, without markup, in single spaces."""
    model = botocore.loaders.Loader().load_service_model(service, "service-2")
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", " ".join(_prose(model)))).split())


def _prose(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["documentation"]] if isinstance(node.get("documentation"), str) else []
        return own + [text for value in node.values() for text in _prose(value)]
    if isinstance(node, list):
        return [text for value in node for text in _prose(value)]
    return []


def is_api_reference(url: str) -> bool:
    """Whether an address is a page of an API reference that the model's prose is made into."""
    return "/APIReference/API_" in url


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_every_documented_quotation_is_literal(each: Rule) -> None:
    """What a rule quotes from an API reference stands in botocore's copy of it, word for word."""
    for evidence in each.evidence:
        if evidence.kind is EvidenceKind.DOCUMENTED and is_api_reference(evidence.url):
            assert " ".join(evidence.quote.split()) in documentation(each.service), evidence


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_every_title_states_what_is(each: Rule) -> None:
    """A rule's title is a sentence without modal verbs, and short enough for one line."""
    assert each.title.endswith(".")
    assert not MODAL.search(each.title), each.title
    assert len(each.title) <= 140, each.title


def test_no_two_rules_of_a_service_say_the_same() -> None:
    """Titles are unique within a service."""
    titles = [(each.service, each.title) for each in RULES]
    assert len(set(titles)) == len(titles)


def test_every_rule_concerns_an_operation() -> None:
    """A rule without an operation could not be shown in a report's list of operations."""
    assert [each.id for each in RULES if not each.operations] == []


def test_a_must_rule_without_firm_evidence_is_refused() -> None:
    """A MUST rule needs model, documented or recorded evidence."""

    def scenario() -> None:
        """It is so."""

    declare = rule(
        "tags.unfounded",
        level=MUST,
        operations=["PutImage"],
        evidence=[unverified("PutImage", "?")],
    )
    with pytest.raises(ValueError, match="needs model, documented or recorded"):
        declare(scenario)


def test_a_rule_without_a_sentence_is_refused() -> None:
    """A scenario without a docstring states no requirement."""

    def scenario() -> None:
        pass

    declare = rule(
        "tags.wordless", level=INFO, operations=["PutImage"], evidence=[documented("PutImage", "")]
    )
    with pytest.raises(ValueError, match="docstring"):
        declare(scenario)


def test_operations_are_those_of_the_service() -> None:
    """Operations that the service lacks are left out."""
    wanted = ["BatchGetImage", "DescribeImages", "DescribeImages"]
    assert operations_in("ecr", wanted) == ("BatchGetImage", "DescribeImages")
    assert operations_in("ecr-public", wanted) == ("DescribeImages",)


def test_an_operation_that_nobody_has_is_refused() -> None:
    """A misspelt operation is an error of the rule, not a rule about nothing."""
    with pytest.raises(ValueError, match="BatchGetImages"):
        operations_in("ecr", ["BatchGetImages"])


def test_an_unknown_rule_is_answered_with_similar_ones() -> None:
    """Looking up a misspelt rule names rules that are spelt like it."""
    known = RULES[0].id
    with pytest.raises(UsageError) as caught:
        rule_called(known[:-1] + "x")
    assert known in caught.value.hint


def test_a_check_id_finds_its_rule() -> None:
    """Looking up ``rule[parameters]`` finds the rule."""
    assert rule_called(f"{RULES[0].id}[anything]") == RULES[0]
