"""Completion of commands and options by the shell."""

from __future__ import annotations

import os
import subprocess

from command import COMMAND


def completed(line: str, *, position: int) -> list[str]:
    """What bash is offered for a line whose word at ``position`` is being typed."""
    done = subprocess.run(
        COMMAND,
        env={
            **os.environ,
            "_ECR_CONFORMANCE_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(position),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [offer.partition(",")[2] for offer in done.stdout.splitlines()]


def test_commands_are_completed() -> None:
    """The shell is offered the commands that begin with what was typed."""
    assert completed("ecr-conformance re", position=1) == ["record", "reference", "replay"]


def test_options_are_completed() -> None:
    """The shell is offered the options of the command."""
    assert "--waivers" in completed("ecr-conformance certify moto --w", position=3)
