"""Requests made from the contract: valid ones, and ones that break one constraint.

``coverage_cases`` walks over every constraint of an operation, the same way every time.
``from_shape`` and ``breaking`` are Hypothesis strategies, which is imported when they are.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from conformance.contract.generators.constraints import (
    Constraint,
    ConstraintKind,
    broken_constraints,
    constraints,
    why_unbreakable,
)
from conformance.contract.generators.coverage import CoverageCase, coverage_cases
from conformance.contract.generators.examples import example
from conformance.contract.generators.sites import Site, sites
from conformance.contract.generators.wire_form import wire_form

if TYPE_CHECKING:
    from conformance.contract.generators.broken_values import breaking
    from conformance.contract.generators.valid_values import from_shape

__all__ = [
    "Constraint",
    "ConstraintKind",
    "CoverageCase",
    "Site",
    "breaking",
    "broken_constraints",
    "constraints",
    "coverage_cases",
    "example",
    "from_shape",
    "sites",
    "why_unbreakable",
    "wire_form",
]


def __getattr__(name: str) -> Any:
    """The strategies, imported when first asked for, because Hypothesis is slow to import."""
    modules = {"from_shape": "valid_values", "breaking": "broken_values"}
    if name not in modules:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{modules[name]}")
    return getattr(module, name)
