"""Moments as texts: ISO 8601 in UTC, with a Z, as every file of this tool has them."""

from __future__ import annotations

from datetime import datetime

__all__ = ["moment_of", "text_of"]


def text_of(moment: datetime) -> str:
    """A moment, which has to be in UTC, to the millisecond."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(text: str) -> datetime:
    """The moment that a text names. Raises ``ValueError`` where it names none."""
    # Python 3.10 does not know the Z that others write for UTC.
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
