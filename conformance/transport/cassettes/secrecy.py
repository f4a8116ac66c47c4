"""What may be written of exchanges that another tool has recorded."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.redaction import redact

__all__ = ["without_secrets"]


def without_secrets(interactions: Iterable[Interaction]) -> tuple[Interaction, ...]:
    """The interactions of one recording as they may be written."""
    return tuple(interaction.redacted(redact) for interaction in interactions)
