"""What a script repeats: the exchanges in order, with what later ones need of earlier answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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

__all__ = ["Plan", "Service", "Step", "plan"]

_SCOPE = re.compile(r"Credential=[^/,]*/\d*/(?P<region>[^/,\s]+)/")


@dataclass(frozen=True, slots=True)
class Step:
    """One exchange to repeat.

    ``captured`` are the values of earlier answers its request needs, by member and value;
    ``captures`` what later steps need of its own answer. ``url`` is a variable where the whole
    address came from an earlier answer.
    """

    exchange: Exchange
    captured: Mapping[Value, Variable]
    captures: tuple[Capture, ...]
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
class Service:
    """Where a service answers; ``name`` is also the name requests are signed for.

    ``client`` is what a program calls it: by its name, and by its Region where that is another
    than the first.
    """

    name: str
    endpoint: str
    region: str
    client: str

    @property
    def is_aws(self) -> bool:
        """Whether this is AWS itself, where only the user's own credentials do."""
        host = urlsplit(self.endpoint).hostname or ""
        return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole script: the steps of the check, then those that delete what it created."""

    services: tuple[Service, ...]
    steps: tuple[Step, ...]
    cleanup: tuple[Step, ...]

    def service(self, step: Step) -> Service:
        """The service a step talks to, in the Region that its request was signed for."""
        named = [each for each in self.services if each.name == step.exchange.service]
        region = _region(step.exchange)
        return next((each for each in named if each.region == region), named[0])


def plan(exchanges: Sequence[Exchange]) -> Plan:
    """What repeats some exchanges, of which there is at least one."""
    return Plan(
        services=tuple(_services(exchanges)),
        steps=tuple(_steps(exchanges)),
        cleanup=tuple(Step(each, {}, ()) for each in cleanup(exchanges)),
    )


def _services(exchanges: Sequence[Exchange]) -> Iterator[Service]:
    # A download goes elsewhere, so the address is that of a request for an operation if possible.
    ordered = sorted(exchanges, key=lambda each: (each.service, not each.operation))
    for name, of_service in groupby(ordered, key=lambda each: each.service):
        by_region: dict[str, Exchange] = {}
        for each in of_service:
            by_region.setdefault(_region(each) or next(iter(by_region), "us-east-1"), each)
        client = name.replace("-", "_")
        for number, (region, first) in enumerate(by_region.items()):
            address = urlsplit(first.request.url)
            suffix = f"_{region.replace('-', '_')}" if number else ""
            endpoint = f"{address.scheme}://{address.netloc}"
            yield Service(name, endpoint, region, client + suffix)


def _region(exchange: Exchange) -> str | None:
    """The Region that a request was signed for; ``None`` where it was not signed."""
    scope = _SCOPE.search(header(exchange.request.headers, "Authorization") or "")
    return scope["region"] if scope else None


def _steps(exchanges: Sequence[Exchange]) -> Iterator[Step]:
    known: dict[Value, Variable] = {}
    for exchange, found in zip(exchanges, captures(exchanges), strict=True):
        yield Step(exchange, dict(known), found, known.get((DOWNLOAD, download(exchange))))
        known |= {each.value: Variable(each.variable) for each in found}
