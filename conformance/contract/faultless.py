"""Whether there is nothing to say about an answer at all, decided at once.

Most answers are faultless, and to find that by looking for each fault takes twenty times as long as
to have jsonschema-rs decide by one schema that has all there is to demand.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from conformance.contract.decider import Decider, accepts, decider
from conformance.contract.model import Contract, Shape
from conformance.contract.presence import Condition, Expectation, Presence, load_presence
from conformance.contract.schema import definitions

Schema = dict[str, Any]


def is_faultless(contract: Contract, shape_name: str, body: object) -> bool:
    """Whether ``judge_output`` has nothing to say; ``False`` where that is unsure."""
    return accepts(_decider(contract, shape_name), body)


@cache
def _decider(contract: Contract, shape_name: str) -> Decider:
    presence = load_presence(contract.service, contract.api_version)
    typed = definitions(contract, [shape_name], direction="output")
    strict = {name: _strict(contract, presence, name, typed[name]) for name in typed}
    return decider({"$ref": f"#/$defs/{shape_name}", "$defs": strict})


def _strict(contract: Contract, presence: Presence, name: str, schema: Schema) -> Schema:
    """The schema of a shape, without members the model does not have, with all that is expected."""
    shape = contract.shapes[name]
    if shape.type != "structure":
        return schema
    members = {
        member.name: _held(contract, presence, member.shape, f"{name}.{member.name}")
        for member in shape.members.values()
    }
    everywhere = [each for each in presence.shapes.get(name, ()) if not each.within]
    return {**schema, "properties": members, "additionalProperties": False, **_all(everywhere)}


def _held(contract: Contract, presence: Presence, name: str, holder: str) -> Schema:
    """The schema of what a member holds, with what is expected of structures there alone."""
    reference = {"$ref": f"#/$defs/{name}"}
    keywords, shape = [], contract.shapes[name]
    while inner := _inside(shape):
        keywords.append("items" if shape.type == "list" else "additionalProperties")
        shape = contract.shapes[inner]
    here = [each for each in presence.shapes.get(shape.name, ()) if holder in each.within]
    if not here:
        return reference
    demanded = _all(here)
    for keyword in reversed(keywords):
        demanded = {keyword: demanded}
    return {**reference, **demanded}


def _inside(shape: Shape) -> str | None:
    """The shape of what is in a list or map."""
    return shape.member or shape.value


def _all(expectations: Iterable[Expectation]) -> Schema:
    found = [_demanded(each) for each in expectations]
    return {"allOf": found} if found else {}


def _demanded(expectation: Expectation) -> Schema:
    demanded = {"required": [expectation.member]}
    if expectation.when is None:
        return demanded
    return {"if": _holds(expectation.when), "then": demanded}


def _holds(condition: Condition) -> Schema:
    schema: Schema = {"enum": list(condition.values)}
    for name in reversed(condition.member.split(".")):
        schema = {"properties": {name: schema}, "required": [name]}
    return schema
