"""``results.jsonl``: streamed, complete or refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import FINISHED, PROVENANCE, check, checks_of, rule

from conformance.errors import ExitCode, UsageError
from conformance.file_schemas import MalformedFile
from conformance.report.results import CutOff, ResultsWriter, read_results
from conformance.suite.checks import Check
from conformance.suite.verdicts import Verdict

RULE = rule("tags.a")


def written(path: Path, checks: Sequence[Check], *, finish: bool = True) -> Path:
    """A results file."""
    with ResultsWriter(path, PROVENANCE) as results:
        results.write(checks)
        if finish:
            results.finish(FINISHED)
    return path


@given(st.lists(checks_of([RULE]), max_size=4))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, checks: list[Check]) -> None:
    """Reading gives back what was written."""
    path = written(tmp_path_factory.mktemp("results") / "results.jsonl", checks)
    read = read_results(path)
    assert read.provenance == PROVENANCE
    assert read.finished == FINISHED
    assert read.checks == tuple(checks)


def test_every_line_is_on_disk_at_once(tmp_path: Path) -> None:
    """A run that is killed leaves every check it decided."""
    path = tmp_path / "results.jsonl"
    with ResultsWriter(path, PROVENANCE) as results:
        results.write([check(RULE, Verdict.PASS)])
        lines = path.read_text().splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["header", "check"]


def test_footer_counts(tmp_path: Path) -> None:
    """The footer says how many checks there are, by verdict."""
    path = written(tmp_path / "r", [check(RULE, Verdict.PASS), check(RULE, Verdict.FAIL)])
    footer = json.loads(path.read_text().splitlines()[-1])
    assert footer["checks"] == 2
    assert footer["counts"]["pass"] == footer["counts"]["fail"] == 1


@pytest.mark.parametrize("end", range(1, 60, 7))
def test_cut_off_file_is_refused(tmp_path: Path, end: int) -> None:
    """A file that lacks its end, wherever it was cut, is no result."""
    path = written(tmp_path / "r", [check(RULE, Verdict.PASS)])
    path.write_bytes(path.read_bytes()[:-end])
    with pytest.raises(CutOff, match="cut off"):
        read_results(path)
    assert read_results(path, allow_partial=True).finished is None


@pytest.mark.parametrize("content", [b"", b'{"type": "hea'])
def test_file_without_header_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty or hardly started file cannot be read even in part."""
    path = tmp_path / "r"
    path.write_bytes(content)
    for allow_partial in (False, True):
        with pytest.raises(CutOff):
            read_results(path, allow_partial=allow_partial)


def test_unfinished_run_can_be_read_in_part(tmp_path: Path) -> None:
    """What is there of an unfinished run can be read when that is what is wanted."""
    path = written(tmp_path / "r", [check(RULE, Verdict.PASS)], finish=False)
    with pytest.raises(CutOff, match="has no footer") as caught:
        read_results(path)
    assert "certify" in caught.value.hint
    partial = read_results(path, allow_partial=True)
    assert partial.finished is None
    assert len(partial.checks) == 1


def test_lost_line_is_refused(tmp_path: Path) -> None:
    """A file with fewer checks than its footer counts is refused."""
    path = written(tmp_path / "r", [check(RULE, Verdict.PASS), check(RULE, Verdict.FAIL)])
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))
    with pytest.raises(MalformedFile, match="counts 2 checks and the file holds 1"):
        read_results(path)


def test_changed_verdict_is_refused(tmp_path: Path) -> None:
    """A file whose verdicts are not those its footer counts is refused."""
    path = written(tmp_path / "r", [check(RULE, Verdict.FAIL)])
    path.write_text(path.read_text().replace('"verdict": "fail"', '"verdict": "pass"'))
    with pytest.raises(MalformedFile, match="their verdicts differ"):
        read_results(path)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("not json", "line 2 is not JSON"),
        ("{}", "line 2: .*type"),
        ('{"type": "check"}', "line 2: .*is a required property"),
        ('{"type": "other"}', "line 2: .*type"),
        ("[" * 100_000, "line 2"),
    ],
)
def test_malformed_line_is_refused(tmp_path: Path, line: str, complaint: str) -> None:
    """A line that is not one of ours is named with its number."""
    path = written(tmp_path / "r", [check(RULE, Verdict.PASS)])
    header, _, footer = path.read_text().splitlines()
    path.write_text(f"{header}\n{line}\n{footer}\n")
    for allow_partial in (False, True):
        with pytest.raises(MalformedFile, match=complaint):
            read_results(path, allow_partial=allow_partial)


def test_two_runs_in_one_file_are_refused(tmp_path: Path) -> None:
    """Files that were joined are not one run."""
    path = written(tmp_path / "r", [])
    path.write_text(path.read_text() * 2)
    with pytest.raises(MalformedFile, match="line 2 is a footer between the checks"):
        read_results(path)


def test_other_file_is_refused(tmp_path: Path) -> None:
    """A file that starts with a check is not a results file."""
    path = written(tmp_path / "r", [check(RULE, Verdict.PASS)])
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    with pytest.raises(MalformedFile, match="line 1 is not the header"):
        read_results(path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(MalformedFile, match=r"cannot read .*absent"):
        read_results(tmp_path / "absent")


def test_unwritable_folder(tmp_path: Path) -> None:
    """A folder that cannot be made ends in one sentence and exit code 4."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write") as caught:
        ResultsWriter(tmp_path / "file" / "results.jsonl", PROVENANCE)
    assert caught.value.exit_code is ExitCode.USAGE
