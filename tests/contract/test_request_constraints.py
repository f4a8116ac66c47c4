"""Every constraint of a request is listed with its place, and what breaks it is found there."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from made_contract import MADE
from wire_bodies import ALL_OPERATIONS

from conformance.contract import Contract, load_contract, wire_schema
from conformance.contract.generators import (
    broken_constraints,
    constraints,
    example,
    sites,
    why_unbreakable,
)

_PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

_KEYWORDS = {
    "type": "type",
    "pattern": "pattern",
    "enum": "enum",
    **dict.fromkeys(("minimum", "minLength", "minItems"), "min"),
    **dict.fromkeys(("maximum", "maxLength", "maxItems"), "max"),
}


def keywords(schema: dict[str, Any], at: str, part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a schema asks and where, read from nothing but the schema; it has no maps."""
    part = schema["$defs"][part["$ref"].removeprefix("#/$defs/")]
    of_base64 = {"pattern": "encoding"} if "contentEncoding" in part else {}
    for keyword in part.keys() & _KEYWORDS.keys():
        yield at, of_base64.get(keyword, _KEYWORDS[keyword])
    for name, member in part.get("properties", {}).items():
        inner = f"{at}.{name}".removeprefix(".")
        if name in part.get("required", ()):
            yield inner, "required"
        yield from keywords(schema, inner, member)
    if "items" in part:
        yield from keywords(schema, f"{at}[]", part["items"])


@pytest.mark.parametrize(("service", "operation"), ALL_OPERATIONS)
def test_the_list_is_what_the_wire_schema_asks(service: str, operation: str) -> None:
    """The constraints of an operation's input are the keywords of its wire schema, place by place.

    Blobs' bounds are those of their base64 there, so the number itself is not compared.
    """
    contract = load_contract(service)
    shape = contract.operation(operation).input
    schema = wire_schema(contract, shape, direction="input")
    listed = Counter((str(each.site), each.kind) for each in constraints(contract, shape))
    assert listed == Counter(keywords(schema, "", schema))


def test_maps_have_constraints_of_their_keys_and_values() -> None:
    """The keys and the values of a map are places of their own; keys are always text."""
    listed = {str(each) for each in constraints(MADE, "Request")}
    assert {
        "labels required",
        "labels min 1",
        "labels{key} pattern [a-z]+(-[a-z]+)?",
        "labels{key} min 3",
        "labels{} max 8",
        "nested{}{key} max 20",
        "ratio max 1",
    } <= listed
    assert "labels{key} type string" not in listed


def test_a_shape_within_itself_is_entered_once() -> None:
    """Listing the places of a shape that contains itself ends where it comes back to itself."""
    assert [str(site) for site in sites(MADE, "Node")] == [
        "",
        "name",
        "children",
        "children[]",
        "since",
    ]


@pytest.mark.parametrize(
    ("request_", "broken"),
    [
        ({"labels": {"abc": "x"}}, []),
        ({}, ["labels required"]),
        ({"labels": {}}, ["labels min 1"]),
        ({"labels": {"ab": "x"}}, ["labels{key} min 3"]),
        ({"labels": {"ABC": "x"}}, ["labels{key} pattern [a-z]+(-[a-z]+)?"]),
        ({"labels": {"abc": "123456789"}}, ["labels{} max 8"]),
        ({"labels": {"abc": 5}}, ["labels{} type string"]),
        ({"labels": {"abc": "x"}, "nested": {"k": {"ab": "x"}}}, ["nested{}{key} min 3"]),
        ({"labels": ["abc"]}, ["labels type map"]),
        (
            {"labels": {"abc": "x"}, "tree": {"name": "abc", "children": [{"name": 1}]}},
            ["tree.children[].name type string"],
        ),
        (7, ["type structure"]),
    ],
)
def test_what_is_broken_is_told_by_its_place(request_: Any, broken: list[str]) -> None:
    """A broken value is reported as the constraint of its place, in maps and lists too."""
    assert [str(each) for each in broken_constraints(MADE, "Request", request_)] == broken


def test_a_wrong_type_hides_the_enumeration() -> None:
    """A number where an enumeration stands breaks the type, not also the enumeration."""
    request = {"repositoryName": "a-name", "imageTagMutability": 5}
    found = broken_constraints(load_contract("ecr"), "PutImageTagMutabilityRequest", request)
    assert [str(each) for each in found] == ["imageTagMutability type string"]


@pytest.mark.parametrize(("service", "operation"), ALL_OPERATIONS)
def test_only_what_is_out_of_reach_is_called_unbreakable(service: str, operation: str) -> None:
    """A bound is called unbreakable only where Python's own width of the pattern says the same."""
    contract = load_contract(service)
    for constraint in constraints(contract, contract.operation(operation).input):
        shape = contract.shapes[constraint.site.shape]
        reason = why_unbreakable(contract, constraint)
        if shape.pattern is None:
            alone = constraint.kind == "min" and constraint.bound == 0 and shape.type != "long"
        else:
            shortest, longest = _PARSER.parse(shape.pattern).getwidth()
            alone = (constraint.kind == "min" and shortest >= constraint.bound) or (
                constraint.kind == "max" and longest <= constraint.bound
            )
        assert (reason is not None) == alone, str(constraint)


@pytest.mark.parametrize(("service", "operation"), ALL_OPERATIONS)
def test_examples_are_valid(service: str, operation: str) -> None:
    """The examples of everything in a request are valid, and those with other numbers as well."""
    contract: Contract = load_contract(service)
    for site in sites(contract, contract.operation(operation).input):
        for number in (0, 1, 100):
            value = example(contract, site.shape, number)
            assert not broken_constraints(contract, site.shape, value), (str(site), value)
