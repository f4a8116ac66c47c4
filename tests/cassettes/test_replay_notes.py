"""A replay tells where the recording and the suite have come apart."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.transport.cassettes.cassette import Cassette, read_cassette

SCRIPT = (sys.executable, "-c", "from conformance.cli import main; main()")


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return subprocess.run(
        [*SCRIPT, *arguments], capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small recording of the reference, with a cassette too many and an answer too many."""
    place = tmp_path_factory.mktemp("recorded")
    folder = place / "cassettes"
    recorded = command(
        "record", "reference", "-k", "tags.deleted", "--cassettes", str(folder),
        "--output", str(place / "report"), "--exit-zero",
    )  # fmt: skip
    assert recorded.returncode == 0, recorded.stderr
    one, *_ = sorted((folder / "ecr").glob("tags.*.json"))
    kept = read_cassette(one)
    Cassette((*kept.interactions, kept.interactions[-1]), kept.scenario, kept.origin).write(one)
    shutil.copy(one, one.with_name("tags.no-such-rule.json"))
    return folder


def test_orphans_and_unused_answers_are_named(recording: Path, tmp_path: Path) -> None:
    """Cassettes of no scenario, and scenarios that did not ask for all, do not go unnoticed."""
    replayed = command("replay", str(recording), "--output", str(tmp_path), "--exit-zero")
    assert replayed.returncode == 0, replayed.stderr
    lines = " ".join(replayed.stderr.split())
    assert "1 cassettes are of no scenario any more: ecr/tags.no-such-rule.json" in lines
    assert "some of what 1 scenarios recorded: ecr.tags.deleted" in lines
    assert "scenarios are not in the recording" in lines


def aged(recording: Path, folder: Path) -> Path:
    """A copy of the recording, one cassette of which is of the year 2020."""
    shutil.copytree(recording, folder)
    path = folder / "ecr" / "survey.json"
    parsed = json.loads(path.read_text())
    parsed["recorded"]["time"] = "2020-01-02T03:04:05Z"
    path.write_text(json.dumps(parsed))
    return folder


def test_an_old_recording_is_told_or_refused(recording: Path, tmp_path: Path) -> None:
    """The oldest cassette decides; beyond the age allowed there is a warning, or no replay."""
    old = str(aged(recording, tmp_path / "old"))
    options = ("-k", "nosuchrule", "--output", str(tmp_path / "report"), "--max-age", "30")
    assert "warning" not in command("replay", str(recording), *options).stderr
    warned = command("replay", old, *options)
    assert warned.returncode == 5  # nothing was chosen: it went on
    assert "warning: the oldest cassette in " in warned.stderr
    assert "30 are allowed" in warned.stderr
    refused = command("replay", old, *options, "--fail-on-age")
    assert refused.returncode == 4
    assert "error: the oldest cassette in " in refused.stderr


def test_failing_on_an_age_takes_an_age(recording: Path) -> None:
    """An option that means nothing by itself is wrong usage."""
    refused = command("replay", str(recording), "--fail-on-age")
    assert refused.returncode == 4
    assert "--max-age" in refused.stderr
