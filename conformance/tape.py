"""Recorded answers for your own boto3 tests.

    from conformance.tape import use_cassette

    with use_cassette("tests/cassettes/describe.json") as tape:
        client = tape.attach(boto3.client("ecr", region_name="us-east-1"))
        client.describe_repositories()

The first time this asks the real service, through the client's own connection, and keeps what was
answered; from then on nothing leaves the process. botocore does the rest of its work as always:
endpoints, signing, serialising, parsing, paginators, retries.
"""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from botocore import exceptions
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.hooks import first_non_none_response

from conformance import __version__
from conformance.errors import TransportError, UsageError
from conformance.transport.boto import aws_response
from conformance.transport.cassettes.cassette import Cassette, read_cassette
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.origin import Origin
from conformance.transport.cassettes.player import NotRecorded
from conformance.transport.cassettes.scene import Mode, Scene
from conformance.transport.cassettes.secrecy import redactor_of
from conformance.transport.exchange import Exchange, Response
from conformance.utc import text_of

__all__ = ["Mode", "NotRecorded", "OldCassette", "Tape", "UnusedRecordings", "use_cassette"]

_Client = TypeVar("_Client")
Redact = Callable[[Exchange], Exchange]
"""What removes secrets from an exchange before it is written."""

_SENDING, _RETRYING = "before-send.", "needs-retry."
_EVENTS = (_SENDING, _RETRYING)

_FAILURES = (exceptions.HTTPClientError, exceptions.ConnectionError)
"""What botocore raises where no response comes."""


class UnusedRecordings(UserWarning):
    """A cassette holds answers that nobody asked for."""


class OldCassette(UserWarning):
    """A cassette was begun longer ago than its user wants."""


@contextmanager
def use_cassette(
    path: str | Path,
    mode: str | Mode = Mode.ONCE,
    *,
    redact: Redact | None = None,
    max_age: timedelta | None = None,
) -> Iterator[Tape]:
    """A tape that plays the cassette at ``path``, records it, or both, as ``mode`` says.

    ``mode`` is a ``Mode`` or its name. What was recorded is written when the block ends,
    without credentials, tokens and account ids (the own account becomes 123456789012); ``redact``
    takes the place of what removes these. An exception in the block leaves the file as it was.

    Warns where recordings were not asked for (``UnusedRecordings``), and where what is played was
    recorded more than ``max_age`` ago (``OldCassette``); Python's filters make errors of warnings.

    Raises ``UsageError`` for an unknown
    mode or a cassette that is not there in mode ``none``, ``MalformedCassette`` for a file that is
    none.
    """
    tape = Tape(Path(path), _mode(mode))
    if max_age is not None and tape.age is not None and tape.age > max_age:
        told = f"{tape.path} was recorded {tape.age.days} days ago: the mode rewrite renews it"
        warnings.warn(told, OldCassette, stacklevel=3)
    try:
        yield tape
        tape.write(redact)
    finally:
        tape.detach()
    if tape.unused:
        warnings.warn(_unused(tape), UnusedRecordings, stacklevel=3)


class Tape:
    """A cassette in use: answers the requests of the clients that are attached to it.

    Several threads may use the clients at once.
    """

    def __init__(self, path: Path, mode: Mode) -> None:
        self.path = path
        self._before = read_cassette(path) if path.exists() else None
        if self._before is None and mode is Mode.NONE:
            raise UsageError(f"there is no cassette {path}", "the mode once records it")
        self._began = datetime.now(timezone.utc)
        self._scene = Scene(mode, self._before, self._send, time)
        self._attached: list[tuple[Any, Callable[..., Any]]] = []
        self._call = _Call()

    def attach(self, client: _Client) -> _Client:
        """Let the tape answer a boto3 client, and give it back. It ends with the tape.

        While an answer is played, botocore's retries do not wait, and other handlers of
        ``before-send`` are not called: one of them is where the retry mode ``adaptive`` waits.
        """
        attached: Any = client
        # Every client has an emitter of its own, so this changes nothing for others.
        events = attached.meta.events
        self._attached.append((attached, events.emit))
        events.emit = self._emitter(events.emit, attached._endpoint.http_session.send)  # noqa: SLF001
        return client

    def detach(self) -> None:
        """Give the clients their own connections back."""
        while self._attached:
            client, emit = self._attached.pop()
            client.meta.events.emit = emit

    @property
    def unused(self) -> list[Interaction]:
        """What was recorded and nobody has asked for, in the order of recording."""
        return self._scene.unused

    @property
    def age(self) -> timedelta | None:
        """How long ago what is played was recorded; ``None`` where that is not known."""
        if not self._scene.kept or self._before is None or self._before.origin is None:
            return None
        return self._began - datetime.fromtimestamp(self._before.origin.began, timezone.utc)

    @property
    def missed(self) -> list[NotRecorded]:
        """The requests that no recording answered, and that were not recorded either."""
        return self._scene.missed

    def write(self, redact: Redact | None) -> None:
        """Write the cassette where something was recorded: whole, or not at all."""
        if self._scene.exchanges:
            redact = redact or redactor_of(self._scene.exchanges)
            origin = (self._before and self._before.origin) or self._origin()
            Cassette(self._scene.interactions(redact), self.path.stem, origin).write(self.path)

    def _emitter(
        self, emit: Callable[..., Any], send: Callable[[AWSPreparedRequest], AWSResponse]
    ) -> Callable[..., Any]:
        def emitting(event_name: str, **given: Any) -> Any:
            if not event_name.startswith(_EVENTS):
                return emit(event_name, **given)
            if event_name.startswith(_SENDING):
                request = given["request"]
                self._call.ask = lambda: (
                    first_non_none_response(emit(event_name, **given)) or send(request)
                )
                return [(emitting, self._answer(request))]
            decided = emit(event_name, **given)
            if not self._call.played:
                return decided
            # Whether to try again is botocore's decision: a delay, or None.
            return [(each, None if delay is None else 0) for each, delay in decided]

        return emitting

    def _answer(self, request: AWSPreparedRequest) -> AWSResponse:
        self._call.played = True
        try:
            return aws_response(request.url, self._scene(request))
        except TransportError as error:
            raise _failure(error.message, request.url) from None
        except NotRecorded as missed:
            raise NotRecorded(
                f"{missed.message} (in {self.path})", "the mode new_episodes records it"
            ) from None

    def _send(self, _request: AWSPreparedRequest, /) -> Response:
        self._call.played = False
        try:
            answer = self._call.ask()
        except _FAILURES as error:
            raise TransportError(f"{type(error).__name__}: {error}") from error
        return Response(answer.status_code, tuple(answer.headers.items()), answer.content)

    def _origin(self) -> Origin:
        from conformance.contract import load_contract

        client = self._attached[0][0].meta
        host = urlsplit(client.endpoint_url).hostname or ""
        return Origin(
            target=client.endpoint_url,
            product="AWS" if host.endswith((".amazonaws.com", ".aws")) else host,
            version=None,
            region=client.region_name,
            time=text_of(self._began),
            tool=f"ecr-conformance {__version__}",
            contract=load_contract("ecr").source,
            seed=0,
        )


class _Call(threading.local):
    """The call that a thread is in: how it would be sent, and whether its answer was recorded."""

    ask: Callable[[], AWSResponse]
    played = False


def _mode(named: str | Mode) -> Mode:
    try:
        return Mode(named)
    except ValueError:
        modes = ", ".join(mode.value for mode in Mode)
        raise UsageError(f"there is no mode {named!r}", f"choose one of {modes}") from None


def _failure(recorded: str, url: str) -> Exception:
    """What botocore raised; a time-out where it was another tool that got no response."""
    name, _, reason = recorded.partition(": ")
    kind: Any = getattr(exceptions, name, None)
    if not (isinstance(kind, type) and issubclass(kind, _FAILURES)):
        kind = exceptions.ReadTimeoutError
    failure: Exception = kind(endpoint_url=url, proxy_url=url, error=reason)
    return failure


def _unused(tape: Tape) -> str:
    operations = [each.operation or each.request.url for each in tape.unused]
    counted = ", ".join(f"{name} ({operations.count(name)})" for name in dict.fromkeys(operations))
    return f"recorded, but not asked for in {tape.path}: {counted}"
