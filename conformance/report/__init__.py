"""From a run's results to its certificate, and the files and screens that show it.

A ``Certificate`` is a frozen value. ``judge`` makes it from checks, ``read_report`` from
``report.json``; the rest are views of it.
"""

from __future__ import annotations

import json
from pathlib import Path

from conformance.file_schemas import MalformedFile, require_valid
from conformance.files import unwritable, write_whole
from conformance.report.certificate import Certificate
from conformance.report.judgement import judge
from conformance.report.junit import junit_xml

__all__ = ["Certificate", "judge", "read_report", "remove_report", "write_report"]

REPORT_FILE = "report.json"
JUNIT_FILE = "junit.xml"


def write_report(certificate: Certificate, folder: Path) -> list[Path]:
    """Write ``report.json`` and ``junit.xml``, each whole or not at all; gives their paths.

    ``results.jsonl`` is not among them, because ``ResultsWriter`` streams it during the run. Raises
    ``UsageError`` when the folder cannot be written to, ``MalformedFile`` when the report breaks
    its own schema, which is a defect of this package.
    """
    report = certificate.to_json()
    require_valid(report, "report", REPORT_FILE)
    return [
        write_whole(folder / REPORT_FILE, json.dumps(report, indent=1) + "\n"),
        write_whole(folder / JUNIT_FILE, junit_xml(certificate)),
    ]


def remove_report(folder: Path) -> None:
    """Remove what ``write_report`` wrote. Raises ``UsageError`` when that is not possible."""
    for path in (folder / REPORT_FILE, folder / JUNIT_FILE):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(path, error) from error


def read_report(path: Path) -> Certificate:
    """Read a ``report.json``. Raises ``MalformedFile`` when it is not one."""
    try:
        parsed = json.loads(path.read_bytes())
    except OSError as error:
        raise MalformedFile(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError):
        raise MalformedFile(f"{path} is not JSON") from None
    require_valid(parsed, "report", str(path))
    return Certificate.from_json(parsed)
