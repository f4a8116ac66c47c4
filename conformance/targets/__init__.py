"""From a target's name (``moto``, ``reference``, ``http://127.0.0.1:4566``) to a ``Target``."""

from __future__ import annotations

from contextlib import AbstractContextManager
from difflib import get_close_matches

from conformance.errors import UsageError
from conformance.targets import cassettes, endpoint, ministack, moto, reference
from conformance.targets.aws import target as aws
from conformance.targets.aws.access import ORDINARY_ACCESS, AwsAccess
from conformance.targets.connection import (
    Connection,
    address_of,
    clock_of,
    connect,
    in_process,
    is_in_process,
)
from conformance.targets.kind import TargetKind
from conformance.targets.target import Target

__all__ = [
    "KINDS",
    "ORDINARY_ACCESS",
    "AwsAccess",
    "Connection",
    "Target",
    "TargetKind",
    "address_of",
    "clock_of",
    "connect",
    "in_process",
    "is_in_process",
    "open_target",
]

KINDS: tuple[TargetKind, ...] = (
    moto.KIND,
    ministack.KIND,
    reference.KIND,
    aws.kind_of(ORDINARY_ACCESS),
    endpoint.KIND,
    cassettes.KIND,
)
"""Every kind of target, in the order in which help and errors list them."""


def open_target(
    name: str, *, region: str = "us-east-1", access: AwsAccess = ORDINARY_ACCESS
) -> AbstractContextManager[Target]:
    """Start or reach the target called ``name``; leaving the context stops what was started.

    ``access`` is how AWS is asked. Raises ``UsageError`` at once for a name of no kind, and where
    ``access`` chooses what only AWS has for another target. Entering the context raises
    ``UsageError`` for what is not installed or is misspelt, and ``TargetUnavailable`` for what does
    not start or answer.
    """
    if name == aws.NAME:
        return aws.kind_of(access).open(name, region)
    if not access.is_ordinary:
        raise UsageError(
            f"{name} is not asked by an account's credentials",
            f"name the target {aws.NAME}, or leave out the options that are for it alone",
        )
    for kind in KINDS:
        if kind.claims(name):
            return kind.open(name, region)
    raise _unknown(name)


def _unknown(name: str) -> UsageError:
    spellings = [kind.spelling for kind in KINDS]
    known = f"Known targets: {', '.join(spellings)}."
    similar = get_close_matches(name.lower(), spellings, n=1)
    hint = f"Did you mean {similar[0]!r}? {known}" if similar else known
    return UsageError(f"there is no target {name!r}", hint)
