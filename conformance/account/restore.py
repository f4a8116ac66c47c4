"""``ecr-conformance aws restore``: settings of an account's registries as a run has found them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from conformance.account.access import require_consent
from conformance.account.settings_file import (
    SavedSettings,
    different,
    different_in_the_end,
    registries,
)
from conformance.errors import ExitCode, UsageError
from conformance.targets import AwsAccess, Target, open_target
from conformance.targets.aws.access import in_short
from conformance.transport.wire import WireClient


def restore(file: Path, access: AwsAccess, region: str | None, *, yes: bool) -> ExitCode:
    """Put back the settings that are not as a run saved them to a file, which stays.

    Not conformant where one could not be put back. Raises ``MalformedFile`` for a file that is none
    of these, ``UsageError`` where it is of another account or Region, or nobody answers.
    """
    saved = SavedSettings.read(file)
    if region not in (None, saved.region):
        raise UsageError(
            f"{file} is of the Region {saved.region}", f"--region {saved.region}, or leave it out"
        )
    with open_target("aws", region=saved.region, access=access) as target:
        _require_same(file, saved, target)
        with registries(target) as clients:
            return _restore(saved, clients, yes=yes)


def _require_same(file: Path, saved: SavedSettings, target: Target) -> None:
    if saved.account != target.account:
        raise UsageError(
            f"{file} is of the account {in_short(saved.account)}, the credentials are of "
            f"{in_short(target.account or '')}",
            "use credentials of that account: --profile-name, or the environment",
        )
    missing = sorted(saved.settings.keys() - set(target.services))
    if missing:
        raise UsageError(f"there is no {missing[0]} in {saved.region}", f"correct {file}")


def _restore(saved: SavedSettings, clients: Mapping[str, WireClient], *, yes: bool) -> ExitCode:
    found = different(saved, clients)
    if not found:
        click.echo("all settings are as they were saved")
        return ExitCode.CONFORMANT
    for service, setting, _ in found:
        click.echo(f"differs: {service} {setting.called}")
    require_consent(f"put back these {len(found)}?", yes=yes)
    for service, setting, answer in found:
        wanted = setting.restore(answer)
        if wanted is not None:
            clients[service].send(*wanted)
    left = different_in_the_end(saved, clients)
    for service, setting, _ in left:
        click.echo(f"not put back: {service} {setting.called}", err=True)
    if left:
        return ExitCode.NOT_CONFORMANT
    click.echo("all settings are as they were saved")
    return ExitCode.CONFORMANT
