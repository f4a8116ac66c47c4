"""The commands ``diff``, ``matrix``, ``combine`` and ``verify``: what is made of reports."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import click

from conformance.errors import ExitCode
from conformance.report import open_report
from conformance.report.difference import Change, compare
from conformance.report.files import write_whole
from conformance.report.product_matrix import side_by_side
from conformance.report.schema import require_valid
from conformance.report.screen import summary_console
from conformance.suite.verdicts import Level


def diff(before: Path, after: Path, form: str, fail_on: Collection[Change]) -> ExitCode:
    """Print what became of each rule, as ``text`` or ``json``.

    Exits with 1 where a MUST rule changed in one of the ways of ``fail_on``. Raises ``UsageError``
    for what is no report.
    """
    difference = compare(open_report(before), open_report(after))
    if form == "json":
        _print_json(difference.to_json(), "difference")
    else:
        from conformance.report.difference_screen import print_difference

        print_difference(difference, summary_console())
    failed = any(
        each.change in fail_on and each.rule.level is Level.MUST for each in difference.rules
    )
    return ExitCode.NOT_CONFORMANT if failed else ExitCode.CONFORMANT


def matrix(reports: Sequence[Path], form: str, page: Path | None) -> ExitCode:
    """Print reports side by side, as ``text`` or ``json``, or write them to a ``page`` of HTML.

    Raises ``UsageError`` for what is no report, and where the page cannot be written.
    """
    found = side_by_side([open_report(each) for each in reports])
    if page is not None:
        from conformance.report.matrix_page import matrix_page

        click.echo(f"Matrix: {write_whole(page, matrix_page(found))}")
    elif form == "json":
        _print_json(found.to_json(), "matrix")
    else:
        from conformance.report.matrix_screen import print_matrix

        print_matrix(found, summary_console())
    return ExitCode.CONFORMANT


def _print_json(document: dict[str, Any], schema: str) -> None:
    require_valid(document, schema, "standard output")
    click.echo(json.dumps(document, indent=1))
