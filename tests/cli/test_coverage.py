"""``ecr-conformance coverage``: what the rules test, and the committed document of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import Ended, run

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ("--check", ROOT / "docs/COVERAGE.md", "--footprint", ROOT / "schemas/footprint.json")


@pytest.fixture(scope="module")
def checked() -> Ended:
    """``ecr-conformance coverage --check`` of what is committed, the footprint included."""
    return run("coverage", *map(str, COMMITTED), timeout=900)


def test_the_committed_document_is_up_to_date(checked: Ended) -> None:
    """What is committed is what the suite tests now, and every reason has a use."""
    complaints = [line for line in checked.err.splitlines() if not line.startswith("open: ")]
    assert complaints == []


def test_everything_is_tested_or_has_a_reason(checked: Ended) -> None:
    """Nothing is neither tested nor excused."""
    assert (checked.code, checked.err) == (0, "")


def test_a_document_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A missing document is an error before anything runs, with the command that writes it."""
    done = run("coverage", "--check", str(tmp_path / "missing.md"))
    assert done.code == 4
    assert "cannot read" in done.err
    assert "coverage --output" in done.err
