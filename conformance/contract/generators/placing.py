"""Valid values changed in one place; what has to be there around it is filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.contract.generators.examples import example
from conformance.contract.generators.sites import ELEMENT, ENTRY, KEY
from conformance.contract.model import Contract, Shape

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
    if value is ABSENT or (shape.type != "structure" and not value):
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
    """Return ``value`` with nothing but required members, in structures within it, too.

    Of structures within it that require nothing all stays: an image id with neither tag nor digest
    is in no request that a registry takes.
    """
    shape = contract.shapes[shape_name]
    if shape.type == "structure":
        return {name: _required(contract, shape, name, value) for name in shape.required}
    if shape.type == "list":
        return [_within(contract, str(shape.member), element) for element in value]
    if shape.type == "map":
        return {key: _within(contract, str(shape.value), inner) for key, inner in value.items()}
    return value


def _required(contract: Contract, shape: Shape, name: str, value: Any) -> Any:
    inner = shape.members[name].shape
    return _within(contract, inner, value[name]) if name in value else example(contract, inner)


def _within(contract: Contract, shape_name: str, value: Any) -> Any:
    shape = contract.shapes[shape_name]
    stays = shape.type == "structure" and not shape.required
    return value if stays else required_only(contract, shape_name, value)
