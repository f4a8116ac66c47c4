"""What AWS promises, as values: operations, shapes, errors, paginators and waiters of one service.

Source: the service models that botocore ships,
https://github.com/boto/botocore/tree/develop/botocore/data (``ecr`` and ``ecr-public``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conformance.errors import UsageError

SERVICES = ("ecr", "ecr-public")
"""The services there is a contract for, by their signing names."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a structure: its wire name, and the name of its shape."""

    name: str
    shape: str


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


@dataclass(frozen=True, slots=True)
class Paginator:
    """How an operation pages. ``result_keys`` are paths such as ``imageScanFindings.findings``."""

    operation: str
    input_token: str
    output_token: str
    limit_key: str
    result_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Acceptor:
    """What ends a waiter: where ``argument`` (JMESPath) of an answer is ``expected``.

    ``state`` is success or failure; ``matcher`` is botocore's name of how the two are compared.
    """

    state: str
    matcher: str
    argument: str
    expected: str


@dataclass(frozen=True, slots=True)
class Waiter:
    """How to wait for something: ask an operation every ``delay`` seconds, ``attempts`` times."""

    name: str
    operation: str
    delay: int
    attempts: int
    acceptors: tuple[Acceptor, ...]


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
    waiters: Mapping[str, Waiter]

    def operation(self, name: str) -> Operation:
        """Return the operation called ``name``; raise ``UsageError`` when there is none."""
        try:
            return self.operations[name]
        except KeyError:
            raise UsageError(
                f"{self.service} has no operation {name!r} in its {self.api_version} API",
                hint="Operation names are those of the API reference, such as DescribeImages.",
            ) from None
