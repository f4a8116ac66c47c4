"""Lifecycle policies are compared as ECR reads them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.suite.topics.lifecycle_policies import (
    patterns,
    policy_rule,
    policy_text,
    prefixes,
    reading,
    same,
)

ONE, TWO = policy_rule(1, **prefixes("a", "b")), policy_rule(2, **patterns("c*"))


def test_the_order_of_rules_and_tags_says_nothing() -> None:
    """Priorities give the order of rules, and all tags of a list have to match anyway."""
    turned = policy_rule(1, **prefixes("b", "a"))
    assert reading(policy_text(ONE, TWO)) == reading(policy_text(TWO, turned))


def test_blanks_and_the_order_of_members_say_nothing() -> None:
    """A policy may be written anew."""
    written = json.dumps(json.loads(policy_text(ONE)), sort_keys=True, separators=(",", ":"))
    assert reading(written) == reading(policy_text(ONE))


def test_the_standard_storage_class_is_there_anyway() -> None:
    """It is the same whether a rule names it or not."""
    assert reading(policy_text(policy_rule(storageClass="standard"))) == reading(
        policy_text(policy_rule())
    )


@pytest.mark.parametrize(
    "other",
    [
        policy_text(ONE),
        policy_text(ONE, ONE),
        policy_text(ONE, policy_rule(2, **patterns("d*"))),
        policy_text(ONE, policy_rule(3, **patterns("c*"))),
        policy_text(ONE, {**TWO, "description": "another"}),
        policy_text(ONE, {**TWO, "action": {"type": "keep"}}),
    ],
)
def test_what_differs_in_a_rule_differs(other: str) -> None:
    """A rule more or less, or another member, makes another policy."""
    assert not same({"lifecyclePolicyText": other}, policy_text(ONE, TWO))


@pytest.mark.parametrize(
    "given",
    [None, 1, "", "no JSON", "[]", "{}", '{"rules": 1}', '{"rules": [1, null, {"selection": 1}]}'],
)
def test_anything_can_be_read(given: Any) -> None:
    """What is no policy is the same as none, and nothing crashes."""
    assert reading(given) == reading(given)
    assert not same({"lifecyclePolicyText": given}, policy_text(ONE))
