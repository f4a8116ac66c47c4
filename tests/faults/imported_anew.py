"""The reference of other sources than its files'."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType

from trial_clock import trial_clock

from conformance.targets import Connection

REFERENCE = "conformance.reference"


class _OtherSources:
    """Python's way to modules whose source is another one than the file's."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Tell of the modules that are known here."""
        return spec_from_loader(name, self) if name in self._sources else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave that to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the other source."""
        exec(compile(self._sources[module.__name__], module.__name__, "exec"), module.__dict__)  # noqa: S102


def imported_anew(sources: Mapping[str, str]) -> Connection:
    """A reference of modules that are imported for it, some with another source, by name."""
    for name in [name for name in sys.modules if name.startswith(REFERENCE)]:
        del sys.modules[name]
    sys.meta_path.insert(0, _OtherSources(sources))  # type: ignore[arg-type]
    try:
        reference = import_module(REFERENCE)
    finally:
        del sys.meta_path[0]
    transport: Connection = reference.ReferenceTransport(clock=trial_clock(), secret=b"mutant")
    return transport
