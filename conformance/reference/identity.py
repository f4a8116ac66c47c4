"""Who AWS says a caller is: an IAM user, or a session of a role where a session token came along.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

from __future__ import annotations

import base64
import hashlib

from conformance.reference.protocol import Caller

_ROLE = "rehearsal"


def arn_of(caller: Caller) -> str:
    """The ARN of a caller."""
    if caller.token is not None:
        return f"arn:aws:sts::{caller.account}:assumed-role/{_ROLE}/{_name(caller)}"
    return f"arn:aws:iam::{caller.account}:user/{_name(caller)}"


def unique_id_of(caller: Caller) -> str:
    """The id that a user keeps even if it is renamed, or that of the role and the session's name.

    AIDA stands for a user, AROA for a role
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids).
    """
    if caller.token is not None:
        return f"AROA{_letters(f'{caller.account} {_ROLE}')}:{_name(caller)}"
    return f"AIDA{_letters(f'{caller.account} {caller.key}')}"


def _name(caller: Caller) -> str:
    """A name for each access key that does not give the key away: answers are recorded."""
    return f"rehearsal-{hashlib.sha256(caller.key.encode()).hexdigest()[:8]}"


def _letters(text: str) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:17]
