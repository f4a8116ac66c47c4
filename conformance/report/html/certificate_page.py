"""The page of one certificate."""

from __future__ import annotations

from conformance.report.brief import product_name
from conformance.report.certificate import Certificate
from conformance.report.commands import run_command
from conformance.report.duration import duration
from conformance.report.findings import (
    not_implemented,
    profiles_to_tell,
    stale_waivers,
    why_untestable,
)
from conformance.report.html.folds import packs
from conformance.report.html.matrix import matrices
from conformance.report.html.page import render
from conformance.report.html.sections import operation_numbers, sections, shortened
from conformance.report.summary import summarise

__all__ = ["report_page"]

LIMIT = 2_000_000
"""Bytes that a page may have: what a mail takes, and a phone."""

_KEPT = (10_000, 3, 1)
"""Of how many unmet checks of a rule exchanges and scripts are kept: of all, if there is room."""

_FIRST = 7
"""How many failures the top of the page tells."""


def report_page(certificate: Certificate) -> str:
    """The page as HTML. Where it would be too large, it has the exchanges of fewer checks."""
    pages = (_page(certificate, kept) for kept in _KEPT)
    return next((page for page in pages if len(page.encode()) <= LIMIT), None) or _page(
        certificate, 0
    )


def _page(certificate: Certificate, kept: int) -> str:
    facts, found = certificate.provenance, sections(certificate)
    told, missing = profiles_to_tell(certificate)
    return render(
        "report.html.jinja",
        "report.js",
        certificate=certificate,
        facts=facts,
        name=product_name(facts.target),
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
        stale_waivers=stale_waivers(certificate),
        packs=packs(found, kept),
        shortened=shortened,
    )
