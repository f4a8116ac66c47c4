"""Judging parsed bodies by the contract: answers, errors and requests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from conformance.contract.breaches import breaches
from conformance.contract.faultless import is_faultless
from conformance.contract.model import Contract, ErrorShape, Operation
from conformance.contract.places import Place, structures, without_nulls
from conformance.contract.presence import Expectation, Level, load_presence
from conformance.contract.violation import KINDS, Kind, Path, Violation, json_type, pointer, spoken


def judge_output(
    contract: Contract, operation: str, body: object, kinds: Collection[Kind] = KINDS
) -> list[Violation]:
    """Return how a successful answer's parsed JSON departs from the contract, ``must`` first.

    ``kinds`` are those that are looked for: what breaks the schema takes long to explain.

    A null member counts as absent: AWS leaves members out (recorded: a last page has no
    ``nextToken``), and most clients treat the two alike, so null itself is only ``should``.
    Raises ``UsageError`` for an unknown operation.
    """
    shape = contract.operation(operation).output
    if is_faultless(contract, shape, body):
        return []
    return faults_of(contract, shape, body, kinds)


def faults_of(
    contract: Contract, shape: str, body: object, kinds: Collection[Kind] = KINDS
) -> list[Violation]:
    """Return what ``judge_output`` returns of an answer of a shape, looking for each fault."""
    kept, nulls = without_nulls(contract, shape, body)
    places = list(structures(contract, shape, kept))
    found = [
        *(breaches(contract, shape, kept, "output") if "schema" in kinds else ()),
        *(found for place in places for found in _absent(contract, place)),
        *_null_members(nulls),
        *_undocumented(places, "should"),
    ]
    return _ordered([each for each in found if each.kind in kinds])


def judge_input(contract: Contract, operation: str, body: object) -> list[Violation]:
    """Return how a request's parsed JSON departs from the contract, ``must`` first.

    Raises ``UsageError`` for an unknown operation.
    """
    shape = contract.operation(operation).input
    kept, nulls = without_nulls(contract, shape, body)
    places = structures(contract, shape, kept)
    return _ordered(
        [
            *breaches(contract, shape, kept, "input"),
            *_null_members(nulls),
            *_undocumented(places, "must"),
        ]
    )


def judge_error(contract: Contract, operation: str, body: object) -> list[Violation]:
    """Return how an error's parsed JSON departs from the contract, ``must`` first.

    Whether the operation declares the error's code is not judged here: AWS answers every operation
    with common errors (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html)
    that the model does not list. Raises ``UsageError`` for an unknown operation.
    """
    declared = contract.operation(operation)
    if not isinstance(body, dict):
        return [_violation("schema", "must", (), f"is {json_type(body)}, an error is an object")]
    nulls: list[Path] = [(name,) for name, value in body.items() if value is None]
    kept = {name: value for name, value in body.items() if value is not None}
    return _ordered([*_code(kept), *_null_members(nulls), *_modelled(contract, declared, kept)])


def error_code(body: Mapping[str, Any]) -> str | None:
    """Return the code in an error body's ``__type``, or ``None`` when it holds no string.

    AWS JSON allows a namespace before ``#`` and a URI after ``:``, which clients cut off; see
    https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization.
    """
    kind = body.get("__type")
    return kind.split(":")[0].split("#")[-1] if isinstance(kind, str) else None


def _code(body: Mapping[str, Any]) -> list[Violation]:
    if "__type" not in body:
        return [_violation("presence", "must", ("__type",), "is missing, it carries the code")]
    kind = body["__type"]
    if isinstance(kind, str):
        return []
    words = f"is {json_type(kind)}, the code of an error is a string"
    return [_violation("schema", "must", ("__type",), words)]


def _modelled(contract: Contract, operation: Operation, body: dict[str, Any]) -> list[Violation]:
    members = {name: value for name, value in body.items() if name != "__type"}
    error = _error_shape(contract, operation, error_code(body))
    if error is None:
        return [*_message(members), *_extra(members)]
    places = structures(contract, error.code, members)
    return [
        *breaches(contract, error.code, members, "output"),
        *_absent_message(members),
        *_undocumented(places, "should"),
    ]


def _error_shape(contract: Contract, operation: Operation, code: str | None) -> ErrorShape | None:
    declared = (error for error in operation.errors if error.code == code)
    return next(declared, _errors(contract).get(code))


@cache
def _errors(contract: Contract) -> Mapping[str | None, ErrorShape]:
    """The errors of all operations by their codes."""
    return {e.code: e for operation in contract.operations.values() for e in operation.errors}


def _message(members: Mapping[str, Any]) -> list[Violation]:
    message = members.get("message", "")
    if isinstance(message, str):
        return _absent_message(members)
    words = f"is {json_type(message)}, the message of an error is a string"
    return [_violation("schema", "must", ("message",), words)]


def _absent_message(members: Mapping[str, Any]) -> list[Violation]:
    if "message" in members:
        return []
    return [_violation("presence", "should", ("message",), "is missing, AWS's errors explain")]


def _extra(members: Mapping[str, Any]) -> list[Violation]:
    words = "is not a member of AWS's errors"
    extra = (name for name in members if name != "message")
    return [_violation("undocumented", "should", (name,), words) for name in extra]


def _absent(contract: Contract, place: Place) -> list[Violation]:
    presence = load_presence(contract.service, contract.api_version)
    expectations = presence.missing(place.shape.name, place.value, place.holder)
    return [_absence(place, expectation) for expectation in expectations]


def _absence(place: Place, expectation: Expectation) -> Violation:
    path = (*place.path, expectation.member)
    since, level = expectation.since, expectation.level
    if since is not None and level == "should":
        words = f"is missing, AWS answers with it since {since}"
        return _violation("presence-later", level, path, words)
    always = "always" if level == "must" else "usually"
    return _violation("presence", level, path, f"is missing, AWS {always} answers with it")


def _null_members(paths: Iterable[Path]) -> list[Violation]:
    words = "is null, AWS leaves out what it has no value for"
    return [_violation("null", "should", path, words) for path in paths]


def _undocumented(places: Iterable[Place], level: Level) -> list[Violation]:
    return [
        _violation("undocumented", level, (*p.path, name), f"is not a member of {p.shape.name}")
        for p in places
        for name in p.value
        if name not in p.shape.members
    ]


def _violation(kind: Kind, level: Level, path: Path, words: str) -> Violation:
    return Violation(kind, level, pointer(path), f"{spoken(path)} {words}")


def _ordered(violations: list[Violation]) -> list[Violation]:
    return sorted(violations, key=lambda violation: violation.level)
