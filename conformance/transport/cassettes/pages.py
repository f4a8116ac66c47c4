"""Joining the pages of a listing: which items are on which page, AWS leaves open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.exchange import NotJson, parse_json

_TOKEN = "nextToken"  # noqa: S105 (the name of a member)


def joined_pages(
    interactions: Sequence[Interaction], bodies: Sequence[Any]
) -> list[tuple[Interaction, Any]]:
    """Every exchange with its answer's body, further pages of a listing in that of the first one.

    Of a listing that was left before its end only the number of items counts.
    """
    kept: list[tuple[Interaction, Any]] = []
    begun: dict[str, dict[str, Any]] = {}
    for interaction, body in zip(interactions, bodies, strict=True):
        first = begun.get(_text(_parameters(interaction), _TOKEN))
        if first is not None and isinstance(body, dict) and "__type" not in body:
            _join(first, body)
        else:
            first = dict(body) if isinstance(body, dict) else None
            kept.append((interaction, body if first is None else first))
        if first is not None and (token := _text(body, _TOKEN)):
            begun[token] = first
    for _, body in kept:
        if _text(body, _TOKEN):
            body.update({name: _counted(value) for name, value in body.items()})
    return kept


def _join(first: dict[str, Any], page: Mapping[str, Any]) -> None:
    first.pop(_TOKEN, None)
    for name, value in page.items():
        if isinstance(value, list) and isinstance(first.get(name), list):
            known = set(map(json.dumps, first[name]))
            first[name] = [*first[name], *(each for each in value if json.dumps(each) not in known)]
        else:
            first[name] = value


def _counted(value: Any) -> Any:
    return f"<{len(value)} items>" if isinstance(value, list) else value


def _parameters(interaction: Interaction) -> Any:
    try:
        return parse_json(interaction.request.body)
    except NotJson:
        return None


def _text(value: Any, name: str) -> str:
    """A member that is a text, empty where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
