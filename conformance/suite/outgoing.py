"""What every request passes through on its way from a run to its target."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.transport import Transport

Through = Callable[[str, Transport], Transport]
"""Gives the way to the target of what is called by a name, which is a scenario or a shared part."""

THROUGH = pytest.StashKey[Through]()


def straight(name: str, transport: Transport) -> Transport:
    """The way as it is."""
    return transport
