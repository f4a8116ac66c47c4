"""A part of a run: the rules are dealt out to several runs, which are combined afterwards."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from conformance.errors import UsageError

_FORM = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})")


@dataclass(frozen=True, slots=True)
class Shard:
    """The ``number``-th of ``count`` parts, both from 1; ``2/3`` as text.

    A rule belongs to one part, with all its checks, whatever the machine and whatever other rules
    there are.
    """

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The shard that a text names. Raises ``UsageError`` for what names none."""
        found = _FORM.fullmatch(text)
        if found is None or int(found[1]) > int(found[2]):
            raise UsageError(
                f"{text!r} is no shard", "the second of three is 2/3; the third and last is 3/3"
            )
        return cls(int(found[1]), int(found[2]))

    def holds(self, rule_id: str) -> bool:
        """Whether a rule belongs to this part."""
        digest = hashlib.sha256(rule_id.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1

    def __str__(self) -> str:
        """``2/3``."""
        return f"{self.number}/{self.count}"
