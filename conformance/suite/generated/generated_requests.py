"""Sending generated requests, and what may come of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

from conformance.contract.generators import CoverageCase
from conformance.contract.generators.placing import ABSENT, changed, found
from conformance.suite.answers import describe, refusal
from conformance.suite.generated.constraint_cases import PARTNERS, own_errors
from conformance.suite.generated.varied_requests import Request
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.twins import INVALID, MALFORMED, invalid_codes
from conformance.suite.walk import prefix_of
from conformance.transport.exchange import Response
from conformance.transport.redaction.accounts import EXAMPLE
from conformance.transport.wire import encode

_SHOWN = 3
"""How many requests of a place a message tells of."""

_NAMES = {
    "CreateRepository": "repositoryName",
    "CreatePullThroughCacheRule": "ecrRepositoryPrefix",
    "CreateRepositoryCreationTemplate": "prefix",
}
"""The operations that make something, and the member that names it."""

_SCARCE = ("CreatePullThroughCacheRule",)
"""What these make a registry has 50 of at most (the quota of
https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html), so a request that may
succeed is about one that is there already."""

_UNREADABLE = ("required", "type", "encoding", "enum")
"""What is broken where a request does not fit its shape at all."""

Cases = Sequence[CoverageCase]


def refuses(registry: Registry, operation: str, request: Request, cases: Cases) -> None:
    """Require that requests which break a constraint at one place are refused for that.

    ``request`` is what they vary. Where the target refuses as invalid what is right at that place,
    the check is untestable.
    """
    _require_right_twin(registry, operation, request, cases[0])
    codes = _codes(registry, operation, cases[0])

    def is_wrong(response: Response) -> bool:
        error = refusal(response)
        return error is None or error.code not in codes

    wrong = _answers(registry, operation, request, cases, is_wrong)
    assert not wrong, f"expected refusal with {' or '.join(sorted(codes))}, got {_told(wrong)}"


def takes(registry: Registry, operation: str, request: Request, cases: Cases) -> None:
    """Require that requests which the model allows are not refused as invalid."""

    def is_wrong(response: Response) -> bool:
        return _is_refused_as_invalid(registry, operation, response)

    wrong = _answers(registry, operation, request, cases, is_wrong)
    assert not wrong, f"the model allows what was refused: {_told(wrong)}"


def sorts(
    registry: Registry, operation: str, request: Request, cases: Cases
) -> tuple[list[str], list[str]]:
    """The labels of cases that are taken, and of those that are refused as invalid."""

    def is_invalid(response: Response) -> bool:
        return _is_refused_as_invalid(registry, operation, response)

    refused = [label for label, _ in _answers(registry, operation, request, cases, is_invalid)]
    labels = [_label(operation, case) for case in cases]
    return [label for label in labels if label not in refused], refused


def _answers(
    registry: Registry,
    operation: str,
    request: Request,
    cases: Cases,
    is_chosen: Callable[[Response], bool],
) -> list[tuple[str, str]]:
    """Send the requests of some cases; gives the labels and words of the chosen answers."""
    chosen = []
    for case in cases:
        scarce = case.valid and operation in _SCARCE
        base = request if scarce else _anew(registry, operation, request)
        example = _in_example_account(registry, _partnered(base, case))
        varied = _in_own_account(registry, case.request(example))
        sent = varied if isinstance(varied, dict) else json.dumps(varied).encode()
        response = registry.send(operation, sent)
        if is_chosen(response):
            chosen.append((_label(operation, case), describe(response)))
    return chosen


def _told(answers: list[tuple[str, str]]) -> str:
    shown = "; ".join(f"{words} ({label})" for label, words in answers[:_SHOWN])
    return shown + (f"; {len(answers)} in all" if len(answers) > _SHOWN else "")


def _label(operation: str, case: CoverageCase) -> str:
    return case.name.removeprefix(operation).removeprefix(".")


def _require_right_twin(
    registry: Registry, operation: str, request: Request, case: CoverageCase
) -> None:
    steps = case.site.steps
    if found(request, steps) is not ABSENT or steps == ("nextToken",):
        return  # only the target could make a right token
    shape = registry.contract.operation(operation).input
    new = request if operation in _SCARCE else _anew(registry, operation, request)
    base = _partnered(new, case)
    twin = changed(registry.contract, shape, base, steps, lambda value: value)
    twin = _in_own_account(registry, twin)
    response = registry.send(operation, twin)
    if _is_refused_as_invalid(registry, operation, response):
        raise Untestable(operation, f"with a right {case.site} it is {describe(response)}")


def _anew(registry: Registry, operation: str, request: Request) -> Request:
    """The request about something that is not there yet, where the operation makes it."""
    member = _NAMES.get(operation)
    if member is None:
        return request
    return {**request, member: prefix_of(f"{registry.name_prefix}-{len(registry.log.exchanges)}")}


def _in_own_account(registry: Registry, request: Any) -> Any:
    """A request whose made-up ARNs are of the registry's account, where that is known beforehand.

    Generated ARNs are of the example account; AWS takes no other account's role.
    """
    own = registry.target.account
    if own in (None, EXAMPLE):
        return request
    return json.loads(encode(request).replace(EXAMPLE.encode(), own.encode()))


def _in_example_account(registry: Registry, request: Request) -> Request:
    """The request about the example's registry instead of the own one.

    What is cut out of its id is the same in a replay then, where the own account is the example.
    """
    own = registry.target.account
    return request if own is None else {n: EXAMPLE if v == own else v for n, v in request.items()}


def _partnered(request: Request, case: CoverageCase) -> Request:
    """The request with what has to be beside the place that the case varies."""
    partners = PARTNERS.get(case.site.steps[0], {}) if case.site.steps else {}
    return {name: value for name, value in {**request, **partners}.items() if value is not ABSENT}


def _codes(registry: Registry, operation: str, case: CoverageCase) -> Collection[str]:
    kind = case.constraint.kind if case.constraint else ""
    invalid = invalid_codes(registry, operation)
    return invalid | own_errors(case, operation) | (MALFORMED if kind in _UNREADABLE else set())


def _is_refused_as_invalid(registry: Registry, operation: str, response: Response) -> bool:
    error = refusal(response)
    return error is not None and error.code in {INVALID} | MALFORMED
