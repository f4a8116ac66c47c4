"""boto3 as the profile ``client`` uses it: what it makes of answers, in the suite's words.

boto3 raises many things for an answer that it cannot use. Here each becomes what it says about the
target: an operation that the check is about fails it, any other makes it untestable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, NoReturn

from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError, WaiterError

from conformance.errors import TransportError
from conformance.suite.answers import describe
from conformance.suite.evidence import documented
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry

PAGINATORS_GUIDE = "https://docs.aws.amazon.com/boto3/latest/guide/paginators.html"
WHOLE_RESULT = documented(
    "Paginators",
    "Paginators are a feature of boto3 that act as an abstraction over the process of iterating "
    "over an entire result set of a truncated API operation.",
    url=PAGINATORS_GUIDE,
)
"""What boto3 promises of every paginator."""


@dataclass(frozen=True, slots=True)
class Paged:
    """What a paginator gave: pages, and the token to resume with where it stopped before the end.

    ``within_page`` tells that it stopped within a page of the target's, so that resuming means to
    ask for that page again.
    """

    pages: tuple[dict[str, Any], ...]
    resume_token: str | None
    within_page: bool = False


@dataclass(frozen=True, slots=True)
class BotoClient:
    """A boto3 client of the registry that a scenario talks to; its exchanges are in the log."""

    registry: Registry
    client: Any

    def call(self, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Call an operation that has to succeed; gives what boto3 makes of the answer."""
        with self._telling(operation):
            answer: dict[str, Any] = self._method(operation)(**parameters)
        return answer

    def raised(self, operation: str, /, **parameters: Any) -> ClientError:
        """Call an operation that was refused already; gives what boto3 raises.

        ``Untestable`` where it is not refused again.
        """
        with self._telling(operation):
            raised = _refusal(self._method(operation), parameters)
        if raised is None:
            raise Untestable(operation, f"refused the first time, then {self._came()}")
        return raised

    def pages(
        self, operation: str, parameters: Mapping[str, Any], limit: int, **config: Any
    ) -> Paged:
        """Turn the pages of a listing by boto3's paginator, ``limit`` of them at most.

        ``config`` is the ``PaginationConfig``: ``PageSize``, ``MaxItems``, ``StartingToken``.
        """
        with self._turning(operation, parameters, config) as turned:
            pages = tuple(islice(turned, limit))
        if len(pages) == limit:
            self._blame(operation, f"boto3's paginator has no end: it turned {limit} pages")
        token: str | None = turned.resume_token
        return Paged(pages, token, token is not None and _within_page(token))

    def search(
        self, operation: str, parameters: Mapping[str, Any], expression: str, **config: Any
    ) -> list[Any]:
        """What boto3's paginator finds in a listing, which has an end, by a JMESPath expression."""
        with self._turning(operation, parameters, config) as turned:
            return list(turned.search(expression))

    def full_result(
        self, operation: str, parameters: Mapping[str, Any], **config: Any
    ) -> dict[str, Any]:
        """What boto3's paginator puts together of all pages of a listing, which has an end."""
        with self._turning(operation, parameters, config) as turned:
            found: dict[str, Any] = turned.build_full_result()
        return found

    def wait(
        self, waiter: str, operation: str, config: Mapping[str, Any], /, **parameters: Any
    ) -> None:
        """Wait with one of boto3's waiters, which asks by ``operation``, until it ends well.

        ``config`` is the ``WaiterConfig``: ``Delay``, ``MaxAttempts``.
        """
        error = self.waited(waiter, operation, config, **parameters)
        if error is not None:
            self._blame(operation, f"boto3's waiter gives up: {error.kwargs.get('reason')}")

    def waited(
        self, waiter: str, operation: str, config: Mapping[str, Any], /, **parameters: Any
    ) -> WaiterError | None:
        """Wait as ``wait`` does, however that ends; gives what the waiter raises in giving up."""
        with self._telling(operation):
            try:
                self.client.get_waiter(xform_name(waiter)).wait(**parameters, WaiterConfig=config)
            except WaiterError as error:
                return error
        return None

    def _method(self, operation: str) -> Any:
        return getattr(self.client, xform_name(operation))

    @contextmanager
    def _turning(
        self, operation: str, parameters: Mapping[str, Any], config: Mapping[str, Any]
    ) -> Iterator[Any]:
        """The pages of boto3's paginator; trouble in turning them is told as in ``_telling``."""
        with self._telling(operation):
            paginator = self.client.get_paginator(xform_name(operation))
            try:
                yield paginator.paginate(**parameters, PaginationConfig=config)
            except ParamValidationError as error:
                # What was asked at first is valid, so this is a token that the target gave.
                self._blame(operation, f"boto3 cannot ask for the next page: {_line(error)}")

    @contextmanager
    def _telling(self, operation: str) -> Iterator[None]:
        """Turn what boto3 raises into an outcome; the suite's own faults stay what they are."""
        self.registry.require_usable(operation)
        try:
            yield
        except (AssertionError, Untestable, TransportError, ParamValidationError):
            raise
        except ClientError:
            self._blame(operation, f"expected success, got {self._came()}")
        except Exception as error:  # noqa: BLE001 (its parser raises whatever Python does)
            self._blame(operation, f"boto3 cannot use the answer: {_line(error)}")

    def _blame(self, operation: str, words: str) -> NoReturn:
        __tracebackhide__ = True
        self.registry.require_permitted(operation, self.registry.log.exchanges[-1].answer)
        if operation in self.registry.concerned:
            raise AssertionError(f"{operation}: {words}") from None
        raise Untestable(operation, words) from None

    def _came(self) -> str:
        return describe(self.registry.log.exchanges[-1].answer)


def _refusal(method: Any, parameters: Mapping[str, Any]) -> ClientError | None:
    try:
        method(**parameters)
    except ClientError as error:
        return error
    return None


def _line(error: Exception) -> str:
    """An exception in one line; some of boto3's have several."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:160]}" if text else type(error).__name__


def _within_page(resume_token: str) -> bool:
    from botocore.paginate import TokenDecoder

    return "boto_truncate_amount" in TokenDecoder().decode(resume_token)
