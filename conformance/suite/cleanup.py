"""Leaving nothing behind: every repository a scenario made is deleted after it."""

from __future__ import annotations

import json

from conformance.errors import TransportError
from conformance.suite.answers import refusal, success
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry


class Cleanup:
    """Deletes what a registry's log says was made, also what should have been refused."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def delete_everything(self) -> list[str]:
        """Delete the repositories; gives one sentence for each that is still there."""
        complaints = [self._delete(name) for name in self._created()]
        return [complaint for complaint in complaints if complaint]

    def _created(self) -> list[str]:
        """Names of the repositories that the target answered for, oldest first.

        The name is taken from the answer, because a target may accept and change a bad one.
        """
        names = []
        for exchange in self._registry.log.exchanges:
            if exchange.operation != "CreateRepository" or exchange.response is None:
                continue
            made = (success(exchange.response) or {}).get("repository")
            if isinstance(made, dict) and isinstance(made.get("repositoryName"), str):
                names.append(made["repositoryName"])
            elif exchange.response.status == 200:
                names.append(str(json.loads(exchange.request.body).get("repositoryName", "")))
        return [name for name in dict.fromkeys(names) if name]

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
