"""What an exchange puts to the test."""

from __future__ import annotations

import json
from typing import Any

from conformance.contract import load_contract
from conformance.coverage.sightings import Sighting, counts, is_about, sightings
from conformance.suite.catalogue import all_rules
from conformance.transport.exchange import Exchange, Request, Response

PLAIN = "Boto3/1.44.5 m/N,E,Z,e,b cfg/retry-mode#standard"
WAITING = "Boto3/1.44.5 m/N,E,B,Z,e,b cfg/retry-mode#standard"


def seen(
    operation: str, asked: dict[str, Any], status: int, answer: dict[str, Any], agent: str = PLAIN
) -> set[tuple[str, str]]:
    """Kinds and names of what one exchange of ECR shows."""
    request = Request("POST", "http://x/", (("User-Agent", agent),), json.dumps(asked).encode())
    response = Response(status, (), json.dumps(answer).encode())
    exchange = Exchange("ecr", operation, request, response)
    found = sightings(load_contract("ecr"), exchange)
    return {(each.kind, each.name) for each in found}


INVALID = {"__type": "InvalidParameterException", "message": "no"}


def test_an_error_is_seen_by_its_code() -> None:
    """A refusal shows its error, and no constraint where the request is valid."""
    answer = {"__type": "RepositoryNotFoundException", "message": "no"}
    assert seen("ListImages", {"repositoryName": "app"}, 400, answer) == {
        ("error", "RepositoryNotFoundException")
    }


def test_a_constraint_is_seen_where_it_alone_is_broken() -> None:
    """A refused request that breaks one constraint tests it; one that breaks two tests neither."""
    one, two = {"repositoryName": "A-b"}, {"repositoryName": "A-b", "maxResults": 0}
    assert ("constraint", "repositoryName pattern") in seen("ListImages", one, 400, INVALID)
    assert seen("ListImages", two, 400, INVALID) == {("error", "InvalidParameterException")}


def test_a_breach_that_is_let_through_tests_nothing() -> None:
    """A target that accepts what breaks a constraint has not been seen to refuse it."""
    assert seen("ListImages", {"repositoryName": "A-b"}, 200, {"imageIds": []}) == set()


def test_a_rule_of_validation_is_about_what_is_invalid() -> None:
    """An error that its valid requests meet is another rule's; that for an invalid one is its."""
    rules = all_rules()
    validation, missing = (
        rules[f"ecr.{name}"]
        for name in ("validation.describe-images.max", "images.unknown-image-refused")
    )
    absent, invalid = (
        Sighting("ecr", "error", "DescribeImages", f"{name}Exception")
        for name in ("ImageNotFound", "InvalidParameter")
    )
    assert [is_about(validation, each) for each in (absent, invalid)] == [False, True]
    assert is_about(missing, absent)


def test_a_paginator_is_seen_at_the_second_page() -> None:
    """The first page is asked for without a token, and is not enough."""
    asked = {"repositoryName": "app", "maxResults": 1}
    page = {"imageIds": [], "nextToken": "t"}
    assert seen("ListImages", asked, 200, page) == set()
    assert seen("ListImages", {**asked, "nextToken": "t"}, 200, page) == {
        ("paginator", "ListImages")
    }


def test_a_waiter_is_seen_by_what_boto3_says_of_itself() -> None:
    """boto3 tells in its User-Agent that a waiter asks."""
    image = {"repositoryName": "app", "imageId": {"imageTag": "a"}}
    status = {"imageScanStatus": {"status": "COMPLETE"}}
    assert seen("DescribeImageScanFindings", image, 200, status) == set()
    assert seen("DescribeImageScanFindings", image, 200, status, WAITING) == {
        ("waiter", "ImageScanComplete")
    }


def test_rules_that_cannot_fail_and_rules_of_everything_do_not_count() -> None:
    """A rule that informs tests nothing, one of every exchange nothing in particular."""
    rules = all_rules()
    assert not counts(rules["ecr.validation.put-image.other-types"])
    assert not counts(rules["ecr.protocol.request-id"])
    assert counts(rules["ecr.tags.delete-last-tag-deletes-image"])
