"""What may be written of exchanges that another tool has recorded."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.redaction import Redactor
from conformance.transport.redaction.accounts import account_told

__all__ = ["without_secrets"]


def without_secrets(interactions: Iterable[Interaction]) -> tuple[Interaction, ...]:
    """The interactions of one recording as they may be written."""
    recorded = tuple(interactions)
    exchanges = [interaction.exchange for interaction in recorded]
    account = account_told(exchanges)
    redactor = Redactor(words={}, own_account=account, salt=secrets.token_bytes(16))
    redactor.learn(exchanges)
    return tuple(interaction.redacted(redactor) for interaction in recorded)
