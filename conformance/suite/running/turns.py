"""Whose turn it is at a target: that of many scenarios together, or of one that sets it up anew.

What is set for a whole registry all of its scenarios see, those of other processes and of other
runs included. So a scenario that changes it has the target to itself.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from conformance.errors import UsageError
from conformance.suite.generated.varied_requests import NEED_SETTINGS
from conformance.suite.run import Run
from conformance.targets import is_in_process

if TYPE_CHECKING:
    from filelock import ReadWriteLock

_PATIENCE = 300.0
"""Seconds that the scenarios of other processes get, one after the other."""

_STAY = 0.025
"""Seconds for which a process stays with others from scenario to scenario: whoever wants to be
alone waits for longer ones anyway, and a turn costs as much as two requests."""

_BREATH = 0.5
"""Seconds of waiting during which Ctrl-C may go unheard, because the wait is SQLite's."""


def changes_settings(fixtures: Collection[str], operations: Collection[str]) -> bool:
    """Whether a scenario changes what is set for the whole registry, said before it begins.

    Whoever is at a target with others cannot come to have it alone: two would wait for each other.
    """
    return "settings" in fixtures or (
        "arrangement" in fixtures and not NEED_SETTINGS.isdisjoint(operations)
    )


class Turns:
    """The turns of this user's scenarios on this machine, at the target of a run.

    To be made in the process that takes them, because a fork ends them.
    """

    def __init__(self, run: Run) -> None:
        nobody_elses = run.replays or is_in_process(run.target)
        self._lock = None if nobody_elses else _lock_of(run.target.endpoint)
        self._stays_until = 0.0

    @contextmanager
    def take(self, *, alone: bool, busy: Callable[[str], Exception]) -> Iterator[None]:
        """Be at the target, ``alone`` or with others who are not; over if the process is killed.

        Where others do not come to an end, what ``busy`` makes of that sentence is raised.
        """
        if self._lock is None:
            yield
            return
        if alone:
            self._leave()
        if not self._stays_until and not _in_time(
            self._lock.acquire_write if alone else self._lock.acquire_read
        ):
            place = "registry" if alone else "settings of the registry, or wait for them"
            raise busy(f"other processes are at the {place}")
        self._stays_until = self._stays_until or time.monotonic() + _STAY
        try:
            yield
        finally:
            if alone or time.monotonic() >= self._stays_until:
                self._leave()

    def close(self) -> None:
        """Give up what taking turns holds open."""
        if self._lock is not None:
            self._leave()
            self._lock.close()

    def _leave(self) -> None:
        if self._lock is not None and self._stays_until:
            self._lock.release()
            self._stays_until = 0.0


def _in_time(acquire: Callable[[float], object]) -> bool:
    """Whether a lock was got before patience came to its end."""
    from filelock import Timeout

    end = time.monotonic() + _PATIENCE
    while True:
        left = end - time.monotonic()
        try:
            acquire(max(0.0, min(left, _BREATH)))
        except Timeout:
            if left <= 0:
                return False
        else:
            return True


def _lock_of(endpoint: str) -> ReadWriteLock:
    """An endpoint's lock: one of a few files, because they stay for whoever comes next.

    Their folder is private: in one that others may write to, each turn would take five times as
    long, because nothing beside a database of SQLite can be trusted there. Raises ``UsageError``
    where it cannot be made, or is somebody else's.
    """
    from filelock import ReadWriteLock

    user = getattr(os, "getuid", Path.home)()
    owner, bucket = (hashlib.sha256(str(each).encode()).hexdigest() for each in (user, endpoint))
    file = Path(gettempdir(), f"ecr-conformance-{owner[:8]}", f"{bucket[:2]}.lock")
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        file.touch()
    except OSError as error:
        raise UsageError(
            f"cannot write {file}: {error.strerror or error}",
            "set TMPDIR to a folder that you can write to",
        ) from error
    return ReadWriteLock(file, is_singleton=False)
