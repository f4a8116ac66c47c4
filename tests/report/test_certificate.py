"""What a certificate concludes from checks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from samples import (
    FINISHED,
    PROVENANCE,
    certificate,
    certificates,
    check,
    exchange,
    exchanges,
    report_of,
    rule,
)

from conformance.errors import ExitCode, UsageError
from conformance.file_schemas import MalformedFile, require_valid
from conformance.report import Certificate, judge, read_report, remove_report, write_report
from conformance.report.judged_profile import ProfileVerdict
from conformance.report.results import ResultsWriter, read_results
from conformance.suite.checks import exchange_from_json, exchange_to_json
from conformance.suite.rules import Rule
from conformance.suite.verdicts import Level, Verdict
from conformance.transport.exchange import Exchange

PASS, WARN, FAIL, ERROR = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ERROR
UNSUPPORTED, UNTESTABLE = Verdict.UNSUPPORTED, Verdict.UNTESTABLE
NOT_APPLICABLE = Verdict.NOT_APPLICABLE


FILES = ["report.json", "report.html", "report.md", "junit.xml", "badge.json", "badge.svg"]


def of_profile(*verdicts: Verdict, level: Level = Level.MUST) -> Certificate:
    """The certificate of one profile whose rules have these verdicts."""
    named = ((rule(f"tags.r{number}", level), each) for number, each in enumerate(verdicts))
    return certificate(*named)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([PASS, PASS], ProfileVerdict.CERTIFIED),
        ([PASS, NOT_APPLICABLE], ProfileVerdict.CERTIFIED),
        ([PASS, UNSUPPORTED], ProfileVerdict.PARTIAL),
        ([PASS, UNTESTABLE], ProfileVerdict.PARTIAL),
        ([PASS, WARN], ProfileVerdict.PARTIAL),
        ([UNTESTABLE], ProfileVerdict.PARTIAL),
        ([UNSUPPORTED, UNSUPPORTED], ProfileVerdict.UNSUPPORTED),
        ([UNSUPPORTED, UNTESTABLE, NOT_APPLICABLE], ProfileVerdict.UNSUPPORTED),
        ([NOT_APPLICABLE], ProfileVerdict.NOT_JUDGED),
        ([PASS, ERROR], ProfileVerdict.INCONCLUSIVE),
        ([UNSUPPORTED, ERROR], ProfileVerdict.INCONCLUSIVE),
        ([PASS, FAIL], ProfileVerdict.NOT_CERTIFIED),
        ([FAIL, ERROR], ProfileVerdict.NOT_CERTIFIED),
        ([FAIL, UNSUPPORTED], ProfileVerdict.NOT_CERTIFIED),
    ],
)
def test_profile_verdict(verdicts: list[Verdict], expected: ProfileVerdict) -> None:
    """A profile is certified when every MUST rule that applies passes."""
    assert of_profile(*verdicts).profiles[0].verdict is expected


@pytest.mark.parametrize("level", [Level.SHOULD, Level.INFO])
def test_profile_without_must_rules_is_not_judged(level: Level) -> None:
    """Nothing is certified without a MUST rule that passes."""
    assert of_profile(PASS, WARN, level=level).profiles[0].verdict is ProfileVerdict.NOT_JUDGED


def test_should_rules_do_not_block() -> None:
    """A warning leaves a profile certified."""
    found = certificate((rule("tags.a"), PASS), (rule("tags.b", Level.SHOULD), WARN))
    assert found.profiles[0].verdict is ProfileVerdict.CERTIFIED
    assert found.exit_code is ExitCode.CONFORMANT


def test_failure_behind_an_error_counts() -> None:
    """A rule that fails once and errs once is an error, and its profile is not certified."""
    of = rule("tags.a")
    checks = [check(of, FAIL, parameter="a"), check(of, ERROR, parameter="b")]
    found = judge(PROVENANCE, [of], checks, FINISHED)
    assert found.rules[0].verdict is ERROR
    assert found.profiles[0].verdict is ProfileVerdict.NOT_CERTIFIED


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ({"tags": PASS, "images": PASS}, ExitCode.CONFORMANT),
        ({"tags": PASS, "images": UNSUPPORTED}, ExitCode.CONFORMANT),
        ({"tags": PASS, "images": NOT_APPLICABLE}, ExitCode.CONFORMANT),
        ({"tags": UNSUPPORTED}, ExitCode.NOT_CONFORMANT),
        ({"tags": NOT_APPLICABLE}, ExitCode.NOT_CONFORMANT),
        ({"tags": PASS, "images": UNTESTABLE}, ExitCode.NOT_CONFORMANT),
        ({"tags": PASS, "images": FAIL}, ExitCode.NOT_CONFORMANT),
        ({"tags": FAIL, "images": ERROR}, ExitCode.UNREACHABLE),
        ({}, ExitCode.NOTHING_RAN),
    ],
)
def test_exit_code(verdicts: dict[str, Verdict], expected: ExitCode) -> None:
    """The exit code is 0 only where something is certified and nothing else is missing."""
    checks = [(rule(f"{profile}.a"), verdict) for profile, verdict in verdicts.items()]
    assert certificate(*checks).exit_code is expected


def test_error_of_an_informational_check_is_inconclusive() -> None:
    """An error is an error at every level."""
    found = certificate((rule("tags.a"), PASS), (rule("tags.b", Level.INFO), ERROR))
    assert found.exit_code is ExitCode.UNREACHABLE


def test_rule_that_was_never_checked_is_untestable() -> None:
    """A selected rule without a check is no pass."""
    done, missing = rule("tags.a"), rule("tags.b")
    found = judge(PROVENANCE, [done, missing], [check(done, PASS)], FINISHED)
    assert found.rules[1].verdict is UNTESTABLE
    assert found.profiles[0].verdict is ProfileVerdict.PARTIAL


def test_only_unchecked_rules_means_nothing_ran() -> None:
    """Without a single check nothing ran."""
    assert judge(PROVENANCE, [rule("tags.a")], [], FINISHED).exit_code is ExitCode.NOTHING_RAN


def test_checks_of_one_id_fold_to_the_first_of_the_worst() -> None:
    """Of several outcomes of a check the first of the worst is kept, message and all."""
    of = rule("protocol.a")
    outcomes = [(PASS, ""), (FAIL, "first"), (PASS, ""), (FAIL, "second")]
    checks = [check(of, verdict, message) for verdict, message in outcomes]
    assert [kept.message for kept in judge(PROVENANCE, [of], checks, FINISHED).rules[0].checks] == [
        "first"
    ]


def test_counts_leave_informational_rules_out() -> None:
    """Counts are of MUST and SHOULD rules; informational ones have a number of their own."""
    found = certificate(
        (rule("tags.a"), PASS),
        (rule("tags.b", Level.SHOULD), WARN),
        (rule("tags.c", Level.INFO), PASS),
    )
    counts = found.profiles[0].counts
    assert {name: number for name, number in counts.items() if number} == {"pass": 1, "warn": 1}
    assert found.profiles[0].info == 1


def test_operations_come_from_the_checks_of_must_rules() -> None:
    """An operation has the worst verdict of the MUST checks about it, whatever its rule lists."""
    of = rule("tags.a", operations=["PutImage", "ListImages", "Unused"])
    hint = rule("tags.b", Level.SHOULD)
    checks = [
        check(of, PASS, parameter="a", operations=("PutImage",)),
        check(of, FAIL, parameter="b", operations=("ListImages", "PutImage")),
        check(hint, WARN, operations=("DescribeImages",)),
    ]
    found = judge(PROVENANCE, [of, hint], checks, FINISHED)
    assert [(each.operation, each.verdict) for each in found.operations] == [
        ("ListImages", FAIL),
        ("PutImage", FAIL),
    ]


def test_order_does_not_depend_on_the_run() -> None:
    """Rules and profiles are sorted by service, profile and id."""
    rules = [rule("tags.b", service="ecr-public"), rule("tags.b"), rule("tags.a"), rule("shapes.a")]
    checks = [check(of, PASS, parameter=name) for of in rules for name in "ba"]
    forwards = judge(PROVENANCE, rules, checks, FINISHED)
    backwards = judge(PROVENANCE, rules[::-1], checks[::-1], FINISHED)
    assert forwards == backwards
    assert [each.rule.id for each in forwards.rules] == [
        "ecr.shapes.a",
        "ecr.tags.a",
        "ecr.tags.b",
        "ecr-public.tags.b",
    ]


def test_check_of_another_rule_is_refused() -> None:
    """A check whose rule was not selected is a defect of the caller."""
    with pytest.raises(ValueError, match="was not selected"):
        judge(PROVENANCE, [rule("tags.a")], [check(rule("tags.b"), PASS)], FINISHED)


@given(exchanges)
def test_exchange_round_trip(made: Exchange) -> None:
    """An exchange survives JSON, bytes and all."""
    assert exchange_from_json(json.loads(json.dumps(exchange_to_json(made)))) == made


@settings(deadline=None)  # the first example compiles the schema
@given(certificates)
def test_certificate_round_trip(made: Certificate) -> None:
    """A certificate survives ``report.json``, which keeps its schema."""
    report = report_of(made)
    require_valid(report, "report", "report")
    assert Certificate.from_json(report) == made
    assert report_of(Certificate.from_json(report)) == report


def test_report_has_the_promised_members() -> None:
    """``report.json`` has at its top level what was promised, and failures can be repeated."""
    of = rule("tags.a")
    failed = check(of, FAIL, "no", exchanges=(exchange("DescribeRepositories", {}, {}),))
    report = report_of(judge(PROVENANCE, [of], [failed], FINISHED))
    promised = "format tool contract target started finished seed exit_code profiles operations"
    further = "rules selection exploration conclusion waivers seal"
    assert set(report) == {*promised.split(), *further.split()}
    shown: dict[str, Any] = report["rules"][0]["checks"][0]
    assert set(shown["reproduce"]) == {"boto3", "aws", "curl"}


def test_passes_have_nothing_to_repeat() -> None:
    """A check that passed has no scripts."""
    shown = report_of(certificate((rule("tags.a"), PASS)))["rules"][0]["checks"][0]
    assert shown["reproduce"] is None


def test_the_file_and_the_memory_agree(tmp_path: Path) -> None:
    """A certificate from ``results.jsonl`` is the one from the run itself."""
    of = rule("tags.a")
    secret = exchange("GetAuthorizationToken", {}, {"authorizationToken": "QVdTOnNlY3JldA=="})
    checks = [check(of, FAIL, "no", exchanges=(secret,)), check(of, PASS, parameter="x")]
    with ResultsWriter(tmp_path / "r", PROVENANCE) as results:
        results.write(checks)
        results.finish(FINISHED)
    read = read_results(tmp_path / "r")
    assert judge(read.provenance, [of], read.checks, FINISHED) == judge(
        PROVENANCE, [of], checks, FINISHED
    )


def test_writing_and_reading(tmp_path: Path) -> None:
    """``write_report`` makes the folder and its files, and ``read_report`` gives it back."""
    made = certificate((rule("tags.a"), PASS))
    files = write_report(made, tmp_path / "new" / "folder")
    assert [path.name for path in files] == FILES
    assert read_report(files[0]) == made
    assert sorted(path.name for path in files[0].parent.iterdir()) == sorted(FILES)


def test_removing(tmp_path: Path) -> None:
    """``remove_report`` removes what was written, and nothing else."""
    (tmp_path / "results.jsonl").touch()
    write_report(certificate((rule("tags.a"), PASS)), tmp_path)
    remove_report(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["results.jsonl"]


def test_unwritable_folder(tmp_path: Path) -> None:
    """A folder that is a file ends in one sentence and exit code 4."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write") as caught:
        write_report(certificate((rule("tags.a"), PASS)), tmp_path / "file")
    assert caught.value.exit_code is ExitCode.USAGE


def test_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is replaced whole or not at all, and nothing is left beside it."""
    made = certificate((rule("tags.a"), PASS))
    write_report(made, tmp_path)
    before = (tmp_path / "report.json").read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(UsageError, match="No space left"):
        write_report(made, tmp_path)
    assert (tmp_path / "report.json").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == len(FILES)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is not JSON"),
        (b"[]", "is not of type 'object'"),
        (b'{"format": "other"}', "required property"),
    ],
)
def test_other_file_is_no_report(tmp_path: Path, content: bytes, complaint: str) -> None:
    """A file that is not a report is refused with its name."""
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(MalformedFile, match=complaint) as caught:
        read_report(path)
    assert str(path) in caught.value.message


def test_missing_report(tmp_path: Path) -> None:
    """A report that is not there is named."""
    with pytest.raises(MalformedFile, match=r"cannot read .*absent"):
        read_report(tmp_path / "absent")


@pytest.mark.parametrize("name", ["report", "results", "summary", "badge", "drift"])
def test_schemas_are_schemas(name: str) -> None:
    """The schemas keep the rules of JSON Schema 2020-12."""
    from jsonschema import Draft202012Validator

    path = Path(__file__).parents[2] / "schemas" / f"{name}.schema.json"
    Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_unselected_rule() -> None:
    """A certificate of no rules has no profiles."""
    none: list[Rule] = []
    assert judge(PROVENANCE, none, [], FINISHED).profiles == ()
