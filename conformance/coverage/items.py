"""What there is to test: everything that the contract and its documentation promise or demand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from conformance.contract import Contract, load_contract
from conformance.contract.generators import Constraint, constraints, why_unbreakable
from conformance.coverage.normative import normative_passages, overruled, reach

Kind = Literal["operation", "error", "constraint", "paginator", "waiter", "sentence"]
KINDS: tuple[Kind, ...] = ("operation", "error", "constraint", "paginator", "waiter", "sentence")
"""In the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a rule should test.

    ``group`` is the operation that it belongs to or, for a sentence about a shape that several
    share, the shape. ``name`` tells it from others of its kind: an error's code, the place and kind
    of a constraint (``tags[].Key max``), a waiter, the place of a sentence. ``text`` is what it
    says: a bound or the sentence. ``operations`` are all that it concerns. ``excuse`` is why no
    rule can test it, where the contract itself tells.
    """

    service: str
    kind: Kind
    group: str
    name: str
    text: str
    operations: frozenset[str]
    excuse: str = ""


def items(service: str) -> Iterator[Item]:
    """Everything that there is to test of a service."""
    contract = load_contract(service)
    for operation in contract.operations:
        yield from _of_operation(contract, operation)
    yield from _sentences(contract)


def _of_operation(contract: Contract, operation: str) -> Iterator[Item]:
    def item(kind: Kind, name: str, text: str = "", excuse: str = "") -> Item:
        return Item(contract.service, kind, operation, name, text, frozenset([operation]), excuse)

    yield item("operation", operation)
    for error in contract.operations[operation].errors:
        yield item("error", error.code)
    for constraint in constraints(contract, contract.operations[operation].input):
        excuse = why_unbreakable(contract, constraint) or ""
        yield item("constraint", name_of(constraint), _bound(constraint), excuse)
    if operation in contract.paginators:
        yield item("paginator", operation)
    for waiter in contract.waiters.values():
        if waiter.operation == operation:
            yield item("waiter", waiter.name)


def name_of(constraint: Constraint) -> str:
    """What tells a constraint from the others of its operation, such as ``tags[].Key max``."""
    return f"{str(constraint.site) or 'body'} {constraint.kind}"


def _bound(constraint: Constraint) -> str:
    return str(constraint).partition(f"{constraint.kind} ")[2]


def _sentences(contract: Contract) -> Iterator[Item]:
    reached = reach(contract)
    for passage in normative_passages(contract):
        shape = passage.place.partition(".")[0]
        concerned = reached.get(shape, frozenset())
        yield Item(
            service=contract.service,
            kind="sentence",
            group=next(iter(concerned)) if len(concerned) == 1 else shape,
            name=passage.place,
            text=passage.sentence,
            operations=concerned,
            excuse=overruled(contract, passage),
        )
