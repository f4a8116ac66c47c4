"""The form of an operation's errors on the wire, as JSON Schema.

An error of AWS JSON 1.1 carries its code in ``__type``, with a namespace before ``#`` or a URI
after ``:`` that clients cut off
(https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization).
"""

from __future__ import annotations

from typing import Any

from conformance.contract.model import Contract
from conformance.contract.schema import DIALECT, definitions


def error_schema(contract: Contract, operation: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the errors that an operation declares.

    Other errors conform as long as they have a code and their message is a text: AWS answers every
    operation with common errors that the model does not list. Raises ``UsageError`` for an unknown
    operation.
    """
    codes = [error.code for error in contract.operation(operation).errors]
    return {
        "$schema": DIALECT,
        "title": f"{contract.service} {contract.api_version} {operation} (errors)",
        "type": "object",
        "required": ["__type"],
        "properties": {"__type": {"type": "string"}, "message": {"type": "string"}},
        "allOf": [
            {
                "if": {"properties": {"__type": {"pattern": f"^([^:]*#)?{code}(:|$)"}}},
                "then": {"$ref": f"#/$defs/{code}"},
            }
            for code in codes
        ],
        "$defs": definitions(contract, codes, direction="output"),
    }
