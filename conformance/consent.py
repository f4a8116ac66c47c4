"""What a run will do in somebody's account, told before it starts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import click

from conformance.account.access import require_consent
from conformance.contract import SERVICES
from conformance.suite.catalogue import all_rules
from conformance.suite.run import Run
from conformance.suite.running.footprint import Footprint, known_footprints
from conformance.suite.running.marking import MARK
from conformance.targets.aws.access import in_short
from conformance.targets.aws.session import credentials_of


def consent_to(
    *, yes: bool, chosen: Callable[[], Collection[str]] | None = None
) -> Callable[[Run], None]:
    """Tells whoever started a run what it will do, and asks whether it may.

    ``yes`` is the answer given beforehand. ``chosen`` gives the ids of the rules that a run is
    limited to, beside what it says itself. Only a target that is somebody's is asked about. What
    this gives raises ``Interrupted`` where the answer is no, ``UsageError`` where nobody answers.
    """

    def ask(run: Run) -> None:
        if not run.target.owned or run.replays:
            return
        rules = _rules(run, all_rules() if chosen is None else chosen())
        for line in _told(run, rules):
            click.echo(line, err=True)
        require_consent("start?", yes=yes)

    return ask


def _rules(run: Run, chosen: Collection[str]) -> list[str]:
    """The rules, by their ids, that a run has of those that were chosen."""
    return [
        name
        for name, rule in all_rules().items()
        if name in chosen and run.selects(rule) and (run.shard is None or run.shard.holds(name))
    ]


def _told(run: Run, rules: Collection[str]) -> Iterator[str]:
    services = run.services or SERVICES
    footprint = known_footprints().of(rules, services, changes=run.target.registry_changes)
    regions = ", ".join(f"{run.target.region_of(each)} for {each}" for each in services)
    yield f"account:   {in_short(run.target.account or '')}{_credentials(run)}"
    yield f"Region:    {regions}"
    calls = _round(footprint.requests)
    yield f"rules:     {len(rules)}, with some {calls} calls, and more where AWS is slow"
    yield f"made:      some {_round(footprint.repositories)} repositories called"
    yield f"           {run.name_beginning}-..., tagged {MARK['Key']}={MARK['Value']},"
    yield "           with images of some KB, a few of MB; a scenario deletes what it made"
    yield f"settings:  {_settings(run)}"
    yield f"cost:      {_cost(footprint)}"


def _credentials(run: Run) -> str:
    """Where the credentials come from; nothing of what they are."""
    access = run.target.access
    if access is None:
        return ""
    profile = f"profile {access.profile}, " if access.profile else ""
    return f" (credentials: {profile}{credentials_of(access).method})"


def _settings(run: Run) -> str:
    if not run.target.registry_changes:
        return "of the whole registry are left alone"
    return (
        "policy, replication, scanning, signing, catalog and account settings of the whole\n"
        "           registry are saved to a file, changed by one scenario at a time, and put back"
    )


def _cost(footprint: Footprint) -> str:
    keys = any(action.startswith("kms:") for action in footprint.actions)
    return (
        "ECR bills what is stored and transferred, not calls: https://aws.amazon.com/ecr/pricing/"
        + (
            "\n           use of keys is billed, too: https://aws.amazon.com/kms/pricing/"
            if keys
            else ""
        )
    )


def _round(number: int) -> str:
    """A number to two digits, because it is an estimate."""
    digits = max(len(str(number)) - 2, 0)
    return f"{round(number, -digits):,}"
