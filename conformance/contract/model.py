"""What AWS promises, as values: operations, shapes, errors and paginators of one service.

Source: the service models that botocore ships,
https://github.com/boto/botocore/tree/develop/botocore/data (``ecr`` and ``ecr-public``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from conformance.errors import UsageError

SERVICES = ("ecr", "ecr-public")
"""The services there is a contract for, by their signing names."""

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a structure: its wire name, the name of its shape, what AWS says of it."""

    name: str
    shape: str
    documentation: str


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A type of the model. Fields that do not concern its ``type`` are empty or ``None``.

    ``type`` is one of structure, list, map, string, blob, boolean, timestamp, integer, long, float
    and double. ``member`` names the shape of a list's elements, ``key`` and ``value`` those of a
    map. ``minimum`` and ``maximum`` bound a number's value, a string's or blob's length, or the
    size of a list or map, both inclusive. ``pattern`` is AWS's, unanchored but meant for the
    whole string.
    """

    name: str
    type: str
    required: tuple[str, ...]
    members: Mapping[str, Member]
    member: str | None
    key: str | None
    value: str | None
    minimum: int | float | None
    maximum: int | float | None
    pattern: str | None
    enum: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErrorShape:
    """An error: its code on the wire, whether it is the server's fault, its modelled members."""

    code: str
    fault: bool
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: the names of its input and output shapes, and the errors it declares."""

    name: str
    service: str
    input: str
    output: str
    errors: tuple[ErrorShape, ...]
    documentation: str


@dataclass(frozen=True, slots=True)
class Paginator:
    """How an operation pages. ``result_keys`` are paths such as ``imageScanFindings.findings``."""

    operation: str
    input_token: str
    output_token: str
    limit_key: str
    result_keys: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Contract:
    """Everything AWS's model says of one service. Two contracts are equal only if identical.

    ``source`` names where it was read from and its version, such as ``botocore 1.44.5``.
    """

    service: str
    api_version: str
    target_prefix: str
    signing_name: str
    source: str
    operations: Mapping[str, Operation]
    shapes: Mapping[str, Shape]
    paginators: Mapping[str, Paginator]

    def operation(self, name: str) -> Operation:
        """Return the operation called ``name``; raise ``UsageError`` when there is none."""
        try:
            return self.operations[name]
        except KeyError:
            raise UsageError(
                f"{self.service} has no operation {name!r} in its {self.api_version} API",
                hint="Operation names are those of the API reference, such as DescribeImages.",
            ) from None


@cache
def load_contract(service: str) -> Contract:
    """Read the contract of ``ecr`` or ``ecr-public``; raise ``UsageError`` for another service."""
    if service not in SERVICES:
        raise UsageError(
            f"there is no contract for {service!r}", hint=f"Use one of: {', '.join(SERVICES)}."
        )
    source, model, pagination = _bundled(service)
    metadata = model["metadata"]
    return Contract(
        service=service,
        api_version=metadata["apiVersion"],
        target_prefix=metadata["targetPrefix"],
        signing_name=metadata["signingName"],
        source=source,
        operations=_by_name(_operation(service, op, model) for op in model["operations"].values()),
        shapes=_by_name(_shape(name, shape) for name, shape in model["shapes"].items()),
        paginators=MappingProxyType({n: _paginator(n, p) for n, p in pagination.items()}),
    )


def _bundled(service: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    # Imported here because it is slow to load; without stubs it has no types, with them it does.
    import botocore  # type: ignore[import-untyped,unused-ignore]
    from botocore.loaders import (  # type: ignore[import-untyped,unused-ignore]
        Loader,
    )

    # The default search path also has ~/.aws/models: a user's own model must not move the contract.
    loader = Loader(
        extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False
    )
    model = loader.load_service_model(service, "service-2")
    pagination = loader.load_service_model(service, "paginators-1")["pagination"]
    return f"botocore {botocore.__version__}", model, pagination


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_N = TypeVar("_N", bound=_Named)


def _by_name(named: Iterable[_N]) -> Mapping[str, _N]:
    return MappingProxyType({value.name: value for value in named})


def _plain(documentation: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", documentation)).split()).replace(" .", ".")


def _members(shape: Mapping[str, Any]) -> tuple[Member, ...]:
    return tuple(
        Member(name, member["shape"], _plain(member.get("documentation", "")))
        for name, member in shape.get("members", {}).items()
    )


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
        documentation=_plain(op.get("documentation", "")),
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
