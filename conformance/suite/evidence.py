"""What says so: the sources a rule rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class EvidenceKind(str, Enum):
    """How good a source is. A MUST rule needs one of the first three."""

    MODEL = "model"
    """AWS's service model, as botocore ships it."""
    DOCUMENTED = "documented"
    """AWS's API reference or user guide, quoted."""
    RECORDED = "recorded"
    """A recording of real AWS."""
    OBSERVED = "observed"
    """Seen on real AWS and reported in public."""
    UNVERIFIED = "unverified"
    """Nobody knows; such a rule can only inform."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One source: ``quote`` is the sentence or fact, ``where`` the operation and member (or shape)
    it is about, ``url`` the public address.
    """

    kind: EvidenceKind
    where: str
    quote: str
    url: str


_API = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_{}.html"
_PUBLIC_API = "https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_{}.html"
_MODEL = "https://github.com/boto/botocore/tree/develop/botocore/data/{}"


def documented(where: str, quote: str, url: str = "") -> Evidence:
    """A sentence of AWS's documentation.

    ``where`` is the operation or type and, after a dot, the member: ``ListImages.maxResults``. The
    address is that page of the ECR API reference unless ``url`` names another (a user guide).
    """
    return Evidence(EvidenceKind.DOCUMENTED, where, quote, url or _API.format(where.split(".")[0]))


def documented_public(where: str, quote: str) -> Evidence:
    """A sentence of the ECR Public API reference; see ``documented``."""
    url = _PUBLIC_API.format(where.split(".")[0])
    return Evidence(EvidenceKind.DOCUMENTED, where, quote, url)


def model(where: str, fact: str, service: str = "ecr") -> Evidence:
    """A fact of the service model, e.g. ``model("MaxResults", "min 1, max 1000")``."""
    return Evidence(EvidenceKind.MODEL, where, fact, _MODEL.format(service))


def recorded(where: str, fact: str, url: str) -> Evidence:
    """What a recording of real AWS shows, with its public address."""
    return Evidence(EvidenceKind.RECORDED, where, fact, url)


def observed(where: str, fact: str, url: str) -> Evidence:
    """What somebody saw real AWS do, with the public address of the report."""
    return Evidence(EvidenceKind.OBSERVED, where, fact, url)


def unverified(where: str, question: str) -> Evidence:
    """What nobody could tell us about AWS; the rule can only inform."""
    return Evidence(EvidenceKind.UNVERIFIED, where, question, "")
