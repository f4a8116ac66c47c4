"""Why AWS refuses credentials, in words that say what to do.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

from conformance.errors import CredentialsRefused

_EXPIRED = frozenset({"ExpiredTokenException", "ExpiredToken"})
_UNKNOWN = frozenset({"UnrecognizedClientException", "InvalidClientTokenId"})
_WRONG = frozenset({"InvalidSignatureException", "SignatureDoesNotMatch"})
_UNTIMELY = ("Signature expired", "Signature not yet current")
"""How messages begin that tell of a clock."""


def reason(code: str, message: str, date: str | None) -> CredentialsRefused | None:
    """What an error code says about the credentials, ``None`` where it is about something else.

    ``date`` is the header field ``Date`` of the answer.
    """
    if code in _EXPIRED:
        return CredentialsRefused("the credentials have expired", "sign in again: aws sso login")
    if code == "RequestExpired" or (code in _WRONG and message.startswith(_UNTIMELY)):
        return CredentialsRefused(f"this machine's clock is wrong{_by(date)}", "set the clock")
    if code in _UNKNOWN:
        return CredentialsRefused(
            "AWS does not know the credentials", "check the access key and the session token"
        )
    if code in _WRONG:
        return CredentialsRefused(
            "the secret access key is not that of the access key", "check both"
        )
    return None


def _by(date: str | None) -> str:
    """How far this machine's clock is off, as far as the answer's date tells."""
    try:
        there = parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return ""
    seconds = time.time() - there
    return f": it is {abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} AWS's"
