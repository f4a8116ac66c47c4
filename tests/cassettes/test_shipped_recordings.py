"""The recordings that come with the tool are what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from in_process import run

SHIPPED = Path(__file__).parents[2] / "cassettes"
RECORDINGS = sorted(path.parent for path in SHIPPED.rglob("recording.json"))


@pytest.mark.parametrize("folder", RECORDINGS, ids=lambda path: str(path.relative_to(SHIPPED)))
def test_a_shipped_recording_has_no_problem(folder: Path) -> None:
    """Form, digest, provenance, manifest; no secret; the reference's answers as AWS promises."""
    options = [] if folder.parent.name == "reference" else ["--any-answer"]
    code, out, _ = run("cassettes", "verify", str(folder), *options)
    assert (code, out.count("\n")) == (0, 1), out


def test_there_are_shipped_recordings() -> None:
    """The test above has something to look at."""
    assert {folder.parent.name for folder in RECORDINGS} >= {"moto", "ministack", "reference"}
