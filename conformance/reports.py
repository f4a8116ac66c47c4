"""The commands ``diff``, ``matrix``, ``combine`` and ``verify``: what is made of reports."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import click

from conformance.errors import ExitCode, UsageError
from conformance.file_schemas import read_json, require_valid
from conformance.files import write_whole
from conformance.report import (
    Certificate,
    naming_a_report,
    open_report,
    remove_report,
    report_path,
    write_report,
)
from conformance.report.brief import product_name
from conformance.report.combination import combined
from conformance.report.difference import Change, compare
from conformance.report.judgement import judge_run
from conformance.report.plain_text import one_line
from conformance.report.product_matrix import side_by_side
from conformance.report.results import RESULTS_FILE, Results, ResultsWriter, read_results
from conformance.report.screen import summary_console
from conformance.report.terminal import print_summary
from conformance.report.verification import complaints_about
from conformance.report.waiver_file import read_waivers
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
        from conformance.report.html import products_page

        click.echo(f"Matrix: {write_whole(page, products_page(found))}")
    elif form == "json":
        _print_json(found.to_json(), "matrix")
    else:
        from conformance.report.matrix_screen import print_matrix

        print_matrix(found, summary_console())
    return ExitCode.CONFORMANT


def combine(shards: Sequence[Path], output: Path, waivers: Path | None) -> ExitCode:
    """Put the shards of a run together: writes the files of the whole, and prints its summary.

    Raises ``UsageError`` for what is no finished shard of the same run, where the whole would take
    the place of a shard, and for waivers that are not in order.
    """
    parts = [path / RESULTS_FILE if path.is_dir() else path for path in shards]
    if (output / RESULTS_FILE).resolve() in {path.resolve() for path in parts}:
        raise UsageError(f"{output} holds a shard", "choose another folder for the whole")
    whole = combined({str(path): _read_shard(path) for path in parts})
    target = whole.provenance.target
    accepted = (
        ()
        if waivers is None
        else read_waivers(waivers, target.name, target.product, target.endpoint)
    )
    certificate = judge_run(whole, accepted)
    remove_report(output)
    files = [_write_results(whole, output / RESULTS_FILE), *write_report(certificate, output)]
    print_summary(certificate, summary_console(), files=files)
    return certificate.exit_code


def verify(named: Path) -> ExitCode:
    """Tell whether a report is a certificate: what a run wrote, unaltered, with no rule left out.

    Raises ``UsageError`` for what is no JSON.
    """
    path = report_path(named)
    with naming_a_report():
        report = read_json(path)
    complaints = list(complaints_about(report))
    for complaint in complaints:
        click.echo(f"{path}: {one_line(complaint)}")
    if complaints:
        return ExitCode.NOT_CONFORMANT
    certificate = Certificate.from_json(report)
    product = one_line(product_name(certificate.provenance.target))
    click.echo(f"{path}: a certificate, whole and as it was written")
    click.echo(f"{product}: {certificate.conclusion.value}")
    return ExitCode.CONFORMANT


def _read_shard(path: Path) -> Results:
    with naming_a_report():
        return read_results(path)


def _write_results(results: Results, path: Path) -> Path:
    with ResultsWriter(path, results.provenance) as writer:
        writer.write(results.checks)
        writer.finish(results.finished or "")
    return path


def _print_json(document: dict[str, Any], schema: str) -> None:
    require_valid(document, schema, "standard output")
    click.echo(json.dumps(document, indent=1))
