"""``report.json``: written rule by rule, because all of them are tens of megabytes; read whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conformance.file_schemas import MalformedFile, read_json, require_valid
from conformance.report.certificate import Certificate
from conformance.report.seal import SEAL, is_unbroken, sealed_text

__all__ = ["REPORT_FILE", "read_report", "report_text"]

REPORT_FILE = "report.json"


def report_text(certificate: Certificate) -> Iterator[str]:
    """The text of a ``report.json``, piece by piece.

    Raises ``MalformedFile``, at the end at the latest, where it breaks its own schema, which is a
    defect of this package.
    """
    heading = certificate.heading()
    require_valid({**heading, "rules": [], SEAL: _NO_SEAL}, "report", REPORT_FILE)
    yield from sealed_text({**heading, "rules": _rules(certificate)})


_NO_SEAL = f"sha256:{'0' * 64}"
"""Stands for the seal, which is known when all is written."""


def _rules(certificate: Certificate) -> Iterator[dict[str, Any]]:
    for judged in certificate.rules:
        shown = judged.to_json()
        require_valid(shown, "report", f"{REPORT_FILE}: {judged.rule.id}", part="rule")
        yield shown


def read_report(path: Path) -> Certificate:
    """Read a ``report.json``. Raises ``MalformedFile`` when it is not one, or was edited."""
    parsed = read_json(path)
    require_valid(parsed, "report", str(path))
    if not is_unbroken(parsed):
        raise MalformedFile(f"{path} is not what was written: its seal is broken")
    return Certificate.from_json(parsed)
