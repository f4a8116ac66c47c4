"""Leaving nothing behind: whatever a scenario made in a registry is deleted after it."""

from __future__ import annotations

from conformance.errors import TransportError
from conformance.suite.answers import describe, refusal, structure, success, text
from conformance.suite.outcomes import Unsupported, Untestable
from conformance.suite.registry import Registry
from conformance.transport.exchange import Exchange, NotJson, parse_json

_KEYED = {
    "CreatePullThroughCacheRule": ("DeletePullThroughCacheRule", "ecrRepositoryPrefix"),
    "CreateRepositoryCreationTemplate": ("DeleteRepositoryCreationTemplate", "prefix"),
    "RegisterPullTimeUpdateExclusion": ("DeregisterPullTimeUpdateExclusion", "principalArn"),
}
"""What else is made by name: the operation that deletes it, and the member that names it."""


class Cleanup:
    """Deletes what a registry's log says was made, also what should have been refused."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def delete_everything(self) -> list[str]:
        """Delete what was made; gives one sentence for each thing that is still there."""
        complaints = [self._delete(name) for name in self._created()]
        complaints += [self._delete_keyed(*each) for each in self._keyed()]
        return [complaint for complaint in complaints if complaint]

    def _own(self) -> list[Exchange]:
        """The exchanges of the registry's service; the log may have others."""
        registry = self._registry
        return [each for each in registry.log.exchanges if each.service == registry.service]

    def _keyed(self) -> list[tuple[str, str, str]]:
        """What was made beside repositories: how it is deleted, by which member, and its value."""
        made = [
            (*_KEYED[exchange.operation], value)
            for exchange in self._own()
            if exchange.operation in _KEYED
            and (value := _requested(exchange, _KEYED[exchange.operation][1]))
            and (exchange.response is None or success(exchange.response) is not None)
        ]
        return list(dict.fromkeys(made))

    def _delete_keyed(self, operation: str, member: str, value: str) -> str:
        what = f"{self._registry.service} {member} {value}"
        try:
            response = self._registry.send(operation, {member: value})
        except (TransportError, Untestable, Unsupported) as error:
            return f"{what}: {error}"
        error_answer = refusal(response)
        gone = error_answer is not None and error_answer.code.endswith("NotFoundException")
        return "" if gone or success(response) is not None else f"{what}: {describe(response)}"

    def _created(self) -> list[str]:
        """Names of the repositories that the target made, or may have made, oldest first."""
        made = (
            _name_of(exchange)
            for exchange in self._own()
            if exchange.operation == "CreateRepository"
        )
        return list(dict.fromkeys(name for name in made if name))

    def _delete(self, name: str) -> str:
        try:
            response = self._registry.send(
                "DeleteRepository", {"repositoryName": name, "force": True}
            )
        except (TransportError, Untestable) as error:
            return f"{self._registry.service} repository {name}: {error}"
        error_answer = refusal(response)
        if success(response) is not None:
            return ""
        if error_answer is not None and error_answer.code == "RepositoryNotFoundException":
            return ""
        return f"{self._registry.service} repository {name}: HTTP {response.status}"


def _name_of(creation: Exchange) -> str | None:
    """The name of the repository that a request made; ``None`` where it was refused.

    The answer's name goes before the request's, because a target may accept and change a bad one.
    """
    answer = {} if creation.response is None else success(creation.response)
    if answer is None:
        return None
    named = text(structure(answer, "repository"), "repositoryName")
    return named or _requested(creation, "repositoryName")


def _requested(creation: Exchange, member: str) -> str | None:
    try:
        requested = parse_json(creation.request.body)
    except NotJson:
        return None
    return text(requested, member) if isinstance(requested, dict) else None
