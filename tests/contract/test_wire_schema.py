"""The JSON Schemas of bodies on the wire."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from wire_bodies import ALL_OPERATIONS, bodies

from conformance.contract import Direction, load_contract, wire_schema

DIRECTIONS: tuple[Direction, ...] = ("input", "output")


def schema_of(service: str, operation: str, direction: Direction) -> dict[str, Any]:
    """Return the schema of one operation's request or answer."""
    contract = load_contract(service)
    shape = getattr(contract.operation(operation), direction)
    return wire_schema(contract, shape, direction=direction)


def accepts(shape: str, value: object, direction: Direction = "output") -> bool:
    """Tell whether a stock validator accepts a value as an ECR shape."""
    schema = wire_schema(load_contract("ecr"), shape, direction=direction)
    return Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize(("service", "operation"), ALL_OPERATIONS)
def test_every_schema_is_valid(service: str, operation: str, direction: Direction) -> None:
    """Every operation's schemas keep the meta-schema and define all they refer to."""
    schema = schema_of(service, operation, direction)
    Draft202012Validator.check_schema(schema)
    references = set(re.findall(r"'#/\$defs/(\w+)'", str(schema)))
    assert references == set(schema["$defs"])


@pytest.mark.parametrize(("service", "operation"), ALL_OPERATIONS)
def test_every_pattern_compiles_in_python(service: str, operation: str) -> None:
    """AWS's patterns, anchored, compile without a warning."""
    for definition in schema_of(service, operation, "input")["$defs"].values():
        if "pattern" in definition:
            assert definition["pattern"].startswith("^(?:")
            re.compile(definition["pattern"])


@settings(deadline=None, max_examples=60)
@given(data=st.data(), operation=st.sampled_from(ALL_OPERATIONS))
def test_stock_validators_accept_bodies_of_the_right_types(
    data: st.DataObject, operation: tuple[str, str]
) -> None:
    """A body built from the model's types alone is accepted as an answer."""
    service, name = operation
    contract = load_contract(service)
    body = data.draw(bodies(contract, contract.operation(name).output))
    Draft202012Validator(schema_of(service, name, "output")).validate(body)


@pytest.mark.parametrize("value", [0, 1.705072146e9, 1448875853.241, 3.0])
def test_a_timestamp_is_any_number(value: float) -> None:
    """A timestamp is a JSON number however it is written."""
    assert accepts("CreationTimestamp", value)


@pytest.mark.parametrize("value", ["1705072146", "2024-01-12T15:09:06Z", True, None, {}])
def test_a_timestamp_is_nothing_but_a_number(value: object) -> None:
    """A timestamp is never a string, a boolean or null."""
    assert not accepts("CreationTimestamp", value)


def test_an_integer_is_told_by_its_value() -> None:
    """An integer may be written with a fraction of zero or an exponent, but has no fraction."""
    assert accepts("ImageSizeInBytes", 3.0)
    assert accepts("ImageSizeInBytes", 1e3)
    assert not accepts("ImageSizeInBytes", 3.5)
    assert not accepts("ImageSizeInBytes", value=True)


def test_answers_are_not_held_to_the_constraints_of_requests() -> None:
    """Bounds, enums, patterns, required and unknown members concern requests alone."""
    assert accepts("ImageIdentifierList", [])
    assert not accepts("ImageIdentifierList", [], "input")
    assert accepts("EncryptionConfiguration", {"encryptionType": "NEW", "colour": "red"})
    assert accepts("EncryptionConfiguration", {})
    assert not accepts("EncryptionConfiguration", {"encryptionType": "NEW"}, "input")
    assert not accepts("EncryptionConfiguration", {"encryptionType": "KMS", "a": 1}, "input")
    assert not accepts("EncryptionConfiguration", {}, "input")
    assert accepts("RegistryId", "1111")
    assert not accepts("RegistryId", "1111", "input")


def test_a_pattern_is_meant_for_the_whole_string() -> None:
    """A match in the middle of a longer string does not keep a pattern."""
    assert accepts("RegistryId", "012345678910", "input")
    assert not accepts("RegistryId", "0123456789101", "input")


def test_a_blob_is_bounded_by_its_bytes() -> None:
    """The longest blob on the wire is as long as the encoding of the most bytes allowed."""
    schema = wire_schema(load_contract("ecr"), "LayerPartBlob", direction="input")
    definition = schema["$defs"]["LayerPartBlob"]
    assert (definition["minLength"], definition["maxLength"]) == (0, 27_962_028)
    assert accepts("LayerPartBlob", "YWJjZA==", "input")
    assert not accepts("LayerPartBlob", "not base64!", "input")
