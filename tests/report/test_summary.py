"""The summary: which failures come first, and the form a script reads."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from functools import partial
from pathlib import Path

from hypothesis import given, settings
from samples import FINISHED, PROVENANCE, certificates, check, rule

from conformance.file_schemas import require_valid
from conformance.report import Certificate, judge
from conformance.report.brief import product_name
from conformance.report.commands import certify_command, run_command
from conformance.report.importance import most_important
from conformance.report.provenance import Selection, TargetIdentity
from conformance.report.summary import Finding, Summary, summarise
from conformance.suite.exploration import Exploration
from conformance.suite.shard import Shard
from conformance.suite.verdicts import Level, Verdict


def failing(*names: str) -> Certificate:
    """The certificate of MUST rules that all fail."""
    rules = [rule(name) for name in names]
    return judge(PROVENANCE, rules, [check(each, Verdict.FAIL, "no") for each in rules], FINISHED)


@settings(deadline=None)
@given(certificates)
def test_round_trip(made: Certificate) -> None:
    """A summary keeps its schema and reads back as it was."""
    found = summarise(made, [Path("a/report.json")], ["a repository"])
    parsed = json.loads(json.dumps(found.to_json()))
    require_valid(parsed, "summary", "summary")
    assert Summary.from_json(parsed) == found
    assert list(parsed["profiles"]) == [f"{p.service}.{p.profile}" for p in made.profiles]


def test_profiles_take_turns() -> None:
    """The first failures are of different profiles: daily work before the form of messages."""
    found = most_important(failing("protocol.a", "tags.a", "tags.b", "images.a", "pagination.a"))
    assert [each.rule.id for each in found] == [
        "ecr.tags.a",
        "ecr.images.a",
        "ecr.pagination.a",
        "ecr.protocol.a",
        "ecr.tags.b",
    ]


def test_a_wrong_answer_comes_before_a_missing_refusal() -> None:
    """Within a profile, what hits right requests comes before what hits wrong ones."""
    lenient = replace(rule("tags.a"), title="A bad tag is refused.")
    strict = rule("tags.b")
    checks = [check(each, Verdict.FAIL) for each in (lenient, strict)]
    found = most_important(judge(PROVENANCE, [lenient, strict], checks, FINISHED))
    assert [each.rule.id for each in found] == ["ecr.tags.b", "ecr.tags.a"]


def test_recommendations_are_no_failures() -> None:
    """Only MUST rules are among the failures."""
    of = rule("tags.a", Level.SHOULD)
    assert summarise(judge(PROVENANCE, [of], [check(of, Verdict.WARN)], FINISHED)).failing == 0


def test_a_finding_counts_its_checks() -> None:
    """A failure tells the first message, and how many of the checks fail."""
    of = rule("tags.a")
    checks = [
        check(of, Verdict.PASS, parameter="a"),
        check(of, Verdict.FAIL, "first", "b"),
        check(of, Verdict.FAIL, "second", "c"),
    ]
    found = summarise(judge(PROVENANCE, [of], checks, FINISHED))
    assert found.failures == (Finding(of.id, of.title, "first", 2, 3),)
    assert found.next == (
        "ecr-conformance explain ecr.tags.a",
        "ecr-conformance certify moto -k ecr.tags.a --seed 7",
    )


def test_the_command_of_a_run() -> None:
    """A run's command names all that was chosen, and nothing that is the default."""
    plain = replace(PROVENANCE, selection=Selection())
    assert run_command(plain) == "ecr-conformance certify moto --seed 7"
    chosen = replace(
        PROVENANCE,
        selection=Selection(("ecr",), ("tags", "images"), "a or b", Shard(1, 2)),
        target=replace(PROVENANCE.target, name="http://h/;x", region="eu-west-1"),
        exploration=Exploration(depth=3, budget=4, seed=5),
    )
    assert shlex.split(run_command(chosen)) == [
        *("ecr-conformance", "certify", "http://h/;x", "--service", "ecr"),
        *("--profile", "tags", "--profile", "images", "-k", "a or b", "--shard", "1/2"),
        *("--region", "eu-west-1"),
        *("--seed", "7", "--depth", "3", "--budget", "4", "--program-seed", "5"),
    ]
    assert certify_command(chosen, "r").endswith(" -k r --region eu-west-1 --seed 7")


def test_the_command_of_a_rehearsal() -> None:
    """What stood in for AWS is named in the command; AWS itself needs no address."""
    address = "https://api.ecr.us-east-1.amazonaws.com"
    aws = TargetIdentity("aws", "AWS", None, address, "us-east-1", registry_changes=False)
    rehearsal = replace(aws, product="reference", endpoint="http://localhost:4566")
    words = {
        target.product: certify_command(replace(PROVENANCE, target=target), "r")
        for target in (aws, rehearsal)
    }
    assert words["AWS"] == "ecr-conformance certify aws -k r --seed 7"
    assert words["reference"] == (
        "ecr-conformance certify aws -k r --endpoint-url http://localhost:4566 --seed 7"
    )


def test_the_leave_of_a_run_is_in_its_command() -> None:
    """What changed a whole registry of AWS can be judged again; an emulator needs no leave."""
    aws = TargetIdentity("aws", "AWS", None, "https://a.api.aws", "us-east-1")
    commands = [
        command(replace(PROVENANCE, target=target))
        for target in (aws, replace(aws, name="http://localhost:4566", product="moto"))
        for command in (run_command, partial(certify_command, rule="r"))
    ]
    given = ["--allow-registry-changes" in shlex.split(command) for command in commands]
    assert given == [True, True, False, False]


def test_aws_has_no_version() -> None:
    """A product that tells no version says so, but AWS has none to tell."""
    named = TargetIdentity("a", "moto", None, "http://a", "us-east-1")
    assert product_name(named) == "moto (version unknown)"
    assert product_name(replace(named, version="5.2.5")) == "moto 5.2.5"
    assert product_name(replace(named, product="AWS")) == "AWS"
