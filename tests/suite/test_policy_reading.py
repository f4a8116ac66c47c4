"""Comparing repository policies: what IAM reads in them, whatever their spelling."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.suite.topics.policies import reading, same

STATEMENT: dict[str, Any] = {
    "Sid": "one",
    "Effect": "Deny",
    "Principal": {"AWS": ["111122223333", "444455556666"]},
    "Action": ["ecr:PutImage", "ecr:BatchGetImage"],
}


def policy(statements: Any, **more: Any) -> str:
    """A policy's text."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements, **more})


@pytest.mark.parametrize(
    "spelling",
    [
        {"Action": ["ecr:BatchGetImage", "ecr:PutImage"]},
        {"Principal": {"AWS": ["444455556666", "111122223333"]}},
    ],
)
def test_the_order_of_names_says_nothing(spelling: dict[str, Any]) -> None:
    """Lists of actions and principals have no order."""
    assert reading(policy([STATEMENT])) == reading(policy([{**STATEMENT, **spelling}]))


def test_one_name_is_a_list_of_one() -> None:
    """A name, a list of that name, and one statement or a list of it, are read alike."""
    one = {**STATEMENT, "Action": "ecr:PutImage", "Principal": "*"}
    listed = {**STATEMENT, "Action": ["ecr:PutImage"], "Principal": {"AWS": ["*"]}}
    assert reading(policy(one)) == reading(policy([listed]))


def test_the_spelling_of_json_says_nothing() -> None:
    """White space and the order of keys do not matter."""
    text = json.dumps(json.loads(policy([STATEMENT])), indent=2, sort_keys=True)
    assert same({"policyText": text}, policy([STATEMENT]))


@pytest.mark.parametrize(
    "other",
    [
        policy([{**STATEMENT, "Action": ["ecr:PutImage"]}]),
        policy([{**STATEMENT, "Effect": "Allow"}]),
        policy([{**STATEMENT, "Sid": "two"}]),
        policy([STATEMENT, STATEMENT]),
        policy([STATEMENT], Id="an-id"),
        policy([]),
        policy("Deny"),
        "[]",
        "no policy",
    ],
)
def test_another_policy_is_not_the_same(other: str) -> None:
    """A policy that says something else is told apart, whatever it looks like."""
    assert not same({"policyText": other}, policy([STATEMENT]))


@pytest.mark.parametrize("answer", [{}, {"policyText": None}, {"policyText": {"Version": "1"}}])
def test_an_answer_without_a_text_has_no_policy(answer: dict[str, Any]) -> None:
    """An answer whose policyText is no text has not the policy."""
    assert not same(answer, policy([STATEMENT]))
