"""What a body's JSON Schema finds wrong with it, told in plain words.

jsonschema-rs decides, because it is a hundred times as fast; jsonschema explains, because its
errors say more. Both are imported at first use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from conformance.contract.decider import Decider, accepts, decider
from conformance.contract.model import Contract
from conformance.contract.schema import Direction, anchored, wire_schema
from conformance.contract.violation import Path, Violation, json_type, pointer, spoken

_WORDS: dict[str, Callable[[Any, Any], str]] = {
    "type": lambda value, kind: f"is {json_type(value)}, the contract says {kind}",
    "required": lambda _, __: "is missing, the contract requires it",
    "pattern": lambda _, pattern: f"does not match the contract's pattern {pattern}",
    "enum": lambda _, values: f"is none of the contract's values: {', '.join(values)}",
    "minLength": lambda v, n: f"has {len(v)} characters, the contract says at least {n}",
    "maxLength": lambda v, n: f"has {len(v)} characters, the contract says at most {n}",
    "minItems": lambda v, n: f"has {len(v)} elements, the contract says at least {n}",
    "maxItems": lambda v, n: f"has {len(v)} elements, the contract says at most {n}",
    "minProperties": lambda v, n: f"has {len(v)} entries, the contract says at least {n}",
    "maxProperties": lambda v, n: f"has {len(v)} entries, the contract says at most {n}",
    "minimum": lambda value, n: f"is {value}, the contract says at least {n}",
    "maximum": lambda value, n: f"is {value}, the contract says at most {n}",
}


# AWS's pattern for the filters of scanning rules takes exponential time in a backtracking engine
# (15 seconds for 25 characters); this one accepts the same strings in linear time.
_LINEAR = {
    anchored(r"^[a-z0-9*](?:[._\-/a-z0-9*]?[a-z0-9*]+)*$"): r"[a-z0-9*]+(?:[._\-/][a-z0-9*]+)*",
}


class _Error(Protocol):
    """The part of ``jsonschema.ValidationError`` that is read here."""

    message: str
    validator: str
    validator_value: object
    instance: object
    absolute_path: Iterable[str | int]


class _Validator(Protocol):
    """The part of a jsonschema validator that is used here."""

    def iter_errors(self, instance: object) -> Iterator[_Error]: ...

    def is_type(self, instance: object, type: str) -> bool: ...  # noqa: A002 (jsonschema's name)


@dataclass(frozen=True, slots=True)
class Breach:
    """A value that breaks one keyword of its JSON Schema.

    ``path`` leads to the value, for ``required`` to where it would be. ``bound`` is what the
    schema says: the pattern, the number, the type.
    """

    path: Path
    keyword: str
    bound: Any
    value: object


def breaches(
    contract: Contract, shape_name: str, body: object, direction: Direction
) -> list[Violation]:
    """Return how ``body`` breaks the wire schema of a shape, all at level ``must``.

    Members the model does not have are left out: they are told apart elsewhere.
    """
    found = [_violation(each) for each in broken_keywords(contract, shape_name, body, direction)]
    return sorted(found, key=lambda violation: violation.pointer)


def broken_keywords(
    contract: Contract, shape_name: str, body: object, direction: Direction
) -> list[Breach]:
    """Return every keyword of a shape's wire schema that ``body`` breaks, unknown members aside."""
    if _is_valid(contract, shape_name, body, direction):
        return []
    errors = _validator(contract, shape_name, direction).iter_errors(body)
    return [_breach(error) for error in errors if error.validator != "additionalProperties"]


def _breach(error: _Error) -> Breach:
    path: Path = tuple(error.absolute_path)
    if error.validator == "required":
        path = (*path, error.message)
    return Breach(path, error.validator, error.validator_value, error.instance)


def _violation(breach: Breach) -> Violation:
    words = _WORDS[breach.keyword](breach.value, breach.bound)
    message = f"{spoken(breach.path)} {words}"
    return Violation("schema", "must", pointer(breach.path), message)


def _is_valid(contract: Contract, shape_name: str, body: object, direction: Direction) -> bool:
    return accepts(_decider(contract, shape_name, direction), body)


@cache
def _decider(contract: Contract, shape_name: str, direction: Direction) -> Decider:
    return decider(wire_schema(contract, shape_name, direction=direction))


@cache
def _validator(contract: Contract, shape_name: str, direction: Direction) -> _Validator:
    return _dialect()(wire_schema(contract, shape_name, direction=direction))


@cache
def _dialect() -> Callable[[dict[str, Any]], _Validator]:
    # Without stubs these imports have no types, with them they do: both are fine here.
    from jsonschema.validators import (  # type: ignore[import-untyped,unused-ignore]
        Draft202012Validator,
        extend,
    )

    keywords = {"type": _type, "required": _required, "pattern": _pattern}
    dialect: Callable[[dict[str, Any]], _Validator] = extend(  # type: ignore[no-untyped-call,unused-ignore]
        Draft202012Validator, keywords
    )
    return dialect


# jsonschema prints the offending value into each message, which is slow for a large body and
# fails for a deep one; these three keywords are all an answer can break, so they say less.


def _type(validator: _Validator, kind: str, value: object, _: object) -> Iterator[Exception]:
    if not validator.is_type(value, kind):
        yield _error(kind)


def _required(_: _Validator, names: list[str], value: object, __: object) -> Iterator[Exception]:
    if isinstance(value, dict):
        yield from (_error(name) for name in names if name not in value)


def _pattern(_: _Validator, pattern: str, value: object, __: object) -> Iterator[Exception]:
    if isinstance(value, str) and not _compiled(pattern).fullmatch(value):
        yield _error(pattern)


def _error(message: str) -> Exception:
    from jsonschema.exceptions import (  # type: ignore[import-untyped,unused-ignore]
        ValidationError,
    )

    error: Exception = ValidationError(message)
    return error


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Java and ECMAScript count only ASCII as \w, \d and \s, and their $ does not match before a
    # final line feed; Python differs in both, hence the flag here and fullmatch above.
    return re.compile(_LINEAR.get(pattern, pattern), re.ASCII)
