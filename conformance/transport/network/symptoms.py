"""What a failed exchange looks like from outside, in one sentence and with a next step."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPException, IncompleteRead, LineTooLong

from conformance.errors import TransportError
from conformance.transport.network.connection import AnswerCutOff, AnswerMalformed, AnswerTooLong
from conformance.transport.network.endpoint import Endpoint

FAILURES = (OSError, HTTPException, ValueError, AnswerCutOff, AnswerMalformed, AnswerTooLong)
"""What connecting, sending and receiving raise. ``ValueError`` is http.client's for a negative
chunk size, ``UnicodeError`` (one too) the name resolver's for an impossible name."""

_START = "Start the target first, or check host and port."
_LOG = "Look at the target's own log: it may hang, or have crashed on this request."
_NOT_HTTP = "Check that host and port are the emulator's HTTP endpoint."
_DEFECT = "This is a defect of the server, or of a proxy in between; repeat it with curl -v."


class ClosedUnanswered(TransportError):
    """The server closed the connection before the first byte of an answer."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried: ``asked`` in words, within ``seconds``, sending at most ``max_bytes``."""

    endpoint: Endpoint
    asked: str
    seconds: float
    max_bytes: int


def unreachable(error: Exception, endpoint: Endpoint, seconds: float) -> TransportError:
    """Why there is no connection. ``seconds`` is how long one was waited for."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return TransportError(
            f"the TLS certificate of {endpoint} is not trusted: {error.verify_message}",
            "Point AWS_CA_BUNDLE to the certificate that signed it, or use http://.",
        )
    if isinstance(error, TimeoutError):
        return TransportError(f"{endpoint} accepts no connection within {seconds:g} s", _START)
    if endpoint.scheme == "https" and isinstance(error, (ssl.SSLError, ConnectionResetError)):
        return TransportError(
            f"{endpoint} does not speak TLS", "Use http:// where the server has no certificate."
        )
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return TransportError(
            f"the host name of {endpoint} cannot be resolved", "Check the spelling of the host."
        )
    if isinstance(error, ConnectionRefusedError):
        return TransportError(f"nothing listens at {endpoint} (connection refused)", _START)
    return TransportError(f"{endpoint} cannot be reached: {_reason(error)}", _START)


def unanswered(error: Exception, attempt: Attempt, received: int) -> TransportError:
    """Why a request got no complete answer. ``received`` counts the bytes that did come."""
    if isinstance(error, TimeoutError):
        return _late(attempt, received)
    if isinstance(error, AnswerTooLong):
        return _broken(attempt, f"with more than {attempt.max_bytes} bytes", _DEFECT)
    if received == 0 and isinstance(error, OSError):
        return ClosedUnanswered(
            f"{attempt.endpoint} closed the connection without answering {attempt.asked}", _LOG
        )
    return _garbled(error, attempt, received)


def _late(attempt: Attempt, received: int) -> TransportError:
    subject = f"{attempt.endpoint} did not"
    within = f"within {attempt.seconds:g} s"
    if received == 0:
        return TransportError(f"{subject} answer {attempt.asked} {within}", _LOG)
    return TransportError(
        f"{subject} finish its answer to {attempt.asked} {within}; {received} bytes came", _LOG
    )


def _broken(attempt: Attempt, how: str, hint: str) -> TransportError:
    return TransportError(f"{attempt.endpoint} answered {attempt.asked} {how}", hint)


def _garbled(error: Exception, attempt: Attempt, received: int) -> TransportError:
    match error:
        case BadStatusLine():
            # Forty characters tell an SSH or database greeting; the rest may be anything.
            line = str(error.args[0]).strip()[:40]
            return _broken(attempt, f"with something that is not HTTP: {line!r}", _NOT_HTTP)
        case IncompleteRead(expected=int(missing)):
            sent = len(error.partial)
            how = f"with {sent} bytes of a body it had announced as {sent + missing}"
        case AnswerCutOff() | OSError():
            how = f"but closed the connection in the middle, after {received} bytes"
        case IncompleteRead() | ValueError():
            how = "with a body whose chunks are malformed"
        case LineTooLong():
            how = "with a line of more than 65536 bytes where HTTP has its head"
        case AnswerMalformed():
            how = f"with {error}"
        case _:
            how = f"with malformed HTTP: {error}"
    return _broken(attempt, how, _DEFECT)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or "no reason given").lower()
