"""Rules: what is required, of which operations, and what says so."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from conformance.contract import load_contract
from conformance.errors import UsageError
from conformance.suite.evidence import Evidence, EvidenceKind, Source
from conformance.suite.verdicts import Level

SERVICES = ("ecr", "ecr-public")

PROFILES = (
    "protocol",
    "shapes",
    "validation",
    "repositories",
    "images",
    "tags",
    "layers",
    "pagination",
    "policies",
    "lifecycle",
    "scanning",
    "registry",
    "authorization",
    "resource-tags",
    "catalog",
    "client",
)
"""Groups of rules that are certified together, per service, in the order reports show them."""

_MUST_EVIDENCE = {EvidenceKind.MODEL, EvidenceKind.DOCUMENTED, EvidenceKind.RECORDED}
_Scenario = TypeVar("_Scenario", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement of one service.

    ``id`` is ``<service>.<profile>.<name>`` and never changes. ``title`` is the scenario's
    docstring: the requirement in one present-tense sentence.
    """

    id: str
    title: str
    level: Level
    profile: str
    service: str
    operations: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    scenario: str
    """Where the rule is decided: ``module::function``."""

    def __post_init__(self) -> None:
        """Refuse a rule that could not be defended."""
        kinds = {item.kind for item in self.evidence}
        if self.level is Level.MUST and not kinds & _MUST_EVIDENCE:
            raise ValueError(f"{self.id}: a MUST rule needs model, documented or recorded evidence")
        if not kinds:
            raise ValueError(f"{self.id}: every rule needs evidence")
        if self.level is not Level.INFO and kinds == {EvidenceKind.UNVERIFIED}:
            raise ValueError(f"{self.id}: unverified evidence allows only an INFO rule")
        if self.profile not in PROFILES:
            raise ValueError(f"{self.id}: unknown profile {self.profile!r}")


def operations_in(service: str, operations: Sequence[str]) -> tuple[str, ...]:
    """Those of the operations that the service has, each once.

    Raises ``ValueError`` for an operation that no service has.
    """
    wanted = dict.fromkeys(operations)
    for name in wanted:
        if not any(name in load_contract(known).operations for known in SERVICES):
            raise ValueError(f"no service has an operation {name}")
    return tuple(name for name in wanted if name in load_contract(service).operations)


_registry: dict[str, Rule] = {}


def rule(
    name: str,
    *,
    level: Level,
    operations: Sequence[str],
    evidence: Sequence[Source],
    services: Sequence[str] = SERVICES,
) -> Callable[[_Scenario], _Scenario]:
    """Declare that a scenario decides a rule, once for each service in ``services``.

    ``name`` is ``<profile>.<what-is-required>``; the rule's id is the service, a dot and the name.
    """

    def declare(scenario: _Scenario) -> _Scenario:
        title = " ".join((inspect.getdoc(scenario) or "").split("\n\n")[0].split())
        if not title:
            raise ValueError(f"{scenario.__name__}: the docstring must state the requirement")
        rules = {
            service: _register(
                Rule(
                    id=f"{service}.{name}",
                    title=title,
                    level=level,
                    profile=name.partition(".")[0],
                    service=service,
                    operations=operations_in(service, operations),
                    evidence=tuple(source(service) for source in evidence),
                    scenario=f"{scenario.__module__}::{scenario.__name__}",
                )
            )
            for service in services
        }
        scenario.conformance_rules = rules  # type: ignore[attr-defined]
        return scenario

    return declare


def _register(declared: Rule) -> Rule:
    known = _registry.get(declared.id)
    if known is not None and known.scenario != declared.scenario:
        raise ValueError(f"{declared.id} is declared by {known.scenario} and {declared.scenario}")
    _registry[declared.id] = declared
    return declared


def declared_rules() -> dict[str, Rule]:
    """Every rule declared by the scenario modules imported so far, by id."""
    return dict(sorted(_registry.items()))


def require_known(what: str, given: Iterable[str], known: Sequence[str]) -> None:
    """Refuse a name that is not ``known`` with a ``UsageError`` that lists those that are."""
    for name in given:
        if name not in known:
            raise UsageError(f"there is no {what} {name!r}", f"choose from: {', '.join(known)}")
