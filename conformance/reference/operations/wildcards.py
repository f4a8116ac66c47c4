"""Patterns with the wildcard ``*``: of tags, and of the names of repositories."""

from __future__ import annotations

import re


def fits(pattern: str, text: str) -> bool:
    """Whether the whole of ``text`` has the form of ``pattern``.

    "the * character matches any sequence of characters" (API_SigningRepositoryFilter), the empty
    one too: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html.
    """
    expression = ".*".join(re.escape(piece) for piece in pattern.split("*"))
    return re.fullmatch(expression, text) is not None
