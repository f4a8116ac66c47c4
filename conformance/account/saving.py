"""Settings of whole registries: saved before a run may change them, and looked at after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click

from conformance.account.settings_file import (
    SavedSettings,
    different_in_the_end,
    registries,
    settings_of,
)
from conformance.errors import TransportError, UsageError
from conformance.suite.run import Run


def saving_settings(path: Path | None) -> Callable[[Run], AbstractContextManager[None]]:
    """Saves what a run may change to a file, which is deleted when all is as before at its end.

    ``path`` is the file, ``None`` one in the current folder. Only a run in somebody's account that
    has leave to change settings is concerned. Entering raises ``UsageError`` where the file exists
    or cannot be written: nothing was changed then.
    """

    @contextmanager
    def guard(run: Run) -> Iterator[None]:
        if run.replays or not (run.target.owned and run.target.registry_changes):
            yield
            return
        file = path or Path(_name(run))
        saved = _save(run, file)
        try:
            yield
        finally:
            _look_again(run, saved, file)

    return guard


def _name(run: Run) -> str:
    account = (run.target.account or "")[-4:]
    return f"ecr-conformance-settings-{account}-{run.target.region}-{run.name_beginning}.json"


def _save(run: Run, file: Path) -> SavedSettings:
    if file.exists():
        raise UsageError(
            f"{file} exists already: it may be what an earlier run saved",
            f"ecr-conformance aws restore {file}, or another --settings-backup",
        )
    with registries(run.target) as clients:
        chosen = run.services or run.target.services
        found = {service: settings_of(clients[service], service) for service in chosen}
    saved = SavedSettings(run.target.account or "", run.target.region, found)
    saved.write(file)
    click.echo(f"settings of the registry are saved to {file} until all are put back", err=True)
    return saved


def _look_again(run: Run, saved: SavedSettings, file: Path) -> None:
    """Delete the file where all is as it was; otherwise say what is not."""
    try:
        changed = _changed_in_the_end(run, saved)
    except TransportError as error:
        click.echo(f"whether settings are as before is not known: {error.message}", err=True)
        changed = ["unknown"]
    if not changed:
        file.unlink(missing_ok=True)
        return
    for each in changed:
        click.echo(f"not as before the run: {each}", err=True)
    click.echo(f"to put it back: ecr-conformance aws restore {file}", err=True)


def _changed_in_the_end(run: Run, saved: SavedSettings) -> list[str]:
    """The settings that are not as before, by service and name."""
    with registries(run.target) as clients:
        found = different_in_the_end(saved, clients)
    return [f"{service} {setting.called}" for service, setting, _ in found]
