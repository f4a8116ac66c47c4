"""The contract as OpenAPI 3.1, for tools that know nothing of AWS: one path an operation."""

from __future__ import annotations

from typing import Any

from conformance.contract import SERVICES, Contract, Direction, Operation, load_contract
from conformance.contract.schema import wire_schema


def document(operations: set[str] | None = None) -> dict[str, Any]:
    """Every operation of both services, or those named."""
    schemas: dict[str, Any] = {}
    paths = {
        f"/{contract.target_prefix}.{operation.name}": {"post": _post(contract, operation, schemas)}
        for contract in map(load_contract, SERVICES)
        for operation in contract.operations.values()
        if operations is None or operation.name in operations
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Amazon ECR", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _post(contract: Contract, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    sent = _reference(contract, operation.input, "input", schemas)
    received = _reference(contract, operation.output, "output", schemas)
    wire = "application/x-amz-json-1.1"
    return {
        "operationId": f"{contract.service}.{operation.name}",
        "requestBody": {"required": True, "content": {"application/json": {"schema": sent}}},
        "responses": {
            "200": {"description": "done", "content": {wire: {"schema": received}}},
            "400": {"description": "refused", "content": {wire: {"schema": {"type": "object"}}}},
        },
    }


def _reference(
    contract: Contract, shape: str, direction: Direction, schemas: dict[str, Any]
) -> dict[str, str]:
    """A reference to a shape's schema, which is put beside the others under a name of its own."""
    prefix = f"{contract.service}.{direction}."
    for name, schema in wire_schema(contract, shape, direction=direction)["$defs"].items():
        schemas[f"{prefix}{name}"] = _renamed(schema, prefix)
    return {"$ref": f"#/components/schemas/{prefix}{shape}"}


def _renamed(schema: Any, prefix: str) -> Any:
    if isinstance(schema, list):
        return [_renamed(each, prefix) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: value.replace("#/$defs/", f"#/components/schemas/{prefix}")
        if name == "$ref"
        else _renamed(value, prefix)
        for name, value in schema.items()
    }
