"""Contracts read from service models in the form that botocore ships them.

The form is described by botocore's own reader, ``botocore.model``:
https://github.com/boto/botocore/blob/develop/botocore/model.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from conformance.contract.model import (
    Acceptor,
    Contract,
    ErrorShape,
    Member,
    Operation,
    Paginator,
    Shape,
    Waiter,
)


def contract_of(
    source: str,
    model: Mapping[str, Any],
    pagination: Mapping[str, Any],
    waiters: Mapping[str, Any],
) -> Contract:
    """The contract that a service model states.

    ``model`` is the content of a ``service-2.json``, ``pagination`` and ``waiters`` what
    ``paginators-1.json`` and ``waiters-2.json`` hold under those names; ``source`` says where they
    were read from, such as ``botocore 1.44.5``. Raises ``KeyError`` for what is no service model.
    """
    metadata = model["metadata"]
    service = metadata["signingName"]
    return Contract(
        service=service,
        api_version=metadata["apiVersion"],
        target_prefix=metadata["targetPrefix"],
        signing_name=metadata["signingName"],
        source=source,
        operations=_by_name(_operation(service, op, model) for op in model["operations"].values()),
        shapes=_by_name(_shape(name, shape) for name, shape in model["shapes"].items()),
        paginators=MappingProxyType({n: _paginator(n, p) for n, p in pagination.items()}),
        waiters=_by_name(_waiter(name, waiter) for name, waiter in waiters.items()),
    )


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_N = TypeVar("_N", bound=_Named)


def _by_name(named: Iterable[_N]) -> Mapping[str, _N]:
    return MappingProxyType({value.name: value for value in named})


def _members(shape: Mapping[str, Any]) -> tuple[Member, ...]:
    return tuple(Member(name, member["shape"]) for name, member in shape.get("members", {}).items())


def _shape(name: str, shape: Mapping[str, Any]) -> Shape:
    return Shape(
        name=name,
        type=shape["type"],
        required=tuple(shape.get("required", ())),
        members=_by_name(_members(shape)),
        member=shape.get("member", {}).get("shape"),
        key=shape.get("key", {}).get("shape"),
        value=shape.get("value", {}).get("shape"),
        minimum=shape.get("min"),
        maximum=shape.get("max"),
        pattern=shape.get("pattern"),
        enum=tuple(shape.get("enum", ())),
    )


def _error(code: str, shape: Mapping[str, Any]) -> ErrorShape:
    return ErrorShape(code, bool(shape.get("fault", False)), _members(shape))


def _operation(service: str, op: Mapping[str, Any], model: Mapping[str, Any]) -> Operation:
    codes = [error["shape"] for error in op.get("errors", ())]
    return Operation(
        name=op["name"],
        service=service,
        input=op["input"]["shape"],
        output=op["output"]["shape"],
        errors=tuple(_error(code, model["shapes"][code]) for code in codes),
    )


def _paginator(operation: str, paginator: Mapping[str, Any]) -> Paginator:
    keys = paginator["result_key"]
    return Paginator(
        operation=operation,
        input_token=paginator["input_token"],
        output_token=paginator["output_token"],
        limit_key=paginator["limit_key"],
        result_keys=(keys,) if isinstance(keys, str) else tuple(keys),
    )


def _waiter(name: str, waiter: Mapping[str, Any]) -> Waiter:
    return Waiter(
        name=name,
        operation=waiter["operation"],
        delay=waiter["delay"],
        attempts=waiter["maxAttempts"],
        acceptors=tuple(
            Acceptor(each["state"], each["matcher"], each.get("argument", ""), each["expected"])
            for each in waiter["acceptors"]
        ),
    )
