"""What an identity policy of IAM lets its holder do.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_PIECES = re.compile(r"(?P<beyond>\*+(?=:|\Z))|(?P<within>\*+)|(?P<one>\?)|[^*?]+")
_WILDCARDS = {"beyond": ".*", "within": "[^:]*", "one": "[^:]"}


@dataclass(frozen=True, slots=True)
class Patterns:
    """Texts with wildcards: what fits one of them, or, where ``negated``, what fits none."""

    texts: tuple[str, ...]
    negated: bool = False

    def cover(self, text: str) -> bool:
        """Whether they are about ``text``."""
        return any(fits(pattern, text) for pattern in self.texts) != self.negated


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that allows what it covers, or denies it. ``actions`` are in lower case."""

    allows: bool
    actions: Patterns
    resources: Patterns

    def covers(self, action: str, resource: str) -> bool:
        """Whether it is about an action, whose case does not matter, on a resource, an ARN or *."""
        return self.actions.cover(action.lower()) and self.resources.cover(resource)


IdentityPolicy = tuple[Statement, ...]
"""A policy, or several that one identity has: there is no difference."""


def denial(policy: IdentityPolicy, action: str, resource: str) -> str | None:
    """Why an action is denied, as AWS's messages end; None where it is allowed.

    "the Deny statement trumps the Allow statement"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html).
    The words are those of
    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
    """
    covering = [statement for statement in policy if statement.covers(action, resource)]
    if not all(statement.allows for statement in covering):
        return "with an explicit deny in an identity-based policy"
    return None if covering else f"because no identity-based policy allows the {action} action"


def fits(pattern: str, text: str) -> bool:
    """Whether the whole of ``text`` has the form of ``pattern``: * is anything, ? one character.

    Both stay between two colons, unless the asterisk is the last character before a colon or the
    end: that one reaches beyond
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
    """
    return _expression(pattern).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    pieces = _PIECES.finditer(pattern)
    translated = (_WILDCARDS.get(str(piece.lastgroup)) or re.escape(piece[0]) for piece in pieces)
    return re.compile("".join(translated), re.DOTALL)
