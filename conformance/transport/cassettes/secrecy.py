"""What may be written of exchanges that another tool has recorded."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence

from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.exchange import Exchange
from conformance.transport.redaction import Redactor

__all__ = ["account_told", "without_secrets"]

_ACCOUNT = re.compile(rb'"registryId"\s*:\s*"(\d{12})"|arn:[^:"\s]+:ecr[^:"\s]*:[^:"\s]*:(\d{12}):')


def without_secrets(interactions: Iterable[Interaction]) -> tuple[Interaction, ...]:
    """The interactions of one recording as they may be written."""
    recorded = tuple(interactions)
    exchanges = [interaction.exchange for interaction in recorded]
    account = account_told(exchanges) or None
    redactor = Redactor(words={}, own_account=account, salt=secrets.token_bytes(16))
    redactor.learn(exchanges)
    return tuple(interaction.redacted(redactor) for interaction in recorded)


def account_told(exchanges: Sequence[Exchange]) -> str:
    """Whose registry answers: the first account that an answer names, empty where none does."""
    for exchange in exchanges:
        if exchange.response is not None and (found := _ACCOUNT.search(exchange.response.body)):
            return (found[1] or found[2]).decode()
    return ""
