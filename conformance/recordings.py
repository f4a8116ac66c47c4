"""The commands ``ecr-conformance cassettes``: recordings imported, shown, checked and compared."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from conformance import __version__
from conformance.errors import ExitCode, UsageError
from conformance.file_schemas import require_valid
from conformance.report import open_report
from conformance.report.plain_text import one_line
from conformance.report.recordings_screen import difference_lines, origin_line
from conformance.transport.cassettes.age import RecordingTooOld, require_age
from conformance.transport.cassettes.cassette import Cassette
from conformance.transport.cassettes.difference import difference
from conformance.transport.cassettes.folders import cassettes_in
from conformance.transport.cassettes.importing import ForeignRecording, find_recordings
from conformance.transport.cassettes.inspection import Contents, Inspection, inspect
from conformance.transport.cassettes.origin import Imported
from conformance.transport.cassettes.recording import MANIFEST, is_recording
from conformance.transport.cassettes.secrecy import without_secrets
from conformance.transport.cassettes.verification import Problem, verify
from conformance.transport.redaction import Redactor


def import_recordings(sources: Sequence[Path], output: Path) -> ExitCode:
    """Write a cassette for each recording of another tool, without its secrets.

    Raises ``MalformedCassette`` for what is none, ``UsageError`` where nothing is found, two
    recordings have one name, or ``output`` cannot be written to or is a recording of this tool's.
    """
    if is_recording(output):
        raise UsageError(
            f"{output} has a recording of its own ({MANIFEST})", "choose another folder"
        )
    found = [recording for source in sources for recording in find_recordings(source)]
    paths = [output / f"{recording.name}.json" for recording in found]
    for path, times in Counter(paths).items():
        if times > 1:
            raise UsageError(f"several recordings would be {path}", "import them one by one")
    for recording, path in zip(found, paths, strict=True):
        _cassette(recording).write(path)
        _tell([f"{path}: {_told(recording)}"])
    return ExitCode.CONFORMANT


def show(path: Path, form: str) -> ExitCode:
    """Print what a cassette or the cassettes of a folder hold, as ``text`` or ``json``.

    Raises ``MalformedCassette`` for a file that is no cassette, ``UsageError`` where there is none.
    """
    now = datetime.now(timezone.utc)
    inspection = inspect(cassettes_in(path), path if path.is_dir() else path.parent)
    if form == "json":
        _print_json(inspection.to_json(now), "cassettes-inspect")
    else:
        _tell(_inspection_lines(inspection, now))
    return ExitCode.CONFORMANT


def check(path: Path, *, judged: bool) -> ExitCode:
    """Print what is wrong with a cassette or the cassettes of a folder.

    With ``judged`` that includes answers that AWS would not give. Raises ``MalformedCassette`` for
    a file that is no cassette, ``UsageError`` where there is none.
    """
    paths = cassettes_in(path)
    problems = [
        problem
        for problem in verify(paths, path, _redactor())
        if judged or problem.kind != "contract"
    ]
    _tell(_problem_lines(problems))
    count = f"{len(paths)} cassette{_s(len(paths))}"
    _tell([f"{count}: {len(problems) or 'no'} problem{_s(len(problems))}"])
    return ExitCode.NOT_CONFORMANT if problems else ExitCode.CONFORMANT


def diff(a: Path, b: Path, form: str) -> ExitCode:
    """Print what is answered differently in ``b`` than in ``a``; exits with 1 where anything is.

    Raises ``MalformedCassette`` for a file that is no cassette, ``UsageError`` where there is none.
    """
    found = difference(a, b)
    if form == "json":
        _print_json(found.to_json(), "cassettes-diff")
    else:
        _tell(difference_lines(found, a, b))
    return ExitCode.NOT_CONFORMANT if found.differ else ExitCode.CONFORMANT


def drift(before: Path, after: Path, reports: Sequence[Path], form: str) -> ExitCode:
    """Print what drifted, and the verdicts of ``reports`` that it puts in question.

    Exits with 1 where anything did. Raises ``MalformedCassette`` for what is no recording,
    ``UsageError`` for recordings that cannot be compared and for what is no report.
    """
    # The rules that it names are the whole suite, which nothing else here needs.
    from conformance.report.drift import drift as drift_between
    from conformance.report.drift_screen import drift_lines

    found = drift_between(before, after, [open_report(each) for each in reports])
    if form == "json":
        require_valid(found.answers.to_json(), "cassettes-diff", "answers")
        _print_json(found.to_json(), "drift")
    else:
        _tell(drift_lines(found, before, after))
    return ExitCode.NOT_CONFORMANT if found.drifted else ExitCode.CONFORMANT


def look_at_age(folder: Path, most: float | None, *, fails: bool) -> None:
    """Warn where a cassette of a recording is over ``most`` days old, or fail.

    Raises ``RecordingTooOld``, and ``UsageError`` where it is to fail and no age is given.
    """
    if most is None:
        if fails:
            raise UsageError("--fail-on-age without an age", "--max-age DAYS says which")
        return
    try:
        require_age(folder, most)
    except RecordingTooOld as error:
        if fails:
            raise
        click.echo(f"warning: {error.message}", err=True)


def _redactor() -> Redactor:
    """What finds secrets that are left; what stands for one it knows, whoever replaced it."""
    return Redactor(words={}, own_account=None, salt=secrets.token_bytes(16))


def _cassette(recording: ForeignRecording) -> Cassette:
    tool = f"ecr-conformance {__version__}"
    return Cassette(
        without_secrets(recording.interactions),
        imported=Imported(recording.format, recording.source.name, tool),
    )


def _told(recording: ForeignRecording) -> str:
    count = len(recording.interactions)
    others = f", {recording.others} of other services left out" if recording.others else ""
    return f"{count} exchange{_s(count)} of {recording.format}{others}"


def _tell(lines: Iterable[str]) -> None:
    """Print lines; what a file has in them that a terminal would obey stands as an escape."""
    for line in lines:
        click.echo(one_line(line))


def _print_json(document: dict[str, Any], schema: str) -> None:
    require_valid(document, schema, "the output")
    click.echo(json.dumps(document, indent=2))


def _inspection_lines(inspection: Inspection, now: datetime) -> Iterator[str]:
    for each in inspection.cassettes:
        yield f"{each.path}: {_contents(each)}"
    yield ""
    for operation, count in sorted(inspection.operations.items()):
        yield f"{count:>7} {operation}"
    yield ""
    for origin in inspection.origins:
        yield origin_line(origin)
    age = inspection.age(now)
    count, exchanges = len(inspection.cassettes), inspection.operations.total()
    told = "" if age is None else f", the oldest {age:.0f} day{_s(round(age))} old"
    size = f"{inspection.size / 1024:.0f} KiB"
    yield f"{count} cassette{_s(count)}, {exchanges} exchange{_s(exchanges)}, {size}{told}"


def _contents(each: Contents) -> str:
    unanswered = f", {each.unanswered} without an answer" if each.unanswered else ""
    size = f"{each.size / 1024:.1f} KiB"
    if each.imported is not None:
        source = f", imported from {each.imported.format} {each.imported.source}"
    else:
        source = "" if each.origin is not None else ", of unknown origin"
    return f"{each.exchanges} exchange{_s(each.exchanges)}{unanswered}, {size}{source}"


def _problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """A line for each problem; what many answers have in common is told once, and counted."""
    times = Counter((problem.kind, problem.message) for problem in problems)
    told = set()
    for problem in problems:
        what = (problem.kind, problem.message)
        if what not in told:
            told.add(what)
            others = f" (and {times[what] - 1} more)" if times[what] > 1 else ""
            yield f"{problem.kind:<10} {problem.place}: {problem.message}{others}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"
