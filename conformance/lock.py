"""The commands ``ecr-conformance schemas``: the contract lock built, checked and compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from conformance.contract import (
    SERVICES,
    Contract,
    error_schema,
    load_contract,
    schemas_folder,
    wire_schema,
)
from conformance.contract.changes import Change, changes
from conformance.contract.published import (
    installed_models,
    published_contracts,
    published_models,
)
from conformance.errors import ExitCode, UsageError
from conformance.files import write_whole
from conformance.suite.catalogue import rules_about

_FEW = 6
"""As many operations as a line may name."""


def build(named: str | None, output: Path | None) -> ExitCode:
    """Write the lock from a botocore version or a path, or else from the installed botocore.

    ``output`` is the folder of the services' folders, else that of the lock. Files of operations
    that are gone are deleted. Raises ``UsageError`` for an unknown source, or where nothing can be
    written.
    """
    models = installed_models() if named is None else published_models(named)
    for published in models.values():
        contract = published.contract
        folder = _folder(contract, output)
        wanted = {"model.json": _json(published.locked), **dict(_wire_files(contract))}
        for name, text in wanted.items():
            write_whole(folder / name, text)
        for gone in _strangers(folder, wanted):
            gone.unlink()
        click.echo(f"{folder}: {len(wanted)} files from {published.source}")
    return ExitCode.CONFORMANT


def check() -> ExitCode:
    """Tell whether the lock says what the installed botocore says, and its files belong together.

    Another version of botocore is no difference as long as it says the same.
    """
    agrees = True
    for service, published in installed_models().items():
        locked = load_contract(service)
        agrees &= not _tell(locked, published.contract)
        for path in _wrong_files(locked):
            click.echo(f"{path}: not what the lock's model says")
            agrees = False
    if agrees:
        click.echo(f"the lock ({locked.source}) agrees with {published.source}")
        return ExitCode.CONFORMANT
    click.echo("`ecr-conformance schemas build` writes the lock anew")
    return ExitCode.NOT_CONFORMANT


def diff(old: str, new: str) -> ExitCode:
    """Print what changed between two sources, and the rules about the operations concerned.

    Exits with 1 where they differ, as ``diff`` does. Raises ``UsageError`` for an unknown source,
    or where the two have no service in common.
    """
    before, after = published_contracts(old), published_contracts(new)
    shared = [service for service in SERVICES if service in before and service in after]
    if not shared:
        raise UsageError(
            f"{old} is about {_listed(before)}, {new} about {_listed(after)}",
            hint="Compare models of the same service.",
        )
    differ = [_tell(before[service], after[service]) for service in shared]
    return ExitCode.NOT_CONFORMANT if any(differ) else ExitCode.CONFORMANT


def _folder(contract: Contract, schemas: Path | None = None) -> Path:
    return (schemas or schemas_folder()) / contract.service / contract.api_version


def _wire_files(contract: Contract) -> Iterator[tuple[str, str]]:
    """The wire schemas of every operation, by path below the contract's folder."""
    for name, operation in contract.operations.items():
        schemas = {
            "input": wire_schema(contract, operation.input, direction="input"),
            "output": wire_schema(contract, operation.output, direction="output"),
            "errors": error_schema(contract, name),
        }
        for what, schema in schemas.items():
            yield f"operations/{name}/{what}.json", _json(schema)


def _json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _strangers(folder: Path, wanted: Iterable[str]) -> list[Path]:
    """Wire schemas that are not wanted (any more)."""
    known = {folder / path for path in wanted}
    return sorted(path for path in folder.glob("operations/*/*.json") if path not in known)


def _wrong_files(contract: Contract) -> Iterator[Path]:
    folder = _folder(contract)
    wanted = dict(_wire_files(contract))
    for name, text in wanted.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield path
    yield from _strangers(folder, wanted)


def _tell(old: Contract, new: Contract) -> bool:
    """Print how two contracts differ; tells whether they do."""
    found = changes(old, new)
    click.echo(f"{old.service}: {old.source} -> {new.source}: {len(found) or 'no'} changes")
    for change in found:
        click.echo(f"  {change.effect:<10} {change.place}: {change.detail}{_users(change)}")
    touched = rules_about(old.service, {name for change in found for name in change.operations})
    if touched:
        click.echo(f"  rules about these operations ({len(touched)}):")
    for rule in touched:
        click.echo(f"    {rule.id}")
    return bool(found)


def _users(change: Change) -> str:
    others = [name for name in change.operations if name != change.place]
    if not others:
        return ""
    return f" (in {_listed(others) if len(others) <= _FEW else f'{len(others)} operations'})"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
