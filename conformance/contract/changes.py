"""What changed between two contracts of one service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from conformance.contract.model import Contract, Operation, Paginator, Shape, Waiter

Effect = Literal["added", "removed", "loosened", "tightened", "changed"]
"""What a change does to who has to keep the contract."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what was, at which place, and the operations that it concerns.

    ``place`` is an operation, or a shape and perhaps its member, such as ``Repository.createdAt``;
    ``detail`` says what was and what is.
    """

    effect: Effect
    place: str
    detail: str
    operations: tuple[str, ...]


def changes(old: Contract, new: Contract) -> list[Change]:
    """Return how ``new`` differs from ``old``: operations first, then the shapes they use.

    Shapes are compared where the operations of both have them, whatever they are called.
    """
    shared = [name for name in old.operations if name in new.operations]
    found = list(_operations(old, new))
    for name in shared:
        found += _errors(old.operations[name], new.operations[name])
    for (before, after), operations in _shape_pairs(old, new, shared).items():
        users = tuple(sorted(operations))
        for effect, place, detail in _differences(old.shapes[before], new.shapes[after]):
            found.append(Change(effect, place, detail, users))
    found += _wholes("paginator", old.paginators, new.paginators)
    found += _wholes("waiter", old.waiters, new.waiters)
    return found


def _operations(old: Contract, new: Contract) -> Iterator[Change]:
    for name in sorted(new.operations.keys() - old.operations.keys()):
        yield Change("added", name, "operation", (name,))
    for name in sorted(old.operations.keys() - new.operations.keys()):
        yield Change("removed", name, "operation", (name,))


def _wholes(
    what: str, old: Mapping[str, Paginator | Waiter], new: Mapping[str, Paginator | Waiter]
) -> Iterator[Change]:
    """Paginators or waiters: what is different in one is told as a whole."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before is None and after is not None:
            yield Change("added", name, what, (after.operation,))
        elif before is not None and after is None:
            yield Change("removed", name, what, (before.operation,))
        elif before is not None and before != after:
            yield Change("changed", name, what, (before.operation,))


def _errors(old: Operation, new: Operation) -> Iterator[Change]:
    before, after = ({error.code for error in op.errors} for op in (old, new))
    for code in sorted(after - before):
        yield Change("added", new.name, f"error {code}", (new.name,))
    for code in sorted(before - after):
        yield Change("removed", new.name, f"error {code}", (new.name,))


def _shape_pairs(
    old: Contract, new: Contract, operations: Iterable[str]
) -> dict[tuple[str, str], set[str]]:
    """Shapes of ``old`` and ``new`` that stand in the same place of some operations."""
    found: dict[tuple[str, str], set[str]] = {}
    for name in operations:
        before, after = old.operations[name], new.operations[name]
        errors = {e.code for e in before.errors} & {e.code for e in after.errors}
        waiting = [(before.input, after.input), (before.output, after.output)]
        waiting += [(code, code) for code in sorted(errors)]
        while waiting:
            pair = waiting.pop(0)
            users = found.setdefault(pair, set())
            if name not in users:
                users.add(name)
                waiting += _inner_pairs(old.shapes[pair[0]], new.shapes[pair[1]])
    return found


def _inner_pairs(old: Shape, new: Shape) -> Iterator[tuple[str, str]]:
    if old.type != new.type:
        return
    for name, member in old.members.items():
        if name in new.members:
            yield member.shape, new.members[name].shape
    for before, after in ((old.member, new.member), (old.key, new.key), (old.value, new.value)):
        if before and after:
            yield before, after


_Difference = tuple[Effect, str, str]


def _differences(old: Shape, new: Shape) -> Iterator[_Difference]:
    name = new.name
    if old.type != new.type:
        yield "changed", name, f"type {old.type} -> {new.type}"
        return
    yield from _members(old, new)
    yield from (
        (
            _bound_effect(before, after, lower=lower),
            name,
            f"{word} {_or_none(before)} -> {_or_none(after)}",
        )
        for word, before, after, lower in (
            ("minimum", old.minimum, new.minimum, True),
            ("maximum", old.maximum, new.maximum, False),
        )
        if before != after
    )
    if old.pattern != new.pattern:
        effect = _presence_effect(old.pattern, new.pattern)
        yield effect, name, f"pattern {_or_none(old.pattern)} -> {_or_none(new.pattern)}"
    for value in sorted(set(new.enum) - set(old.enum)):
        yield "added", name, f"value {value}"
    for value in sorted(set(old.enum) - set(new.enum)):
        yield "removed", name, f"value {value}"


def _members(old: Shape, new: Shape) -> Iterator[_Difference]:
    for member in new.members:
        if member not in old.members:
            yield "added", f"{new.name}.{member}", "member"
    for member in old.members:
        if member not in new.members:
            yield "removed", f"{new.name}.{member}", "member"
    for member in sorted(set(new.required) - set(old.required)):
        yield "tightened", f"{new.name}.{member}", "is required"
    for member in sorted(set(old.required) - set(new.required)):
        yield "loosened", f"{new.name}.{member}", "is no longer required"


def _bound_effect(before: float | None, after: float | None, *, lower: bool) -> Effect:
    if before is None or after is None:
        return _presence_effect(before, after)
    return "tightened" if (after > before) == lower else "loosened"


def _presence_effect(before: object, after: object) -> Effect:
    """A constraint that comes tightens, one that goes loosens."""
    if before is None:
        return "tightened"
    return "loosened" if after is None else "changed"


def _or_none(value: object) -> str:
    return "none" if value is None else str(value)
