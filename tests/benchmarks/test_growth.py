"""The measurements of growth run, and what does not grow is told from what does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, str(Path(__file__).with_name("growth.py")), "--small"]


@pytest.mark.parametrize(("of", "lines"), [("rules", 4), ("reports", 3)])
def test_a_measurement_fills_its_lines(of: str, lines: int) -> None:
    """A tiny run measures every size."""
    printed = subprocess.run([*COMMAND, of], check=True, capture_output=True, text=True).stdout
    assert len([line for line in printed.splitlines() if line.startswith("│")]) == lines


def test_repositories_of_others_slow_nothing_but_listings() -> None:
    """Among repositories of others, only the rules that list all of a registry ask more."""
    printed = subprocess.run(
        [*COMMAND, "registry"], check=True, capture_output=True, text=True
    ).stdout
    rules = [line.split()[1] for line in printed.splitlines() if line.startswith("│")]
    assert rules == ["ecr.repositories.listed", "ecr-public.repositories.listed", "all"]
