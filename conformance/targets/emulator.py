"""Emulators that are started from their installed package, for as long as they are judged."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from conformance.errors import TargetUnavailable, UsageError
from conformance.targets.installation import Installation, find_installation
from conformance.targets.kind import TargetKind
from conformance.targets.server import Server, ServerDied
from conformance.targets.target import Target

_ATTEMPTS = 5
_PORT_TAKEN = re.compile(
    r"already in use|in use by another|only one usage of each socket", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instance runs: its port on 127.0.0.1, a folder of its own, its default region."""

    port: int
    folder: Path
    region: str

    @property
    def url(self) -> str:
        """Where the instance answers."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Emulator:
    """How an emulator is started.

    ``product`` is also its distribution on PyPI and this project's extra; ``script`` is the
    command it installs. ``module`` is run as ``python -m`` would, with ``arguments``, in an
    environment without the caller's ``settings`` (names of variables; one that ends in ``_`` is a
    prefix) but with ``environment``. It is up when the path ``health`` has any HTTP answer.
    ``command`` is what a user types to get the like on a port.
    """

    product: str
    script: str
    module: str
    health: str
    settings: tuple[str, ...]
    arguments: Callable[[Place], list[str]]
    environment: Callable[[Place], dict[str, str]]
    command: Callable[[int], str]


def kind_of(emulator: Emulator) -> TargetKind:
    """The kind of target that is this emulator, spelt as its product."""

    def open_emulator(name: str, region: str) -> AbstractContextManager[Target]:
        return run(emulator, name, region)

    return TargetKind(emulator.product, lambda name: name == emulator.product, open_emulator)


@contextmanager
def run(emulator: Emulator, name: str, region: str) -> Iterator[Target]:
    """Start a fresh instance; on leaving, however that happens, nothing of it remains.

    Raises ``UsageError`` when it is not installed, ``TargetUnavailable`` when it does not start.
    """
    installed = _installation(emulator)
    with (
        # What is left to delete matters less than how the run ended.
        TemporaryDirectory(prefix=f"{emulator.product}-", ignore_cleanup_errors=True) as folder,
        _started(emulator, installed, Path(folder), region) as url,
    ):
        command = emulator.command(urlsplit(url).port or 0)
        yield Target(name, url, emulator.product, installed.version, region, command=command)


def environment_of(emulator: Emulator, place: Place, caller: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what could change the emulator's behaviour.

    A certificate says "moto 5.2.5", so it must not depend on one machine's settings; and an
    emulator has no business with AWS credentials. Who wants other settings starts the emulator
    and names its address.
    """
    unwanted = {"PYTHONWARNINGS", *emulator.settings}
    prefixes = ("AWS_", *(name for name in unwanted if name.endswith("_")))
    kept = {
        name: value
        for name, value in caller.items()
        if name not in unwanted and not name.startswith(prefixes)
    }
    folder = str(place.folder)
    return {
        **kept,
        # Its temporary files, such as MiniStack's file with its process id, go when it goes.
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder),
        **emulator.environment(place),
    }


def _installation(emulator: Emulator) -> Installation:
    found = find_installation(emulator.product, emulator.script)
    if found is None:
        raise UsageError(
            f"{emulator.product} is not installed",
            f"pip install 'ecr-conformance[{emulator.product}]', "
            f"or install it elsewhere and have {emulator.script} on the PATH",
        )
    return found


@contextmanager
def _started(
    emulator: Emulator, installed: Installation, folder: Path, region: str
) -> Iterator[str]:
    """The address of an instance that answers."""
    server = _start(emulator, installed, folder, region)
    try:
        yield server.url
    finally:
        server.stop()


def _start(emulator: Emulator, installed: Installation, folder: Path, region: str) -> Server:
    died = None
    for _ in range(_ATTEMPTS):
        try:
            return _attempt(emulator, installed, Place(_free_port(), folder, region))
        except ServerDied as error:
            died = error
            # Between being found free and being bound, another process may take the port.
            if not _PORT_TAKEN.search(error.output):
                break
    raise TargetUnavailable(
        f"{emulator.product} {died}",
        f"Check the installation: pip install 'ecr-conformance[{emulator.product}]'",
    )


def _attempt(emulator: Emulator, installed: Installation, place: Place) -> Server:
    server = Server(
        installed.interpreter,
        [emulator.module, *emulator.arguments(place)],
        environment_of(emulator, place, os.environ),
        place.folder,
        place.url,
    )
    try:
        server.wait_until_it_answers(emulator.health)
    except BaseException:
        server.stop()
        raise
    return server


def _free_port() -> int:
    with suppress(OSError), socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
    raise TargetUnavailable("no port of 127.0.0.1 is free", "Close programs that hold connections.")
