"""What reports carry from a worker to the process that judges."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from samples import checks_of, exchange, rule

from conformance.suite.checks import Check
from conformance.suite.running.carried import packed, unpacked
from conformance.suite.verdicts import Verdict

RULE = rule("tags.a")


@given(st.lists(checks_of([RULE]), max_size=4))
def test_checks_arrive_as_they_were(checks: list[Check]) -> None:
    """What is read of the text of some checks is these checks."""
    assert unpacked(packed(checks)) == checks


def test_what_checks_have_in_common_travels_once() -> None:
    """An exchange of two checks is in the text once, and one object where it arrives."""
    common, other = exchange("PutImage", {"a": "common"}), exchange("PutImage", {"a": "common"})
    checks = [
        Check(RULE.id, RULE.id, (), Verdict.FAIL, "", exchanges)
        for exchanges in ((common,), (common, other))
    ]
    assert packed(checks).count("common") == 2
    first, second = unpacked(packed(checks))
    assert first.exchanges[0] is second.exchanges[0] is not second.exchanges[1]
