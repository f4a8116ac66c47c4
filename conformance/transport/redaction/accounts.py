"""Account ids: where one stands in a text, and those of documentation, which are nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conformance.transport.exchange import Exchange

__all__ = ["ACCOUNT", "EXAMPLE", "account_told", "is_dummy"]

EXAMPLE = "123456789012"
"""What stands for the account of a recording: the one that AWS's documentation uses most."""

# Twelve digits beside which there is no letter, digit or decimal point; after "%" the first two are
# an escape. The last group of a UUID can look the same.
ACCOUNT = re.compile(
    r"[0-9]{12}(?![0-9A-Za-z]|\.[0-9])"
    r"(?<![0-9A-Za-z%].{12})(?<![0-9]\..{12})"
    r"(?<![0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-.{12})"
)

_TOLD = re.compile(rb'"registryId"\s*:\s*"(\d{12})"|arn:[^:"\s]+:ecr[^:"\s]*:[^:"\s]*:(\d{12}):')

# What AWS's documentation writes for accounts, emulators answer with, and the suite asks about: a
# replay asks about it again.
_DUMMIES = frozenset({"012345678910", "012345678901", "111122223333", "444455556666"}) | {
    digit * 12 for digit in "0123456789"
}
_DUMMY_BEGINNINGS = ("00000000", EXAMPLE[:11])
"""Of ids that generated requests count from zero, and of what the suite makes of the example one
where it needs another account's."""


def is_dummy(number: str) -> bool:
    """Whether twelve digits are known to be no account's id."""
    return number in _DUMMIES or number.startswith(_DUMMY_BEGINNINGS)


def account_told(exchanges: Iterable[Exchange]) -> str | None:
    """Whose registry answered: the first account that an answer tells, if any."""
    for exchange in exchanges:
        if exchange.response is not None and (found := _TOLD.search(exchange.response.body)):
            return (found[1] or found[2]).decode()
    return None
