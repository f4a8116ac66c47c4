"""How many generated requests a second are sent and judged, beside schemathesis.

Both ask the same canned endpoint about the same model, one to each side of every constraint: ours
in the profile ``validation`` of ``certify``, schemathesis in its coverage phase, from the model as
OpenAPI (``openapi.py``). What counts is the wall time between the first and the last request, as
the endpoint saw them, so that neither Python's start, the survey and the collection of the suite
nor the report is in it: whoever is asked to judge more gets nearer to that rate.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from comparison import Row, faster, in_turns
from environments import python_of
from openapi import document
from processes import OURS, Endpoint, canned_endpoint, run

SCHEMATHESIS = "schemathesis==4.32.5"
FEW = {"DescribeRepositories", "ListImages"}
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance"
CHECKS = f"{CHECKS},response_schema_conformance,negative_data_rejection"


def ours(endpoint: Endpoint, folder: Path, chosen: tuple[str, ...], jobs: int) -> float:
    """Requests a second of ``certify``."""
    judging = ("certify", endpoint.url, "--profile", "validation", *chosen)
    endpoint.asked()
    run(*OURS, *judging, "--jobs", str(jobs), "--output", folder, "--exit-zero")
    times = endpoint.asked()
    return _rate(times[_longest_pause(times) :])


def schemathesis(endpoint: Endpoint, folder: Path) -> float:
    """Requests a second of ``schemathesis run``."""
    program = Path(python_of("schemathesis", SCHEMATHESIS)).with_name("schemathesis")
    chosen = ("--phases", "coverage", "--checks", CHECKS, "--continue-on-failure")
    endpoint.asked()
    known = folder / "openapi.json"
    run(program, "run", known, "--url", endpoint.url, *chosen, codes=(0, 1), folder=folder)
    return _rate(endpoint.asked())


def _rate(times: Sequence[float]) -> float:
    return len(times) / (times[-1] - times[0])


def _longest_pause(times: Sequence[float]) -> int:
    """Before which request nothing was asked for longest: there the suite is collected."""
    return max(range(1, len(times)), key=lambda number: times[number] - times[number - 1])


def rows(*, small: bool, peers: bool) -> Iterator[Row]:
    """One process of ours, and two, each beside one of schemathesis."""
    rounds = 1 if small else 3
    chosen = ("-k", " or ".join(f"test_{each}" for each in ("list_images",))) if small else ()
    with canned_endpoint() as endpoint, tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        known = json.dumps(document(FEW if small else None))
        (folder / "openapi.json").write_text(known, encoding="utf-8")
        measured = {
            "one": partial(ours, endpoint, folder / "report", chosen, 1),
            "two": partial(ours, endpoint, folder / "report", chosen, 2),
        }
        if peers:
            measured["theirs"] = partial(schemathesis, endpoint, folder)
        found = in_turns(rounds, **measured)
    theirs = found.get("theirs", float("nan"))
    work, peer = "generated requests sent and judged", "schemathesis, coverage phase"
    unit = "requests a second"
    yield faster(work, peer, 5, ours=found["one"], theirs=theirs, unit=unit)
    yield faster(f"{work}, --jobs 2", peer, 10, ours=found["two"], theirs=theirs, unit=unit)
