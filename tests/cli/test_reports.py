"""The commands that are about reports: diff, matrix, verify, and combine with --shard."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command import run
from samples import report_of, sealed

from conformance.file_schemas import require_valid
from conformance.report import Certificate, judge, read_report, write_report
from conformance.report.provenance import Provenance, Selection, TargetIdentity, contract_here
from conformance.report.results import read_results
from conformance.suite.catalogue import all_rules
from conformance.suite.checks import Check
from conformance.suite.verdicts import Level, Verdict

RULE = "ecr.tags.delete-last-tag-deletes-image"
CHOSEN = ("--service", "ecr", "--profile", "tags", "--profile", "protocol", "--seed", "1")


def certificate(**verdicts: Verdict) -> Certificate:
    """A certificate of every rule there is: passes, but for rules of these names of ECR's tags."""
    given = {f"ecr.tags.{name.replace('_', '-')}": each for name, each in verdicts.items()}
    facts = Provenance(
        contract=contract_here(),
        target=TargetIdentity("moto", "moto", "5.2.5", "http://127.0.0.1:5000", "us-east-1"),
        started="2026-01-02T03:04:05Z",
        seed=7,
    )
    rules = all_rules()
    checks = [
        Check(rule.id, rule.id, rule.operations, given.get(rule.id, Verdict.PASS), "so it was")
        for rule in rules.values()
    ]
    return judge(facts, rules.values(), checks, "2026-01-02T03:05:00Z")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports ``before`` and ``after``: one rule regressed, another one is fixed."""
    made = tmp_path_factory.mktemp("reports")
    before = certificate(delete_one_of_several=Verdict.FAIL)
    write_report(before, made / "before")
    write_report(certificate(delete_last_tag_deletes_image=Verdict.FAIL), made / "after")
    return made


def test_diff_tells_what_changed(folder: Path) -> None:
    """Rules are listed under what became of them; without --fail-on, the exit code is 0."""
    ended = run("diff", str(folder / "before"), str(folder / "after" / "report.json"))
    assert (ended.code, ended.err) == (0, "")
    assert f"Regressed: 1\n  {RULE}  must  pass -> fail\n      so it was\n" in ended.out
    assert "Fixed: 1\n  ecr.tags.delete-one-of-several  must  fail -> pass\n" in ended.out
    assert f"Unchanged: {len(all_rules()) - 2} kept, 0 broken, 0 undecided\n" in ended.out


@pytest.mark.parametrize(
    ("classes", "code"), [(["regressed"], 1), (["gone"], 0), (["new", "fixed"], 1)]
)
def test_diff_fails_on_what_it_is_asked_to(folder: Path, classes: list[str], code: int) -> None:
    """--fail-on turns changes of some kinds into exit code 1."""
    options = [word for each in classes for word in ("--fail-on", each)]
    ended = run("diff", str(folder / "before"), str(folder / "after"), *options)
    assert ended.code == code


def test_recommendations_fail_no_diff(folder: Path, tmp_path: Path) -> None:
    """A SHOULD rule that regressed is told, and is not counted by --fail-on."""
    hint = next(
        rule.id.removeprefix("ecr.tags.").replace("-", "_")
        for rule in all_rules().values()
        if rule.id.startswith("ecr.tags.") and rule.level is Level.SHOULD
    )
    write_report(certificate(**{hint: Verdict.WARN}), tmp_path / "after")
    write_report(certificate(), tmp_path / "before")
    ended = run("diff", str(tmp_path / "before"), str(tmp_path / "after"), "--fail-on", "regressed")
    assert ended.code == 0
    assert "Regressed: 1\n" in ended.out


def test_diff_as_json_keeps_its_schema(folder: Path) -> None:
    """What a script reads is valid, and says the same."""
    ended = run("diff", str(folder / "before"), str(folder / "after"), "--format", "json")
    parsed: Any = json.loads(ended.out)
    require_valid(parsed, "difference", "standard output")
    assert parsed["counts"]["regressed"] == parsed["counts"]["fixed"] == 1


def test_matrix_sets_reports_side_by_side(folder: Path, tmp_path: Path) -> None:
    """As text, as JSON that keeps its schema, and as a page in a file."""
    both = (str(folder / "before"), str(folder / "after"))
    text = run("matrix", *both)
    assert (text.code, text.err) == (0, "")
    assert "The products differ in 2 rules:" in text.out
    parsed: Any = json.loads(run("matrix", *both, "--format", "json").out)
    require_valid(parsed, "matrix", "standard output")
    assert [row["name"] for row in parsed["rules"]] == [RULE, "ecr.tags.delete-one-of-several"]
    page = tmp_path / "sub" / "m.html"
    ended = run("matrix", *both, "--html", str(page))
    assert (ended.code, ended.out) == (0, f"Matrix: {page}\n")
    assert RULE in page.read_text()


@pytest.mark.parametrize("command", ["diff", "matrix"])
def test_an_edited_report_is_not_compared(folder: Path, tmp_path: Path, command: str) -> None:
    """A report whose seal is broken is refused with exit code 4, and named."""
    edited = tmp_path / "report.json"
    edited.write_text((folder / "after" / "report.json").read_text().replace("so it", "thus it"))
    ended = run(command, str(folder / "before"), str(edited))
    assert (ended.code, ended.out) == (4, "")
    assert f"error: {edited} is not what was written: its seal is broken\n" in ended.err


@pytest.mark.parametrize("command", ["diff", "matrix", "verify", "combine"])
def test_what_is_no_report_is_wrong_usage(tmp_path: Path, command: str) -> None:
    """A file that is not there is named in one sentence."""
    absent = str(tmp_path / "absent")
    more = {"diff": [absent], "combine": ["--output", str(tmp_path / "out")]}.get(command, [])
    ended = run(command, absent, *more)
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith(f"error: cannot read {absent}: No such file")


def test_a_whole_report_is_verified(folder: Path) -> None:
    """A report with every rule is a certificate, whatever it says of the target."""
    ended = run("verify", str(folder / "after"))
    assert (ended.code, ended.err) == (0, "")
    path = folder / "after" / "report.json"
    assert ended.out == (
        f"{path}: a certificate, whole and as it was written\nmoto 5.2.5: not conformant\n"
    )


def edit(report: dict[str, Any]) -> dict[str, Any]:
    """A report without its failure, by somebody who does not know of the seal."""
    report["rules"] = [rule for rule in report["rules"] if rule["verdict"] == "pass"]
    return report


def hide(report: dict[str, Any]) -> dict[str, Any]:
    """The same, sealed anew and with the conclusion that a run would have come to."""
    shown = Certificate.from_json(edit(report))
    return report_of(shown)


def overrule(report: dict[str, Any]) -> dict[str, Any]:
    """A report that concludes what it should not, sealed anew."""
    return sealed({**report, "exit_code": 0, "conclusion": "conformant"})


def soften(report: dict[str, Any]) -> dict[str, Any]:
    """A report whose failing rule is only a recommendation, sealed anew."""
    for rule in report["rules"]:
        if rule["id"] == RULE:
            rule["level"] = "should"
    return report_of(Certificate.from_json(report))


def choose(report: dict[str, Any]) -> dict[str, Any]:
    """A report of chosen rules."""
    made = Certificate.from_json(report)
    chosen = Selection(profiles=("tags",), rules="a or b")
    return report_of(replace(made, provenance=replace(made.provenance, selection=chosen)))


def age(report: dict[str, Any]) -> dict[str, Any]:
    """A report by another version, which may have had other rules."""
    return sealed({**report, "tool": {**report["tool"], "version": "0.0.1"}})


def err(report: dict[str, Any]) -> dict[str, Any]:
    """A report of a run that lost its target."""
    for rule in report["rules"]:
        if rule["id"] == RULE:
            rule["checks"][0]["verdict"] = "error"
    return report_of(Certificate.from_json(report))


def shorten(report: dict[str, Any]) -> dict[str, Any]:
    """A report without a member that it has to have."""
    del report["finished"]
    return report


def misname(report: dict[str, Any]) -> dict[str, Any]:
    """A report of a profile that there is not."""
    report["rules"][0]["profile"] = "music"
    return sealed(report)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (edit, "the seal is broken"),
        (hide, f"1 required rules were not judged: {RULE}"),
        (overrule, "it concludes what does not follow from its checks"),
        (soften, f"1 rules are not as this tool has them: {RULE}"),
        (choose, "rules were left out: the run was chosen with --profile tags -k 'a or b'"),
        (age, "it was judged by ecr-conformance 0.0.1 and this is"),
        (err, "the run was inconclusive: it certifies nothing"),
        (shorten, "'finished' is a required property"),
        (misname, "unknown profile 'music'"),
    ],
)
def test_what_is_no_certificate_is_told(
    folder: Path, tmp_path: Path, change: Any, complaint: str
) -> None:
    """An edit, a missing rule or a run of a part exits with 1 and says what is wrong."""
    report = json.loads((folder / "after" / "report.json").read_text())
    (tmp_path / "report.json").write_text(json.dumps(change(report)))
    ended = run("verify", str(tmp_path))
    assert (ended.code, ended.err) == (1, "")
    assert complaint in ended.out


def test_shards_together_are_the_whole(tmp_path: Path) -> None:
    """Three shards, each with a moto of its own, give the verdicts of one run, and its files."""
    assert run("certify", "moto", *CHOSEN, "--output", str(tmp_path / "whole")).code == 1
    shards = [tmp_path / f"shard-{number}" for number in (1, 2, 3)]
    for number, shard in enumerate(shards, 1):
        options = ("--shard", f"{number}/3", "--jobs", str(1 + number % 2))
        assert run("certify", "moto", *CHOSEN, *options, "--output", str(shard)).code in (0, 1)
    ended = run("combine", *map(str, shards), "--output", str(tmp_path / "all"))
    assert (ended.code, ended.err) == (1, "")
    assert "Not conformant" in ended.out
    whole, together = (read_report(tmp_path / name / "report.json") for name in ("whole", "all"))
    assert verdicts(together) == verdicts(whole)
    assert together.provenance.selection == whole.provenance.selection
    assert read_results(tmp_path / "all" / "results.jsonl").finished == together.finished
    names = {path.name for path in (tmp_path / "whole").iterdir()}
    assert {path.name for path in (tmp_path / "all").iterdir()} == names


def verdicts(made: Certificate) -> dict[str, Verdict]:
    """The verdict on each check."""
    return {check.id: check.verdict for judged in made.rules for check in judged.checks}


def test_a_shard_that_was_cut_off_is_not_combined(tmp_path: Path) -> None:
    """Results without their end are never taken for a finished run; nothing is written."""
    rule = ("-k", RULE, "--seed", "1")
    shard = tmp_path / "shard"
    assert run("certify", "reference", *rule, "--shard", "1/1", "--output", str(shard)).code == 0
    results = shard / "results.jsonl"
    results.write_bytes(b"".join(results.read_bytes().splitlines(keepends=True)[:-1]))
    ended = run("combine", str(shard), "--output", str(tmp_path / "all"))
    assert (ended.code, ended.out) == (4, "")
    assert f"{results} has no footer: the run was cut off" in ended.err
    assert not (tmp_path / "all").exists()


def test_a_shard_is_not_overwritten(tmp_path: Path) -> None:
    """The folder of a shard is refused for the whole, and left as it was."""
    shard = tmp_path / "shard"
    shard.mkdir()
    (shard / "results.jsonl").write_text("as it was")
    ended = run("combine", str(shard), "--output", str(tmp_path / "x" / ".." / "shard"))
    assert (ended.code, ended.out) == (4, "")
    assert "holds a shard" in ended.err
    assert (shard / "results.jsonl").read_text() == "as it was"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--shard", "1/2"], "a shard needs a seed"),
        (["--shard", "3/2", "--seed", "1"], "'3/2' is no shard"),
        (["--shard", "1/2", "--seed", "1", "--waivers", "w.toml"], "a shard takes no waivers"),
    ],
)
def test_a_shard_that_could_not_be_combined_is_refused(options: list[str], complaint: str) -> None:
    """The run does not even begin."""
    ended = run("certify", "reference", *options)
    assert (ended.code, ended.out) == (4, "")
    assert complaint in ended.err
