"""From a run's results to its certificate, and the files and screens that show it.

A ``Certificate`` is a frozen value. ``judge`` makes it from checks, ``read_report`` from
``report.json``; the rest are views of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from conformance.errors import UsageError
from conformance.file_schemas import MalformedFile, require_valid
from conformance.files import unwritable, write_whole
from conformance.report.badge import badge_of
from conformance.report.certificate import Certificate
from conformance.report.judgement import judge
from conformance.report.junit import junit_xml
from conformance.report.markdown import markdown
from conformance.report.report_file import REPORT_FILE, read_report, report_text

__all__ = [
    "Certificate",
    "judge",
    "naming_a_report",
    "open_report",
    "read_report",
    "remove_report",
    "report_path",
    "write_report",
]


def _page(certificate: Certificate) -> str:
    from conformance.report.html import report_page

    return report_page(certificate)


def _badge(certificate: Certificate) -> str:
    badge = badge_of(certificate).to_json()
    require_valid(badge, "badge", "badge.json")
    return json.dumps(badge) + "\n"


def _badge_image(certificate: Certificate) -> str:
    return badge_of(certificate).to_svg()


_VIEWS: dict[str, Callable[[Certificate], str | Iterator[str]]] = {
    REPORT_FILE: report_text,
    "report.html": _page,
    "report.md": markdown,
    "junit.xml": junit_xml,
    "badge.json": _badge,
    "badge.svg": _badge_image,
}
"""The files of a report, each with what writes it."""


def write_report(certificate: Certificate, folder: Path) -> list[Path]:
    """Write every file of a report, each whole or not at all; gives their paths.

    ``results.jsonl`` is not among them, because ``ResultsWriter`` streams it during the run. Raises
    ``UsageError`` when the folder cannot be written to, ``MalformedFile`` when a file breaks its
    own schema, which is a defect of this package.
    """
    return [write_whole(folder / name, view(certificate)) for name, view in _VIEWS.items()]


def remove_report(folder: Path) -> None:
    """Remove what ``write_report`` wrote. Raises ``UsageError`` when that is not possible."""
    for path in (folder / name for name in _VIEWS):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(path, error) from error


def open_report(named: Path) -> Certificate:
    """The certificate that a user names: a ``report.json``, or the folder that holds it.

    Raises ``UsageError`` where there is none.
    """
    with naming_a_report():
        return read_report(report_path(named))


def report_path(named: Path) -> Path:
    """Where the report is that a user names."""
    return named / REPORT_FILE if named.is_dir() else named


@contextmanager
def naming_a_report() -> Iterator[None]:
    """Turn a ``MalformedFile`` into the ``UsageError`` of whoever named it."""
    try:
        yield
    except MalformedFile as error:
        hint = "Name a folder that `ecr-conformance certify` wrote to, or a file of it."
        raise UsageError(error.message, error.hint or hint) from error
