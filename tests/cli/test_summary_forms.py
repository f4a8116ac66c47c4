"""The forms in which ``certify`` prints its summary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import run

from conformance.file_schemas import require_valid
from conformance.report.summary import Summary

SELECTION = ("certify", "reference", "-k", "ecr.tags.delete-last-tag-deletes-image")


def test_json_is_for_a_program(tmp_path: Path) -> None:
    """--format json prints a summary that keeps its schema, and nothing else."""
    ended = run(*SELECTION, "--output", str(tmp_path), "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    parsed = json.loads(ended.out)
    require_valid(parsed, "summary", "standard output")
    summary = Summary.from_json(parsed)
    assert (summary.verdict, summary.profiles) == ("conformant", (("ecr.tags", "certified"),))
    assert sorted(Path(name).name for name in summary.files) == sorted(
        path.name for path in tmp_path.iterdir()
    )


def test_quiet_is_one_line(tmp_path: Path) -> None:
    """--quiet prints the verdict alone."""
    ended = run(*SELECTION, "--output", str(tmp_path), "--quiet")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "Conformant: 1 of 1 profile certified.\n"


@pytest.mark.parametrize("options", [(), ("--verbose",)])
def test_a_pipe_gets_plain_text(tmp_path: Path, options: tuple[str, ...]) -> None:
    """The summary in a pipe names the page, and has no colours and no progress."""
    ended = run(*SELECTION, "--output", str(tmp_path), *options)
    assert (ended.code, ended.err) == (0, "")
    assert f"Report: {tmp_path / 'report.html'}\n" in ended.out
    assert "\x1b" not in ended.out
