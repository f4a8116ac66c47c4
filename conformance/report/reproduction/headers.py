"""The header fields of a request that are its own, not the connection's or the signature's."""

from __future__ import annotations

from conformance.transport.exchange import Headers, Request

__all__ = ["own_headers"]

_MADE_ANEW = {
    "accept-encoding",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "host",
    "transfer-encoding",
    "user-agent",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
}


def own_headers(request: Request) -> Headers:
    """What a client that signs anew still has to be told to send."""
    return tuple(field for field in request.headers if field[0].lower() not in _MADE_ANEW)
