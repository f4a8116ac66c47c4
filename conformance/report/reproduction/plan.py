"""What a script repeats: the exchanges in order, with what later ones need of earlier answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlsplit

from conformance.report.reproduction.chaining import (
    DOWNLOAD,
    Capture,
    Value,
    captures,
    download,
    members,
)
from conformance.report.reproduction.leftovers import cleanup
from conformance.report.reproduction.text import Part, Variable, compact
from conformance.transport.exchange import Exchange, header
from conformance.transport.wire import ANOTHER_ACCOUNT, LOCAL_CREDENTIALS

__all__ = ["Plan", "Service", "Step", "plan"]

_SCOPE = re.compile(r"Credential=(?P<key>[^/,]*)/\d*/(?P<region>[^/,\s]+)/")


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service answers; ``name`` is also the name requests are signed for.

    ``client`` is what a program calls it: by its name, and by its Region and account where those
    are others than the first. ``other_account`` is whether requests are those of the account that
    the suite makes up.
    """

    name: str
    endpoint: str
    region: str
    client: str
    other_account: bool = False

    @property
    def session(self) -> str:
        """What a program calls the account's session."""
        return "other_account" if self.other_account else "session"

    @property
    def access_key(self) -> str:
        """The access key of requests, where the user's own credentials are not called for."""
        credentials = ANOTHER_ACCOUNT if self.other_account else LOCAL_CREDENTIALS
        return str(credentials.access_key)

    @property
    def is_aws(self) -> bool:
        """Whether this is AWS itself, where only the user's own credentials do."""
        host = urlsplit(self.endpoint).hostname or ""
        return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))


@dataclass(frozen=True, slots=True)
class Step:
    """One exchange to repeat, with the service it talks to.

    ``captured`` are the values of earlier answers its request needs, by member and value;
    ``captures`` what later steps need of its own answer. ``url`` is a variable where the whole
    address came from an earlier answer.
    """

    exchange: Exchange
    service: Service
    captured: Mapping[Value, Variable] = field(default_factory=dict)
    captures: tuple[Capture, ...] = ()
    url: Variable | None = None

    def parts(self, text: str) -> list[Part]:
        """A JSON text of the request with the captured values as variables."""
        parts: list[Part] = []
        done = 0
        for value, start, end in members(text):
            variable = self.captured.get(value)
            if variable is not None:
                parts += [*compact(text[done:start]), variable]
                done = end
        return [*parts, *compact(text[done:])]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole script: the steps of the check, then those that delete what it created."""

    services: tuple[Service, ...]
    steps: tuple[Step, ...]
    cleanup: tuple[Step, ...]


def plan(exchanges: Sequence[Exchange]) -> Plan:
    """What repeats some exchanges, of which there is at least one."""
    services = tuple(_services(exchanges))
    return Plan(
        services=services,
        steps=tuple(_steps(exchanges, services)),
        cleanup=tuple(Step(each, _service(each, services)) for each in cleanup(exchanges)),
    )


def _services(exchanges: Sequence[Exchange]) -> Iterator[Service]:
    # A download goes elsewhere, so the address is that of a request for an operation if possible.
    ordered = sorted(exchanges, key=lambda each: (each.service, not each.operation))
    for name, of_service in groupby(ordered, key=lambda each: each.service):
        by_scope: dict[tuple[str, bool], Exchange] = {}
        for each in of_service:
            by_scope.setdefault(_scope(each) or next(iter(by_scope), ("us-east-1", False)), each)
        home = next(iter(by_scope))[0]
        for (region, other_account), first in by_scope.items():
            address = urlsplit(first.request.url)
            endpoint = f"{address.scheme}://{address.netloc}"
            words = [name, *([region] if region != home else [])]
            words += ["other-account"] if other_account else []
            client = "_".join(words).replace("-", "_")
            yield Service(name, endpoint, region, client, other_account)


def _scope(exchange: Exchange) -> tuple[str, bool] | None:
    """The Region that a request was signed for, and whether for the account that is made up.

    ``None`` where it was not signed.
    """
    scope = _SCOPE.search(header(exchange.request.headers, "Authorization") or "")
    return (scope["region"], scope["key"] == ANOTHER_ACCOUNT.access_key) if scope else None


def _service(exchange: Exchange, services: Sequence[Service]) -> Service:
    """The service a request is for, in the Region and account that it was signed for."""
    named = [each for each in services if each.name == exchange.service]
    scope = _scope(exchange) if len(named) > 1 else None
    return next((each for each in named if (each.region, each.other_account) == scope), named[0])


def _steps(exchanges: Sequence[Exchange], services: Sequence[Service]) -> Iterator[Step]:
    known: dict[Value, Variable] = {}
    for exchange, found in zip(exchanges, captures(exchanges), strict=True):
        address = known.get((DOWNLOAD, download(exchange)))
        yield Step(exchange, _service(exchange, services), dict(known), found, address)
        known |= {each.value: Variable(each.variable) for each in found}
