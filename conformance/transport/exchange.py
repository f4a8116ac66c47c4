"""What goes over the wire: requests, responses, and the two together, bytes kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

Headers = tuple[tuple[str, str], ...]
"""Header fields in wire order; names keep the case they were sent in."""


def header(headers: Headers, name: str) -> str | None:
    """The first field called ``name``, compared without case, or ``None``."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was sent. ``url`` is absolute, ``body`` the exact bytes."""

    method: str
    url: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """A complete HTTP response. ``body`` is the exact bytes, after content decoding."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header field called ``name``, or ``None``."""
        return header(self.headers, name)


class NotJson(ValueError):
    """A body that is not JSON, or holds what JSON does not allow (``NaN``, a name given twice)."""


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    parsed = dict(pairs)
    if len(parsed) != len(pairs):
        names = [name for name, _ in pairs]
        raise NotJson(f"the name {next(n for n in names if names.count(n) > 1)!r} is given twice")
    return parsed


def _refuse_constant(constant: str) -> Any:
    raise NotJson(f"{constant} is not JSON")


_STRICT = json.JSONDecoder(
    object_pairs_hook=_object_without_duplicates, parse_constant=_refuse_constant
)


def parse_json(body: bytes) -> Any:
    """Parse a body strictly (RFC 8259, UTF-8). Raises ``NotJson`` with the reason."""
    try:
        return _STRICT.decode(body.decode("utf-8"))
    except NotJson:
        raise
    except RecursionError:
        raise NotJson("nested too deeply") from None
    except ValueError as error:
        raise NotJson(str(error)) from None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back: a response, or the reason why there is none.

    ``operation`` is the name after the dot of ``X-Amz-Target``, ``service`` the signing name
    (``ecr`` or ``ecr-public``), ``seconds`` the wall time between sending and the last byte.
    Exactly one of ``response`` and ``failure`` is set.
    """

    service: str
    operation: str
    request: Request
    response: Response | None
    failure: str | None = None
    seconds: float = field(default=0.0, compare=False)

    @property
    def answer(self) -> Response:
        """The response. Raises ``ValueError`` where there is none."""
        if self.response is None:
            raise ValueError(f"{self.operation} has no response: {self.failure}")
        return self.response
