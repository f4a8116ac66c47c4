"""What the command ``coverage`` writes and says, for a suite that was seen to test nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import conformance.coverage
from conformance.coverage import document, report_coverage, trace
from conformance.coverage.sightings import Observed
from conformance.errors import ExitCode, UsageError
from conformance.file_schemas import MalformedFile
from conformance.suite.running.footprint import Footprint, Footprints, read_footprints

ASKED = Footprints({"a.rule": Footprint(3, 1, own=frozenset({"ecr:PutImage"}))}, {})


@pytest.fixture(autouse=True)
def _idle_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rule's scenario shows anything."""
    seen = Observed({}, ASKED)
    monkeypatch.setattr(conformance.coverage, "observe_reference", lambda: seen)


def test_the_document_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without options the document is printed, and what is open is told beside it."""
    assert report_coverage(None, None) is ExitCode.NOT_CONFORMANT
    printed = capsys.readouterr()
    assert printed.out == document(trace({}))
    assert "open: ecr PutImage error `RepositoryNotFoundException`" in printed.err.splitlines()


def test_the_document_is_written_and_found_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was written is up to date; nothing is printed then but what is open."""
    file = tmp_path / "COVERAGE.md"
    report_coverage(file, None)
    report_coverage(None, file)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert {line.partition(":")[0] for line in printed.err.splitlines()} == {"open"}


def test_an_old_document_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document that says something else is out of date, with the command that writes it."""
    file = tmp_path / "COVERAGE.md"
    file.write_text("# Another one\n", encoding="utf-8")
    assert report_coverage(None, file) is ExitCode.NOT_CONFORMANT
    told = f"{file} is out of date: ecr-conformance coverage --output {file}"
    assert told in capsys.readouterr().err.splitlines()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A document that cannot be written is an error that names the place."""
    with pytest.raises(UsageError, match="cannot write"):
        report_coverage(tmp_path / "missing" / "COVERAGE.md", None)


def test_the_footprint_is_written_and_found_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was written is what was seen, and is up to date, however many requests it took."""
    document_file, file = tmp_path / "COVERAGE.md", tmp_path / "footprint.json"
    report_coverage(document_file, None, file)
    assert read_footprints(file) == ASKED
    file.write_text(file.read_text().replace('"requests": 3', '"requests": 4'))
    report_coverage(None, document_file, file)
    assert "out of date" not in capsys.readouterr().err


def test_an_old_footprint_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A footprint with other actions is out of date, with the command that writes it."""
    document_file, file = tmp_path / "COVERAGE.md", tmp_path / "footprint.json"
    report_coverage(document_file, None, file)
    file.write_text(file.read_text().replace("ecr:PutImage", "ecr:ListImages"))
    assert report_coverage(None, document_file, file) is ExitCode.NOT_CONFORMANT
    told = f"{file} is out of date: ecr-conformance coverage --footprint {file}"
    assert told in capsys.readouterr().err.splitlines()


def test_a_footprint_that_is_none_is_told(tmp_path: Path) -> None:
    """A file that is no footprint is an error before anything runs."""
    document_file, file = tmp_path / "COVERAGE.md", tmp_path / "footprint.json"
    report_coverage(document_file, None)
    file.write_text('{"$schema": "", "ordinary": {}}')
    with pytest.raises(MalformedFile, match="changing"):
        report_coverage(None, document_file, file)
