"""Shards of one run, put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import FINISHED, PROVENANCE, STARTED, check

from conformance.errors import UsageError
from conformance.report.combination import combined
from conformance.report.judgement import judge_run
from conformance.report.provenance import ToolVersion
from conformance.report.results import Results
from conformance.suite.catalogue import all_rules
from conformance.suite.checks import Check
from conformance.suite.exchange_rules import exchange_rules
from conformance.suite.rules import Rule
from conformance.suite.shard import Shard
from conformance.suite.verdicts import Verdict

PASS, FAIL = Verdict.PASS, Verdict.FAIL
RULES = [rule for name, rule in all_rules().items() if name not in exchange_rules()]
WATCHED = all_rules()[next(iter(exchange_rules()))]


def shard(number: int, count: int, checks: Iterable[Check] = (), **facts: Any) -> Results:
    """The results of a shard; ``facts`` change its provenance."""
    selection = replace(PROVENANCE.selection, shard=Shard(number, count))
    whole = replace(PROVENANCE, **{"selection": selection, **facts})
    return Results(whole, tuple(checks), FINISHED)


def of(number: int, count: int) -> Rule:
    """A rule that belongs to a shard."""
    return next(rule for rule in RULES if Shard(number, count).holds(rule.id))


@settings(deadline=None)
@given(st.data(), st.integers(1, 4))
def test_the_whole_is_what_one_run_would_have_found(data: st.DataObject, count: int) -> None:
    """However many shards checks are dealt out to, the certificate is that of all of them."""
    verdicts = data.draw(
        st.dictionaries(st.sampled_from(RULES), st.sampled_from(Verdict), max_size=8)
    )
    checks = [check(rule, verdict) for rule, verdict in verdicts.items()]
    watched = data.draw(st.lists(st.sampled_from(Verdict), min_size=count, max_size=count))
    shards = {
        f"shard {number}": shard(
            number,
            count,
            [each for each in checks if Shard(number, count).holds(each.rule)]
            + [check(WATCHED, watched[number - 1])],
        )
        for number in data.draw(st.permutations(range(1, count + 1)))
    }
    whole = combined(shards)
    assert whole.provenance == PROVENANCE
    found = judge_run(whole)
    expected = Results(
        PROVENANCE, (*checks, *(check(WATCHED, verdict) for verdict in watched)), FINISHED
    )
    assert found == judge_run(expected)


def test_the_whole_began_with_the_first_and_ended_with_the_last() -> None:
    """Times span all shards, and the command starts the targets of all of them."""
    first = replace(PROVENANCE.target, command="moto_server -p 1", endpoint="http://127.0.0.1:1")
    second = replace(first, command="moto_server -p 2", endpoint="http://127.0.0.1:2")
    early, late = "2026-01-02T03:04:00Z", "2026-01-02T04:00:00Z"
    whole = combined(
        {
            "b": replace(shard(2, 2, target=second, started=early), finished=late),
            "a": shard(1, 2, target=first),
        }
    )
    facts = whole.provenance
    assert (facts.started, whole.finished) == (early, late)
    assert facts.target.endpoint == "http://127.0.0.1:1"
    assert facts.target.command == "moto_server -p 1 & moto_server -p 2"
    assert facts.selection.shard is None


TARGET = PROVENANCE.target


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"target": replace(TARGET, version="5.2.4")}, "target"),
        ({"target": replace(TARGET, product="other")}, "target"),
        ({"target": replace(TARGET, region="eu-west-1")}, "target"),
        ({"contract": replace(PROVENANCE.contract, botocore="1.0")}, "contract"),
        ({"seed": 8}, "seed"),
        ({"exploration": replace(PROVENANCE.exploration, depth=3)}, "exploration"),
        ({"tool": ToolVersion(version="0.0.1")}, "tool"),
        ({"selection": replace(PROVENANCE.selection, shard=Shard(2, 3))}, "number of shards"),
        (
            {"selection": replace(PROVENANCE.selection, rules="x", shard=Shard(2, 2))},
            "selection",
        ),
    ],
)
def test_what_does_not_belong_together_is_refused(facts: dict[str, Any], what: str) -> None:
    """The error names both shards, and what it is that they do not share."""
    shards = {"one": shard(1, 2), "two": shard(2, 2, **facts)}
    with pytest.raises(UsageError, match=f"one and two do not belong together: their {what} is"):
        combined(shards)


def test_a_run_of_its_own_is_no_shard() -> None:
    """Only what was run with --shard is put together."""
    with pytest.raises(UsageError, match="one is no shard"):
        combined({"one": Results(PROVENANCE, (), STARTED)})


def test_a_missing_shard_is_named() -> None:
    """Nothing is made of less than all."""
    with pytest.raises(UsageError, match="of 3 shards 1/3, 3/3 are missing"):
        combined({"two": shard(2, 3)})


def test_one_shard_counts_once() -> None:
    """The same part judged twice is refused, not folded."""
    with pytest.raises(UsageError, match="one and uno are both shard 1/2"):
        combined({"one": shard(1, 2), "uno": shard(1, 2), "two": shard(2, 2)})


def test_a_check_of_another_shard_is_refused() -> None:
    """A shard that decides what belongs to another one was not judged as one."""
    stranger = of(2, 2)
    with pytest.raises(UsageError, match=rf"one decides {stranger.id}, which is no part of"):
        combined({"one": shard(1, 2, [check(stranger, PASS)]), "two": shard(2, 2)})


def test_shards_of_another_tool_are_refused() -> None:
    """What another version judged is not put together by this one: it may know other rules."""
    other = ToolVersion(version="0.0.1")
    with pytest.raises(UsageError, match=r"one was judged by 0\.0\.1, and this is"):
        combined({"one": shard(1, 1, tool=other)})
