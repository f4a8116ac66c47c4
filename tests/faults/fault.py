"""Faults: small deviations of the reference that an emulator could plausibly have.

Each is a function with a docstring that says what is wrong, declared with one of the decorators
below beside the rules that have to see it. A rule is named without its service where both have it.
"""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from trial_clock import trial_clock

from conformance.reference import Behaviour, ReferenceTransport
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.operations.table import OPERATIONS
from conformance.reference.state import Registry
from conformance.reference.validation import Excuse, excuse_nothing
from conformance.suite.catalogue import all_rules
from conformance.suite.rules import SERVICES
from conformance.targets import Connection
from conformance.transport import Request, Response, Transport
from conformance.transport.prepared import operation_of, read

BrokenOperation = Callable[[Operation, Registry, Parameters, Call], Outcome]
"""An operation that is given the right one to fall back on."""

BrokenAnswer = Callable[[Answer, Parameters], Any]
"""Changes the members of a successful answer in place; what it gives back does not matter."""

BrokenResponse = Callable[[Response, Request], Response]
"""Changes a response on its way out."""

BrokenTransport = Callable[[Connection], Connection]
"""Is given the reference and stands before it."""


@dataclass(frozen=True)
class Fault:
    """A broken implementation, the story of it, and the ids of the rules that condemn it.

    ``operations`` are those that are another function than the right one; none where the fault may
    be in any answer.
    """

    name: str
    story: str
    condemned_by: frozenset[str]
    build: Callable[[], Connection]
    operations: frozenset[str] = frozenset()


FAULTS: dict[str, Fault] = {}
"""Every fault declared so far, by name."""


class FaultTransport:
    """A reference whose responses are changed on their way out."""

    def __init__(self, inner: Transport, change: BrokenResponse) -> None:
        self._inner = inner
        self._change = change

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        return self._change(self._inner(request), read(request))

    def close(self) -> None:
        """Nothing is open."""


def broken_operation(
    *names: str, condemned_by: Iterable[str], services: Iterable[str] = SERVICES
) -> Callable[[BrokenOperation], BrokenOperation]:
    """Put a broken function in the place of some operations of the reference."""

    def declare(broken: BrokenOperation) -> BrokenOperation:
        def build() -> Connection:
            return _reference(operations=_with(broken, names, services))

        return _declare(broken, condemned_by, build, names)

    return declare


def broken_answer(
    *names: str, condemned_by: Iterable[str], services: Iterable[str] = SERVICES
) -> Callable[[BrokenAnswer], BrokenAnswer]:
    """Change what some operations answer when they succeed; what they do is right."""

    def declare(broken: BrokenAnswer) -> BrokenAnswer:
        def operate(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
            changed, answer = right(registry, given, call)
            # A copy, because answers may share structures with the state.
            answer = json.loads(json.dumps(answer))
            broken(answer, given)
            return changed, answer

        def build() -> Connection:
            return _reference(operations=_with(operate, names, services))

        return _declare(broken, condemned_by, build, names)

    return declare


def broken_response(
    *names: str, condemned_by: Iterable[str]
) -> Callable[[BrokenResponse], BrokenResponse]:
    """Change responses on the wire: those of some operations, or all."""

    def declare(broken: BrokenResponse) -> BrokenResponse:
        def change(response: Response, request: Request) -> Response:
            if names and operation_of(request) not in names:
                return response
            return broken(response, request)

        return _declare(broken, condemned_by, lambda: FaultTransport(_reference(), change))

    return declare


def broken_transport(
    *, condemned_by: Iterable[str]
) -> Callable[[BrokenTransport], BrokenTransport]:
    """Put something that remembers between the reference and who asks it."""

    def declare(broken: BrokenTransport) -> BrokenTransport:
        return _declare(broken, condemned_by, lambda: broken(_reference()))

    return declare


def lenient(*, condemned_by: Iterable[str]) -> Callable[[Excuse], Excuse]:
    """Let requests through that break a constraint of the model, where the function says so."""

    def declare(excuse: Excuse) -> Excuse:
        return _declare(excuse, condemned_by, lambda: _reference(excuse=excuse))

    return declare


def with_members(response: Response, members: Mapping[str, Any]) -> Response:
    """The response with another JSON body."""
    body = json.dumps(members).encode()
    return with_headers(replace(response, body=body), {"Content-Length": str(len(body))})


def with_headers(response: Response, changes: Mapping[str, str | None]) -> Response:
    """The response with other header fields; ``None`` takes one away."""
    wanted = {name.lower(): value for name, value in changes.items()}
    kept = [(name, value) for name, value in response.headers if name.lower() not in wanted]
    new = [(name, value) for name, value in changes.items() if value is not None]
    return replace(response, headers=(*kept, *new))


def _reference(**behaviour: Any) -> Connection:
    """A reference whose listings have the same order in every run, because its secret is known."""
    return ReferenceTransport(
        clock=trial_clock(), secret=b"fault", behaviour=Behaviour(**behaviour)
    )


def reference_with(excuse: Excuse = excuse_nothing, **broken: BrokenOperation) -> Connection:
    """A reference in which several operations are broken, each in its own way.

    For ``broken_transport``, where operations share what they remember.
    """
    table = {
        service: {
            **right,
            **{name: partial(each, right[name]) for name, each in broken.items() if name in right},
        }
        for service, right in OPERATIONS.items()
    }
    return _reference(operations=table, excuse=excuse)


def _with(
    broken: BrokenOperation, names: Iterable[str], services: Iterable[str]
) -> dict[str, Mapping[str, Operation]]:
    table: dict[str, Mapping[str, Operation]] = dict(OPERATIONS)
    for service in services:
        right = OPERATIONS[service]
        changed = {name: partial(broken, right[name]) for name in names if name in right}
        table[service] = {**right, **changed}
    return table


def _declare(
    function: Any,
    condemned_by: Iterable[str],
    build: Callable[[], Connection],
    operations: Iterable[str] = (),
) -> Any:
    module = function.__module__.rpartition(".")[2]
    name = f"{module}.{function.__name__.replace('_', '-')}"
    story = (function.__doc__ or "").strip()
    assert story, f"{name} has no story"
    assert name not in FAULTS, f"{name} is declared twice"
    rules = _rule_ids(condemned_by)
    FAULTS[name] = Fault(name, story, rules, build, frozenset(operations))
    return function


def _rule_ids(names: Iterable[str]) -> frozenset[str]:
    """Full rule ids; a name without a service stands for that rule of each service that has it.

    With wildcards a name stands for every rule that it fits.
    """
    ids: set[str] = set()
    for name in names:
        wanted = (name, *(f"{service}.{name}" for service in SERVICES))
        found = {rule for each in wanted for rule in fnmatch.filter(all_rules(), each)}
        assert found, f"there is no rule {name}"
        ids |= found
    return frozenset(ids)
