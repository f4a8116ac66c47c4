"""Text from a target, made fit for a reader: it may hold escape sequences and line breaks."""

from __future__ import annotations

__all__ = ["one_line", "printable", "visible"]


def printable(text: str) -> bool:
    """Whether a text has no control or invisible characters but line feeds."""
    return text.replace("\n", "").isprintable()


def one_line(text: str) -> str:
    """The text on one line, control and invisible characters as visible escapes."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def visible(text: str) -> str:
    """The text with its line feeds, other control and invisible characters as visible escapes."""
    return text if printable(text) else "\n".join(map(one_line, text.split("\n")))
