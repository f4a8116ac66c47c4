"""What AWS says of its services in words: the documentation in the model, sentence by sentence."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

# Paragraphs, list items and the like end a sentence even without a full stop.
_BLOCK = re.compile(r"</?(?:p|li|ul|ol|dl|dt|dd|note|important|caution|h\d|br)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence and where it stands.

    ``place`` is an operation, a shape, or a member of a shape such as
    ``DescribeImagesRequest.maxResults``. ``sentence`` has no markup and single spaces.
    """

    place: str
    sentence: str


@cache
def load_passages(service: str) -> tuple[Passage, ...]:
    """Every sentence of the documentation of ``ecr`` or ``ecr-public``, in the model's order."""
    # Imported here because judging needs neither botocore nor what unpacks it.
    from conformance.contract.published import installed_models

    return tuple(
        Passage(place, sentence)
        for place, documentation in _documented(installed_models()[service].model)
        for sentence in sentences(documentation)
    )


def sentences(documentation: str) -> Iterator[str]:
    """The sentences of a piece of documentation in HTML, as a reader sees them."""
    for block in _BLOCK.split(documentation):
        text = " ".join(html.unescape(_TAG.sub("", block)).split())
        if text:
            yield from _END.split(text)


def _documented(model: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in ("operations", "shapes"):
        for name, described in model[kind].items():
            yield name, described.get("documentation", "")
            for member, value in described.get("members", {}).items():
                yield f"{name}.{member}", value.get("documentation", "")
