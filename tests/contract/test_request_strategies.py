"""Drawn requests are valid or break exactly what they are to break, and shrink to plain ones."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from made_contract import MADE
from wire_bodies import ALL_OPERATIONS

from conformance.contract import Contract, judge_input, load_contract
from conformance.contract.generators import (
    Constraint,
    breaking,
    broken_constraints,
    constraints,
    from_shape,
    why_unbreakable,
    wire_form,
)
from conformance.errors import UsageError

ECR = load_contract("ecr")
EVERY = [
    *((load_contract(service), operation) for service, operation in ALL_OPERATIONS),
    (MADE, "Make"),
]
NAMES = [f"{contract.service}-{operation}" for contract, operation in EVERY]
THOROUGH = settings(max_examples=3000, database=None, derandomize=True, deadline=None)


@pytest.mark.parametrize(("contract", "operation"), EVERY, ids=NAMES)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_is_drawn_is_valid(contract: Contract, operation: str, data: st.DataObject) -> None:
    """Every drawn request satisfies every constraint of its operation, and is JSON on the wire."""
    shape = contract.operation(operation).input
    request = data.draw(from_shape(contract, shape))
    assert not broken_constraints(contract, shape, request)
    json.dumps(wire_form(request))


@pytest.mark.parametrize(("service", "operation"), ALL_OPERATIONS)
@settings(max_examples=5, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_contract_judges_it_valid(service: str, operation: str, data: st.DataObject) -> None:
    """The contract's own judgement of requests has nothing to say against a drawn request."""
    contract = load_contract(service)
    request = data.draw(from_shape(contract, contract.operation(operation).input))
    assert judge_input(contract, operation, wire_form(request)) == []


def breakable(contract: Contract, shape: str) -> list[Constraint]:
    """The constraints of a shape that something breaks alone."""
    return [
        constraint
        for constraint in constraints(contract, shape)
        if why_unbreakable(contract, constraint) is None
    ]


def assert_broken_alone(contract: Contract, shape: str, constraint: Constraint) -> None:
    """Draw requests that break a constraint; the largest, of megabytes, only once."""
    huge = constraint.kind == "max" and constraint.bound > 10**5

    @settings(
        max_examples=1 if huge else 4,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(breaking(contract, shape, constraint))
    def breaks(request: Any) -> None:
        assert broken_constraints(contract, shape, request) == [constraint]

    breaks()


@pytest.mark.parametrize(("contract", "operation"), EVERY, ids=NAMES)
def test_what_is_drawn_to_break_a_constraint_breaks_it_alone(
    contract: Contract, operation: str
) -> None:
    """A request drawn to break a constraint breaks that one and no other, for every constraint."""
    shape = contract.operation(operation).input
    for constraint in breakable(contract, shape):
        assert_broken_alone(contract, shape, constraint)


def simplest(shape: str, condition: Callable[[Any], bool]) -> Any:
    """The simplest drawn request for which something holds."""
    return find(from_shape(ECR, shape), condition, settings=THOROUGH)


@pytest.mark.parametrize(
    ("shape", "condition", "expected"),
    [
        ("CreateRepositoryRequest", lambda _: True, {"repositoryName": "example/name-0"}),
        (
            "CreateRepositoryRequest",
            lambda request: any(tag["Value"].startswith("b") for tag in request.get("tags", [])),
            {"repositoryName": "example/name-0", "tags": [{"Key": "key-0", "Value": "b"}]},
        ),
        (
            "BatchGetImageRequest",
            lambda request: len(request["imageIds"]) >= 3,
            {"repositoryName": "example/name-0", "imageIds": [{}, {}, {}]},
        ),
        (
            "DescribeImagesRequest",
            lambda request: request.get("maxResults", 0) > 500,
            {"repositoryName": "example/name-0", "maxResults": 501},
        ),
    ],
)
def test_requests_shrink_to_plain_ones(
    shape: str, condition: Callable[[Any], bool], expected: Any
) -> None:
    """The simplest request with a property has nothing in it that the property does not need."""
    assert simplest(shape, condition) == expected


def test_texts_shrink_to_short_and_plain_ones() -> None:
    """The simplest name with a separator has hardly more than that in it."""
    name = simplest("CreateRepositoryRequest", lambda r: "__" in r["repositoryName"])
    assert name["repositoryName"] in ("a__a", "aa__a", "a__aa")


def constraint_of(shape: str, text: str) -> Constraint:
    """The constraint of a shape whose name begins with a text."""
    return next(each for each in constraints(ECR, shape) if str(each).startswith(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("repositoryName required", {}),
        ("repositoryName pattern", {"repositoryName": "example/name-0\n"}),
        ("repositoryName min", {"repositoryName": "e"}),
        ("tags type", {"repositoryName": "example/name-0", "tags": ""}),
        (
            "imageTagMutability enum",
            {"repositoryName": "example/name-0", "imageTagMutability": "MUTABLE_BEYOND"},
        ),
    ],
)
def test_broken_requests_shrink_to_the_nearest_miss(text: str, expected: Any) -> None:
    """The simplest request that breaks a constraint is a plain one with the plainest miss."""
    constraint = constraint_of("CreateRepositoryRequest", text)
    strategy = breaking(ECR, "CreateRepositoryRequest", constraint)
    assert find(strategy, lambda _: True, settings=THOROUGH) == expected


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    from_shape(
        ECR,
        "BatchGetImageRequest",
        overrides={
            "repositoryName": st.just("mine"),
            "imageIds[].imageTag": st.sampled_from(["one", "two"]),
            "registryId": st.nothing(),
        },
    )
)
def test_overrides_draw_their_places(request: Any) -> None:
    """What has an override is drawn from it and always there; with nothing, it never is."""
    assert request["repositoryName"] == "mine"
    assert {image["imageTag"] for image in request["imageIds"]} <= {"one", "two"}
    assert "registryId" not in request


@settings(max_examples=30, deadline=None, derandomize=True)
@given(from_shape(MADE, "Request", overrides={"nested{}{key}": st.just("abc")}))
def test_overrides_reach_into_maps(request: Any) -> None:
    """An override of the keys of a map makes the map, and one entry at least."""
    assert [list(labels) for labels in request["nested"].values()] != []
    assert {key for labels in request["nested"].values() for key in labels} == {"abc"}


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"repositoryNam": st.just("mine")}, "has no place 'repositoryNam'"),
        ({"repositoryName": "mine"}, "not a strategy"),
        ({"repositoryName": st.nothing()}, "has to be there"),
        ({"tags[]": st.nothing()}, "has to be there"),
    ],
)
def test_wrong_overrides_are_refused_at_once(overrides: Any, message: str) -> None:
    """An override that cannot work is an error when the strategy is made."""
    with pytest.raises(UsageError, match=message):
        from_shape(ECR, "CreateRepositoryRequest", overrides)


def test_a_misspelt_place_gets_a_hint() -> None:
    """The error about a place that there is not names the one that is nearly it."""
    with pytest.raises(UsageError) as raised:
        from_shape(ECR, "CreateRepositoryRequest", {"tags[].key": st.just("mine")})
    assert "tags[].Key" in raised.value.hint


def test_an_unknown_shape_is_refused() -> None:
    """A shape that the contract does not have is an error."""
    with pytest.raises(UsageError, match="no shape 'Nonsense'"):
        from_shape(ECR, "Nonsense")


def test_what_cannot_be_broken_alone_is_refused_with_the_reason() -> None:
    """Asking to break what nothing breaks alone, or what is not there, is an error that says so."""
    unbreakable = constraint_of("CreatePullThroughCacheRuleRequest", "credentialArn min")
    with pytest.raises(UsageError, match="breaks the pattern, too"):
        breaking(ECR, "CreatePullThroughCacheRuleRequest", unbreakable)
    with pytest.raises(UsageError, match="has no constraint credentialArn"):
        breaking(ECR, "CreateRepositoryRequest", unbreakable)


def test_strategies_show_what_they_are_of() -> None:
    """A strategy's representation is the call that makes it, without the contract in full."""
    assert repr(from_shape(ECR, "TagResourceRequest")) == "from_shape('ecr', 'TagResourceRequest')"
    overridden = from_shape(ECR, "TagResourceRequest", {"tags[].Key": st.just("a")})
    shown = "from_shape('ecr', 'TagResourceRequest', overrides={'tags[].Key': just('a')})"
    assert repr(overridden) == shown
    constraint = constraint_of("TagResourceRequest", "tags required")
    shown = "breaking('ecr', 'TagResourceRequest', 'tags required')"
    assert repr(breaking(ECR, "TagResourceRequest", constraint)) == shown


def test_the_contract_does_not_import_hypothesis() -> None:
    """Hypothesis is imported with the first strategy, not with the contract or coverage cases."""
    text = """
import sys
from conformance.contract import load_contract
from conformance.contract import generators
generators.coverage_cases(load_contract("ecr"), "CreateRepository")
assert "hypothesis" not in sys.modules
generators.from_shape
assert "hypothesis" in sys.modules
"""
    subprocess.run([sys.executable, "-c", text], check=True)
