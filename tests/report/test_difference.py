"""How two certificates differ."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from rich.console import Console
from samples import FINISHED, HOSTILE, PROVENANCE, certificates, check, rule

from conformance.file_schemas import require_valid
from conformance.report import Certificate, judge
from conformance.report.difference import Change, compare
from conformance.report.difference_screen import print_difference
from conformance.report.provenance import Provenance, Selection
from conformance.suite.checks import Check
from conformance.suite.shard import Shard
from conformance.suite.verdicts import Level, Verdict

PASS, WARN, FAIL, ERROR = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ERROR
UNSUPPORTED, UNTESTABLE = Verdict.UNSUPPORTED, Verdict.UNTESTABLE
A = rule("tags.a")
WHOLE = replace(PROVENANCE, selection=Selection())


def of(*checks: Check, facts: Provenance = WHOLE) -> Certificate:
    """A certificate of rule A, if there are checks of it."""
    return judge(facts, [A] if checks else [], checks, FINISHED)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (PASS, FAIL, Change.REGRESSED),
        (PASS, WARN, Change.REGRESSED),
        (FAIL, PASS, Change.FIXED),
        (WARN, PASS, Change.FIXED),
        (PASS, UNSUPPORTED, Change.LOST),
        (PASS, ERROR, Change.LOST),
        (FAIL, UNTESTABLE, Change.LOST),
        (FAIL, Verdict.NOT_APPLICABLE, Change.LOST),
        (UNSUPPORTED, PASS, Change.DECIDED),
        (UNTESTABLE, FAIL, Change.DECIDED),
        (PASS, PASS, None),
        (FAIL, FAIL, None),
        (UNSUPPORTED, UNTESTABLE, None),
    ],
)
def test_what_became_of_a_rule(before: Verdict, after: Verdict, change: Change | None) -> None:
    """Verdicts are told apart by whether the rule was kept, broken, or not decided."""
    found = compare(of(check(A, before)), of(check(A, after, "now")))
    if change is None:
        assert (found.rules, sum(found.unchanged.values())) == ((), 1)
        return
    (told,) = found.rules
    assert (told.rule, told.change) == (A, change)
    assert (told.before, told.after, told.message) == (before, after, "now")
    assert sum(found.unchanged.values()) == 0


@pytest.mark.parametrize(
    ("before", "after", "unchanged"),
    [(PASS, PASS, "kept"), (WARN, FAIL, "broken"), (UNSUPPORTED, UNTESTABLE, "undecided")],
)
def test_what_is_unchanged_is_counted(before: Verdict, after: Verdict, unchanged: str) -> None:
    """Rules of no change are counted by what they are."""
    assert compare(of(check(A, before)), of(check(A, after))).unchanged[unchanged] == 1


def test_a_failure_beside_an_error_is_a_failure() -> None:
    """A rule that fails and errs has regressed, and is not lost sight of."""
    after = of(check(A, FAIL, parameter="x"), check(A, ERROR, parameter="y"))
    before = of(check(A, PASS, parameter="x"), check(A, PASS, parameter="y"))
    assert [each.change for each in compare(before, after).rules] == [Change.REGRESSED]


def test_a_check_that_breaks_beside_a_broken_one_is_a_regression() -> None:
    """A rule that was broken already regresses when more of it breaks, and the checks are named."""
    before = of(check(A, FAIL, parameter="x"), check(A, PASS, parameter="y"))
    after = of(check(A, FAIL, parameter="x"), check(A, FAIL, parameter="y"))
    (told,) = compare(before, after).rules
    assert (told.change, told.checks) == (Change.REGRESSED, (f"{A.id}[y]",))
    assert compare(after, before).rules == ()


def test_a_new_failing_check_of_a_broken_rule_is_no_regression() -> None:
    """What nobody tried before cannot have regressed."""
    before = of(check(A, FAIL, parameter="x"))
    after = of(check(A, FAIL, parameter="x"), check(A, FAIL, parameter="y"))
    assert compare(before, after).rules == ()


@pytest.mark.parametrize(
    "selection",
    [
        Selection(services=("ecr-public",)),
        Selection(profiles=("images",)),
        Selection(rules="images"),
        Selection(shard=Shard(1, 2)),
    ],
)
def test_what_was_not_chosen_is_neither_gone_nor_new(selection: Selection) -> None:
    """A rule that a selection may have left out is lost sight of, or decided now."""
    part = of(facts=replace(WHOLE, selection=selection))
    whole = of(check(A, FAIL))
    assert [each.change for each in compare(whole, part).rules] == [Change.LOST]
    assert [each.change for each in compare(part, whole).rules] == [Change.DECIDED]
    unknown = of(check(A, UNSUPPORTED))
    assert compare(unknown, part).unchanged["undecided"] == 1


@pytest.mark.parametrize("verdict", [PASS, FAIL, UNSUPPORTED])
def test_a_rule_that_only_one_tool_has_is_new_or_gone(verdict: Verdict) -> None:
    """A rule that could have been chosen and is not there did not exist."""
    assert [each.change for each in compare(of(), of(check(A, verdict))).rules] == [Change.NEW]
    assert [each.change for each in compare(of(check(A, verdict)), of()).rules] == [Change.GONE]


def test_what_makes_them_hard_to_compare_is_said() -> None:
    """Another contract, tool, region or selection is told, with both values."""
    other = replace(
        PROVENANCE,
        contract=replace(PROVENANCE.contract, botocore="1.45.0"),
        target=replace(PROVENANCE.target, region="eu-west-1", version="5.2.6"),
        seed=8,
    )
    found = compare(of(check(A, PASS), facts=WHOLE), of(check(A, PASS), facts=other))
    told = {each.what: each.values for each in found.disagreements}
    assert set(told) == {"contract", "region", "selection"}
    assert told["selection"] == ("everything", "--service ecr")
    printed = io.StringIO()
    print_difference(found, Console(file=printed))
    assert "moto 5.2.5 -> moto 5.2.6\n" in printed.getvalue()
    assert "not the same region: us-east-1 -> eu-west-1\n" in printed.getvalue()


@settings(deadline=None)
@given(certificates, certificates)
def test_every_rule_is_told_or_counted_once(before: Certificate, after: Certificate) -> None:
    """Any two certificates compare; no rule is lost on the way, and the JSON keeps its schema."""
    found = compare(before, after)
    ids = {judged.rule.id for each in (before, after) for judged in each.rules}
    told = [each.rule.id for each in found.rules]
    assert len(told) == len(set(told))
    assert len(told) + sum(found.unchanged.values()) == len(ids)
    parsed = json.loads(json.dumps(found.to_json()))
    require_valid(parsed, "difference", "difference")
    assert [each["change"] for each in parsed["rules"]] == [each.change for each in found.rules]


@settings(deadline=None)
@given(certificates)
def test_nothing_changed_from_a_certificate_to_itself(made: Certificate) -> None:
    """A certificate does not differ from itself."""
    found = compare(made, made)
    assert (found.rules, found.disagreements) == ((), ())


def screen(changes: Sequence[tuple[Verdict, Verdict]]) -> str:
    """What is printed of rules with these verdicts."""
    rules = [rule(f"tags.r{number}", Level.MUST) for number in range(len(changes))]
    before, after = (
        [check(each, pair[side], HOSTILE) for each, pair in zip(rules, changes, strict=True)]
        for side in (0, 1)
    )
    found = compare(judge(WHOLE, rules, before, FINISHED), judge(WHOLE, rules, after, FINISHED))
    printed = io.StringIO()
    print_difference(found, Console(file=printed))
    return printed.getvalue()


def test_the_screen_tells_the_worst_first() -> None:
    """Each way to change has its heading with a number; a target's message is no escape code."""
    printed = screen([(FAIL, PASS), (PASS, FAIL), (PASS, UNSUPPORTED), (PASS, PASS)])
    lines = [line for line in printed.splitlines() if line and not line.startswith(" ")]
    assert lines[2:] == [
        "Regressed: 1",
        "Lost sight of: 1",
        "Fixed: 1",
        "Unchanged: 1 kept, 0 broken, 0 undecided",
    ]
    assert "  ecr.tags.r1  must  pass -> fail\n" in printed
    assert "\x1b" not in printed
