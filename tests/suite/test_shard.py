"""Shards: the rules dealt out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import UsageError
from conformance.suite.catalogue import all_rules
from conformance.suite.run import Run
from conformance.suite.shard import Shard
from conformance.targets import Target

shards = st.integers(1, 9999).flatmap(
    lambda count: st.builds(Shard, st.integers(1, count), st.just(count))
)


@given(shards)
def test_a_shard_survives_its_text(shard: Shard) -> None:
    """What is printed is what is read."""
    assert Shard.parse(str(shard)) == shard


@given(st.text(), st.integers(1, 50))
def test_every_rule_is_in_one_shard(rule_id: str, count: int) -> None:
    """Of any number of shards, exactly one holds a rule, whatever its id."""
    assert sum(Shard(number, count).holds(rule_id) for number in range(1, count + 1)) == 1


@given(st.none() | shards)
def test_a_worker_is_told_its_shard(shard: Shard | None) -> None:
    """A run survives the way to a worker process."""
    run = Run(Target("moto", "http://127.0.0.1:1", "moto", None, "us-east-1"), 7, shard=shard)
    assert Run.from_json(json.loads(json.dumps(run.to_json()))) == run


@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_rules_are_spread(count: int) -> None:
    """No shard holds less than half or more than double its share of the rules there are."""
    rules = all_rules()
    for number in range(1, count + 1):
        held = sum(Shard(number, count).holds(name) for name in rules)
        assert len(rules) / count / 2 < held < len(rules) / count * 2


@pytest.mark.parametrize(
    "text", ["", "1", "0/2", "3/2", "1/0", "1/2/3", "a/b", " 1/2", "1/2\n", "-1/2"]
)
def test_what_names_no_shard_is_refused(text: str) -> None:
    """The error says what a shard looks like."""
    with pytest.raises(UsageError, match="is no shard") as caught:
        Shard.parse(text)
    assert "2/3" in caught.value.hint
