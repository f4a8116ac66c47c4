"""Recorded exchanges without what differs from run to run although nothing has changed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conformance.contract import Contract, error_code
from conformance.contract.places import children
from conformance.transport.cassettes.contracts import contract_of
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.matching import Key, key_of
from conformance.transport.cassettes.pages import joined_pages
from conformance.transport.exchange import NotJson, Response, parse_json
from conformance.transport.redaction.accounts import ACCOUNT, is_dummy
from conformance.transport.redaction.names import in_principals

IGNORED = (
    "times",
    "request ids, and all header fields but Content-Type",
    "what a service makes up: ids of uploads, backfills, findings, tokens, URLs of data",
    "the alias that a public registry has of itself",
    "repositories that the recorded run did not make, in a listing of all",
    "other accounts' ids, and names of users and roles, which no two recordings replace alike",
    "the order of lists, and which items are on which page",
    "how often a request was repeated, as long as its last answer is the same",
    "requests that were throttled or had no answer",
)
"""What does not count as a difference, for the reader."""

_MADE_UP = {
    "uploadId",
    "nextToken",
    "authorizationToken",
    "downloadUrl",
    "logoUrl",
    "replicationBackfillId",
    "findingArn",
}
_WITH_ALIAS = {"registryUri", "repositoryUri"}
_ALIAS = re.compile(r"public\.ecr\.aws/([a-z0-9]{4,})(?:/|\Z)")
_SHORTEST = 8
"""Characters below which a text that was made up is not looked for in others."""

_THROTTLING = {"ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"}

Answer = dict[str, Any]
"""What counts of an answer: its ``status``, ``contentType`` and ``body``, parsed if it is JSON."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A request and its answer, as far as they are comparable. ``key`` is what to find it by."""

    operation: str
    key: Key
    answer: Answer


def settled(interactions: Sequence[Interaction], own_names: str = "") -> list[Settled]:
    """The exchanges of a cassette that can be compared with those of another.

    With ``own_names``, only those repositories count in a listing whose names begin so, and names
    of principals and ids of other accounts do not.
    """
    bodies = [_parsed(each.response) for each in interactions]
    made_up = _made_up([text for body in bodies for text in _texts(body)])
    names = _Names(made_up, own_names)
    return [
        Settled(
            each.operation, names.in_key(_key(each)), _answer(each, _own(body, own_names), names)
        )
        for each, body in joined_pages(interactions, bodies)
        if each.response is not None and not _throttled(body)
    ]


def _own(body: Any, own_names: str) -> Any:
    """An answer without the repositories that are not the run's."""
    listed = body.get("repositories") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        return body
    return {**body, "repositories": [each for each in listed if _is_own(each, own_names)]}


def _is_own(repository: Any, own_names: str) -> bool:
    name = repository.get("repositoryName") if isinstance(repository, dict) else None
    return not isinstance(name, str) or name.startswith(own_names)


def _key(interaction: Interaction) -> Key:
    if interaction.operation:
        return key_of(interaction.request)
    return (interaction.request.method, "")  # a download, whose address is made up


def _made_up(texts: Sequence[tuple[str, str]]) -> dict[str, str]:
    named = {value: name for name, value in texts if name in _MADE_UP and len(value) >= _SHORTEST}
    aliases = (_ALIAS.match(value) for name, value in texts if name in _WITH_ALIAS)
    return {**named, **{alias[1]: "registryAlias" for alias in aliases if alias is not None}}


class _Names:
    """What was made up, by the name of its member, wherever else it stands; and other people's."""

    def __init__(self, made_up: dict[str, str], own: str) -> None:
        self._made_up = made_up
        self._own = own

    def in_key(self, key: Key) -> Key:
        return (key[0], self.in_text(key[1]))

    def in_text(self, text: str) -> str:
        for value, name in self._made_up.items():
            if value in text:
                text = text.replace(value, _placeholder(name))
        return _without_others(text, self._own) if self._own else text

    def in_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, list):
            return sorted(map(self.in_value, value), key=json.dumps)
        if isinstance(value, dict):
            return {name: self.in_value(each) for name, each in sorted(value.items())}
        return value


def _answer(interaction: Interaction, body: Any, names: _Names) -> Answer:
    response = interaction.response
    if response is None:
        raise ValueError("only what was answered is compared")
    contract = contract_of(interaction.request)
    operation = None if contract is None else contract.operations.get(interaction.operation)
    if contract is not None and operation is not None and response.status == 200:
        body = _without_times(contract, operation.output, body)
    return {
        "status": response.status,
        "contentType": response.header("Content-Type"),
        "body": names.in_value(_without_made_up(body)),
    }


def _without_times(contract: Contract, shape_name: str, value: Any) -> Any:
    shape = contract.shapes[shape_name]
    if shape.type == "timestamp" and value is not None:
        # A time of another type is a difference.
        return _placeholder("time") if isinstance(value, (int, float)) else value
    inner = [
        (step, _without_times(contract, child_shape, child))
        for step, child, child_shape in children(shape, value)
    ]
    if isinstance(value, list):
        return [child for _, child in inner] or value
    return {**value, **dict(inner)} if isinstance(value, dict) else value


def _without_made_up(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_made_up(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _placeholder(name)
        if name in _MADE_UP and isinstance(each, str)
        else _without_made_up(each)
        for name, each in value.items()
    }


def _texts(value: Any) -> list[tuple[str, str]]:
    """Every member that is a text, with its name."""
    if isinstance(value, list):
        return [found for each in value for found in _texts(each)]
    if not isinstance(value, dict):
        return []
    here = [(name, each) for name, each in value.items() if isinstance(each, str)]
    return here + [found for each in value.values() for found in _texts(each)]


def _without_others(text: str, own: str) -> str:
    """A text without what is replaced at random when it is recorded."""
    text = in_principals(text, lambda _: _placeholder("name"), own, lambda _: False)
    return ACCOUNT.sub(lambda each: each[0] if is_dummy(each[0]) else _placeholder("account"), text)


def _throttled(body: Any) -> bool:
    return isinstance(body, dict) and error_code(body) in _THROTTLING


def _placeholder(name: str) -> str:
    return f"<{name}>"


def _parsed(response: Response | None) -> Any:
    """A body as JSON, or as text where it is none."""
    if response is None:
        return None
    try:
        return parse_json(response.body)
    except NotJson:
        return response.body.decode("utf-8", "backslashreplace")
