"""A badge: how much is certified, as an SVG and for https://shields.io."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from conformance.report.certificate import Certificate
from conformance.report.conclusion import Conclusion
from conformance.report.summary import summarise

__all__ = ["Badge", "badge_of"]

LABEL = "ECR conformance"

_COLOURS = {"brightgreen": "#2f7d32", "orange": "#a85b00", "red": "#b3261e", "lightgrey": "#5f6368"}
"""What shields calls a colour, and the one of the SVG: dark enough for white text (WCAG AA)."""

_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label={title}>
<title>{text}</title>
<clipPath id="r"><rect width="{width}" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#444"/>\
<rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="{label_at}" y="14" textLength="{label_width}">{label}</text>
<text x="{message_at}" y="14" textLength="{message_width}">{message}</text>
</g>
</svg>
"""
_NARROW = "fijlrt.,:;!|' "
_MARGIN = 6


@dataclass(frozen=True, slots=True)
class Badge:
    """A label and a message; ``color`` is the name of one of shields' colours."""

    label: str
    message: str
    color: str

    def to_json(self) -> dict[str, Any]:
        """An endpoint for https://shields.io/badges/endpoint-badge."""
        shown = {"label": self.label, "message": self.message, "color": self.color}
        return {"schemaVersion": 1, **shown}

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> Badge:
        """The inverse of ``to_json``."""
        return cls(parsed["label"], parsed["message"], parsed["color"])

    def to_svg(self) -> str:
        """The badge as an image that needs nothing else."""
        label_width, message_width = (_width(text) for text in (self.label, self.message))
        left, right = label_width + 2 * _MARGIN, message_width + 2 * _MARGIN
        text = f"{self.label}: {self.message}"
        return _SVG.format(
            width=left + right,
            left=left,
            right=right,
            title=quoteattr(text),
            text=escape(text),
            colour=_COLOURS[self.color],
            label=escape(self.label),
            label_at=left / 2,
            label_width=label_width,
            message=escape(self.message),
            message_at=left + right / 2,
            message_width=message_width,
        )


def _width(text: str) -> int:
    """About the pixels that a text takes in 11-pixel Verdana; elsewhere it is made to fit."""
    return sum(4 if character in _NARROW else 7 for character in text)


def badge_of(certificate: Certificate) -> Badge:
    """The badge of a certificate. What was left out by choice is no certificate, and says so."""
    summary, conclusion = summarise(certificate), certificate.conclusion
    share = f"{summary.certified} of {len(summary.profiles)} profiles certified"
    if conclusion in (Conclusion.INCONCLUSIVE, Conclusion.NOTHING_RAN):
        return Badge(LABEL, conclusion.value, "lightgrey")
    if not certificate.provenance.selection.everything:
        return Badge(LABEL, f"part of the rules: {share}", "lightgrey")
    if conclusion is Conclusion.CONFORMANT:
        return Badge(LABEL, share, "brightgreen")
    waived = f", {len(certificate.waived)} checks waived" if certificate.waived else ""
    return Badge(LABEL, share + waived, "orange" if summary.certified else "red")
