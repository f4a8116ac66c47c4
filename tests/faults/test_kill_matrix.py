"""Every fault is condemned by the rules declared beside it and by no other."""

from __future__ import annotations

import pytest
from broken import all_faults
from matrix import difference, sampled, unbroken_rules
from trial import tried, try_out

from conformance.reference import ReferenceTransport


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try a sample of the faults, or all, as the options say."""
    if "fault" in metafunc.fixturenames:
        option = metafunc.config.getoption
        count = None if option("faults") == "all" else int(option("faults"))
        metafunc.parametrize("fault", sampled(count, option("faults_seed")))


def test_a_fault_is_seen_by_its_rules_and_by_no_other(fault: str) -> None:
    """The suite condemns a broken implementation for what is broken, and for nothing else."""
    broken = all_faults()[fault]
    assert broken.condemned_by, "a fault that no rule sees"
    assert difference(broken, tried(broken)) == ""


def test_every_must_rule_is_broken_by_a_fault() -> None:
    """There is no MUST rule that nothing is known to break."""
    assert unbroken_rules(all_faults().values()) == []


def test_the_reference_itself_is_condemned_by_nothing() -> None:
    """What the faults deviate from keeps every rule."""
    trial = try_out(ReferenceTransport())
    assert (trial.condemned_by, trial.errors) == (frozenset(), frozenset())
