"""What is judged: where it answers, and what is known of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Consistency = Literal["strong", "eventual"]
"""Whether a read sees every write before it, or only some time later."""

UNKNOWN_PRODUCT = "unknown"


@dataclass(frozen=True, slots=True)
class Target:
    """A target that answers at ``endpoint``, a URL without a path.

    ``name`` is what the user asked for. ``product`` is ``"unknown"`` and ``version`` ``None``
    where the target does not tell them; ``account`` is ``None`` where it is not known beforehand.
    ``command`` starts the target again at ``endpoint``, where this tool started it. ``recording``
    is the folder of cassettes that answer for it, ``None`` where it answers itself.
    """

    name: str
    endpoint: str
    product: str
    version: str | None
    region: str
    consistency: Consistency = "strong"
    account: str | None = None
    command: str | None = None
    recording: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The target as a JSON object, for reports and for processes that share it."""
        return asdict(self)

    @classmethod
    def from_json(cls, parsed: dict[str, Any]) -> Target:
        """The inverse of ``to_json``."""
        return cls(**parsed)
