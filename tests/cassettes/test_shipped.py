"""The recordings that come with the tool."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.certify import Certification
from conformance.report import read_report
from conformance.suite.running.opening import Plan
from conformance.targets.cassettes import SHIPPED
from conformance.transport.cassettes.recording import MANIFEST

FOLDER = Path(__file__).parents[2] / SHIPPED
RECORDINGS = sorted(path.parent for path in FOLDER.glob(f"*/*/{MANIFEST}"))
MEGABYTES = 10


def test_there_is_one_of_each_product() -> None:
    """The reference, moto and MiniStack are there, each under the version that it has."""
    assert [path.parent.name for path in RECORDINGS] == ["ministack", "moto", "reference"]
    for path in RECORDINGS:
        origin = json.loads((path / MANIFEST).read_text(encoding="utf-8"))["origin"]
        assert (origin["product"], origin["version"]) == (path.parent.name, path.name)


def test_they_are_small() -> None:
    """All together they are a few megabytes."""
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    assert size < MEGABYTES * 1e6


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.parent.name)
def test_they_replay(recording: Path, tmp_path: Path) -> None:
    """Nothing in them is stale, and the reference's is certified."""
    name = str(recording.relative_to(FOLDER.parent))
    Certification(Plan(name), "", tmp_path).run()
    certificate = read_report(tmp_path / "report.json")
    checks = [check for judged in certificate.rules for check in judged.checks]
    assert len(checks) > 100
    assert not [check.id for check in checks if check.message.startswith("stale")]
    if recording.parent.name == "reference":
        assert certificate.conclusion.value == "conformant"
