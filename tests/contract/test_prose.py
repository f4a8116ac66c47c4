"""Constraints in prose: quoted literally, and joined rightly to the model's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from conformance.contract import (
    SERVICES,
    ProseConstraint,
    Shape,
    load_contract,
    load_passages,
    load_prose,
    schemas_folder,
)
from conformance.contract.documentation import sentences
from conformance.errors import ConformanceError

BOUNDED_BY_THE_MODEL = {"value", "characters", "elements", "bytes"}


def entries(service: str) -> tuple[ProseConstraint, ...]:
    """The table of a service."""
    return load_prose(service, load_contract(service).api_version).constraints


ALL = [pytest.param(s, e, id=f"{s} {e.quote[:60]}") for s in SERVICES for e in entries(s)]


def shape_at(service: str, place: str) -> Shape:
    """The shape of a place, of a list its elements' where those have an enumeration."""
    shapes = load_contract(service).shapes
    holder, _, member = place.partition(".")
    shape = shapes[shapes[holder].members[member].shape if member else holder]
    element = shapes.get(shape.member or "")
    return element if element is not None and element.enum else shape


@pytest.mark.parametrize("service", SERVICES)
def test_a_table_keeps_its_schema(service: str) -> None:
    """Each table is valid by the schema committed beside it."""
    schema = json.loads((schemas_folder() / "prose.schema.json").read_text("utf-8"))
    version = load_contract(service).api_version
    table = json.loads((schemas_folder() / service / version / "prose.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(table)


@pytest.mark.parametrize(("service", "entry"), ALL)
def test_a_sentence_stands_where_the_table_says(service: str, entry: ProseConstraint) -> None:
    """What is quoted is a sentence of each of its places, in the botocore that was read."""
    contract = load_contract(service)
    if load_prose(service, contract.api_version).source != contract.source:
        pytest.skip(f"the installed {contract.source} is not the one whose words were read")
    standing = {
        passage.place for passage in load_passages(service) if passage.sentence == entry.quote
    }
    assert set(entry.places) <= standing


@pytest.mark.parametrize(("service", "entry"), ALL)
def test_what_is_constrained_exists(service: str, entry: ProseConstraint) -> None:
    """Each concern is a place of the model."""
    for place in entry.concerns:
        assert place in load_contract(service).operations or shape_at(service, place)


@pytest.mark.parametrize(("service", "entry"), ALL)
def test_bounds_are_joined_rightly(service: str, entry: ProseConstraint) -> None:
    """Whether the model has the same bounds, others or none is as the table says."""
    if entry.kind != "bounds" or entry.says["of"] not in BOUNDED_BY_THE_MODEL:
        return
    for place in entry.concerns:
        shape = shape_at(service, place)
        model = {"min": shape.minimum, "max": shape.maximum}
        told = {name: model[name] for name in ("min", "max") if name in entry.says}
        said = {name: entry.says[name] for name in told}
        assert entry.model == relation(said, told, all(v is None for v in told.values())), place


@pytest.mark.parametrize(("service", "entry"), ALL)
def test_values_are_joined_rightly(service: str, entry: ProseConstraint) -> None:
    """Whether the model enumerates the same values, others or none is as the table says."""
    if entry.kind != "values":
        return
    for place in entry.concerns:
        shape = shape_at(service, place)
        said, told = set(entry.says["values"]), set(shape.enum)
        if entry.says.get("open"):
            told &= said
        if shape.enum or not shape.pattern:
            assert entry.model == relation(said, told, not shape.enum), place


def relation(said: Any, told: Any, silent: bool) -> str:  # noqa: FBT001 (three facts, in order)
    """How two constraints of one kind compare."""
    if silent:
        return "silent"
    return "same" if said == told else "other"


@pytest.mark.parametrize("service", SERVICES)
def test_no_sentence_is_told_twice(service: str) -> None:
    """A sentence has one entry for each thing it constrains."""
    told = [
        (entry.quote, place, entry.concerns) for entry in entries(service) for place in entry.places
    ]
    assert len(told) == len(set(told))


def test_an_unknown_api_version_has_no_table() -> None:
    """An API version that this release does not know is named in the error."""
    with pytest.raises(ConformanceError, match="no table of prose for ecr 2099-01-01"):
        load_prose("ecr", "2099-01-01")


def test_documentation_is_read_as_a_reader_sees_it() -> None:
    """Markup goes, entities are characters, blocks and full stops end sentences."""
    text = "<p>The <code>a</code> of b. It&apos;s c.</p><ul><li>1<li> Two \n or 3.0.</li></ul>"
    assert list(sentences(text)) == ["The a of b.", "It's c.", "1", "Two or 3.0."]


@given(st.text())
def test_no_sentence_is_empty(documentation: str) -> None:
    """Whatever the documentation, its sentences have words, and single spaces between them."""
    for sentence in sentences(documentation):
        assert sentence
        assert sentence == " ".join(sentence.split())
