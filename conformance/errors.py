"""Every way this tool can fail its user, each with a stable code, an exit code and a next step.

Verdicts about a target are not errors; see ``conformance.suite.verdicts``.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller."""

    CONFORMANT = 0
    NOT_CONFORMANT = 1
    INTERRUPTED = 2
    UNREACHABLE = 3
    USAGE = 4
    NOTHING_RAN = 5

    @property
    def completed(self) -> bool:
        """Whether a run that ends so has decided everything that it was to decide."""
        return self in (ExitCode.CONFORMANT, ExitCode.NOT_CONFORMANT)


class ConformanceError(Exception):
    """Something the user has to know: what was wrong, where, and what to do next.

    ``code`` is stable and may be matched by scripts; ``exit_code`` ends the process.
    """

    code = "error"
    exit_code = ExitCode.UNREACHABLE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ConformanceError):
    """The command line or configuration asks for what does not exist or makes no sense."""

    code = "usage"
    exit_code = ExitCode.USAGE


class TargetUnavailable(ConformanceError):
    """The target could not be started, or gave no usable HTTP answer."""

    code = "target-unavailable"
    exit_code = ExitCode.UNREACHABLE


class NothingRan(ConformanceError):
    """The selection left no scenario to run."""

    code = "nothing-ran"
    exit_code = ExitCode.NOTHING_RAN


class Interrupted(ConformanceError):
    """The user stopped the run."""

    code = "interrupted"
    exit_code = ExitCode.INTERRUPTED


class TransportError(ConformanceError):
    """A request got no complete HTTP response: refused, reset, silent, endless or garbled."""

    code = "transport"
    exit_code = ExitCode.UNREACHABLE


class CredentialsRefused(TransportError):
    """AWS does not take the credentials: expired, unknown, wrong, or by a clock that is."""

    code = "credentials"
