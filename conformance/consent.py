"""What a run will do in somebody's account, told before it starts."""

from __future__ import annotations

from collections.abc import Callable

import click

from conformance.errors import Interrupted, UsageError
from conformance.suite.run import Run


def consent_to(*, yes: bool) -> Callable[[Run], None]:
    """Asks whoever started a run whether it may; ``yes`` is the answer given beforehand.

    Only a target that is somebody's is asked about. What it gives raises ``Interrupted`` where the
    answer is no, ``UsageError`` where nobody is there to answer.
    """

    def ask(run: Run) -> None:
        if not run.target.owned or run.replays:
            return
        if yes:
            return
        try:
            agreed = click.confirm("start?", err=True)
        except click.Abort:
            raise UsageError("nobody answers whether the run may start", "give --yes") from None
        if not agreed:
            raise Interrupted("nothing was started")

    return ask
