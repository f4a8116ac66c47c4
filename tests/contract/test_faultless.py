"""What is decided at once is what looking for each fault comes to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_bodies import ALL_OPERATIONS, at, bodies, changed, leaves, without

from conformance.contract import Contract, load_contract, load_presence
from conformance.contract.faultless import is_faultless
from conformance.contract.validation import faults_of


def agree(contract: Contract, shape: str, body: Any) -> bool:
    """Whether both ways to judge come to the same."""
    return is_faultless(contract, shape, body) == (faults_of(contract, shape, body) == [])


@settings(deadline=None, max_examples=300)
@given(data=st.data(), operation=st.sampled_from(ALL_OPERATIONS))
def test_an_answer_with_a_change_anywhere_is_judged_alike(
    data: st.DataObject, operation: tuple[str, str]
) -> None:
    """An answer is faultless exactly where no fault is found: whole, without a part, or spoilt."""
    contract = load_contract(operation[0])
    shape = contract.operation(operation[1]).output
    body = data.draw(bodies(contract, shape))
    assert is_faultless(contract, shape, body)
    paths = [path for path, _ in leaves(contract, shape, body) if path]
    if not paths:
        return
    path = data.draw(st.sampled_from(paths))
    spoilt = data.draw(st.sampled_from([None, 0, 1.5, "", True, [], {}, [None], {"more": 1}]))
    assert agree(contract, shape, without(body, path))
    assert agree(contract, shape, changed(body, path, spoilt))
    if isinstance(at(body, path[:-1]), dict):
        assert agree(contract, shape, changed(body, (*path[:-1], "more"), spoilt))


@pytest.mark.parametrize(("service", "operation"), ALL_OPERATIONS)
def test_what_is_expected_here_or_then_alone_is_known(service: str, operation: str) -> None:
    """Members that some structures have to carry, and only they, are missed there and only there.

    For each condition of the overlay, an answer of structures that meet it and lack all else.
    """
    contract = load_contract(service)
    shape = contract.operation(operation).output
    for bare in _bare(contract, shape):
        assert agree(contract, shape, bare)


def _bare(contract: Contract, name: str) -> list[Any]:
    """Answers in which structures have next to nothing."""
    shape = contract.shapes[name]
    if shape.type == "list":
        return [[each] for each in _bare(contract, str(shape.member))]
    if shape.type == "map":
        return [{"key": each} for each in _bare(contract, str(shape.value))]
    if shape.type != "structure":
        return []
    expected = load_presence(contract.service, contract.api_version).shapes.get(name, ())
    met = [
        _nested(each.when.member.split("."), value)
        for each in expected
        if each.when
        for value in (*each.when.values, "another")
    ]
    inner = [
        {member.name: body}
        for member in shape.members.values()
        for body in _bare(contract, member.shape)
    ]
    return [{}, *met, *inner]


def _nested(names: list[str], value: object) -> Any:
    return {names[0]: _nested(names[1:], value)} if names else value
