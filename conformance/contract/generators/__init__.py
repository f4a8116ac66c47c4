"""Requests made from the contract: valid ones, and ones that break one constraint.

``coverage_cases`` walks over every constraint of an operation; the same cases in the same order
every time.
"""

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

__all__ = [
    "Constraint",
    "ConstraintKind",
    "CoverageCase",
    "Site",
    "broken_constraints",
    "constraints",
    "coverage_cases",
    "example",
    "sites",
    "why_unbreakable",
    "wire_form",
]
