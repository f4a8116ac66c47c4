"""jsonschema-rs decides and jsonschema explains: they are of one mind."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.contract import SERVICES, Contract, Shape, load_contract
from conformance.contract.breaches import _is_valid, _validator
from conformance.contract.schema import Direction

PATTERNED = [
    (service, shape)
    for service in SERVICES
    for shape in load_contract(service).shapes.values()
    if shape.pattern is not None
]
TEXTS = st.text(st.sampled_from(string.ascii_letters + string.digits + "-_./:*+= \n\x0b\xa0٣é"))


def agreed(contract: Contract, shape: str, body: object, direction: Direction) -> bool:
    """What both say of a body."""
    decided = _is_valid(contract, shape, body, direction)
    explained = list(_validator(contract, shape, direction).iter_errors(body))
    assert decided is (not explained), (body, explained)
    return decided


@pytest.mark.parametrize(
    ("service", "shape"), PATTERNED, ids=[f"{s}-{shape.name}" for s, shape in PATTERNED]
)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data())
def test_patterns_mean_the_same_to_both(service: str, shape: Shape, data: st.DataObject) -> None:
    """What fits a pattern, and what comes close, is told alike, line ends and digits included."""
    fitting = st.from_regex(f"^(?:{shape.pattern})$") if shape.pattern else TEXTS
    text = data.draw(fitting | TEXTS | fitting.map(lambda fit: fit + "\n"))
    agreed(load_contract(service), shape.name, text, "input")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2000)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "MUTABLE", "TAGGED", "123456789012", "a-name", "sha256:00"])
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@pytest.mark.parametrize("service", SERVICES)
@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data())
def test_bodies_mean_the_same_to_both(service: str, data: st.DataObject) -> None:
    """A request or an answer, most of its members wrong, is told alike."""
    contract = load_contract(service)
    operation = contract.operations[data.draw(st.sampled_from(sorted(contract.operations)))]
    shape, direction = data.draw(
        st.sampled_from([(operation.input, "input"), (operation.output, "output")])
    )
    members = contract.shapes[shape].members
    body = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(members, VALUES)))
    agreed(contract, shape, body, direction)


@pytest.mark.parametrize("value", ["\ud800", 10**400, [[[]]] * 3, float("inf")])
def test_what_only_one_of_them_knows_is_left_to_the_other(value: Any) -> None:
    """Values that jsonschema-rs cannot take are judged all the same."""
    contract = load_contract("ecr")
    body = {"repositoryName": value}
    assert not agreed(contract, "CreateRepositoryRequest", body, "input")
