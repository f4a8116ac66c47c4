"""Which operations only read.

The service models do not say so; the names do, for all operations of both services.
"""

from __future__ import annotations

_READING = ("BatchCheck", "BatchGet", "Describe", "Get", "List", "Validate")


def only_reads(operation: str) -> bool:
    """Whether an operation, by its name, changes nothing that another one could show."""
    return operation.startswith(_READING)
