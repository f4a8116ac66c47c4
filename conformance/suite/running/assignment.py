"""Which check a pytest item decides, and what is kept beside the item while it runs."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from conformance.suite.checks import Check
from conformance.suite.rules import Rule
from conformance.suite.run import Run
from conformance.transport.cassettes.scene import ScenarioTransport
from conformance.transport.log import ExchangeLog


@dataclass(frozen=True, slots=True)
class Assignment:
    """An item's check: the rule, the check's id, and the operations this check concerns."""

    rule: Rule
    check_id: str
    operations: tuple[str, ...]


RUN = pytest.StashKey[Run]()
ASSIGNMENT = pytest.StashKey[Assignment]()
LOG = pytest.StashKey[ExchangeLog]()
TRANSPORT = pytest.StashKey[ScenarioTransport]()
SEEN = pytest.StashKey[int]()
"""How many exchanges of the log the watch has judged, or leaves to others."""
LEFTOVERS = pytest.StashKey[list[str]]()
"""Sentences about what could not be deleted or put back."""
OBSERVATIONS = pytest.StashKey[list[str]]()
FURTHER = pytest.StashKey[list[Check]]()
"""Checks of the rule that a scenario decides point by point, with or without one of its own."""
CAREFUL = pytest.StashKey[bool]()
"""Whether this attempt sends no read that could be stale (see ``attempts``)."""
FINAL = pytest.StashKey[bool]()
"""Whether another attempt would come to the same."""
SHARED_LEFT = pytest.StashKey[list[str]]()
"""What is left of what scenarios shared; kept beside the session, of which it is the end."""


def assignment_of(item: pytest.Item) -> Assignment | None:
    """The check that an item decides; ``None`` for a test that is no scenario.

    Parameters other than the service go into the check's id. A parameter called ``operation``, or
    one that has an ``operation``, narrows the check to that operation.
    """
    rules: dict[str, Rule] = getattr(getattr(item, "function", None), "conformance_rules", {})
    callspec = getattr(item, "callspec", None)
    if not rules or callspec is None:
        return None
    parameters = {k: v for k, v in callspec.params.items() if k != "service"}
    declared = rules[callspec.params["service"]]
    labels = [_label(value) for value in parameters.values()]
    check_id = f"{declared.id}[{'-'.join(labels)}]" if labels else declared.id
    varied = [found for name, value in parameters.items() if (found := _operation(name, value))]
    return Assignment(declared, check_id, tuple(varied) or declared.operations)


def _label(value: object) -> str:
    return str(getattr(value, "label", value))


def _operation(name: str, value: object) -> str | None:
    return str(value) if name == "operation" else getattr(value, "operation", None)
