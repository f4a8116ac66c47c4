"""The suite's scenarios play from our cassettes in stock vcrpy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conformance.report.results import read_results

RULES = "tags.delete or pagination.pages or layers.upload"


def verdicts(report: Path) -> dict[str, str]:
    """The verdict of every check of a run."""
    checks = read_results(report / "results.jsonl").checks
    return {check.id: check.verdict.label for check in checks}


def test_scenarios_have_the_same_verdicts_when_vcrpy_plays_them(tmp_path: Path) -> None:
    """A run that is recorded, and the same run with stock vcrpy in the place of our player."""
    options = ("-k", RULES, "--output", str(tmp_path / "recorded"), "--exit-zero")
    script = "from conformance.cli import main; main()"
    recording = str(tmp_path / "cassettes")
    subprocess.run(
        [sys.executable, "-c", script, "record", "reference", "--cassettes", recording, *options],
        check=True,
        capture_output=True,
        timeout=300,
    )
    player = Path(__file__).parent / "suite_on_vcrpy.py"
    played = subprocess.run(
        [sys.executable, str(player), recording, RULES, str(tmp_path / "played")],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert played.returncode == 0, played.stderr
    recorded = verdicts(tmp_path / "recorded")
    assert len(recorded) > 30
    assert verdicts(tmp_path / "played") == recorded
