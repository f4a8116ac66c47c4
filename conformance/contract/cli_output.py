"""What the AWS CLI prints, as it was on the wire.

It prints members as they came, but times, since its version 2, as ISO 8601 texts
(https://docs.aws.amazon.com/cli/latest/userguide/cliv2-migration-changes.html).
"""

from __future__ import annotations

from typing import Any

from conformance.contract.model import Contract
from conformance.contract.places import children
from conformance.utc import moment_of


def on_the_wire(contract: Contract, shape_name: str, printed: Any) -> Any:
    """``printed`` with seconds since 1970 in the place of every time that is a text.

    A text that is no time stays, to be found out as a wrong type.
    """
    shape = contract.shapes[shape_name]
    if shape.type == "timestamp" and isinstance(printed, str):
        return _seconds(printed)
    inner = [
        (step, on_the_wire(contract, child_shape, child))
        for step, child, child_shape in children(shape, printed)
    ]
    if isinstance(printed, list):
        return [value for _, value in inner] or printed
    return {**printed, **dict(inner)} if isinstance(printed, dict) else printed


def _seconds(text: str) -> float | str:
    try:
        return moment_of(text).timestamp()
    except ValueError:
        return text
