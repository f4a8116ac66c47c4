"""One TCP or TLS connection, on which every wait ends at a deadline.

A socket's own timeout starts anew with every byte, so a server that sends one byte a second
would never be given up. Here each wait gets only what is left of the whole exchange's time.
Deadlines are points of ``time.monotonic()``.
"""

from __future__ import annotations

import gzip
import io
import os
import socket
import ssl
import time
import zlib
from email.errors import MissingHeaderBodySeparatorDefect
from http.client import HTTPResponse
from typing import Any, cast

from botocore.httpsession import get_cert_path
from urllib3.util import wait_for_read

from conformance.errors import UsageError
from conformance.transport.exchange import Response
from conformance.transport.network.endpoint import Endpoint

_PIECE = 64 * 1024


class AnswerTooLong(Exception):
    """The server sent, or announced, more bytes than the caller accepts."""


class AnswerCutOff(Exception):
    """The server closed the connection inside the head or the chunks of its answer."""


class AnswerMalformed(Exception):
    """The answer begins as HTTP does, but breaks its rules. The text says which."""


class Connection:
    """An open connection that carries one exchange after another.

    ``received`` counts the bytes of the answer in progress, ``keep_alive`` tells whether the
    last answer, now complete, allows another request.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.received = 0
        self.keep_alive = False
        self._socket = sock

    def is_quiet(self) -> bool:
        """Whether nothing came since the last answer: neither its end nor stray bytes."""
        return not wait_for_read(self._socket, timeout=0)

    def send(self, payload: bytes, deadline: float) -> None:
        """Send all of ``payload``. Raises ``OSError``."""
        unsent = memoryview(payload)
        while unsent:
            self._socket.settimeout(_seconds_left(deadline))
            unsent = unsent[self._socket.send(unsent) :]

    def receive(self, method: str, deadline: float, max_bytes: int) -> Response:
        """Read one answer to a request of ``method`` to its end.

        Raises ``OSError``, ``http.client.HTTPException`` or an exception of this module.
        """
        incoming = _Incoming(self, deadline, max_bytes)
        # All that HTTPResponse asks of a socket is a file to read from.
        answer = HTTPResponse(cast("socket.socket", incoming), method=method)
        try:
            response = _response(answer, incoming, max_bytes)
        finally:
            answer.close()
        self.keep_alive = not answer.will_close
        return response

    def read_into(self, buffer: memoryview, deadline: float) -> int:
        """Wait for bytes and store them. Returns their number, 0 when the server is done."""
        self._socket.settimeout(_seconds_left(deadline))
        count = self._socket.recv_into(buffer)
        self.received += count
        return count

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


class _Incoming(io.RawIOBase):
    """The bytes of one answer as they arrive. ``ended`` once the server has closed."""

    def __init__(self, connection: Connection, deadline: float, max_bytes: int) -> None:
        super().__init__()
        self.ended = False
        self._connection = connection
        self._deadline = deadline
        self._max_bytes = max_bytes
        connection.received = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = self._connection.read_into(buffer, self._deadline)
        self.ended = self.ended or count == 0
        if self._connection.received > self._max_bytes:
            raise AnswerTooLong
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)


def dial(
    endpoint: Endpoint, tls: ssl.SSLContext | None, seconds: float, deadline: float
) -> Connection:
    """Connect to the first of the host's addresses that accepts, trying each for ``seconds``.

    Raises ``OSError`` (``socket.gaierror``, ``ssl.SSLError``... included) or ``UnicodeError``
    for a host that cannot be a name.
    """
    sock = _dial_any(endpoint, seconds, deadline)
    try:
        # An exchange is one small packet each way: waiting to fill packets only delays it.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(min(seconds, _seconds_left(deadline)))
        return Connection(tls.wrap_socket(sock, server_hostname=endpoint.host) if tls else sock)
    except BaseException:
        sock.close()
        raise


def tls_context() -> ssl.SSLContext:
    """How servers are verified: by the system's authorities and those of ``AWS_CA_BUNDLE``.

    botocore's own bundle stands in for the latter, because some Pythons (python.org's on
    macOS) know no system authorities. Raises ``UsageError`` when the bundle cannot be read.
    """
    context = ssl.create_default_context()
    bundle = os.environ.get("AWS_CA_BUNDLE") or get_cert_path(verify=True)
    try:
        context.load_verify_locations(bundle)
    except OSError as error:
        raise UsageError(
            f"the certificate bundle {bundle!r} cannot be read: {error.strerror or error}",
            "Point AWS_CA_BUNDLE to a file of PEM certificates, or unset it.",
        ) from None
    return context


def _seconds_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _dial_any(endpoint: Endpoint, seconds: float, deadline: float) -> socket.socket:
    failure = OSError("the host has no address")
    found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    for family, kind, protocol, _, address in found:
        try:
            wait = min(seconds, _seconds_left(deadline))
            # socket.create_connection would look the address up once more.
            return _connected(socket.socket(family, kind, protocol), address, wait)
        except OSError as error:
            failure = error
    raise failure


def _connected(sock: socket.socket, address: Any, seconds: float) -> socket.socket:
    try:
        sock.settimeout(seconds)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


def _response(answer: HTTPResponse, incoming: _Incoming, max_bytes: int) -> Response:
    answer.begin()
    # http.client takes the end of the connection for the end of the head, or of the trailers.
    if incoming.ended:
        raise AnswerCutOff
    if any(isinstance(d, MissingHeaderBodySeparatorDefect) for d in answer.msg.defects):
        raise AnswerMalformed("a header line without a colon")
    body = _body(answer, max_bytes)
    if answer.chunked and incoming.ended:
        raise AnswerCutOff
    if (answer.getheader("Content-Encoding") or "").strip().lower() in ("gzip", "x-gzip"):
        body = _gunzipped(body, max_bytes)
    return Response(answer.status, tuple(answer.getheaders()), body)


def _body(answer: HTTPResponse, max_bytes: int) -> bytes:
    if answer.length is None:
        return b"".join(iter(lambda: answer.read(_PIECE), b""))
    if answer.length > max_bytes:
        raise AnswerTooLong
    return answer.read()


def _gunzipped(body: bytes, max_bytes: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as compressed:
            plain = compressed.read(max_bytes + 1)
    except (OSError, EOFError, zlib.error):
        raise AnswerMalformed("a body that is not the gzip it is said to be") from None
    if len(plain) > max_bytes:
        raise AnswerTooLong
    return plain
