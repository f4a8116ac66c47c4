"""A recording of somebody's registry: told without names, replayed with the same verdicts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conformance.certify import Certification
from conformance.reference import Behaviour, ReferenceTransport
from conformance.report import read_report
from conformance.report.screen import Detail
from conformance.suite.running.opening import Plan
from conformance.suite.running.recordings import Recorder
from conformance.targets import reference
from conformance.targets.connection import _IN_PROCESS
from conformance.transport.boto import boto_client

OWN = "810987654321"
OTHERS = ("team/zebra-app", "zebra")
ROLE = "ZebraDeployer"
RULES = "exclusion or registries or unlisted or batch-delete-image.valid"


@pytest.fixture
def somebodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reference be a registry of a real account, in which there is something already."""
    behaviour = Behaviour(account=OWN)
    transport = ReferenceTransport(clock=reference.CLOCK.time, behaviour=behaviour)
    inside = replace(_IN_PROCESS[reference.ENDPOINT], connect=lambda: transport)
    monkeypatch.setitem(_IN_PROCESS, reference.ENDPOINT, inside)
    monkeypatch.setattr(reference, "DEFAULT_ACCOUNT", OWN)
    for service in ("ecr", "ecr-public"):
        client = boto_client(service, transport, reference.ENDPOINT, "us-east-1")
        for name in OTHERS:
            client.create_repository(repositoryName=name)
    ecr = boto_client("ecr", transport, reference.ENDPOINT, "us-east-1")
    ecr.register_pull_time_update_exclusion(principalArn=f"arn:aws:iam::{OWN}:role/{ROLE}")


def verdicts(folder: Path) -> dict[str, str]:
    """The verdict on each check of a report."""
    rules = read_report(folder / "report.json").rules
    return {check.id: check.verdict.label for rule in rules for check in rule.checks}


@pytest.mark.usefixtures("somebodys")
def test_others_are_not_named_and_verdicts_stay(tmp_path: Path) -> None:
    """Neither account, repository nor role is in any cassette, and the replay judges the same."""
    cassettes, before, after = (tmp_path / name for name in ("cassettes", "before", "after"))
    recorder = Recorder(cassettes)
    Certification(Plan("reference", recorder=recorder), RULES, before, detail=Detail.QUIET).run()
    for path in cassettes.rglob("*.json"):
        text = path.read_text(encoding="utf-8").lower()
        assert not [name for name in (OWN, "zebra") if name in text], path
    Certification(Plan(str(cassettes)), RULES, after, detail=Detail.QUIET).run()
    assert verdicts(after) == verdicts(before)
    assert len(verdicts(before)) > 50
