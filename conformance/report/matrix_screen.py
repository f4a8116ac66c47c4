"""Products side by side on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from conformance.report.brief import product_name
from conformance.report.plain_text import one_line
from conformance.report.product_matrix import Cell, ProductMatrix, Row

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

__all__ = ["print_matrix"]

_STYLES = {
    "certified": "green",
    "pass": "green",
    "partial": "yellow",
    "warn": "yellow",
    "unsupported": "cyan",
    "untestable": "magenta",
    "inconclusive": "magenta",
    "error": "magenta",
    "not certified": "red",
    "fail": "red",
}


def print_matrix(matrix: ProductMatrix, console: Console) -> None:
    """Print the tables, without colours where the console is not a terminal."""
    for each in matrix.disagreements:
        _print(console, f"not the same {each.what}: {', '.join(each.values)}", "yellow")
    for title, rows in (("profile", matrix.profiles), ("operation", matrix.operations)):
        console.print(_table(title, matrix, rows))
        console.print()
    if matrix.rules:
        _print(console, f"The products differ in {len(matrix.rules)} rules:")
        console.print(_table("rule", matrix, matrix.rules))
    else:
        _print(console, "The products differ in no rule.")
    _print(console, f"They are alike in {matrix.alike} rules.")


def _print(console: Console, line: str, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(one_line(line), style=style), soft_wrap=True)


def _table(title: str, matrix: ProductMatrix, rows: Sequence[Row]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(title, overflow="fold")
    for product in matrix.products:
        table.add_column(Text(one_line(product_name(product))))
    for service, group in groupby(rows, lambda row: row.service):
        table.add_row(Text(service, style="bold"))
        for row in group:
            table.add_row(f"  {row.name}", *(_cell(cell) for cell in row.cells))
    return table


def _cell(cell: Cell | None) -> Text:
    from rich.text import Text

    if cell is None:
        return Text("-", style="dim")
    shown = f"{cell.verdict} {cell.passed}/{cell.of}" if cell.of else cell.verdict
    return Text(shown, style=_STYLES.get(cell.verdict, ""))
