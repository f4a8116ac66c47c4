"""Leaving nothing behind: every repository a scenario made is deleted after it."""

from __future__ import annotations

from conformance.errors import TransportError
from conformance.suite.answers import refusal, structure, success, text
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.transport.exchange import Exchange, NotJson, parse_json


class Cleanup:
    """Deletes what a registry's log says was made, also what should have been refused."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def delete_everything(self) -> list[str]:
        """Delete the repositories; gives one sentence for each that is still there."""
        complaints = [self._delete(name) for name in self._created()]
        return [complaint for complaint in complaints if complaint]

    def _created(self) -> list[str]:
        """Names of the repositories that the target made, or may have made, oldest first."""
        made = (
            _name_of(exchange)
            for exchange in self._registry.log.exchanges
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
    return text(structure(answer, "repository"), "repositoryName") or _requested_name(creation)


def _requested_name(creation: Exchange) -> str | None:
    try:
        requested = parse_json(creation.request.body)
    except NotJson:
        return None
    return text(requested, "repositoryName") if isinstance(requested, dict) else None
