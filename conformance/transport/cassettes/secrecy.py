"""What may be written of exchanges that are recorded by themselves, not in a run."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.exchange import Exchange
from conformance.transport.redaction import Redactor
from conformance.transport.redaction.accounts import account_told

__all__ = ["redactor_of", "without_secrets"]


def without_secrets(interactions: Iterable[Interaction]) -> tuple[Interaction, ...]:
    """The interactions of one recording as they may be written."""
    recorded = tuple(interactions)
    redactor = redactor_of([interaction.exchange for interaction in recorded])
    return tuple(interaction.redacted(redactor) for interaction in recorded)


def redactor_of(exchanges: Sequence[Exchange]) -> Redactor:
    """What takes the secrets out of the exchanges of one recording."""
    account = account_told(exchanges)
    redactor = Redactor(words={}, own_account=account, salt=secrets.token_bytes(16))
    redactor.learn(exchanges)
    return redactor
