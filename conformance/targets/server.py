"""A Python server as a child process that does not outlive this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from conformance.errors import TransportError
from conformance.targets.product import get
from conformance.transport.network import NetworkTransport

_START_SECONDS = 30.0
_POLL_SECONDS = 0.05
_ANSWER_SECONDS = 2.0
_GRACE_SECONDS = 5.0
_TAIL_LINES = 10

# Run in the child, before and beside the server. A parent that is killed cannot stop its child,
# but the system then closes the pipe that is the child's standard input; so the child waits for
# that end and takes its whole process group along. (Linux could signal the parent's death, but
# means the death of the thread that started the child.)
_WITH_PARENT = """
import os, runpy, signal, sys, threading

def leave_with_parent():
    while os.read(0, 1):
        pass
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)

threading.Thread(target=leave_with_parent, daemon=True).start()
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


class ServerDied(Exception):
    """The process ended, or was given up, before it answered. ``output`` is its log."""

    def __init__(self, reason: str, output: str) -> None:
        tail = "".join(f"\n  {line}" for line in output.splitlines()[-_TAIL_LINES:])
        super().__init__(f"{reason}; its last output:{tail}" if tail else f"{reason}, silently")
        self.output = output


class Server:
    """A Python module that runs as a server in ``folder``, in a process group of its own.

    ``command`` is the module and its arguments, for ``interpreter``. Its output goes to a file in
    the folder: no one reads a pipe while the run goes on, and a full one would stop it.
    """

    def __init__(
        self,
        interpreter: str,
        command: Sequence[str],
        environment: dict[str, str],
        folder: Path,
        url: str,
    ) -> None:
        self.url = url
        self._log = folder / "output.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [interpreter, "-c", _WITH_PARENT, *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Its own, because Python finds modules in the current folder first.
                cwd=folder,
                env=environment,
                # Ctrl-C in the terminal then reaches this process only, which stops it in order.
                start_new_session=True,
            )

    def wait_until_it_answers(self, path: str, seconds: float = _START_SECONDS) -> None:
        """Return at the first HTTP answer, of whatever status. Raises ``ServerDied``."""
        deadline = time.monotonic() + seconds
        with NetworkTransport(self.url, timeout=min(seconds, _ANSWER_SECONDS)) as transport:
            while not self._answers(transport, path):
                if time.monotonic() > deadline:
                    raise ServerDied(f"did not answer within {seconds:g} s", self._output())
                time.sleep(_POLL_SECONDS)
        # Whoever answered may be another, if this process has ended.
        self._raise_if_ended()

    def stop(self) -> None:
        """End the process and its children: asked first, then killed. May be called again."""
        with self._process:  # closes the pipe and waits
            if self._process.poll() is None:
                self._signal(signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(_GRACE_SECONDS)
            self._kill()

    def _answers(self, transport: NetworkTransport, path: str) -> bool:
        self._raise_if_ended()
        with suppress(TransportError):
            transport(get(path, self.url))
            return True
        return False

    def _raise_if_ended(self) -> None:
        code = self._process.poll()
        if code is not None:
            raise ServerDied(f"ended with exit code {code} before it answered", self._output())

    def _output(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def _kill(self) -> None:
        # The group may hold children even after its leader has ended.
        self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _signal(self, number: int) -> None:
        # macOS answers "not permitted" for a group of which only the ended leader is left.
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.send_signal(number)
            else:
                os.killpg(self._process.pid, number)
