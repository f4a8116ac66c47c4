"""When AWS is asked again, and after how long: as in botocore's standard retry mode.

https://docs.aws.amazon.com/boto3/latest/guide/retries.html
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from conformance.errors import TransportError
from conformance.transport.exchange import Response

_LONGEST = 20.0
_AFTER_THROTTLING, _AFTER_FAILURE = 1.0, 0.05
"""Seconds: the first pause is up to so long, each later one up to twice the one before."""


_QUOTAS = frozenset({"LimitExceededException"})
"""What ECR says of a quota that is used up. botocore takes it for throttling."""

_FAILURES = 3
"""How often a request is sent at most that is not throttled: botocore's own number."""


@dataclass(frozen=True, slots=True)
class _Status:
    """The little of an HTTP response that botocore's checkers read."""

    status_code: int


class Patience:
    """Decides for each answer, or failure to answer, whether the request is sent again.

    What is throttled and what is a failure for the moment, botocore says. ``attempts`` is how often
    a request is sent at most.
    """

    def __init__(self, attempts: int) -> None:
        from botocore.retries import standard

        self._attempts = attempts
        self._throttled: Any = standard.ThrottledRetryableChecker()
        self._transient: Any = standard.TransientRetryableChecker()
        self._context: Any = standard.RetryContext

    def pause(self, attempt: int, response: Response, code: str) -> float | None:
        """Seconds before the next attempt; ``None`` where the answer, with its error code, stands.

        Attempts count from 1.
        """
        context = self._context(
            attempt_number=attempt,
            parsed_response={"Error": {"Code": code}} if code else {},
            http_response=_Status(response.status),
        )
        if attempt >= self._attempts or code in _QUOTAS:
            return None
        if response.status == HTTPStatus.TOO_MANY_REQUESTS or self._throttled.is_retryable(context):
            return _jittered(_AFTER_THROTTLING, attempt)
        if attempt < _FAILURES and self._transient.is_retryable(context):
            return _jittered(_AFTER_FAILURE, attempt)
        return None

    def pause_after(self, attempt: int, failure: TransportError) -> float:
        """Seconds before the next attempt where there was no answer. Raises it after the last."""
        if attempt >= min(self._attempts, _FAILURES):
            raise failure
        return _jittered(_AFTER_FAILURE, attempt)


def _jittered(first: float, attempt: int) -> float:
    """Up to twice as long as the time before, so that clients that failed together part."""
    longest = min(first * 2.0 ** (attempt - 1), _LONGEST)
    return random.random() * longest  # noqa: S311 (no secret)
