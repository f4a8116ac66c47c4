"""The one seam: everything that can answer a prepared HTTP request is a ``Transport``."""

from __future__ import annotations

from typing import Protocol

from botocore.awsrequest import AWSPreparedRequest

from conformance.transport.exchange import Exchange, Request, Response

__all__ = ["Exchange", "Request", "Response", "Transport"]


class Transport(Protocol):
    """Whatever can answer a request."""

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Give the response to botocore's prepared request.

        Raises ``conformance.errors.TransportError`` when there is no complete HTTP response.
        """
        ...
