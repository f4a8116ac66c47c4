"""The page of one certificate."""

from __future__ import annotations

from conformance.report.certificate import Certificate
from conformance.report.commands import run_command
from conformance.report.duration import duration
from conformance.report.findings import not_implemented, profiles_to_tell, why_untestable
from conformance.report.html.folds import packs
from conformance.report.html.matrix import matrices
from conformance.report.html.page import render
from conformance.report.html.sections import operation_numbers, sections, shortened
from conformance.report.summary import summarise

__all__ = ["report_page"]

_FIRST = 7
"""How many failures the top of the page tells."""


def report_page(certificate: Certificate) -> str:
    """The page as HTML."""
    facts, found = certificate.provenance, sections(certificate)
    told, missing = profiles_to_tell(certificate)
    return render(
        "report.html.jinja",
        "report.js",
        certificate=certificate,
        facts=facts,
        summary=summarise(certificate, shown=_FIRST),
        duration=duration(facts.started, certificate.finished),
        run_command=run_command(facts),
        told=told,
        missing=missing,
        matrices=matrices(certificate),
        sections=found,
        operations=operation_numbers(certificate),
        not_implemented=not_implemented(certificate),
        why_untestable=why_untestable(certificate),
        packs=packs(found),
        shortened=shortened,
    )
