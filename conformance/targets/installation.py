"""Where a Python program is installed: beside this tool, or in an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_INTERPRETERS = ("python", "python3", "python.exe")
_VERSION = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"


@dataclass(frozen=True, slots=True)
class Installation:
    """A distribution that some interpreter can import: that interpreter, and its version."""

    interpreter: str
    version: str


def find_installation(distribution: str, script: str) -> Installation | None:
    """The installation in this environment, or else the one whose ``script`` is on the PATH.

    An environment of its own, such as pipx makes, keeps the versions that an emulator pins out of
    this one; the profile ``client`` looks at the emulator with the boto3 of this one.
    """
    try:
        return Installation(sys.executable, version(distribution))
    except PackageNotFoundError:
        return _elsewhere(distribution, script)


def _elsewhere(distribution: str, script: str) -> Installation | None:
    found = shutil.which(script)
    if found is None:
        return None
    folder = Path(found).resolve().parent  # pipx links to the script from elsewhere
    for interpreter in (folder / name for name in _INTERPRETERS):
        if interpreter.exists() and (told := _version(interpreter, distribution)):
            return Installation(str(interpreter), told)
    return None


def _version(interpreter: Path, distribution: str) -> str:
    asked = subprocess.run(
        [interpreter, "-I", "-c", _VERSION, distribution],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip()
