"""``results.jsonl``: what happened, line by line, as it happens.

A header, one line a check, a footer. A file without its footer is a run that was cut off.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from conformance.file_schemas import MalformedFile, require_valid
from conformance.files import unwritable
from conformance.once import Once
from conformance.report.provenance import Provenance
from conformance.suite.checks import Check, exchange_to_json
from conformance.suite.verdicts import Verdict

__all__ = [
    "RESULTS_FILE",
    "CutOff",
    "Results",
    "ResultsWriter",
    "read_results",
    "verdict_counts",
]

RESULTS_FILE = "results.jsonl"
RESULTS_FORMAT = "ecr-conformance-results/1"


class CutOff(MalformedFile):
    """A results file of a run that did not end, or that was not copied whole."""

    code = "cut-off"


@dataclass(frozen=True, slots=True)
class Results:
    """What a results file says. ``finished`` is ``None`` where the run was cut off."""

    provenance: Provenance
    checks: tuple[Check, ...]
    finished: str | None


def verdict_counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How often each verdict occurs, every verdict listed, best first."""
    counted = Counter(verdicts)
    return {verdict.label: counted[verdict] for verdict in Verdict}


class ResultsWriter:
    """Streams a run's checks to a file; each line is on disk before the next check is decided.

    Leaving the ``with`` block without ``finish`` leaves a file that says it was cut off.
    """

    def __init__(self, path: Path, provenance: Provenance) -> None:
        """Start the file. Raises ``UsageError`` when it cannot be written."""
        self._path = path
        self._verdicts: list[Verdict] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise unwritable(path, error) from error
        self._line({"type": "header", "format": RESULTS_FORMAT, **provenance.to_json()})

    def write(self, checks: Iterable[Check]) -> None:
        """Add some checks, which may have exchanges in common."""
        shown = Once(exchange_to_json)
        for check in checks:
            self._line({"type": "check", **check.to_json(shown)})
            self._verdicts.append(check.verdict)

    def finish(self, finished: str) -> None:
        """End the run, ``finished`` in ISO 8601, UTC, and close the file."""
        counts = verdict_counts(self._verdicts)
        checks = len(self._verdicts)
        self._line({"type": "footer", "finished": finished, "counts": counts, "checks": checks})
        self._file.close()

    def __enter__(self) -> ResultsWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def _line(self, value: dict[str, Any]) -> None:
        require_valid(value, "results", str(self._path))
        try:
            self._file.write(json.dumps(value) + "\n")
            self._file.flush()
        except OSError as error:
            raise unwritable(self._path, error) from error


def read_results(path: Path, *, allow_partial: bool = False) -> Results:
    """Read a results file.

    Raises ``CutOff`` when the run did not end, unless ``allow_partial``; ``MalformedFile`` when
    the file is anything else than a results file.
    """
    header, *rest = _lines(path, allow_partial=allow_partial)
    if header["type"] != "header":
        raise MalformedFile(f"{path}: line 1 is not the header of a results file")
    footer = rest.pop() if rest and rest[-1]["type"] == "footer" else None
    _require_checks(path, rest)
    if footer is not None:
        _require_complete(path, rest, footer)
    elif not allow_partial:
        raise _cut_off(path, "has no footer")
    return Results(
        provenance=Provenance.from_json(header),
        checks=tuple(Check.from_json(line) for line in rest),
        finished=None if footer is None else footer["finished"],
    )


def _lines(path: Path, *, allow_partial: bool) -> list[dict[str, Any]]:
    try:
        *whole, last = path.read_bytes().split(b"\n")
    except OSError as error:
        raise MalformedFile(f"cannot read {path}: {error.strerror or error}") from error
    if last and not allow_partial:
        raise _cut_off(path, "ends in the middle of a line")
    if not whole:
        raise _cut_off(path, "is empty" if not last else "ends in the middle of its header")
    return [_parsed(line, f"{path}: line {number}") for number, line in enumerate(whole, 1)]


def _parsed(line: bytes, where: str) -> dict[str, Any]:
    try:
        value: dict[str, Any] = json.loads(line)
    except (ValueError, RecursionError):
        raise MalformedFile(f"{where} is not JSON") from None
    require_valid(value, "results", where)
    return value


def _require_checks(path: Path, lines: list[dict[str, Any]]) -> None:
    for number, line in enumerate(lines, 2):
        if line["type"] != "check":
            raise MalformedFile(f"{path}: line {number} is a {line['type']} between the checks")


def _require_complete(path: Path, checks: list[dict[str, Any]], footer: dict[str, Any]) -> None:
    counted = verdict_counts(Verdict[line["verdict"].upper()] for line in checks)
    if footer["checks"] != len(checks) or footer["counts"] != counted:
        raise MalformedFile(
            f"{path}: the footer counts {footer['checks']} checks and the file holds "
            f"{len(checks)}, or their verdicts differ: lines were lost, added or changed"
        )


def _cut_off(path: Path, how: str) -> CutOff:
    return CutOff(
        f"{path} {how}: the run was cut off and nothing can be concluded from it",
        hint="Run `ecr-conformance certify` again.",
    )
