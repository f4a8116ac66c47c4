"""Text as Markdown that says it and does nothing else, in GitHub's dialect and CommonMark."""

from __future__ import annotations

import re

from conformance.report.plain_text import one_line

__all__ = ["code", "link", "text"]

_MEANINGFUL = re.compile(r"([\\`*_{}\[\]<>|~#&!@$:])")


def text(plain: str) -> str:
    """Prose: characters that mean something are escaped, so nothing becomes markup or a mention."""
    # A mention or an issue's number is looked for after unescaping, so these are entities.
    shown = _MEANINGFUL.sub(r"\\\1", one_line(plain))
    return shown.replace("\\@", "&#64;<!-- -->").replace("\\#", "&#35;<!-- -->")


def code(plain: str, limit: int | None = None) -> str:
    """A code span on one line, cut to ``limit`` characters; an empty text stays empty."""
    shown = one_line(plain)
    if limit is not None and len(shown) > limit:
        shown = f"{shown[: limit - 1]}…"
    if not shown.strip():
        return ""
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    # A span loses one space on either side, so a backtick at an end needs one to lose.
    padding = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def link(label: str, url: str) -> str:
    """A link where the address is one of the web, else the label alone."""
    if not re.fullmatch(r"https?://[!-~]+", url):
        return label
    address = re.sub(r"[()\\<>]", lambda found: f"%{ord(found[0]):02X}", url)
    return f"[{label}](<{address}>)"
