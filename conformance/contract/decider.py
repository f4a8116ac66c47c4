"""Whether a value keeps a JSON Schema, decided by jsonschema-rs, which is imported at first use."""

from __future__ import annotations

from typing import Any, Protocol


class Decider(Protocol):
    """The part of a jsonschema-rs validator that is used here."""

    def is_valid(self, instance: object) -> bool:
        """Whether a value keeps the schema."""
        ...


def decider(schema: dict[str, Any]) -> Decider:
    """Return what decides by a schema of JSON Schema 2020-12."""
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(schema)


def accepts(decider: Decider, value: object) -> bool:
    """Whether a value is accepted; one that jsonschema-rs cannot read is not."""
    try:
        return decider.is_valid(value)
    except ValueError:  # it has no lone surrogates, no endless numbers, no such depths
        return False
