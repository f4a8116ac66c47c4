"""Refusals: how an operation says no, in AWS's words where those are public.

Frames and texts come from recordings and reports of AWS; each is cited where it is made. A text
that is not public is this reference's own, in the style of the others, and no rule reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INVALID_PARAMETER = "InvalidParameterException"


class Refusal(Exception):
    """An error answer. ``code`` goes on the wire as ``__type``, ``members`` beside the message."""

    def __init__(self, code: str, message: str, members: Mapping[str, Any] | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.members = dict(members or {})


def invalid(parameter: str, constraint: str) -> Refusal:
    """An ``InvalidParameterException`` in the frame that ECR puts all but a few of them in.

    Recorded: https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo/
    test_ecr_remove_named (GetRepositoryPolicy_2).
    """
    message = f"Invalid parameter at '{parameter}' failed to satisfy constraint: '{constraint}'"
    return Refusal(INVALID_PARAMETER, message)


def malformed(message: str) -> Refusal:
    """A body that is not JSON, or has a value of a type its shape does not allow.

    AWS's JSON services answer so; what ECR says exactly is not public.
    """
    return Refusal("SerializationException", message)


def unrecognized_client() -> Refusal:
    """An access key that nobody has, or not with this session token.

    https://github.com/aws/aws-sdk-php/issues/1114
    """
    return Refusal(
        "UnrecognizedClientException", "The security token included in the request is invalid."
    )


def unknown_operation(name: str) -> Refusal:
    """No such operation, or one that this reference does not have yet.

    AWS's JSON services answer so; what ECR says exactly is not public.
    """
    return Refusal("UnknownOperationException", f"There is no operation '{name}'")
