"""The contract lock: the committed form of the contract, by which everything is judged.

A certificate names the contract that it was judged by, so that must not depend on the botocore that
somebody has installed. The lock is botocore's service model without its prose, one file a service,
``schemas/<service>/<API version>/model.json``, and read like one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from conformance.contract.botocore_form import contract_of
from conformance.contract.folder import schemas_folder
from conformance.contract.model import SERVICES, Contract
from conformance.errors import ConformanceError, UsageError

_METADATA = ("apiVersion", "jsonVersion", "protocol", "serviceId", "signingName", "targetPrefix")
_OPERATION = ("name", "input", "output", "errors")
_PROSE = ("documentation", "deprecatedMessage", "description")


@cache
def load_contract(service: str) -> Contract:
    """Read the contract of ``ecr`` or ``ecr-public``.

    Raises ``UsageError`` for another service, and ``ConformanceError`` where the lock is missing.
    """
    if service not in SERVICES:
        raise UsageError(
            f"there is no contract for {service!r}", hint=f"Use one of: {', '.join(SERVICES)}."
        )
    paths = sorted((schemas_folder() / service).glob("*/model.json"))
    if not paths:
        raise ConformanceError(
            f"the contract of {service} is missing in {schemas_folder()}",
            hint="Install ecr-conformance again, or run it from a complete checkout.",
        )
    locked = json.loads(paths[-1].read_text(encoding="utf-8"))
    return contract_of(locked["source"], locked, locked["pagination"], locked["waiters"])


def locked_form(
    source: str,
    model: Mapping[str, Any],
    pagination: Mapping[str, Any],
    waiters: Mapping[str, Any],
) -> dict[str, Any]:
    """What the lock holds of a service model; the parameters are those of ``contract_of``.

    Operations, shapes, paginators and waiters are sorted by name; members stay as AWS orders them.
    """
    metadata = model["metadata"]
    return {
        "source": source,
        "metadata": {key: metadata[key] for key in _METADATA},
        "operations": {
            name: {key: operation[key] for key in _OPERATION if key in operation}
            for name, operation in sorted(model["operations"].items())
        },
        "shapes": dict(sorted(_without_prose(model["shapes"]).items())),
        "pagination": dict(sorted(pagination.items())),
        "waiters": dict(sorted(_without_prose(waiters).items())),
    }


def _without_prose(node: Any) -> Any:
    if isinstance(node, dict):
        # A member may be called "documentation"; prose is what is a text.
        return {
            key: _without_prose(value)
            for key, value in node.items()
            if not (key in _PROSE and isinstance(value, str))
        }
    return [_without_prose(each) for each in node] if isinstance(node, list) else node
