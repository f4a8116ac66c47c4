"""``ecr-conformance coverage``: what the rules test, and why the rest is not tested."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.coverage.document import document, named
from conformance.coverage.sightings import observe_reference
from conformance.coverage.tracing import Coverage, trace
from conformance.errors import ExitCode, UsageError
from conformance.suite.running.footprint import read_footprints, text_of

__all__ = ["Coverage", "document", "report_coverage", "trace"]


def report_coverage(
    output: Path | None, committed: Path | None, footprints: Path | None = None
) -> ExitCode:
    """Print the document of what is tested, write it to ``output``, or compare ``committed``.

    What the rules ask of a target is written to ``footprints``, or compared with it where
    ``committed`` is given. Not conformant is what has something open, an idle reason, or differs
    from what is committed. Raises ``UsageError`` for a file that cannot be read or written, and
    ``ConformanceError`` where the reference does not keep every rule.
    """
    before = None if committed is None else _read(committed)
    known = None if committed is None or footprints is None else read_footprints(footprints)
    observed = observe_reference()
    coverage = trace(observed.sightings)
    written = document(coverage)
    complaints = list(_complaints(coverage))
    if before not in (None, written):
        complaints.append(
            f"{committed} is out of date: ecr-conformance coverage --output {committed}"
        )
    if known is not None and not known.asks_the_same(observed.footprints):
        complaints.append(
            f"{footprints} is out of date: ecr-conformance coverage --footprint {footprints}"
        )
    elif known is None and footprints is not None:
        _write(footprints, text_of(observed.footprints))
    if output is not None:
        _write(output, written)
    elif before is None and footprints is None:
        click.echo(written, nl=False)
    for complaint in complaints:
        click.echo(complaint, err=True)
    return ExitCode.NOT_CONFORMANT if complaints else ExitCode.CONFORMANT


def _complaints(coverage: Coverage) -> list[str]:
    unexplained = [
        f"open: {each.item.service} {each.item.group} {each.item.kind} {named(each)}"
        for each in coverage.open
    ]
    return unexplained + [f"a reason that excuses nothing: {each}" for each in coverage.idle]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot read {path}: {error}", "ecr-conformance coverage --output writes it"
        ) from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error}", "choose another place") from error
