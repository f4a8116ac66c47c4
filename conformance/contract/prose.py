"""Constraints that the documentation states in words, each held against the model once, by hand.

The tables are committed under ``schemas/``; what their fields mean stands in
``schemas/prose.schema.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from conformance.contract.folder import service_document


@dataclass(frozen=True, slots=True, eq=False)
class ProseConstraint:
    """A sentence that constrains values.

    ``places`` are where it stands, ``concerns`` the places of what it constrains. ``says`` is the
    constraint as data, in a form that depends on ``kind``. ``model`` tells whether the model has
    the ``same`` constraint, an ``other`` one, or none (``silent``). ``wins`` is which of them rules
    go by where they differ, and ``why``.
    """

    kind: str
    quote: str
    places: tuple[str, ...]
    concerns: tuple[str, ...]
    says: Mapping[str, Any]
    model: Literal["same", "silent", "other"]
    wins: Literal["prose", "model", "elsewhere", ""]
    why: str
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class Prose:
    """The table of one service. ``source`` is the botocore whose documentation was read."""

    source: str
    constraints: tuple[ProseConstraint, ...]


@cache
def load_prose(service: str, api_version: str) -> Prose:
    """Read the table of a service; raise ``ConformanceError`` when there is none."""
    table = service_document(service, api_version, "prose", "table of prose")
    return Prose(table["source"], tuple(_constraint(entry) for entry in table["constraints"]))


def _constraint(entry: Mapping[str, Any]) -> ProseConstraint:
    return ProseConstraint(
        kind=entry["kind"],
        quote=entry["quote"],
        places=tuple(entry["places"]),
        concerns=tuple(entry.get("concerns", entry["places"])),
        says=entry["says"],
        model=entry["model"],
        wins=entry.get("wins", ""),
        why=entry.get("why", ""),
        url=entry.get("url", ""),
    )
