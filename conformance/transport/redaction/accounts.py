"""Account ids: where one stands in a text, and those of documentation, which are nobody's."""

from __future__ import annotations

import re

__all__ = ["ACCOUNT", "EXAMPLE", "is_dummy"]

EXAMPLE = "123456789012"
"""What stands for the account of a recording: the one that AWS's documentation uses most."""

# Twelve digits beside which there is no letter, digit or decimal point; after "%" the first two are
# an escape. The last group of a UUID can look the same.
ACCOUNT = re.compile(
    r"[0-9]{12}(?![0-9A-Za-z]|\.[0-9])"
    r"(?<![0-9A-Za-z%].{12})(?<![0-9]\..{12})"
    r"(?<![0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-.{12})"
)

# AWS's documentation writes these for accounts, and reserves them for that; emulators answer with
# them; the suite asks about some.
_DUMMIES = frozenset({EXAMPLE, "012345678910", "012345678901", "111122223333", "444455556666"}) | {
    digit * 12 for digit in "0123456789"
}
_NO_ACCOUNT = "00000000"
"""What ids begin with that were counted from zero: requests are generated with such."""


def is_dummy(number: str) -> bool:
    """Whether twelve digits are known to be no account's id."""
    return number in _DUMMIES or number.startswith(_NO_ACCOUNT)
