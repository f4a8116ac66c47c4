"""Every fault is condemned by the rules declared beside it and by no other."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest
from broken import all_faults
from fault import reference_with
from jury import tried
from matrix import case_of, difference, sampled, unbroken_rules
from trial import Case, Trial


def _chosen(config: pytest.Config) -> list[str]:
    """A sample of the faults, or all, as the options say."""
    wanted = config.getoption("faults")
    return sampled(None if wanted == "all" else int(wanted), config.getoption("faults_seed"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each fault chosen."""
    if "fault" in metafunc.fixturenames:
        metafunc.parametrize("fault", _chosen(metafunc.config))


@pytest.fixture(scope="module")
def trials(request: pytest.FixtureRequest) -> Mapping[str, Trial]:
    """What the whole suite says of each fault chosen, and of the reference."""
    cases = [case_of(all_faults()[name]) for name in _chosen(request.config)]
    right = Case("reference", reference_with, with_programs=True)
    return tried([right, *cases], os.cpu_count() or 1)


def test_a_fault_is_seen_by_its_rules_and_by_no_other(
    trials: Mapping[str, Trial], fault: str
) -> None:
    """The suite condemns a broken implementation for what is broken, and for nothing else."""
    broken = all_faults()[fault]
    assert broken.condemned_by, "a fault that no rule sees"
    assert difference(broken, trials[fault]) == ""


def test_every_must_rule_is_broken_by_a_fault() -> None:
    """There is no MUST rule that nothing is known to break."""
    assert unbroken_rules(all_faults().values()) == []


def test_the_reference_itself_is_condemned_by_nothing(trials: Mapping[str, Trial]) -> None:
    """What the faults deviate from keeps every rule."""
    trial = trials["reference"]
    assert (trial.condemned_by, trial.errors) == (frozenset(), frozenset())
