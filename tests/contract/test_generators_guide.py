"""The guide to the generators says what is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hypothesis import find

from conformance.contract.generators import CoverageCase, coverage_cases

GUIDE = Path(__file__).parents[2] / "docs" / "GENERATORS.md"


def run_guide() -> dict[str, Any]:
    """What the guide's blocks of code define, run one after the other."""
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)  # noqa: S102 (the guide is ours)
    return names


def test_the_code_of_the_guide_runs(capsys: Any) -> None:
    """Each block of code runs after those before it, and prints what it says it prints."""
    names = run_guide()
    printed = capsys.readouterr().out.splitlines()
    assert "imageTagMutabilityExclusionFilters[].filterType required" in printed
    request = find(names["tags"], lambda _: True)
    assert request["resourceArn"].endswith("repository/app")


def test_the_cases_that_the_guide_names_are_there() -> None:
    """The names of cases in the guide are names of cases."""
    names = run_guide()
    cases: tuple[CoverageCase, ...] = coverage_cases(names["ecr"], "PutImageTagMutability")
    found = {case.name for case in cases}
    prefix = "PutImageTagMutability."
    assert f"{prefix}repositoryName max+1" in found
    assert f"{prefix}imageTagMutability one beyond" in found
    assert f"{prefix}repositoryName missing" in found
    assert f"{prefix}registryId as list" in found
    assert f"{prefix}registryId alone" in found
