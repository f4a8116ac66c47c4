"""Broken implementations, a module for each profile whose rules have to see them."""

from __future__ import annotations

import importlib
import pkgutil

from fault import FAULTS, Fault


def all_faults() -> dict[str, Fault]:
    """Every fault there is, by name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return FAULTS
