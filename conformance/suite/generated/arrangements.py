"""What the generated requests of an operation start from: made once, shared by its scenarios."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from conformance.suite.cleanup import Cleanup
from conformance.suite.generated.varied_requests import Request, request_to_vary
from conformance.suite.outcomes import Unsupported, Untestable
from conformance.suite.registry import Registry
from conformance.suite.topics.repository_answers import own_registry
from conformance.transport.exchange import Exchange

MakeRegistry = Callable[[str, str, str], Registry]
"""Makes a registry for a service, a scenario's name and the operation concerned."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A request that the target took, and the exchanges that led to it."""

    request: Request
    exchanges: tuple[Exchange, ...]


def arrange(registry: Registry, operation: str) -> Arrangement:
    """Have the target take a request to vary; else the check is untestable.

    It names the registry where the operation lets it, and its own one is known.
    """
    members = registry.contract.shapes[registry.contract.operation(operation).input].members
    request = request_to_vary(registry, operation)
    if "registryId" in members:
        request = {**request, "registryId": own_registry(registry, "-own")}
    return Arrangement(request, tuple(registry.log.exchanges))


@dataclass(frozen=True, slots=True)
class Arrangements:
    """Those that scenarios of one worker share: they stay until the end of the session."""

    make_registry: MakeRegistry
    _made: dict[tuple[str, str], Arrangement | Exception] = field(default_factory=dict)
    _registries: list[Registry] = field(default_factory=list)

    def of(self, service: str, operation: str) -> Arrangement:
        """The arrangement of an operation; raises again what kept it from being made."""
        key = (service, operation)
        if key not in self._made:
            self._made[key] = self._arrange(service, operation)
        found = self._made[key]
        if isinstance(found, Exception):
            raise found
        return found

    def _arrange(self, service: str, operation: str) -> Arrangement | Exception:
        registry = self.make_registry(service, f"{service} {operation}", operation)
        self._registries.append(registry)
        try:
            return arrange(registry, operation)
        except (Untestable, Unsupported) as error:
            return error

    def delete_everything(self) -> list[str]:
        """Delete what was made; gives one sentence for each thing that is still there."""
        return [left for each in self._registries for left in Cleanup(each).delete_everything()]
