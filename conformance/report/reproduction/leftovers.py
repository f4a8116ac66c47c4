"""What a script would leave behind, and the requests that remove it.

They come last, so that pasting a script twice works.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus

from conformance.report.reproduction.values import strings
from conformance.transport.exchange import Exchange, header

__all__ = ["cleanup"]


_LASTING = ("CreateRepository", "DeleteRepository")
"""The operations that decide whether a repository is left."""


def cleanup(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """Requests that delete the repositories that were created and not deleted, in order."""
    left: dict[tuple[str, str, str], Exchange] = {}
    for exchange in exchanges:
        if exchange.operation not in _LASTING:
            continue
        name = _repository(exchange)
        place = (exchange.service, _signer(exchange), name)
        if exchange.operation == "CreateRepository" and name:
            left[place] = exchange
        else:
            left.pop(place, None)
    for (*_, name), created in left.items():
        yield _deletion(created, name)


def _signer(exchange: Exchange) -> str:
    """The access key that a request was signed with, so the account it is about."""
    signature = header(exchange.request.headers, "Authorization") or ""
    return signature.partition("Credential=")[2].partition("/")[0]


def _repository(exchange: Exchange) -> str:
    """The name of the repository that a successful answer is about, else nothing."""
    answer = exchange.response
    if answer is None or not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return ""
    for body in (answer.body, exchange.request.body):
        found = [v for path, v in strings(body) if path[-1:] == ("repositoryName",)]
        if found:
            return found[0]
    return ""


def _deletion(created: Exchange, name: str) -> Exchange:
    headers = tuple(
        (field, value.replace("CreateRepository", "DeleteRepository"))
        for field, value in created.request.headers
    )
    body = json.dumps({"repositoryName": name, "force": True}).encode()
    return replace(
        created,
        operation="DeleteRepository",
        request=replace(created.request, headers=headers, body=body),
        response=None,
        failure="not sent yet",
    )
