"""Runs that record, and runs of what was recorded."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from conformance import __version__
from conformance.contract import load_contract
from conformance.errors import UsageError
from conformance.suite.exploration import Exploration
from conformance.suite.rules import SERVICES
from conformance.suite.run import Run
from conformance.suite.running.scenes import survey_scene
from conformance.transport.cassettes.origin import Origin
from conformance.transport.cassettes.recording import (
    Recording,
    is_recording,
    publish,
    read_recording,
    staging,
)
from conformance.transport.cassettes.scene import Mode
from conformance.transport.cassettes.use import CassetteUse
from conformance.utc import text_of

DEFAULT_SEED = 0
"""The seed of recordings: the same for all, so that they can be compared. What they make on a
target does not meet, because its names begin otherwise in every run."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """What the user asked to be recorded: into which folder, and when (``Mode``)."""

    folder: Path
    mode: Mode = Mode.ONCE


def replayed(run: Run, folder: Path) -> Run:
    """The run as it was recorded: its seed, its programs, and no other services than then.

    Raises ``MalformedCassette`` where the folder's manifest is broken.
    """
    recording = read_recording(folder)
    use = CassetteUse(str(folder), Mode.NONE, recording.origin)
    services = run.services or SERVICES
    return replace(
        run,
        services=tuple(each for each in services if use.has(survey_scene(each))),
        seed=recording.origin.seed,
        exploration=Exploration(**recording.exploration),
        cassettes=use,
    )


@contextmanager
def recorded(run: Run, recorder: Recorder, seed: int | None) -> Iterator[Run]:
    """The run, with everything it asks and is answered kept until ``keep_recording``.

    A folder that has a recording keeps its seed and its programs. Raises ``UsageError`` where that
    is one of another target or seed, or where another run records into it.
    """
    before = read_recording(recorder.folder) if is_recording(recorder.folder) else None
    chosen = DEFAULT_SEED if seed is None else seed
    if before is not None:
        _require_same(run, before, recorder.folder, seed)
        chosen = before.origin.seed
        run = replace(run, exploration=Exploration(**before.exploration))
    with staging(recorder.folder) as place:
        use = CassetteUse(
            folder=str(recorder.folder),
            mode=recorder.mode,
            origin=_origin(run, chosen),
            staging=str(place),
            salt=secrets.token_hex(16),
        )
        yield replace(run, seed=chosen, cassettes=use, run_id=secrets.token_hex(4))


def keep_recording(run: Run) -> None:
    """Give what a complete run recorded its place. Raises ``UsageError`` where that fails."""
    use = run.cassettes
    if use is None or not use.records:
        return
    folder = Path(use.folder)
    target = replace(run.target, account=None, command=None, access=None)
    publish(Path(use.staging), folder)
    Recording(use.origin, target.to_json(), run.exploration.to_json()).write(folder)


def _origin(run: Run, seed: int) -> Origin:
    return Origin(
        target=run.target.name,
        product=run.target.product,
        version=run.target.version,
        region=run.target.region,
        time=text_of(datetime.now(timezone.utc)),
        tool=f"ecr-conformance {__version__}",
        contract=load_contract(SERVICES[0]).source,
        seed=seed,
    )


def _require_same(run: Run, before: Recording, folder: Path, seed: int | None) -> None:
    origin = before.origin
    if (origin.product, origin.region) != (run.target.product, run.target.region):
        raise UsageError(
            f"{folder} has a recording of {origin.product} in {origin.region}, "
            f"not of {run.target.product} in {run.target.region}",
            "choose another folder for --cassettes",
        )
    if seed is not None and seed != origin.seed:
        raise UsageError(
            f"{folder} was recorded with the seed {origin.seed}, not {seed}",
            "leave --seed out, or choose another folder",
        )


def in_worker(run: Run, worker: str, count: int) -> Run:
    """The run as one of ``count`` processes sees it, whose names do not meet those of the others.

    Each may send its part of the requests.
    """
    if run.max_calls is not None:
        run = replace(run, max_calls=run.max_calls // count)
    if run.cassettes is None:
        return replace(run, worker=worker)
    # In a cassette the names are the same, whichever process recorded it.
    return replace(run, run_id=secrets.token_hex(4) if run.cassettes.records else "")
