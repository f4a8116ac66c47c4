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
    """Among repositories of others, only the rules that list all of a registry ask more.

    The rules come first, then how many are alike, and all; below, the operations that made it.
    """
    printed = subprocess.run(
        [*COMMAND, "registry"], check=True, capture_output=True, text=True
    ).stdout
    *listed, alike, everything = [
        [cell.strip() for cell in line.split("│")[1:-1]]
        for line in printed.splitlines()
        if line.startswith("│")
    ]
    assert [row[0] for row in listed] == [
        "ecr-public.repositories.listed",
        "ecr.repositories.listed",
    ]
    assert (alike[0], alike[1], alike[-1]) == ("the other 30", alike[2], "30 pass")
    assert (everything[0], everything[-1]) == ("all 32", "32 pass")
    assert printed.splitlines()[-1].strip() == "Asked more or less often: DescribeRepositories"
