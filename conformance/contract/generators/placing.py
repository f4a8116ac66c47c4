"""Valid values changed in one place; what has to be there around it is filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.contract.generators.examples import example
from conformance.contract.generators.sites import ELEMENT, ENTRY, KEY
from conformance.contract.model import Contract

ABSENT: Any = object()
"""What a change gives to leave a member out, and gets for one that is not there."""

Change = Callable[[Any], Any]
"""Gives the new value for an old one."""


def changed(
    contract: Contract, shape_name: str, value: Any, steps: tuple[str, ...], change: Change
) -> Any:
    """Return a copy of ``value`` in which what stands at ``steps`` is changed.

    Of a list or a map, the first entry is changed. Members on the way that are not there are made;
    a member at the end that is not there is changed from its example.
    """
    if not steps:
        return change(example(contract, shape_name) if value is ABSENT else value)
    step, further = steps[0], steps[1:]
    shape = contract.shapes[shape_name]
    if value is ABSENT or not value:
        value = example(contract, shape_name)
    if step == ELEMENT:
        first = changed(contract, str(shape.member), value[0], further, change)
        return [first, *value[1:]]
    if step in (KEY, ENTRY):
        key, entry = next(iter(value.items()))
        rest = {name: inner for name, inner in value.items() if name != key}
        if step == KEY:
            return {change(key): entry, **rest}
        return {key: changed(contract, str(shape.value), entry, further, change), **rest}
    inner = shape.members[step].shape
    new = changed(contract, inner, value.get(step, ABSENT), further, change)
    if new is ABSENT:
        return {name: kept for name, kept in value.items() if name != step}
    return {**value, step: new}


def found(value: Any, steps: tuple[str, ...]) -> Any:
    """Return what stands at ``steps``, of lists and maps in the first entry; else ``ABSENT``."""
    for step in steps:
        if not value or value is ABSENT:
            return ABSENT
        if step in (ELEMENT, ENTRY, KEY):
            value = value[0] if step == ELEMENT else next(iter(value.items()))[step == ENTRY]
        else:
            value = value.get(step, ABSENT)
    return value


def required_only(contract: Contract, shape_name: str, value: Any) -> Any:
    """Return ``value`` with nothing but required members, in structures within it, too."""
    shape = contract.shapes[shape_name]
    if shape.type == "structure":
        inner = {name: shape.members[name].shape for name in shape.required}
        return {
            name: required_only(contract, of, value[name])
            if name in value
            else example(contract, of)
            for name, of in inner.items()
        }
    if shape.type == "list":
        return [required_only(contract, str(shape.member), element) for element in value]
    if shape.type == "map":
        return {k: required_only(contract, str(shape.value), v) for k, v in value.items()}
    return value
