"""jsonschema-rs decides and jsonschema explains; what the first lets pass, the second does too.

Where the first minds and the second does not, the second counts.
"""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_bodies import ALL_OPERATIONS, bodies

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
    """Whether a body conforms; nothing passes that jsonschema could say something against."""
    explained = list(_validator(contract, shape, direction).iter_errors(body))
    assert not (explained and _is_valid(contract, shape, body, direction)), (body, explained)
    return not explained


@pytest.mark.parametrize(
    ("service", "shape"), PATTERNED, ids=[f"{s}-{shape.name}" for s, shape in PATTERNED]
)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_does_not_fit_a_pattern_does_not_pass(
    service: str, shape: Shape, data: st.DataObject
) -> None:
    """Nothing passes that does not fit a pattern, however close it comes."""
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
def test_what_does_not_conform_does_not_pass(service: str, data: st.DataObject) -> None:
    """No request or answer passes that has a member wrong."""
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


@pytest.mark.parametrize(("service", "operation"), ALL_OPERATIONS)
@settings(max_examples=5, deadline=None, derandomize=True)
@given(data=st.data())
def test_an_answer_that_conforms_needs_no_explanation(
    service: str, operation: str, data: st.DataObject
) -> None:
    """jsonschema-rs lets every answer pass that conforms, so that most are judged fast."""
    contract = load_contract(service)
    shape = contract.operation(operation).output
    assert _is_valid(contract, shape, data.draw(bodies(contract, shape)), "output")
