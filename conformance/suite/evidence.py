"""What says so: the sources a rule rests on."""

from __future__ import annotations

from collections.abc import Callable
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
    """One source.

    ``quote`` is the sentence or fact, ``where`` the operation and member (or shape) it is about,
    ``url`` the public address.
    """

    kind: EvidenceKind
    where: str
    quote: str
    url: str


Source = Callable[[str], Evidence]
"""Gives the evidence for one service, because each has a reference and a model of its own."""

_REFERENCE = {
    "ecr": "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_{}.html",
    "ecr-public": "https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_{}.html",
}
_MODEL = "https://github.com/boto/botocore/tree/develop/botocore/data/{}"


def documented(where: str, quote: str, *, public: str = "", url: str = "") -> Source:
    """A sentence of AWS's documentation.

    ``where`` is the operation or type and, after a dot, the member: ``ListImages.maxResults``. The
    address is that page of the service's API reference unless ``url`` names another (a user
    guide). ``public`` is the sentence in ECR Public's reference where its words differ.
    """

    def for_service(service: str) -> Evidence:
        words = public if public and service == "ecr-public" else quote
        page = url or _REFERENCE[service].format(where.partition(".")[0])
        return Evidence(EvidenceKind.DOCUMENTED, where, words, page)

    return for_service


def model(where: str, fact: str) -> Source:
    """A fact of the service's model, e.g. ``model("MaxResults", "min 1, max 1000")``."""
    return lambda service: Evidence(EvidenceKind.MODEL, where, fact, _MODEL.format(service))


def recorded(where: str, fact: str, url: str) -> Source:
    """What a recording of real AWS shows, with its public address."""
    return lambda _: Evidence(EvidenceKind.RECORDED, where, fact, url)


def observed(where: str, fact: str, url: str) -> Source:
    """What somebody saw real AWS do, with the public address of the report."""
    return lambda _: Evidence(EvidenceKind.OBSERVED, where, fact, url)


def unverified(where: str, question: str) -> Source:
    """What nobody could tell us about AWS; the rule can only inform."""
    return lambda _: Evidence(EvidenceKind.UNVERIFIED, where, question, "")
