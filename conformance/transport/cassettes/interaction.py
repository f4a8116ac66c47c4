"""One recorded exchange, in the form that vcrpy gives it.

A request has ``method``, ``uri``, ``headers`` (lists of values by name) and ``body``; a response
``status`` (``code`` and ``message``), ``headers`` and ``body`` (``{"string": ...}``). vcrpy ignores
what else stands beside the two, so there we keep what it has no place for: when the answer came,
and why there was none. https://vcrpy.readthedocs.io/en/latest/usage.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from conformance.transport.exchange import Exchange, Headers, Request, Response
from conformance.transport.prepared import operation_of

NO_RESPONSE = HTTPStatus.GATEWAY_TIMEOUT
"""The status that stands for a missing response, which vcrpy cannot express: whoever plays the
cassette with vcrpy gets what botocore retries as it retries a time-out."""


_LONGEST = 10**9
"""Seconds that no recording takes."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """A request, and the response to it or the reason why there was none.

    ``at`` is when the answer came, ``took`` how long it took, in seconds; ``at`` counts from the
    beginning of the cassette. A request whose ``body`` is ``None`` was not recorded: it stands for
    every request of its operation.
    """

    request: Request
    response: Response | None
    failure: str | None = None
    at: float = 0.0
    took: float = 0.0
    any_body: bool = False

    @classmethod
    def of(cls, exchange: Exchange, at: float) -> Interaction:
        """The interaction that an exchange was, answered ``at`` seconds from the beginning."""
        return cls(exchange.request, exchange.response, exchange.failure, at, exchange.seconds)

    @property
    def operation(self) -> str:
        """The operation that was asked for; empty where the request names none."""
        return operation_of(self.request)

    @property
    def exchange(self) -> Exchange:
        """The exchange that it was. The request itself tells the service."""
        return Exchange(
            "", self.operation, self.request, self.response, self.failure, seconds=self.took
        )

    def redacted(self, redact: Callable[[Exchange], Exchange]) -> Interaction:
        """The interaction as ``redact`` has it written."""
        exchange = redact(self.exchange)
        return replace(
            self,
            request=exchange.request,
            response=exchange.response,
            failure=exchange.failure,
        )

    def to_json(self) -> dict[str, Any]:
        """The interaction as vcrpy writes it, with what is ours beside it."""
        sent = self.request
        written: dict[str, Any] = {
            "request": {
                "method": sent.method,
                "uri": sent.url,
                "body": None if self.any_body else text_of(sent.body),
                "headers": _lists(sent.headers),
            },
            "response": _response_to_json(self.response),
            "at": round(self.at, 4),
            "took": round(self.took, 4),
        }
        if self.failure is not None:
            written["failure"] = self.failure
        return written

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> Interaction:
        """The inverse of ``to_json``; takes what vcrpy and pytest-recording write, too.

        Raises ``KeyError``, ``TypeError``, ``ValueError`` or ``AttributeError`` for anything else.
        """
        sent = parsed["request"]
        failure = parsed.get("failure")
        return cls(
            request=Request(
                method=_text(sent["method"], "method"),
                url=_text(sent["uri"], "uri"),
                headers=_fields(sent["headers"]),
                body=bytes_of(sent["body"]),
            ),
            response=None if failure is not None else response_from_json(parsed["response"]),
            failure=None if failure is None else _text(failure, "failure"),
            at=_seconds(parsed.get("at", 0.0)),
            took=_seconds(parsed.get("took", 0.0)),
            any_body=sent["body"] is None and sent["method"] == "POST",
        )


def response_from_json(parsed: Mapping[str, Any]) -> Response:
    """A response as vcrpy writes it."""
    body = parsed["body"]
    content = body["string"] if isinstance(body, Mapping) else body
    return Response(_status(parsed["status"]), _fields(parsed["headers"]), bytes_of(content))


def text_of(body: bytes) -> str:
    """A body as text; ``bytes_of`` gives every byte back, also where it is no UTF-8."""
    return body.decode("utf-8", "surrogateescape")


def bytes_of(text: object) -> bytes:
    """The bytes of a body that was written as text, as bytes (in YAML) or not at all."""
    if text is None:
        return b""
    if isinstance(text, bytes):
        return text
    return _text(text, "a body").encode("utf-8", "surrogateescape")


def _response_to_json(response: Response | None) -> dict[str, Any]:
    if response is None:
        message = NO_RESPONSE.phrase
        return {
            "status": {"code": NO_RESPONSE.value, "message": message},
            "headers": {},
            "body": {"string": ""},
        }
    return {
        "status": {"code": response.status, "message": _phrase(response.status)},
        "headers": _lists(response.headers),
        "body": {"string": text_of(response.body)},
    }


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in _STATUSES else ""


_STATUSES = {status.value for status in HTTPStatus}


def _lists(headers: Headers) -> dict[str, list[str]]:
    listed: dict[str, list[str]] = {}
    for name, value in headers:
        listed.setdefault(name, []).append(value)
    return listed


def _fields(headers: Mapping[Any, Any]) -> Headers:
    """Header fields of a cassette: values may stand alone or in lists, as text or as bytes."""
    return tuple(
        (_word(name), _word(value))
        for name, values in headers.items()
        for value in (values if isinstance(values, (list, tuple)) else (values,))
    )


def _word(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else _text(value, "a header field")


def _text(value: object, what: str) -> str:
    # Nothing else is taken for text: what a few lines of YAML refer to again and again may be
    # gigabytes when it is written out.
    if not isinstance(value, str):
        raise TypeError(f"{what} is {type(value).__name__}, not text")
    return value


def _status(parsed: Mapping[str, Any]) -> int:
    code = parsed["code"]
    if type(code) is not int or not 100 <= code <= 999:
        raise ValueError("the status code is no number of three digits")
    return code


def _seconds(value: object) -> float:
    if not isinstance(value, (int, float)) or not 0 <= value <= _LONGEST:
        raise ValueError("at and took are seconds")
    return float(value)
