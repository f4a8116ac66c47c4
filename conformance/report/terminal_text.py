"""Pieces of a terminal's screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from conformance.report.plain_text import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["many", "one_row", "plain", "remark"]


def many(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def plain(text: str, style: str = "", indent: int = 0) -> RenderableType:
    """A text that is not markup; lines it wraps to keep the indent."""
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(one_line(text), style=style), (0, 0, 0, indent), expand=False)


def one_row(*parts: tuple[str, str]) -> RenderableType:
    """Texts with their styles in one row, which is cut where the screen ends."""
    from rich.padding import Padding
    from rich.text import Text

    row = Text(no_wrap=True, overflow="ellipsis")
    for text, style in parts:
        row.append(one_line(text), style)
    # Printed by itself a text would lose that it is not to be wrapped.
    return Padding(row, 0, expand=False)


def remark(title: str, items: Sequence[str]) -> Iterator[RenderableType]:
    """A list under a title; nothing where it is empty."""
    if items:
        yield ""
        yield plain(f"{title}:")
        yield from (plain(item, indent=2) for item in items)
