"""What an operation is given and what it gives: the seam between the wire and the rules."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from conformance.reference.refusal import Refusal
from conformance.reference.sealing import seal
from conformance.reference.state import Registry, RegistryKey, Repository

Parameters = Mapping[str, Any]
"""A request's members, valid by the contract, blobs as bytes, without nulls."""

Answer = dict[str, Any]
"""The members of an answer; timestamps as seconds since 1970."""

Outcome = tuple[Registry, Answer]
"""The registry after the operation, and what is answered."""


@dataclass(frozen=True, slots=True)
class Call:
    """The circumstances of one request.

    ``key`` is the registry it is about, which may belong to another account than ``caller``;
    ``region`` where it arrived, ``origin`` the scheme and host it was sent to. ``now`` is in
    seconds since 1970. ``fresh`` is an id that no other call has, ``secret`` what nobody outside
    knows. Reads may ``lag`` by so many seconds; what can be watched has to take longer than that.
    """

    operation: str
    key: RegistryKey
    caller: str
    region: str
    origin: str
    now: float
    fresh: uuid.UUID
    secret: bytes
    lag: float = 0.0

    @property
    def now_in_milliseconds(self) -> float:
        """The time as most timestamps of AWS have it."""
        return round(self.now, 3)

    def seal(self, text: str) -> bytes:
        """A code for ``text`` that only this reference can make."""
        return seal(self.secret, text)

    def seal_hex(self, text: str) -> str:
        """The same in hexadecimal digits."""
        return self.seal(text).hex()

    def seal_uuid(self, text: str) -> str:
        """The same as a UUID, for identifiers that never change."""
        return str(uuid.UUID(bytes=self.seal(text)[:16], version=4))


class Operation(Protocol):
    """One operation of the API: a pure function."""

    def __call__(self, registry: Registry, given: Parameters, call: Call, /) -> Outcome:
        """Give the outcome. Raises ``Refusal``; then nothing has changed."""
        ...


def existing(registry: Registry, name: str, call: Call) -> Repository:
    """The repository called ``name``.

    Raises ``RepositoryNotFoundException``: "The specified repository could not be found"
    (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html); its text
    as in https://github.com/turbot/steampipe-plugin-aws/issues/1938.
    """
    repository = registry.repositories.get(name)
    if repository is None:
        raise Refusal(
            "RepositoryNotFoundException",
            f"The repository with name '{name}' does not exist in the registry with id "
            f"'{call.key.account}'",
        )
    return repository


def named(repository: Repository, call: Call) -> Answer:
    """How most answers begin: registry and repository."""
    return {"registryId": call.key.account, "repositoryName": repository.name}
