"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from conformance.errors import UsageError

__all__ = ["unwritable", "write_whole"]


def write_whole(path: Path, text: str | Iterable[str], mode: int | None = None) -> Path:
    """Write a UTF-8 file so that no reader ever sees a part of it; gives the path.

    A long text need not be there at once: its pieces are written as they come. ``mode`` are the
    permissions, by default those of any new file. The folder is made if need be. Raises
    ``UsageError`` when it cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text, _permissions() if mode is None else mode)
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def unwritable(path: Path, error: OSError) -> UsageError:
    """The error for a file that cannot be written."""
    return UsageError(
        f"cannot write {path}: {error.strerror or error}",
        hint="Choose a folder you can write to with --output.",
    )


def _replace(path: Path, text: str | Iterable[str], mode: int) -> None:
    # In the same folder, because a rename is atomic only within one file system.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines([text] if isinstance(text, str) else text)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _permissions() -> int:
    """What any new file would get; ``mkstemp`` makes files that only their owner can read."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
