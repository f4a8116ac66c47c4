"""Where in this package's source a rule is decided."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import conformance

__all__ = ["place_of"]

_ROOT = Path(conformance.__file__).parents[1]


def place_of(scenario: str) -> tuple[str, int | None]:
    """The file (from the package's parent folder, with slashes) and the line of a scenario.

    ``scenario`` is ``module::function``. The line is ``None`` where no such function is written in
    the module: it is generated, or this is not the version of the package that judged.
    """
    module, _, function = scenario.partition("::")
    file = f"{module.replace('.', '/')}.py"
    return file, _lines(file).get(function)


@cache
def _lines(file: str) -> dict[str, int]:
    """The top-level functions of a file, with their lines, counted from 1."""
    try:
        source = (_ROOT / file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return {}
    numbered = enumerate(source.splitlines(), 1)
    found = ((number, re.match(r"(?:async )?def (\w+)", line)) for number, line in numbered)
    return {match[1]: number for number, match in found if match}
