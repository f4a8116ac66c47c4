"""Checks: one assertion's outcome under a rule, with the exchanges that led to it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conformance.suite.verdicts import Verdict
from conformance.transport.exchange import Exchange, Headers, Request, Response


@dataclass(frozen=True, slots=True)
class Check:
    """One outcome.

    ``id`` is the rule's id, with the parameters in brackets where a rule has several checks.
    ``operations`` are those the check concerns: all of the rule's, or the one it varies.
    ``message`` says what was expected and what came, empty for a plain pass. ``exchanges`` are
    every exchange of the scenario in order, kept only where somebody may want to repeat them
    (any verdict but ``pass`` and ``not_applicable``); ``digest`` covers them in either case.
    """

    rule: str
    id: str
    operations: tuple[str, ...]
    verdict: Verdict
    message: str = ""
    exchanges: tuple[Exchange, ...] = ()
    digest: str = ""
    seconds: float = 0.0

    @property
    def parameters(self) -> str:
        """What tells the check from others of its rule; empty where it is the only one."""
        return self.id.partition("[")[2].rpartition("]")[0]

    def to_json(self, shown: Callable[[Exchange], Any] | None = None) -> dict[str, Any]:
        """The check as a JSON object, the form of a line in ``results.jsonl``.

        ``shown`` gives what stands for an exchange, by default the exchange as a JSON object.
        """
        show = shown or exchange_to_json
        return {
            "rule": self.rule,
            "id": self.id,
            "operations": list(self.operations),
            "verdict": self.verdict.label,
            "message": self.message,
            "exchanges": [show(exchange) for exchange in self.exchanges],
            "digest": self.digest,
            "seconds": round(self.seconds, 4),
        }

    @classmethod
    def from_json(
        cls, parsed: dict[str, Any], read: Callable[[Any], Exchange] | None = None
    ) -> Check:
        """The inverse of ``to_json``, ``read`` of ``shown``."""
        reading = read or exchange_from_json
        return cls(
            rule=parsed["rule"],
            id=parsed["id"],
            operations=tuple(parsed["operations"]),
            verdict=Verdict[parsed["verdict"].upper()],
            message=parsed["message"],
            exchanges=tuple(reading(item) for item in parsed["exchanges"]),
            digest=parsed["digest"],
            seconds=parsed["seconds"],
        )


def digest_of(exchanges: list[Exchange]) -> str:
    """sha256 over the operations, statuses and bodies of some exchanges, as ``sha256:<hex>``."""
    state = hashlib.sha256()
    for exchange in exchanges:
        answer = exchange.response
        for part in (
            exchange.operation.encode(),
            exchange.request.body,
            b"" if answer is None else str(answer.status).encode() + answer.body,
        ):
            state.update(len(part).to_bytes(8, "big") + part)
    return f"sha256:{state.hexdigest()}"


def exchange_to_json(exchange: Exchange) -> dict[str, Any]:
    """An exchange as a JSON object; bodies as text where they are UTF-8, else as base64."""
    response = exchange.response
    return {
        "service": exchange.service,
        "operation": exchange.operation,
        "request": {
            "method": exchange.request.method,
            "url": exchange.request.url,
            "headers": [list(field) for field in exchange.request.headers],
            **_body_to_json(exchange.request.body),
        },
        "response": None
        if response is None
        else {
            "status": response.status,
            "headers": [list(field) for field in response.headers],
            **_body_to_json(response.body),
        },
        "failure": exchange.failure,
        "seconds": round(exchange.seconds, 4),
    }


def exchange_from_json(parsed: dict[str, Any]) -> Exchange:
    """The inverse of ``exchange_to_json``."""
    request, response = parsed["request"], parsed["response"]
    return Exchange(
        service=parsed["service"],
        operation=parsed["operation"],
        request=Request(
            method=request["method"],
            url=request["url"],
            headers=_headers(request["headers"]),
            body=_body_from_json(request),
        ),
        response=None
        if response is None
        else Response(
            status=response["status"],
            headers=_headers(response["headers"]),
            body=_body_from_json(response),
        ),
        failure=parsed["failure"],
        seconds=parsed["seconds"],
    )


def _headers(fields: list[list[str]]) -> Headers:
    return tuple((name, value) for name, value in fields)


def _body_to_json(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode()}


def _body_from_json(parsed: dict[str, Any]) -> bytes:
    if "body" in parsed:
        return str(parsed["body"]).encode()
    return base64.b64decode(parsed["body_base64"])
