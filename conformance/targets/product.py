"""Which emulator answers at an endpoint, as far as it says so itself.

Each product is asked at an address of its own, outside the AWS API, with a GET that changes
nothing. A product that is not in the table is no worse a target, only a nameless one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSRequest

from conformance.errors import TransportError
from conformance.targets.target import UNKNOWN_PRODUCT
from conformance.transport.exchange import NotJson, Response, parse_json
from conformance.transport.network import NetworkTransport
from conformance.transport.serving import SERVER

_FIRST_SECONDS = 10.0
"""How long the first answer may take: some emulators load their services only when asked."""

_LATER_SECONDS = 3.0

Version = str | None


@dataclass(frozen=True, slots=True)
class _Mark:
    """How ``product`` is known: ``version`` raises ``LookupError`` for another's answer."""

    product: str
    path: str
    version: Callable[[Response], Version]


def product_of(url: str) -> tuple[str, Version]:
    """The product at ``url`` and its version, ``("unknown", None)`` if it does not say.

    Raises ``TransportError`` when the first request gets no HTTP answer; later ones may fail.
    """
    first, *later = _MARKS
    found = _ask(url, first, _FIRST_SECONDS)
    for mark in later:
        with suppress(TransportError):
            found = found or _ask(url, mark, _LATER_SECONDS)
    return found or (UNKNOWN_PRODUCT, None)


def get(path: str, url: str) -> AWSPreparedRequest:
    """A plain, unsigned GET of a path at an endpoint."""
    return AWSRequest("GET", url + path).prepare()


def _ask(url: str, mark: _Mark, seconds: float) -> tuple[str, Version] | None:
    with NetworkTransport(url, timeout=seconds) as transport:
        response = transport(get(mark.path, url))
    with suppress(LookupError):
        return mark.product, mark.version(response)
    return None


def _server_version(response: Response) -> Version:
    name, _, version = (response.header("Server") or "").partition("/")
    if f"{name}/{version}" != SERVER:
        raise LookupError
    return version


def _health_version(response: Response) -> Version:
    health = _json_object(response)
    version = health["version"]
    if "services" not in health or not isinstance(version, str):
        raise LookupError
    return version


def _dashboard_version(response: Response) -> Version:
    if response.status != HTTPStatus.OK or b"<title>Moto</title>" not in response.body:
        raise LookupError
    return None  # moto's dashboard does not tell it


def _json_object(response: Response) -> dict[str, Any]:
    try:
        parsed = parse_json(response.body)
    except NotJson:
        raise LookupError from None
    if response.status == HTTPStatus.OK and isinstance(parsed, dict):
        return parsed
    raise LookupError


# MiniStack answers LocalStack's address too, so it is asked at its own address first.
_MARKS = (
    _Mark("ministack", "/_ministack/health", _health_version),
    _Mark("localstack", "/_localstack/health", _health_version),
    _Mark("moto", "/moto-api/", _dashboard_version),
    _Mark("reference", "/", _server_version),
)
