"""What drifted between two recordings of one API, and the verdicts that it puts in question."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from in_process import run

from conformance.certify import Certification
from conformance.contract.published import PublishedModel, installed_models
from conformance.report import touched_rules
from conformance.report.screen import Detail
from conformance.suite.running.opening import Plan
from conformance.transport.cassettes.recording import MANIFEST

SHIPPED = Path(__file__).parents[2] / "cassettes"
RECORDINGS = sorted(path.parent for path in SHIPPED.glob(f"*/*/{MANIFEST}"))
MOTO = next(path for path in RECORDINGS if path.parent.name == "moto")
RULE = "ecr.tags.delete-last-tag-deletes-image"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on moto, of one rule that the drift below touches and of others."""
    folder = tmp_path_factory.mktemp("report")
    Certification(Plan(str(MOTO)), "delete-last-tag or untagged", folder, detail=Detail.QUIET).run()
    return folder


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """A recording like moto's, as if it had been made later."""
    return Path(shutil.copytree(MOTO, tmp_path / "later"))


def change_answer(recording: Path, scenario: str, operation: str, old: str, new: str) -> None:
    """Let the answers of an operation in a scenario's cassette say something else."""
    path = recording / f"{scenario}.json"
    parsed = json.loads(path.read_text(encoding="utf-8"))
    for each in parsed["interactions"]:
        if operation in json.dumps(each["request"]["headers"]):
            body = each["response"]["body"]
            assert old in body["string"]
            body["string"] = body["string"].replace(old, new)
    path.write_text(json.dumps(parsed), encoding="utf-8")


def told(*arguments: Path) -> dict[str, Any]:
    """What `cassettes drift` tells programs; its exit code says whether anything drifted."""
    code, out, err = run("cassettes", "drift", *map(str, arguments), "--format", "json")
    assert err == ""
    found: dict[str, Any] = json.loads(out)
    assert code == (1 if found["drifted"] else 0)
    return found


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.parent.name)
def test_a_recording_has_not_drifted_from_itself(recording: Path) -> None:
    """The same answers and a lock that agrees with botocore touch no rule."""
    found = told(recording, recording)
    assert found["drifted"] is False
    assert found["rules"] == []
    assert found["answers"]["compared"] > 100


def test_a_changed_answer_puts_verdicts_in_question(later: Path, report: Path) -> None:
    """The scenario leads to its rule, and that to the verdict of each report, and to no other."""
    change_answer(later, f"ecr/{RULE.removeprefix('ecr.')}", "BatchDelete", "failures", "faults")
    found = told(MOTO, later, report, report / "report.json")
    assert [each["id"] for each in found["rules"]] == [RULE]
    assert found["rules"][0]["scenarios"] == ["ecr/tags.delete-last-tag-deletes-image"]
    for each in found["reports"]:
        assert each["certificate"]["product"] == "moto"
        assert [(one["rule"], one["verdict"]) for one in each["verdicts"]] == [(RULE, "pass")]


def test_drift_is_read_on_a_terminal(later: Path, report: Path) -> None:
    """Answers, contract, rules and verdicts are told in this order, one line each."""
    change_answer(later, f"ecr/{RULE.removeprefix('ecr.')}", "BatchDelete", "failures", "faults")
    code, out, err = run("cassettes", "drift", str(MOTO), str(later), str(report))
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[0].startswith("before: moto 5.2.5 in us-east-1, recorded ")
    wanted = [
        "ecr/tags.delete-last-tag-deletes-image:",
        "    /body/failures: [] -> absent",
        "rules touched: 1",
        f"  {RULE}  must  answered differently: ecr/tags.delete-last-tag-deletes-image",
    ]
    assert [line for line in lines if line in wanted] == wanted
    assert lines[-2].startswith("moto 5.2.5, judged ")
    assert lines[-2].endswith(": 1 verdict to be looked at again")
    assert lines[-1] == f"  {RULE}  must  pass"


def test_each_scenario_of_a_rule_leads_to_it(later: Path) -> None:
    """A scenario with parameters touches the rule that it is a check of, once."""
    name = "ecr/layers.completing-unknown-upload-refused"
    for parameter in ("nobody", "another-repository"):
        change_answer(later, f"{name}[{parameter}]", "CompleteLayer", '"', "")
    (rule,) = told(MOTO, later)["rules"]
    assert rule["id"] == "ecr.layers.completing-unknown-upload-refused"
    assert len(rule["scenarios"]) == 2


def test_what_scenarios_share_touches_the_rules_of_every_exchange(later: Path) -> None:
    """An operation of the survey that is answered differently touches what judges any answer."""
    change_answer(later, "ecr/survey", "DescribeRepositories", "{", '{"owner": "me", ')
    found = {each["id"] for each in told(MOTO, later)["rules"]}
    assert "ecr.shapes.types" in found
    assert not [each for each in found if each.startswith("ecr.tags.")]


def test_a_changed_contract_touches_the_rules_about_it(
    later: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the installed botocore says otherwise than the lock is drift by itself."""

    def changed() -> dict[str, PublishedModel]:
        found = installed_models()
        ecr = found["ecr"].contract
        operations = {
            name: ecr.operations[name] for name in ecr.operations if name != "TagResource"
        }
        contract = replace(ecr, source="botocore 9.9.9", operations=operations)
        return {**found, "ecr": replace(found["ecr"], contract=contract)}

    monkeypatch.setattr(touched_rules, "installed_models", changed)
    found = told(MOTO, later, report)
    (ecr,) = (each for each in found["contracts"] if each["service"] == "ecr")
    assert ecr["installed"] == "botocore 9.9.9"
    assert {each["effect"] for each in ecr["changes"]} == {"removed"}
    assert found["rules"]
    assert {tuple(each["operations"]) for each in found["rules"]} == {("TagResource",)}
    assert found["answers"]["differ"] is False


def test_scenarios_of_one_recording_alone_are_no_drift(later: Path) -> None:
    """That fewer rules were recorded is told, and touches nothing."""
    (later / f"ecr/{RULE.removeprefix('ecr.')}.json").unlink()
    found = told(MOTO, later)
    assert found["drifted"] is False
    assert found["answers"]["only_a"] == ["ecr/tags.delete-last-tag-deletes-image"]


def edited_manifest(recording: Path, **origin: Any) -> None:
    """Let a recording come from somewhere else."""
    path = recording / MANIFEST
    parsed = json.loads(path.read_text(encoding="utf-8"))
    parsed["origin"].update(origin)
    path.write_text(json.dumps(parsed), encoding="utf-8")


@pytest.mark.parametrize(
    ("origin", "complaint"),
    [
        ({"seed": 5}, "the recordings have not the same seed: 0 and 5"),
        ({"region": "eu-west-1"}, "not the same region: us-east-1 and eu-west-1"),
        ({"product": "aws"}, "not the same product: moto and aws"),
    ],
)
def test_recordings_of_different_things_are_refused(
    later: Path, origin: dict[str, Any], complaint: str
) -> None:
    """What could not but differ is wrong usage, and says which command compares it."""
    edited_manifest(later, **origin)
    code, out, err = run("cassettes", "drift", str(MOTO), str(later))
    assert (code, out) == (4, "")
    assert complaint in err
    assert "cassettes diff" in err


def test_recordings_without_a_common_scenario_are_refused(later: Path) -> None:
    """Where nothing can be compared, nothing is called unchanged."""
    shutil.rmtree(later / "ecr")
    shutil.rmtree(later / "ecr-public")
    (later / "ecr").mkdir()
    shutil.copy(MOTO / "ecr" / "survey.json", later / "ecr" / "other.json")
    code, _, err = run("cassettes", "drift", str(MOTO), str(later))
    assert code == 4
    assert "have no scenario in common" in err


def test_what_is_no_recording_or_no_report_is_refused(tmp_path: Path, later: Path) -> None:
    """A folder without a manifest and a file that is no report are one clear error each."""
    (later / MANIFEST).unlink()
    assert run("cassettes", "drift", str(MOTO), str(later))[0] == 4
    (tmp_path / "report.json").write_text("{}", encoding="utf-8")
    code, _, err = run("cassettes", "drift", str(MOTO), str(MOTO), str(tmp_path))
    assert code == 4
    assert "report.json" in err
